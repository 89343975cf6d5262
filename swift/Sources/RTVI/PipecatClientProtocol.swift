import Foundation
import RTVITypes

/// What ``PipecatClient`` does. Let your app's code take `any PipecatClientProtocol`, and pass a client
/// of your tests' own in its place: `MockPipecatClient` of the module `RTVITestKit`, or your own.
///
/// ``PipecatClient`` documents limits, errors and threads of each method.
@MainActor
public protocol PipecatClientProtocol: AnyObject, Sendable {
    /// Receives the events.
    var delegate: (any PipecatClientDelegate)? { get set }
    /// A new stream of the events from now on.
    var events: PipecatEvents { get }
    /// The current state.
    var state: TransportState { get }
    /// What the client knows now of its bot, its devices and its audio.
    var info: ClientInfo? { get }
    /// The state of the processing as of the last level report.
    var processingStats: ProcessingStats? { get }
    /// The trace of the present session, or of the last one, for a bug report.
    func sessionTrace() -> String?
    /// Closes the client permanently and at once.
    func release()

    /// Opens microphone and speaker.
    func initDevices() async throws
    /// Asks the start endpoint for a bot and returns its answer, for ``connect(transportParams:)``.
    func startBot(startBotParams: APIRequest) async throws -> Value
    /// Connects to a bot, waits until it is ready, and returns what the bot reports about itself.
    @discardableResult
    func connect(transportParams: some Encodable) async throws -> BotReadyData
    /// Calls `startBot(startBotParams:)`, then ``connect(transportParams:)`` with its answer.
    @discardableResult
    func startBotAndConnect(startBotParams: APIRequest) async throws -> BotReadyData
    /// Ends the session gracefully, within two seconds.
    func disconnect() async throws
    /// Asks the bot to leave.
    func disconnectBot() async throws
    /// Tells the client that the device moved to another network.
    func networkChanged() async throws

    /// Sends a message of the app's own type.
    func sendClientMessage(msgType: String, data: Value?) async throws
    /// Sends a request of the app's own type and returns the data of the bot's answer, or `nil`.
    func sendClientRequest(msgType: String, data: Value?, timeout: TimeInterval?) async throws -> Value?
    /// Sends a request to an HTTP endpoint of the bot itself, within the session.
    func sessionRequest(method: String, path: String, body: Value?, timeout: TimeInterval?) async throws -> SessionAnswer
    /// Sends text of the user, as if it had been spoken.
    func sendText(content: String, options: SendTextOptions?) async throws
    /// Sends a file, as the data of the message `send-file`.
    func sendFile(file: Value) async throws
    /// Sends keys of a telephone.
    func sendDTMF(keys: String) async throws
    /// Reports an event of the app's user interface.
    func sendUIEvent(event: String, payload: Value?) async throws
    /// Sends a snapshot of the app's user interface.
    func sendUISnapshot(snapshot: Value) async throws
    /// Asks the bot to cancel a group of jobs.
    func cancelUIJobGroup(jobId: String, reason: String?) async throws

    /// Lets the bot call a function of the app.
    func registerFunctionCallHandler(functionName: String, callback: @escaping PipecatClient.FunctionCallCallback) throws
    /// Removes a function and returns whether there was one.
    @discardableResult
    func unregisterFunctionCallHandler(functionName: String) throws -> Bool
    /// Removes all functions.
    func unregisterAllFunctionCallHandlers() throws

    /// Whether the microphone is on, or will be when the next session begins.
    var isMicEnabled: Bool { get }
    /// Whether the camera is on, or will be when the next session begins.
    var isCamEnabled: Bool { get }
    /// Whether pictures of the screen flow to the bot.
    var isSharingScreen: Bool { get }
    /// Turns the microphone on or off, in any state.
    func enableMic(enable: Bool) async throws
    /// Turns the camera on or off, in any state.
    func enableCam(enable: Bool) throws
    /// Starts or stops sharing the screen, in any state, as ``enableCam(enable:)`` does for the camera.
    func enableScreenShare(enable: Bool) throws
    /// Selects the microphone with this identifier.
    func updateMic(micId: String) throws
    /// Selects the speaker with this identifier.
    func updateSpeaker(speakerId: String) throws
    /// Selects the camera with this identifier.
    func updateCam(camId: String) throws

