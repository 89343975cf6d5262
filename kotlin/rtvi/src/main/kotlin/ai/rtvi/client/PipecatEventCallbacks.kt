package ai.rtvi.client

/**
 * What a client tells its app, with the names of Pipecat's Android SDK: override what you need.
 *
 * Called one at a time, in order, on [PipecatClientOptions.callbackDispatcher]. While one runs, the next waits; one that takes ten
 * seconds ends the session. What one throws goes to [PipecatClientOptions.onCallbackException] and changes nothing else. Any call of
 * the client may be made in one, [PipecatClient.close] too.
 */
public open class PipecatEventCallbacks {
    /** Everything that happens, before the callback of its own; also what has none. */
    public open fun onEvent(event: RtviEvent) {}

    /** The session is over. */
    public open fun onDisconnected() {}

    /** An error of the bot or the session, as text. */
    public open fun onBackendError(message: String) {}

    /** The client is in another state. */
    public open fun onTransportStateChanged(state: TransportState) {}

    /** The transport is open; the bot is not ready yet. */
    public open fun onConnected() {}

    /** The session is over, and why. Without an override, [onDisconnected] without arguments is called. */
    public open fun onDisconnected(reason: DisconnectReason): Unit = onDisconnected()

    /** A connection was lost and is being restored. */
    public open fun onReconnecting(attempt: Int, maxAttempts: Int, reason: RtviException) {}

    /** Something failed that no call can report. Without an override, [onBackendError] gets the message. */
    public open fun onError(error: RtviException, fatal: Boolean): Unit = onBackendError(error.message)

    /** The server answered a message with an error. */
    public open fun onMessageError(id: String?, error: String) {}

    /** An option asks for something that is not supported here. */
    public open fun onUnsupportedFeature(feature: String) {}

    /** A microphone or speaker failed. */
    public open fun onDeviceError(error: RtviException) {}

    /** The start endpoint answered; its whole answer. */
    public open fun onBotStarted(data: Value) {}

    /** The bot's side of the connection is there. */
    public open fun onBotConnected(participant: Participant) {}

    /** The bot has left. */
    public open fun onBotDisconnected(participant: Participant) {}

    /** Somebody joined the session, the bot included. */
    public open fun onParticipantJoined(participant: Participant) {}

    /** Somebody left the session, the bot included. */
    public open fun onParticipantLeft(participant: Participant) {}

    /** Somebody's audio began to flow. */
    public open fun onTrackStarted(track: Track) {}

    /** Somebody's audio ended. */
    public open fun onTrackStopped(track: Track) {}

    /** A device's state changed. */
    public open fun onMediaStateChanged(state: MediaState) {}

    /** The microphone in use. */
    public open fun onMicUpdated(device: MediaDevice) {}

    /** The speaker in use. */
    public open fun onSpeakerUpdated(device: MediaDevice) {}

    /** Microphones came or went; all there are now. */
    public open fun onAvailableMicsUpdated(mics: List<MediaDevice>) {}

    /** Speakers came or went; all there are now. */
    public open fun onAvailableSpeakersUpdated(speakers: List<MediaDevice>) {}

    /** What the bot said has been played, or was cut off: how much of it was heard. */
    public open fun onBotAudioHeard(data: BotAudioHeardData) {}

    /** The user began to speak, as heard here. */
    public open fun onLocalSpeechStarted() {}

    /** The user stopped speaking, as heard here. */
    public open fun onLocalSpeechStopped() {}

    /** Audio was dropped that somebody would have heard: at once, then once a second for each reason while it lasts. */
    public open fun onAudioDropped(data: AudioDroppedData) {}

    /** Loudness of the microphone, 0 to 1, about ten times a second. */
    public open fun onUserAudioLevel(level: Float) {}

    /** Loudness of the bot as it is played, 0 to 1, about ten times a second. */
    public open fun onRemoteAudioLevel(level: Float) {}

    /** How the connection does; once a second, where the transport measures it. */
    public open fun onTransportStats(stats: TransportStats) {}

    /** The bot is ready. */
    public open fun onBotReady(data: BotReadyData) {}

    /** A piece of what the bot says or writes. */
    public open fun onBotOutput(data: BotOutputData) {}

    /** A sentence of the bot. Deprecated by the protocol in favour of [onBotOutput]. */
    public open fun onBotTranscript(text: String) {}

    /** A chunk of the LLM's text. */
    public open fun onBotLLMText(data: TextData) {}

    /** The LLM began to answer. */
    public open fun onBotLLMStarted() {}

    /** The LLM finished its answer. */
    public open fun onBotLLMStopped() {}

    /** Text the bot is saying. */
    public open fun onBotTTSText(data: TextData) {}

    /** Speech synthesis began. */
    public open fun onBotTTSStarted() {}

    /** Speech synthesis finished. */
    public open fun onBotTTSStopped() {}

    /** The bot began to speak. */
    public open fun onBotStartedSpeaking() {}

    /** The bot stopped speaking. */
    public open fun onBotStoppedSpeaking() {}

    /** The bot was interrupted: what it has not said yet is void. */
    public open fun onBotInterrupted() {}

    /** The user began a turn. */
    public open fun onUserStartedSpeaking() {}

    /** The user ended a turn. */
    public open fun onUserStoppedSpeaking() {}

    /** The bot ignores the microphone from now on. */
    public open fun onUserMuteStarted() {}

    /** The bot listens to the microphone again. */
    public open fun onUserMuteStopped() {}

    /** What the user said, interim or final. */
    public open fun onUserTranscript(data: Transcript) {}

    /** What the user said or typed. */
    public open fun onUserInput(data: UserInputData) {}

    /** The user's turn as the LLM gets it. */
    public open fun onUserLLMText(data: TextData) {}

    /** What a web search of the LLM found. */
    public open fun onBotLLMSearchResponse(data: BotLLMSearchResponseData) {}

    /** The LLM calls a function. Deprecated by the protocol in favour of the three below. */
    public open fun onLLMFunctionCall(data: LLMFunctionCallData) {}

    /** The LLM is about to call a function. */
    public open fun onLLMFunctionCallStarted(data: FunctionCallData) {}

    /** A function call runs. */
    public open fun onLLMFunctionCallInProgress(data: FunctionCallData) {}

    /** A function call ended, with a result or cancelled. */
    public open fun onLLMFunctionCallStopped(data: FunctionCallData) {}

    /** The bot asks the user interface to do something. */
    public open fun onUICommand(data: UICommandData) {}

    /** Progress of work that the bot started for the user interface. */
    public open fun onUIJobGroup(data: Value) {}

    /** Measurements of the bot's services. */
    public open fun onMetrics(data: PipecatMetrics) {}

    /** A message of the bot's own kind; [Value.Null] if it had no data. */
    public open fun onServerMessage(data: Value) {}
}
