// How each event is read. A new event is one case of PipecatEvent.Kind and one line here.

extension PipecatEvent.Kind {
    typealias Reader = @Sendable (Value) -> Self

    static let readers: [String: Reader] = session.merging(devices) { first, _ in first }
        .merging(speech) { first, _ in first }
        .merging(bot) { first, _ in first }

    private static let session: [String: Reader] = [
        "transportStateChanged": { .transportStateChanged($0.string.flatMap(TransportState.init) ?? .disconnected) },
        "connected": { _ in .connected },
        "disconnected": { .disconnected(DisconnectReason($0)) },
        "reconnecting": {
            .reconnecting(
                attempt: Int($0["attempt"]?.integer ?? 0), maxAttempts: Int($0["maxAttempts"]?.integer ?? 0),
                reason: RTVIError($0["reason"] ?? .null))
        },
        "botStarted": { .botStarted($0) },
        "botConnected": { .botConnected(Participant($0)) },
        "botDisconnected": { .botDisconnected(Participant($0)) },
        "botReady": { .botReady(BotReadyData($0)) },
        "participantConnected": { .participantJoined(Participant($0)) },
        "participantLeft": { .participantLeft(Participant($0)) },
        "error": { .error(RTVIMessageInbound($0)) },
        "messageError": { .messageError(RTVIMessageInbound($0)) },
        "protocolError": { .protocolError(type: $0["type"]?.string, reason: $0.text("reason")) },
        "unsupportedFeature": { .unsupportedFeature($0.text("feature")) },
        "serverMessage": { .serverMessage($0) },
    ]

    private static let devices: [String: Reader] = [
        "trackStarted": { .trackStarted(MediaStreamTrack($0)) },
        "trackStopped": { .trackStopped(MediaStreamTrack($0)) },
        "mediaStateUpdated": { .mediaStateChanged(MediaState($0)) },
        "micUpdated": { .micUpdated(MediaDeviceInfo($0)) },
        "speakerUpdated": { .speakerUpdated(MediaDeviceInfo($0)) },
        "availableMicsUpdated": { .availableMicsUpdated(MediaDeviceInfo.list($0)) },
        "availableSpeakersUpdated": { .availableSpeakersUpdated(MediaDeviceInfo.list($0)) },
        "deviceError": { .deviceError(RTVIError($0)) },
        "botAudioHeard": { .botAudioHeard(BotAudioHeard($0)) },
        "localSpeechStarted": { _ in .localSpeechStarted },
        "localSpeechStopped": { _ in .localSpeechStopped },
        "audioDropped": { .audioDropped(AudioDropped($0)) },
        "localAudioLevel": { .localAudioLevel(Float($0.number ?? 0)) },
        "remoteAudioLevel": { .remoteAudioLevel(Float($0.number ?? 0)) },
        "transportStats": { .transportStats($0) },
    ]

    private static let speech: [String: Reader] = [
        "userStartedSpeaking": { _ in .userStartedSpeaking },
        "userStoppedSpeaking": { _ in .userStoppedSpeaking },
        "userMuteStarted": { _ in .userMuteStarted },
        "userMuteStopped": { _ in .userMuteStopped },
        "userTranscript": { .userTranscript(Transcript($0)) },
        "userInput": { .userInput(UserInputData($0)) },
        "userLlmText": { .userLlmText(BotLLMText($0)) },
        "botStartedSpeaking": { _ in .botStartedSpeaking },
        "botStoppedSpeaking": { _ in .botStoppedSpeaking },
        "botInterrupted": { _ in .botInterrupted },
    ]

    private static let bot: [String: Reader] = [
        "botOutput": { .botOutput(BotOutputData($0)) },
        "botTranscript": { .botTranscript(BotLLMText($0)) },
        "botLlmStarted": { _ in .botLlmStarted },
        "botLlmText": { .botLlmText(BotLLMText($0)) },
        "botLlmStopped": { _ in .botLlmStopped },
        "botLlmSearchResponse": { .botLlmSearchResponse(BotLLMSearchResponseData($0)) },
        "botTtsStarted": { _ in .botTtsStarted },
        "botTtsText": { .botTtsText(BotTTSText($0)) },
        "botTtsStopped": { _ in .botTtsStopped },
        "llmFunctionCallStarted": { .llmFunctionCallStarted(LLMFunctionCallData($0)) },
        "llmFunctionCallInProgress": { .llmFunctionCallInProgress(LLMFunctionCallData($0)) },
        "llmFunctionCallStopped": { .llmFunctionCallStopped(LLMFunctionCallData($0)) },
        "metrics": { .metrics(PipecatMetrics($0)) },
        "uiCommand": { .uiCommand(command: $0.text("command"), payload: $0["payload"]) },
        "uiJobGroup": { .uiJobGroup($0) },
    ]
}