    /// Selects the processing stages of the microphone's audio.
    func updateAudioProcessing(_ stages: AudioProcessing) async throws
    /// Presses the push-to-talk button.
    func pressToTalk() async throws
    /// Releases the push-to-talk button.
    func releaseToTalk() async throws
    /// Changes the bot's volume without a click.
    func setBotGain(_ gain: Float) throws
    /// Drops bot audio that has not been played yet, with a short fade.
    func flushBotAudio() async throws
    /// Drops bot audio that has not been played yet, fading out within `fade` seconds, at most 0.1.
    func fadeOutBotAudio(fade: TimeInterval) async throws
    /// Starts recording the conversation to a stereo WAV file of 24 kHz.
    func startRecording(to file: URL) async throws
    /// Completes the recording and returns its length in seconds.
    @discardableResult
    func stopRecording() async throws -> TimeInterval
}

extension PipecatClient: PipecatClientProtocol {}

// What `PipecatClient` has as default arguments.
extension PipecatClientProtocol {
    /// Asks the start endpoint for a bot and returns its answer as a type of the app's own.
    public func startBot<T: Decodable>(startBotParams: APIRequest) async throws -> T {
        let answer: Value = try await startBot(startBotParams: startBotParams)
        return try answer.decode()
    }

    /// Connects to a bot, waits until it is ready, and returns what the bot reports about itself.
    @discardableResult
    public func connect() async throws -> BotReadyData {
        try await connect(transportParams: Value.object([:]))
    }

    /// Sends a message of the app's own type.
    public func sendClientMessage(msgType: String) async throws {
        try await sendClientMessage(msgType: msgType, data: nil)
    }

    /// Sends a request of the app's own type and returns the data of the bot's answer, or `nil`.
    public func sendClientRequest(msgType: String, data: Value? = nil) async throws -> Value? {
        try await sendClientRequest(msgType: msgType, data: data, timeout: nil)
    }

    /// Sends a request to an HTTP endpoint of the bot itself, within the session.
    public func sessionRequest(method: String, path: String, body: Value? = nil) async throws -> SessionAnswer {
        try await sessionRequest(method: method, path: path, body: body, timeout: nil)
    }

    /// Sends text of the user, as if it had been spoken.
    public func sendText(content: String) async throws {
        try await sendText(content: content, options: nil)
    }

    /// Reports an event of the app's user interface.
    public func sendUIEvent(event: String) async throws {
        try await sendUIEvent(event: event, payload: nil)
    }

    /// Asks the bot to cancel a group of jobs.
    public func cancelUIJobGroup(jobId: String) async throws {
        try await cancelUIJobGroup(jobId: jobId, reason: nil)
    }

    /// Lets the bot call a function of the app.
    public func registerFunctionCallHandler<Arguments: Decodable, Result: Encodable>(
        functionName: String, arguments: Arguments.Type, callback: @escaping @Sendable (Arguments) async throws -> Result
    ) throws {
        try registerFunctionCallHandler(functionName: functionName) { call in
            try Value(encoding: await callback(call.arguments.decode()))
        }
    }
}

// What `PipecatClient` takes from its state.
extension PipecatClientProtocol {
    /// Whether there is a session.
    public func connected() -> Bool { [.connected, .ready].contains(state) }
    /// What the bot reported when it became ready.
    public var bot: BotReadyData? { info?.bot }
    /// The state of the devices.
    public var mediaState: MediaState? { info?.mediaState }
    /// The tracks that are active now.
    public var tracks: [Track] { info?.tracks ?? [] }
    /// How much audio was transferred.
    public var audioStats: AudioStats? { info?.audioStats }
    /// The available microphones.
    public func getAllMics() -> [MediaDevice] { info?.mics ?? [] }
    /// The available speakers.
    public func getAllSpeakers() -> [MediaDevice] { info?.speakers ?? [] }
    /// The available cameras.
    public func getAllCams() -> [MediaDevice] { info?.cams ?? [] }
    /// The microphone in use.
    public var selectedMic: MediaDevice? { info?.selectedMic }
    /// The speaker in use.
    public var selectedSpeaker: MediaDevice? { info?.selectedSpeaker }
    /// The camera in use.
    public var selectedCam: MediaDevice? { info?.selectedCam }
}
