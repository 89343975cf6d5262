import Foundation
import RTVITypes

/// The deadlines of a session, in seconds. Absent ones have the defaults named.
public struct Timeouts: Sendable, Equatable {
    /// Opening microphone and speaker; 10.
    public var devices: TimeInterval?
    /// The start request; 30.
    public var start: TimeInterval?
    /// Opening the transport, while the client is `connecting`; 15, and 60 after a start request to Pipecat Cloud, whose agents take up to 40
    /// to start.
    public var open: TimeInterval?
    /// From client-ready to bot-ready; 30, and 60 after a start request to Pipecat Cloud.
    public var botReady: TimeInterval?
    /// A function of the app; 30.
    public var functionCall: TimeInterval?

    /// Deadlines.
    public init(
        devices: TimeInterval? = nil, start: TimeInterval? = nil, open: TimeInterval? = nil,
        botReady: TimeInterval? = nil, functionCall: TimeInterval? = nil
    ) {
        self.devices = devices
        self.start = start
        self.open = open
        self.botReady = botReady
        self.functionCall = functionCall
    }

    var ffi: FfiTimeouts {
        FfiTimeouts(
            devicesMs: devices.map(milliseconds), startMs: start.map(milliseconds), openMs: open.map(milliseconds),
            botReadyMs: botReady.map(milliseconds), functionCallMs: functionCall.map(milliseconds))
    }
}

/// How a lost connection is restored. Absent values have the defaults named.
public struct ReconnectPolicy: Sendable, Equatable {
    /// How many attempts are made; 0 turns it off; 3.
    public var maxAttempts: Int?
    /// The wait before the first attempt in seconds, doubled for each further one; 0.25.
    public var firstDelay: TimeInterval?
    /// The longest wait in seconds; 5.
    public var maxDelay: TimeInterval?

    /// A policy.
    public init(maxAttempts: Int? = nil, firstDelay: TimeInterval? = nil, maxDelay: TimeInterval? = nil) {
        self.maxAttempts = maxAttempts
        self.firstDelay = firstDelay
        self.maxDelay = maxDelay
    }

    /// Connections are not restored.
    public static let off = ReconnectPolicy(maxAttempts: 0)

    var ffi: FfiReconnect {
        FfiReconnect(
            maxAttempts: maxAttempts.map(UInt32.init(clamping:)), firstDelayMs: firstDelay.map(milliseconds),
            maxDelayMs: maxDelay.map(milliseconds))
    }
}

/// Everything an app chooses when it makes a client.
public struct PipecatClientOptions: Sendable {
    /// How to reach bots.
    public var transport: any TransportProvider
    /// Whether the microphone is on from the start.
    public var enableMic: Bool
    /// Whether the camera is on from the start; no transport carries video yet.
    public var enableCam: Bool
    /// Where the user's audio comes from.
    public var microphone: Microphone = .device
    /// Where the bot's audio goes.
    public var speaker: Speaker = .device
    /// Who looks after the audio session; for the devices of iOS.
    public var audioSession: AudioSessionPolicy = .managed
    /// Whether the screen is shared from the start; no transport carries video yet.
    public var enableScreenShare = false
    /// Whether the session ends when the bot leaves a room that outlives it.
    public var disconnectOnBotDisconnect = true
    /// The deadlines.
    public var timeouts = Timeouts()
    /// How lost connections are restored.
    public var reconnect = ReconnectPolicy()
    /// Whom to trust of start endpoints.
    public var tls = TLSOptions()
    /// How voices are treated.
    public var voice = VoiceOptions()
    /// Anything to tell the bot about this client, a JSON object.
    public var platformDetails: Value?

    /// The options that most apps choose; set the others after.
    public init(transport: any TransportProvider, enableMic: Bool = true, enableCam: Bool = false) {
        self.transport = transport
        self.enableMic = enableMic
        self.enableCam = enableCam
    }
}

extension PipecatClientOptions {
    func ffi(devices: DeviceAudio?) throws -> FfiClientOptions {
        FfiClientOptions(
            transport: transport.setup.choice, microphone: microphone.ffi(devices), speaker: speaker.ffi(devices),
            enableMic: enableMic, enableCam: enableCam, enableScreenShare: enableScreenShare,
            disconnectOnBotDisconnect: disconnectOnBotDisconnect, timeouts: timeouts.ffi, reconnect: reconnect.ffi,
            tls: tls.ffi, voice: try Value(encoding: voice),
            about: FfiAbout(
                library: "rtvi-swift", platformVersion: ProcessInfo.processInfo.operatingSystemVersionString,
                platformDetails: platformDetails))
    }

    /// Whether it needs the devices of the machine.
    var usesDevices: Bool {
        if case .device = microphone { return true }
        if case .device = speaker { return true }
        return false
    }
}

extension Microphone {
    fileprivate func ffi(_ devices: DeviceAudio?) -> FfiMicrophone? {
        switch self {
        case .device: return (devices?.input).map { .pcm(input: $0.ffi) }
        case .machine(let id): return .device(id: id)
        case .none: return nil
        case .pcm(let input): return .pcm(input: input.ffi)
        case .wav(let url, let repeats): return .wav(path: url.path, repeat: repeats)
        }
    }
}

extension Speaker {
    fileprivate func ffi(_ devices: DeviceAudio?) -> FfiSpeaker? {
        switch self {
        case .device: return (devices?.output).map { .pcm(output: $0.ffi) }
        case .machine(let id): return .device(id: id)
        case .none: return nil
        case .pcm(let output): return .pcm(output: output.ffi)
        case .wav(let url, let format):
            return .wav(
                path: url.path, sampleRate: UInt32(clamping: format.sampleRate), channels: UInt16(clamping: format.channels))
        }
    }
}
