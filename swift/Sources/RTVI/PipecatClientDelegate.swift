/// What a client tells its app, one method for each thing that happens.
///
/// Called on the main actor, in order. Every method has an empty default: implement those that matter. The names are those of the
/// Pipecat iOS SDK. A client holds its delegate weakly and may be released in any of these methods.
@MainActor
public protocol PipecatClientDelegate: AnyObject {
    // MARK: Whole session

    /// The transport is open; the bot is not ready yet.
    func onConnected()

    /// The session is over; ``PipecatEvent/Kind/disconnected(_:)`` says why.
    func onDisconnected()

    /// The client is in another state.
    func onTransportStateChanged(state: TransportState)

    /// A connection was lost and is being restored.
    func onReconnecting(attempt: Int, maxAttempts: Int, reason: RTVIError)

    /// Something failed, here or in the bot, that no call can report.
    func onError(message: RTVIMessageInbound)

    /// The server answered a message with an error.
    func onMessageError(message: RTVIMessageInbound)

    /// An option asks for something that is not supported here.
    func onUnsupportedFeature(feature: String)

    /// A message of the app's own arrived.
    func onServerMessage(data: Value)

    /// Measurements of the bot's services arrived.
    func onMetrics(data: PipecatMetrics)

    // MARK: Who is there

    /// The start endpoint answered; its whole answer.
    func onBotStarted(botResponse: Value)

    /// The bot's side of the connection is there.
    func onBotConnected(participant: Participant)

    /// The bot is ready: messages can be sent.
    func onBotReady(botReadyData: BotReadyData)

    /// The bot has left.
    func onBotDisconnected(participant: Participant)

    /// Somebody joined the session, the bot included.
    func onParticipantJoined(participant: Participant)

    /// Somebody left the session, the bot included.
    func onParticipantLeft(participant: Participant)

    // MARK: Devices and media

    /// Another microphone is in use.
    func onMicUpdated(mic: MediaDeviceInfo?)

    /// Another speaker is in use.
    func onSpeakerUpdated(speaker: MediaDeviceInfo?)

    /// Microphones came or went; all there are now.
    func onAvailableMicsUpdated(mics: [MediaDeviceInfo])

    /// Speakers came or went; all there are now.
    func onAvailableSpeakersUpdated(speakers: [MediaDeviceInfo])

    /// A device's state changed.
    func onMediaStateChanged(state: MediaState)

    /// A microphone or speaker failed.
    func onDeviceError(error: RTVIError)

    /// Audio began to flow.
    func onTrackStarted(track: MediaStreamTrack, participant: Participant?)

    /// Audio ended.
    func onTrackStopped(track: MediaStreamTrack, participant: Participant?)

    /// What the bot said has been played, or was cut off.
    func onBotAudioHeard(heard: BotAudioHeard)

    /// The user began to speak, as heard here.
    func onLocalSpeechStarted()

    /// The user stopped speaking, as heard here.
    func onLocalSpeechStopped()

    /// Audio was dropped that somebody would have heard: at once, then once a second for each reason while it lasts.
    func onAudioDropped(dropped: AudioDropped)

    /// Loudness of the microphone, 0 to 1, about ten times a second.
    func onLocalAudioLevel(level: Float)

    /// Loudness of the bot as played, 0 to 1, about ten times a second.
    func onRemoteAudioLevel(level: Float)

    /// How the connection does; once a second where it is measured.
    func onTransportStats(stats: Value)

    // MARK: The user

    /// The user began a turn.
    func onUserStartedSpeaking()

    /// The user ended a turn.
    func onUserStoppedSpeaking()

    /// The bot ignores the microphone from now on.
    func onUserMuteStarted()

    /// The bot listens to the microphone again.
    func onUserMuteStopped()

    /// What the user said, interim or final.
    func onUserTranscript(data: Transcript)

    /// What the user said or typed.
    func onUserInput(data: UserInputData)

    /// The user's turn as the language model gets it.
    func onUserLlmText(data: BotLLMText)

    // MARK: The bot

    /// The bot began to speak.
    func onBotStartedSpeaking()

    /// The bot stopped speaking.
    func onBotStoppedSpeaking()

    /// The bot was interrupted: what it has not said yet is void.
    func onBotInterrupted()

    /// What the bot says or writes, with how far it has been spoken.
    func onBotOutput(data: BotOutputData)

    /// A sentence of the bot. Newer servers send ``onBotOutput(data:)``.
    func onBotTranscript(data: BotLLMText)

