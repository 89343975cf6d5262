// Which method of the delegate each event calls.

extension PipecatClientDelegate {
    /// Tells of an event.
    func tell(_ event: PipecatEvent) {
        onEvent(event: event)
        let kind = event.kind
        _ = tellSession(kind) || tellPresence(kind) || tellMedia(kind) || tellUser(kind) || tellBot(kind) || tellFunctions(kind)
    }

    private func tellSession(_ kind: PipecatEvent.Kind) -> Bool {
        switch kind {
        case .connected: onConnected()
        case .disconnected: onDisconnected()
        case .transportStateChanged(let state): onTransportStateChanged(state: state)
        case .reconnecting(let attempt, let maxAttempts, let reason): onReconnecting(attempt: attempt, maxAttempts: maxAttempts, reason: reason)
        case .error(let message): onError(message: message)
        case .messageError(let message): onMessageError(message: message)
        case .unsupportedFeature(let feature): onUnsupportedFeature(feature: feature)
        case .serverMessage(let data): onServerMessage(data: data)
        case .metrics(let data): onMetrics(data: data)
        default: return false
        }
        return true
    }

    private func tellPresence(_ kind: PipecatEvent.Kind) -> Bool {
        switch kind {
        case .botStarted(let answer): onBotStarted(botResponse: answer)
        case .botConnected(let participant): onBotConnected(participant: participant)
        case .botReady(let data): onBotReady(botReadyData: data)
        case .botDisconnected(let participant): onBotDisconnected(participant: participant)
        case .participantJoined(let participant): onParticipantJoined(participant: participant)
        case .participantLeft(let participant): onParticipantLeft(participant: participant)
        default: return false
        }
        return true
    }

    private func tellMedia(_ kind: PipecatEvent.Kind) -> Bool {
        switch kind {
        case .micUpdated(let mic): onMicUpdated(mic: mic)
        case .speakerUpdated(let speaker): onSpeakerUpdated(speaker: speaker)
        case .availableMicsUpdated(let mics): onAvailableMicsUpdated(mics: mics)
        case .availableSpeakersUpdated(let speakers): onAvailableSpeakersUpdated(speakers: speakers)
        case .mediaStateChanged(let state): onMediaStateChanged(state: state)
        case .deviceError(let error): onDeviceError(error: error)
        case .trackStarted(let track): onTrackStarted(track: track, participant: track.participant)
        case .trackStopped(let track): onTrackStopped(track: track, participant: track.participant)
        case .botAudioHeard(let heard): onBotAudioHeard(heard: heard)
        case .localSpeechStarted: onLocalSpeechStarted()
        case .localSpeechStopped: onLocalSpeechStopped()
        case .audioDropped(let dropped): onAudioDropped(dropped: dropped)
        case .localAudioLevel(let level): onLocalAudioLevel(level: level)
        case .remoteAudioLevel(let level): onRemoteAudioLevel(level: level)
        case .transportStats(let stats): onTransportStats(stats: stats)
        default: return false
        }
        return true
    }

    private func tellUser(_ kind: PipecatEvent.Kind) -> Bool {
        switch kind {
        case .userStartedSpeaking: onUserStartedSpeaking()
        case .userStoppedSpeaking: onUserStoppedSpeaking()
        case .userMuteStarted: onUserMuteStarted()
        case .userMuteStopped: onUserMuteStopped()
        case .userTranscript(let data): onUserTranscript(data: data)
        case .userInput(let data): onUserInput(data: data)
        case .userLlmText(let data): onUserLlmText(data: data)
        default: return false
        }
        return true
    }

    private func tellBot(_ kind: PipecatEvent.Kind) -> Bool {
        switch kind {
        case .botStartedSpeaking: onBotStartedSpeaking()
        case .botStoppedSpeaking: onBotStoppedSpeaking()
        case .botInterrupted: onBotInterrupted()
        case .botOutput(let data): onBotOutput(data: data)
        case .botTranscript(let data): onBotTranscript(data: data)
        case .botLlmStarted: onBotLlmStarted()
        case .botLlmText(let data): onBotLlmText(data: data)
        case .botLlmStopped: onBotLlmStopped()
        case .botLlmSearchResponse(let data): onBotLlmSearchResponse(data: data)
        case .botTtsStarted: onBotTtsStarted()
        case .botTtsText(let data): onBotTtsText(data: data)
        case .botTtsStopped: onBotTtsStopped()
        default: return false
        }
        return true
    }

    private func tellFunctions(_ kind: PipecatEvent.Kind) -> Bool {
        switch kind {
        case .llmFunctionCallStarted(let data): onLLMFunctionCallStarted(data: data)
        case .llmFunctionCallInProgress(let data): onLLMFunctionCallInProgress(data: data)
        case .llmFunctionCallStopped(let data): onLLMFunctionCallStopped(data: data)
        case .uiCommand(let command, let payload): onUICommand(command: command, payload: payload)
        case .uiJobGroup(let data): onUIJobGroup(data: data)
        default: return false
        }
        return true
    }
}
