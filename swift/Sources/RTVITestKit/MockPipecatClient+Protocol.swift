import Foundation
import RTVI

extension MockPipecatClient: PipecatClientProtocol {
    public var events: PipecatEvents { stream() }

    public func sessionTrace() -> String? { nil }

    public func release() {
        _ = try? record("release")
        finish()
    }

    // MARK: Session

    public func initDevices() async throws { _ = try record("initDevices") }

    public func startBot(startBotParams: APIRequest) async throws -> Value {
        try record("startBot", request(startBotParams)) ?? [:]
    }

    public func connect(transportParams: some Encodable) async throws -> BotReadyData {
        _ = try record("connect", ["transportParams": Value(encoding: transportParams)])
        return try await begin()
    }

    public func startBotAndConnect(startBotParams: APIRequest) async throws -> BotReadyData {
        let answer = try record("startBotAndConnect", request(startBotParams))
        emit(.botStarted(answer: answer ?? [:]))
        return try await begin()
    }

    public func disconnect() async throws {
        _ = try record("disconnect")
        end(.requested)
    }

    public func disconnectBot() async throws {
        _ = try record("disconnectBot")
        end(.botLeft(code: nil, reason: ""))
    }

    public func networkChanged() async throws { _ = try record("networkChanged") }

    // MARK: Messages

    public func sendClientMessage(msgType: String, data: Value?) async throws {
        _ = try record("sendClientMessage", ["msgType": .string(msgType), "data": data])
    }

    public func sendClientRequest(msgType: String, data: Value?, timeout: TimeInterval?) async throws -> Value? {
        try record("sendClientRequest", ["msgType": .string(msgType), "data": data, "timeout": timeout.map(Value.number)])
    }

    public func sessionRequest(
        method: String, path: String, body: Value?, timeout: TimeInterval?
    ) async throws -> SessionAnswer {
        let answer = try record(
            "sessionRequest",
            ["method": .string(method), "path": .string(path), "body": body, "timeout": timeout.map(Value.number)])
        return SessionAnswer(status: 200, body: answer ?? .null)
    }

    public func sendText(content: String, options: SendTextOptions?) async throws {
        _ = try record(
            "sendText",
            [
                "content": .string(content), "runImmediately": options?.runImmediately.map(Value.bool),
                "audioResponse": options?.audioResponse.map(Value.bool),
            ])
    }

    public func sendFile(file: Value) async throws { _ = try record("sendFile", ["file": file]) }

    public func sendDTMF(keys: String) async throws { _ = try record("sendDTMF", ["keys": .string(keys)]) }

    public func sendUIEvent(event: String, payload: Value?) async throws {
        _ = try record("sendUIEvent", ["event": .string(event), "payload": payload])
    }

    public func sendUISnapshot(snapshot: Value) async throws { _ = try record("sendUISnapshot", ["snapshot": snapshot]) }

    public func cancelUIJobGroup(jobId: String, reason: String?) async throws {
        _ = try record("cancelUIJobGroup", ["jobId": .string(jobId), "reason": reason.map(Value.string)])
    }

    // MARK: Functions

    public func registerFunctionCallHandler(
        functionName: String, callback: @escaping PipecatClient.FunctionCallCallback
    ) throws {
        _ = try record("registerFunctionCallHandler", ["functionName": .string(functionName)])
        _ = register(functionName, callback)
    }

    public func unregisterFunctionCallHandler(functionName: String) throws -> Bool {
        _ = try record("unregisterFunctionCallHandler", ["functionName": .string(functionName)])
        return register(functionName, nil)
    }

    public func unregisterAllFunctionCallHandlers() throws {
        _ = try record("unregisterAllFunctionCallHandlers")
        forgetFunctions()
    }

    // MARK: Devices

    public func enableMic(enable: Bool) async throws {
        _ = try record("enableMic", ["enable": .bool(enable)])
        isMicEnabled = enable
    }

    public func enableCam(enable: Bool) throws {
        _ = try record("enableCam", ["enable": .bool(enable)])
        isCamEnabled = enable
    }

    public func enableScreenShare(enable: Bool) throws {
        _ = try record("enableScreenShare", ["enable": .bool(enable)])
        isSharingScreen = enable
    }

    public func updateMic(micId: String) throws { _ = try record("updateMic", ["micId": .string(micId)]) }

    public func updateSpeaker(speakerId: String) throws {
        _ = try record("updateSpeaker", ["speakerId": .string(speakerId)])
    }

    public func updateCam(camId: String) throws { _ = try record("updateCam", ["camId": .string(camId)]) }

    // MARK: Voice

    public func updateAudioProcessing(_ stages: AudioProcessing) async throws {
        _ = try record(
            "updateAudioProcessing",
            [
                "echoCancellation": .bool(stages.echoCancellation), "gainControl": .bool(stages.gainControl),
                "highPass": .bool(stages.highPass), "noiseSuppression": .bool(stages.noiseSuppression),
            ])
    }

    public func pressToTalk() async throws { _ = try record("pressToTalk") }

    public func releaseToTalk() async throws { _ = try record("releaseToTalk") }

    public func setBotGain(_ gain: Float) throws { _ = try record("setBotGain", ["gain": .number(Double(gain))]) }

    public func flushBotAudio() async throws { _ = try record("flushBotAudio") }

    public func fadeOutBotAudio(fade: TimeInterval) async throws {
        _ = try record("fadeOutBotAudio", ["fade": .number(fade)])
    }

    public func startRecording(to file: URL) async throws {
        _ = try record("startRecording", ["file": .string(file.path)])
    }

    public func stopRecording() async throws -> TimeInterval {
        _ = try record("stopRecording")
        return 0
    }

    private func request(_ request: APIRequest) throws -> [String: Value?] {
        ["startBotParams": try Value(encoding: request)]
    }
}
