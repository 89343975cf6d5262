import RTVITypes

extension PipecatClient {
    /// Opens microphone and speaker. The other calls do so when needed.
    public func initDevices() async throws {
        try await call { try await $0.initDevices(cancellation: $1) }
    }

    /// Asks the start endpoint for a bot and returns its answer, for ``connect(transportParams:)``.
    public func startBot(startBotParams: APIRequest) async throws -> Value {
        let request = startBotParams.asValue.json
        return try await call { try await $0.startBot(requestJson: request, cancellation: $1) }
    }

    /// Asks the start endpoint for a bot and returns its answer as a type of the app's own.
    ///
    /// Throws `DecodingError` when the answer does not fit.
    public func startBot<T: Decodable>(startBotParams: APIRequest) async throws -> T {
        let answer: Value = try await startBot(startBotParams: startBotParams)
        return try answer.decode()
    }

    /// Connects to a bot, waits until it is ready, and returns what the bot reports about itself.
    ///
    /// The parameters are the answer of `startBot(startBotParams:)`,
    /// ``SmallWebRTCTransportConnectionParams``, ``WebSocketTransportConnectionParams``, or any
    /// object with the keys that the transport knows.
    @discardableResult
    public func connect(transportParams: some Encodable) async throws -> BotReadyData {
        let params = try Value(encoding: transportParams)
        return try await call { try await $0.connect(params: params, cancellation: $1) }
    }

    /// Connects with the transport's own options and waits until the bot is ready.
    @discardableResult
    public func connect() async throws -> BotReadyData {
        try await connect(transportParams: Value.object([:]))
    }

    /// Calls `startBot(startBotParams:)`, then ``connect(transportParams:)`` with its answer.
    @discardableResult
    public func startBotAndConnect(startBotParams: APIRequest) async throws -> BotReadyData {
        let request = startBotParams.asValue.json
        return try await call { try await $0.startBotAndConnect(requestJson: request, cancellation: $1) }
    }

    /// Ends the session gracefully, within two seconds. You can call it in every state, any number
    /// of times. It also completes in a cancelled task.
    public func disconnect() async throws {
        do {
            try await core.disconnect(cancellation: nil)
        } catch {
            throw ours(error)
        }
    }

    /// Asks the bot to leave. The session ends when the bot has left.
    public func disconnectBot() async throws {
        try await call { try await $0.disconnectBot(cancellation: $1) }
    }

    /// Tells the client that the device moved to another network. The client then restores a broken
    /// session at once, instead of waiting until it detects the silence.
    ///
    /// The events are those of a lost connection. Without a session, the call does nothing.
    public func networkChanged() async throws {
        try await call { try await $0.networkChanged(cancellation: $1) }
    }

    /// What the bot reported when it became ready; `nil` without a session.
    public nonisolated var bot: BotReadyData? { info?.bot }

    /// The trace of the present session, or of the last one, for a bug report: what happened and
    /// when, as JSON Lines that `rtvi trace` shows; nothing once the client is closed.
    ///
    /// It holds no token, header, URL or address and nothing that was said or sent. Possible in
    /// every state.
    public nonisolated func sessionTrace() -> String? { try? core.sessionTrace() }

    /// How much audio was transferred; `nil` once the client is closed.
    public nonisolated var audioStats: AudioStats? { info?.audioStats }
}