    /// The language model began to answer.
    func onBotLlmStarted()

    /// A chunk of the language model's text arrived.
    func onBotLlmText(data: BotLLMText)

    /// The language model finished.
    func onBotLlmStopped()

    /// What a web search of the language model found.
    func onBotLlmSearchResponse(data: BotLLMSearchResponseData)

    /// Speech synthesis began.
    func onBotTtsStarted()

    /// Text that the bot is saying.
    func onBotTtsText(data: BotTTSText)

    /// Speech synthesis finished.
    func onBotTtsStopped()

    // MARK: Functions and user interface

    /// The language model is about to call a function.
    func onLLMFunctionCallStarted(data: LLMFunctionCallData)

    /// A function call runs; a registered handler answers it by itself.
    func onLLMFunctionCallInProgress(data: LLMFunctionCallData)

    /// A function call ended.
    func onLLMFunctionCallStopped(data: LLMFunctionCallData)

    /// The bot asks the user interface to do something.
    func onUICommand(command: String, payload: Value?)

    /// Progress of work that the bot started for the user interface.
    func onUIJobGroup(data: Value)

    // MARK: Everything

    /// Anything happened: called for every event, before the method of its own.
    func onEvent(event: PipecatEvent)
}

extension PipecatClientDelegate {
    public func onConnected() {}
    public func onDisconnected() {}
    public func onTransportStateChanged(state: TransportState) {}
    public func onReconnecting(attempt: Int, maxAttempts: Int, reason: RTVIError) {}
    public func onError(message: RTVIMessageInbound) {}
    public func onMessageError(message: RTVIMessageInbound) {}
    public func onUnsupportedFeature(feature: String) {}
    public func onServerMessage(data: Value) {}
    public func onMetrics(data: PipecatMetrics) {}
    public func onBotStarted(botResponse: Value) {}
    public func onBotConnected(participant: Participant) {}
    public func onBotReady(botReadyData: BotReadyData) {}
    public func onBotDisconnected(participant: Participant) {}
    public func onParticipantJoined(participant: Participant) {}
    public func onParticipantLeft(participant: Participant) {}
    public func onMicUpdated(mic: MediaDeviceInfo?) {}
    public func onSpeakerUpdated(speaker: MediaDeviceInfo?) {}
    public func onAvailableMicsUpdated(mics: [MediaDeviceInfo]) {}
    public func onAvailableSpeakersUpdated(speakers: [MediaDeviceInfo]) {}
    public func onMediaStateChanged(state: MediaState) {}
    public func onDeviceError(error: RTVIError) {}
    public func onTrackStarted(track: MediaStreamTrack, participant: Participant?) {}
    public func onTrackStopped(track: MediaStreamTrack, participant: Participant?) {}
    public func onBotAudioHeard(heard: BotAudioHeard) {}
    public func onLocalSpeechStarted() {}
    public func onLocalSpeechStopped() {}
    public func onAudioDropped(dropped: AudioDropped) {}
    public func onLocalAudioLevel(level: Float) {}
    public func onRemoteAudioLevel(level: Float) {}
    public func onTransportStats(stats: Value) {}
    public func onUserStartedSpeaking() {}
    public func onUserStoppedSpeaking() {}
    public func onUserMuteStarted() {}
    public func onUserMuteStopped() {}
    public func onUserTranscript(data: Transcript) {}
    public func onUserInput(data: UserInputData) {}
    public func onUserLlmText(data: BotLLMText) {}
    public func onBotStartedSpeaking() {}
    public func onBotStoppedSpeaking() {}
    public func onBotInterrupted() {}
    public func onBotOutput(data: BotOutputData) {}
    public func onBotTranscript(data: BotLLMText) {}
    public func onBotLlmStarted() {}
    public func onBotLlmText(data: BotLLMText) {}
    public func onBotLlmStopped() {}
    public func onBotLlmSearchResponse(data: BotLLMSearchResponseData) {}
    public func onBotTtsStarted() {}
    public func onBotTtsText(data: BotTTSText) {}
    public func onBotTtsStopped() {}
    public func onLLMFunctionCallStarted(data: LLMFunctionCallData) {}
    public func onLLMFunctionCallInProgress(data: LLMFunctionCallData) {}
    public func onLLMFunctionCallStopped(data: LLMFunctionCallData) {}
    public func onUICommand(command: String, payload: Value?) {}
    public func onUIJobGroup(data: Value) {}
    public func onEvent(event: PipecatEvent) {}
}
