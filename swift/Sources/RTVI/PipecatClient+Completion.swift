import RTVITypes

/// Called once on the main actor with the result of a call.
public typealias PipecatCompletion<Success> = @MainActor (Result<Success, RTVIError>) -> Void

// The calls with a completion, as in the Pipecat iOS SDK, for code that is not `async`. Each begins when
// the main actor gets to it, in the order of the calls, and holds the client until it has ended.
extension PipecatClientProtocol {
    /// Opens microphone and speaker.
    public func initDevices(completion: PipecatCompletion<Void>?) {
        begin(completion) { try await $0.initDevices() }
    }

    /// Asks the start endpoint for a bot and returns its answer as a type of the app's own, or as a
    /// `Value`.
    public func startBot<T: Decodable>(startBotParams: APIRequest, completion: PipecatCompletion<T>?) {
        begin(completion) { try await ($0.startBot(startBotParams: startBotParams) as Value).decode() }
    }

    /// Connects to a bot, waits until it is ready, and returns what the bot reports about itself.
    public func connect(transportParams: some Encodable & Sendable, completion: PipecatCompletion<BotReadyData>?) {
        begin(completion) { try await $0.connect(transportParams: transportParams) }
    }

    /// Calls `startBot(startBotParams:)`, then `connect(transportParams:)` with its answer.
    public func startBotAndConnect(startBotParams: APIRequest, completion: PipecatCompletion<BotReadyData>?) {
        begin(completion) { try await $0.startBotAndConnect(startBotParams: startBotParams) }
    }

    /// Ends the session gracefully, within two seconds.
    public func disconnect(completion: PipecatCompletion<Void>?) {
        begin(completion) { try await $0.disconnect() }
    }

    /// Sends a request of the app's own type and returns the data of the bot's answer, or `nil`.
    public func sendClientRequest(msgType: String, data: Value? = nil, completion: PipecatCompletion<Value?>?) {
        begin(completion) { try await $0.sendClientRequest(msgType: msgType, data: data, timeout: nil) }
    }

    /// Turns the microphone on or off, in any state.
    public func enableMic(enable: Bool, completion: PipecatCompletion<Void>?) {
        begin(completion) { try await $0.enableMic(enable: enable) }
    }

    /// Turns the camera on or off, in any state.
    public func enableCam(enable: Bool, completion: PipecatCompletion<Void>?) {
        begin(completion) { try $0.enableCam(enable: enable) }
    }

    /// Selects the microphone with this identifier.
    public func updateMic(micId: String, completion: PipecatCompletion<Void>?) {
        begin(completion) { try $0.updateMic(micId: micId) }
    }

    /// Selects the speaker with this identifier.
    public func updateSpeaker(speakerId: String, completion: PipecatCompletion<Void>?) {
        begin(completion) { try $0.updateSpeaker(speakerId: speakerId) }
    }

    /// Selects the camera with this identifier.
    public func updateCam(camId: String, completion: PipecatCompletion<Void>?) {
        begin(completion) { try $0.updateCam(camId: camId) }
    }

    private func begin<T>(_ completion: PipecatCompletion<T>?, _ call: @escaping @MainActor (Self) async throws -> T) {
        Task {
            do {
                let success = try await call(self)
                completion?(.success(success))
            } catch {
                completion?(.failure(error as? RTVIError ?? RTVIError(.internal, error.localizedDescription)))
            }
        }
    }
}
