import Foundation
import RTVI

/// A client without a bot, for unit tests of an app's code: it records what is called, and the test
/// decides what happens.
///
///     let client = MockPipecatClient()
///     let chat = Chat(client: client)                    // your code: takes any PipecatClientProtocol
///     try await chat.open()
///     client.emit(.botTranscript(data: TextData(text: "Hello")))
///     XCTAssertEqual(client.calls.last, MockPipecatClient.Call("sendText", ["content": "Hi"]))
///
/// `connect` and `startBotAndConnect` succeed, at once or by ``open()``, and `disconnect` ends the
/// session, each with the events of a real client. Everything else succeeds and does nothing, unless ``onCall`` says
/// otherwise.
@MainActor
public final class MockPipecatClient {
    /// A call of a method.
    public struct Call: Sendable, Equatable, CustomStringConvertible {
        /// The name of the method, such as `sendText`.
        public var method: String
        /// Its arguments by name, without those that are `nil`.
        public var arguments: Value

        /// A call, to compare with one of ``MockPipecatClient/calls``.
        public init(_ method: String, _ arguments: Value = [:]) {
            self.method = method
            self.arguments = arguments
        }

        /// The name and the arguments.
        public var description: String { "\(method) \(arguments.json)" }
    }

    /// Every call so far, oldest first.
    public private(set) var calls: [Call] = []
    /// Called for each call, before it has an effect. What it throws, the call throws. What it returns
    /// is the result of `startBot`, `sendClientRequest` and `sessionRequest`.
    public var onCall: (@MainActor (Call) throws -> Value?)?
    /// Whether the bot is ready at once. Otherwise `connect` waits for ``open()``.
    public var connectsAtOnce = true
    /// What the bot reports about itself.
    public var ready = BotReadyData(version: "2.2.0", about: nil, capabilities: nil, config: nil)
    /// The functions that the app has registered.
    public private(set) var functions: [String: PipecatClient.FunctionCallCallback] = [:]

    public weak var delegate: (any PipecatClientDelegate)?
    public internal(set) var state = TransportState.disconnected
    public internal(set) var isMicEnabled: Bool
    public internal(set) var isCamEnabled = false
    public internal(set) var isSharingScreen = false
    /// What the client knows; the test may set it.
    public var info: ClientInfo?
    /// The state of the processing; the test may set it.
    public var processingStats: ProcessingStats?

    /// Why the last session was lost.
    private var lost: RTVIError?
    private var opening: AsyncStream<Void>.Continuation?
    private var streams: [AsyncStream<PipecatEvent>.Continuation] = []

    /// A client without a session.
    public init(enableMic: Bool = true) {
        isMicEnabled = enableMic
    }

    deinit {
        streams.forEach { $0.finish() }
    }

    /// Delivers an event, to the delegate before this returns, and to every loop over `events`.
    public func emit(_ event: PipecatEvent) {
        if case .transportStateChanged(let next) = event { state = next }
        delegate?.tell(event)
        streams.forEach { $0.yield(event) }
    }

    /// Lets a `connect` that waits succeed.
    public func open() {
        opening?.finish()
    }

    /// Ends the session as a lost connection does.
    public func lose(_ error: RTVIError = RTVIError(.connectionLost, "the connection was lost")) {
        lost = error
        end(.failed(error))
    }

    /// Lets the bot call a function of the app, and returns its result.
    public func callFunction(_ name: String, arguments: Value = [:]) async throws -> Value {
        guard let function = functions[name] else { throw RTVIError(.invalidArgument, "the app has no function \(name)") }
        return try await function(FunctionCall(toolCallId: "call-\(name)", functionName: name, arguments: arguments))
    }

    func record(_ method: String, _ arguments: [String: Value?] = [:]) throws -> Value? {
        let call = Call(method, .object(arguments.compactMapValues { $0 }))
        calls.append(call)
        return try onCall?(call)
    }

    func begin() async throws -> BotReadyData {
        lost = nil
        emit(.transportStateChanged(state: .connecting))
        if !connectsAtOnce { try await opened() }
        emit(.transportStateChanged(state: .connected))
        emit(.connected)
        emit(.transportStateChanged(state: .ready))
        emit(.botReady(data: ready))
        return ready
    }

    private func opened() async throws {
        let (held, opening) = AsyncStream<Void>.makeStream()
        self.opening = opening
        for await _ in held {}
        if Task.isCancelled {
            end(.requested)
            throw CancellationError()
        }
        guard state == .connecting else { throw lost ?? RTVIError(.cancelled, "the session ended") }
    }

    func end(_ reason: DisconnectReason) {
        guard state != .disconnected else { return }
        defer { opening?.finish() }
        emit(.transportStateChanged(state: .disconnected))
        emit(.disconnected(reason: reason))
    }

    func stream() -> PipecatEvents {
        let (events, continuation) = AsyncStream<PipecatEvent>.makeStream()
        streams.append(continuation)
        return PipecatEvents(events)
    }

    func finish() {
        end(.requested)
        streams.forEach { $0.finish() }
        streams = []
    }

    func register(_ name: String, _ function: PipecatClient.FunctionCallCallback?) -> Bool {
        let had = functions[name] != nil
        functions[name] = function
        return had
    }

    func forgetFunctions() {
        functions = [:]
    }
}
