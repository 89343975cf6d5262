import Foundation
import RTVITypes

/// All options of a client. You can also use the properties of ``client`` directly:
/// `options.reconnect.maxAttempts = 5`.
@dynamicMemberLookup
public struct PipecatClientOptions: Sendable {
    /// How to reach bots.
    public var transport: any TransportProvider
    /// The source of the user's audio.
    public var microphone: Microphone = .device
    /// The destination of the bot's audio.
    public var speaker: Speaker = .device
    /// The camera; `nil` for none. `CameraSource` of the module `RTVIVideo` is the device's.
    public var camera: (any VideoProvider)?
    /// The screen to share; `nil` for none. `ScreenSource` of the module `RTVIVideo` is the app's.
    public var screen: (any VideoProvider)?
    /// The display of the bot's video; `nil` to ask the bot for none. `BotVideo` of the module
    /// `RTVIVideo` shows it in views.
    public var display: (any VideoDisplay)?
    /// Who manages the audio session, for devices on iOS.
    public var audioSession: AudioSessionPolicy = .managed
    /// Called on any thread when something happens to the devices of ``Microphone/device`` and
    /// ``Speaker/device`` during a session. With ``AudioSessionPolicy/manual``, the app itself learns of
    /// interruptions.
    public var onAudioSession: (@Sendable (AudioSessionEvent) -> Void)?
    /// Whether the client watches the system's network on iOS and macOS, and moves a call at once to
    /// another one, as ``PipecatClient/networkChanged()`` does.
    public var watchesNetwork = true
    /// The plain data options.
    public var client = ClientOptions()

    /// Creates options from the most common ones; set the others afterwards.
    public init(
        transport: any TransportProvider, enableMic: Bool = ClientOptions().enableMic, enableCam: Bool = ClientOptions().enableCam
    ) {
        self.transport = transport
        client.enableMic = enableMic
        client.enableCam = enableCam
    }

    /// A property of ``client``.
    public subscript<T>(dynamicMember path: WritableKeyPath<ClientOptions, T>) -> T {
        get { client[keyPath: path] }
        set { client[keyPath: path] = newValue }
    }
}

extension PipecatClientOptions {
    func ffi(devices: DeviceAudio?) -> FfiClientOptions {
        var plain = client
        plain.about.library = plain.about.library ?? "rtvi-swift"
        plain.about.platformVersion = plain.about.platformVersion ?? ProcessInfo.processInfo.operatingSystemVersionString
        return FfiClientOptions(
            transport: transport.setup.choice, microphone: microphone.ffi(devices), speaker: speaker.ffi(devices),
            camera: camera?.input.ffi, screen: screen?.input.ffi, display: display.map(DisplayLink.init),
            optionsJson: plain.asValue.json)
    }

    /// Whether the options need the devices of the machine.
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
        case .tone(let frequency, let amplitude, let rate):
            return .tone(frequency: frequency, amplitude: amplitude, sampleRate: UInt32(clamping: rate))
        case .silence: return .silence
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
