import RTVIBindings

/// Something that happened: the name and data that every Pipecat SDK uses, and both as a type.
public struct PipecatEvent: Sendable, Equatable {
    /// Its name: `transportStateChanged`, `botReady`, `userTranscript`… New names may be added.
    public let name: String
    /// Its data as JSON text; of a server's message in wire form. Nothing where it has none.
    public let json: String?

    init(_ event: FfiEvent) {
        name = event.name
        json = event.dataJson
    }

    /// Its data; nothing where it has none. Read from the text on every call.
    public var data: Value? {
        // What the core has written can be read.
        json.flatMap { try? Value(json: $0) }
    }

    /// What happened, to be switched over. Read from the text on every call.
    public var kind: Kind {
        guard let read = Kind.readers[name] else { return .other(name: name, data: data) }
        return read(data ?? .null)
    }
}

extension PipecatEvent {
    /// What happened. Cases may be added: have a `default`.
    public enum Kind: Sendable, Equatable {
        /// The client is in another state.
        case transportStateChanged(TransportState)
        /// The transport is open; the bot is not ready yet.
        case connected
        /// The session is over. The last event of every session.
        case disconnected(DisconnectReason)
        /// A connection was lost and is being restored.
        case reconnecting(attempt: Int, maxAttempts: Int, reason: RTVIError)
        /// The start endpoint answered; its whole answer.
        case botStarted(Value)
        /// The bot's side of the connection is there.
        case botConnected(Participant)
        /// The bot has left.
        case botDisconnected(Participant)
        /// The bot is ready.
        case botReady(BotReadyData)
        /// Somebody joined the session, the bot included.
        case participantJoined(Participant)
        /// Somebody left the session, the bot included.
        case participantLeft(Participant)
        /// Something failed, here or in the bot, that no call can report.
        case error(RTVIMessageInbound)
        /// The server answered a message with an error.
        case messageError(RTVIMessageInbound)
        /// A message of the server could not be understood and was dropped.
        case protocolError(type: String?, reason: String)
        /// An option asks for something that is not supported here.
        case unsupportedFeature(String)
        /// Audio began to flow.
        case trackStarted(MediaStreamTrack)
        /// Audio ended.
        case trackStopped(MediaStreamTrack)
        /// A device's state changed.
        case mediaStateChanged(MediaState)
        /// The microphone in use.
        case micUpdated(MediaDeviceInfo)
        /// The speaker in use.
        case speakerUpdated(MediaDeviceInfo)
        /// The microphones to choose from, after a change.
        case availableMicsUpdated([MediaDeviceInfo])
        /// The speakers to choose from, after a change.
        case availableSpeakersUpdated([MediaDeviceInfo])
        /// A microphone or speaker failed.
        case deviceError(RTVIError)
        /// What the bot said has been played, or was cut off.
        case botAudioHeard(BotAudioHeard)
        /// The user began to speak, as heard here.
        case localSpeechStarted
        /// The user stopped speaking, as heard here.
        case localSpeechStopped
        /// Audio was dropped that somebody would have heard: at once, then once a second for each reason while it lasts.
        case audioDropped(AudioDropped)
        /// Loudness of the microphone, 0 to 1.
        case localAudioLevel(Float)
        /// Loudness of the bot as played, 0 to 1.
        case remoteAudioLevel(Float)
        /// How the connection does: `roundTripMs`, `jitterMs`, `packetsLost` and more.
        case transportStats(Value)
        /// The user began a turn.
        case userStartedSpeaking
        /// The user ended a turn.
        case userStoppedSpeaking
        /// The bot ignores the microphone from now on.
        case userMuteStarted
        /// The bot listens to the microphone again.
        case userMuteStopped
        /// What the user said, interim or final.
        case userTranscript(Transcript)
        /// What the user said or typed.
        case userInput(UserInputData)
        /// The user's turn as the language model gets it.
        case userLlmText(BotLLMText)
        /// The bot began to speak.
        case botStartedSpeaking
        /// The bot stopped speaking.
        case botStoppedSpeaking
        /// The bot was interrupted: what it has not said yet is void.
        case botInterrupted
        /// What the bot says or writes, with how far it has been spoken.
        case botOutput(BotOutputData)
        /// A sentence of the bot.
        case botTranscript(BotLLMText)
        /// The language model began to answer.
        case botLlmStarted
        /// A chunk of its text.
        case botLlmText(BotLLMText)
        /// It finished.
        case botLlmStopped
        /// What a web search of it found.
        case botLlmSearchResponse(BotLLMSearchResponseData)
        /// Speech synthesis began.
        case botTtsStarted
        /// Text that the bot is saying.
        case botTtsText(BotTTSText)
        /// Speech synthesis finished.
        case botTtsStopped
        /// The language model is about to call a function.
        case llmFunctionCallStarted(LLMFunctionCallData)
        /// A function call runs.
        case llmFunctionCallInProgress(LLMFunctionCallData)
        /// A function call ended.
        case llmFunctionCallStopped(LLMFunctionCallData)
        /// Measurements of the bot's services.
        case metrics(PipecatMetrics)
        /// The bot asks the user interface to do something.
        case uiCommand(command: String, payload: Value?)
        /// Progress of work that the bot started for the user interface.
        case uiJobGroup(Value)
        /// A message of the app's own.
        case serverMessage(Value)
        /// Any other; by its name and data.
        case other(name: String, data: Value?)
    }
}
