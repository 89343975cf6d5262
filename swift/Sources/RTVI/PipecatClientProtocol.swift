import Foundation
import RTVITypes

/// What ``PipecatClient`` does. Let your app's code take `any PipecatClientProtocol`, and pass a client
/// of your tests' own in its place: `MockPipecatClient` of the module `RTVITestKit`, or your own.
///
/// The methods are those of ``PipecatClient``, which documents them.
@MainActor
public protocol PipecatClientProtocol: AnyObject, Sendable {
    var delegate: (any PipecatClientDelegate)? { get set }
    var events: PipecatEvents { get }
    var state: TransportState { get }
    var info: ClientInfo? { get }
    var processingStats: ProcessingStats? { get }
    func sessionTrace() -> String?
    func release()

    func initDevices() async throws
    func startBot(startBotParams: APIRequest) async throws -> Value
    @discardableResult
    func connect(transportParams: some Encodable) async throws -> BotReadyData
    @discardableResult
    func startBotAndConnect(startBotParams: APIRequest) async throws -> BotReadyData
    func disconnect() async throws
    func disconnectBot() async throws
    func networkChanged() async throws

    func sendClientMessage(msgType: String, data: Value?) async throws
    func sendClientRequest(msgType: String, data: Value?, timeout: TimeInterval?) async throws -> Value?
    func sessionRequest(method: String, path: String, body: Value?, timeout: TimeInterval?) async throws -> SessionAnswer
    func sendText(content: String, options: SendTextOptions?) async throws
    func sendFile(file: Value) async throws
    func sendDTMF(keys: String) async throws
    func sendUIEvent(event: String, payload: Value?) async throws
    func sendUISnapshot(snapshot: Value) async throws
    func cancelUIJobGroup(jobId: String, reason: String?) async throws

    func registerFunctionCallHandler(functionName: String, callback: @escaping PipecatClient.FunctionCallCallback) throws
    @discardableResult
    func unregisterFunctionCallHandler(functionName: String) throws -> Bool
    func unregisterAllFunctionCallHandlers() throws

    var isMicEnabled: Bool { get }
    var isCamEnabled: Bool { get }
    var isSharingScreen: Bool { get }
    func enableMic(enable: Bool) async throws
    func enableCam(enable: Bool) throws
    func enableScreenShare(enable: Bool) throws
    func updateMic(micId: String) throws
    func updateSpeaker(speakerId: String) throws
    func updateCam(camId: String) throws

    func updateAudioProcessing(_ stages: AudioProcessing) async throws
    func pressToTalk() async throws
    func releaseToTalk() async throws
    func setBotGain(_ gain: Float) throws
    func flushBotAudio() async throws
    func fadeOutBotAudio(fade: TimeInterval) async throws
    func startRecording(to file: URL) async throws
    @discardableResult
    func stopRecording() async throws -> TimeInterval
}

extension PipecatClient: PipecatClientProtocol {}

// What `PipecatClient` has as default arguments.
extension PipecatClientProtocol {
    public func startBot<T: Decodable>(startBotParams: APIRequest) async throws -> T {
        let answer: Value = try await startBot(startBotParams: startBotParams)
        return try answer.decode()
    }

    @discardableResult
    public func connect() async throws -> BotReadyData {
        try await connect(transportParams: Value.object([:]))
    }

    public func sendClientMessage(msgType: String) async throws {
        try await sendClientMessage(msgType: msgType, data: nil)
    }

    public func sendClientRequest(msgType: String, data: Value? = nil) async throws -> Value? {
        try await sendClientRequest(msgType: msgType, data: data, timeout: nil)
    }

    public func sessionRequest(method: String, path: String, body: Value? = nil) async throws -> SessionAnswer {
        try await sessionRequest(method: method, path: path, body: body, timeout: nil)
    }

    public func sendText(content: String) async throws {
        try await sendText(content: content, options: nil)
    }

    public func sendUIEvent(event: String) async throws {
        try await sendUIEvent(event: event, payload: nil)
    }

    public func cancelUIJobGroup(jobId: String) async throws {
        try await cancelUIJobGroup(jobId: jobId, reason: nil)
    }

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
    public func connected() -> Bool { [.connected, .ready].contains(state) }
    public var bot: BotReadyData? { info?.bot }
    public var mediaState: MediaState? { info?.mediaState }
    public var tracks: [Track] { info?.tracks ?? [] }
    public var audioStats: AudioStats? { info?.audioStats }
    public func getAllMics() -> [MediaDevice] { info?.mics ?? [] }
    public func getAllSpeakers() -> [MediaDevice] { info?.speakers ?? [] }
    public func getAllCams() -> [MediaDevice] { info?.cams ?? [] }
    public var selectedMic: MediaDevice? { info?.selectedMic }
    public var selectedSpeaker: MediaDevice? { info?.selectedSpeaker }
    public var selectedCam: MediaDevice? { info?.selectedCam }
}
