package ai.rtvi.client

/**
 * Something that happened in a client.
 *
 * Those of a server's message have its data, in today's form whatever the age of the server. Further events may be added: keep an
 * `else` in every `when`.
 */
public sealed interface RtviEvent {
    /** The client is in another state. */
    public data class TransportStateChanged(public val state: TransportState) : RtviEvent

    /** The session is over. The last event of every session. */
    public data class Disconnected(public val reason: DisconnectReason) : RtviEvent

    /** A connection was lost and is being restored; the first attempt is 1. */
    public data class Reconnecting(public val attempt: Int, public val maxAttempts: Int, public val reason: RtviException) : RtviEvent

    /** Something failed, here or in the bot, that no call can report. Fatal errors end the session. */
    public data class Error(public val error: RtviException, public val fatal: Boolean) : RtviEvent

    /** The server answered a message with an error; the id is the message's. */
    public data class MessageError(public val id: String?, public val error: String) : RtviEvent

    /** A message of the server could not be understood and was dropped. */
    public data class ProtocolError(public val type: String?, public val reason: String) : RtviEvent

    /** An option asks for something that is not supported here. */
    public data class UnsupportedFeature(public val feature: String) : RtviEvent

    /** A microphone or speaker failed. */
    public data class DeviceError(public val error: RtviException) : RtviEvent

    /** The transport is open; the bot is not ready yet. */
    public data object Connected : RtviEvent

    /** The start endpoint answered; its whole answer. */
    public data class BotStarted(public val data: Value) : RtviEvent

    /** The bot's side of the connection is there. */
    public data class BotConnected(public val data: Participant) : RtviEvent

    /** The bot has left. */
    public data class BotDisconnected(public val data: Participant) : RtviEvent

    /** Somebody joined the session, the bot included. */
    public data class ParticipantJoined(public val data: Participant) : RtviEvent

    /** Somebody left the session, the bot included. */
    public data class ParticipantLeft(public val data: Participant) : RtviEvent

    /** Somebody's audio began to flow. */
    public data class TrackStarted(public val data: Track) : RtviEvent

    /** Somebody's audio ended. */
    public data class TrackStopped(public val data: Track) : RtviEvent

    /** A device's state changed. */
    public data class MediaStateChanged(public val data: MediaState) : RtviEvent

    /** The microphone in use. */
    public data class MicUpdated(public val data: MediaDevice) : RtviEvent

    /** The speaker in use. */
    public data class SpeakerUpdated(public val data: MediaDevice) : RtviEvent

    /** The microphones to choose from, after a change. */
    public data class AvailableMicsUpdated(public val data: List<MediaDevice>) : RtviEvent

    /** The speakers to choose from, after a change. */
    public data class AvailableSpeakersUpdated(public val data: List<MediaDevice>) : RtviEvent

    /** What the bot said has been played, or was cut off: how much of it was heard. */
    public data class BotAudioHeard(public val data: BotAudioHeardData) : RtviEvent

    /** The user began to speak, as heard here. */
    public data object LocalSpeechStarted : RtviEvent

    /** The user stopped speaking, as heard here. */
    public data object LocalSpeechStopped : RtviEvent

    /** Audio was dropped that somebody would have heard: at once, then once a second for each reason while it lasts. */
    public data class AudioDropped(public val data: AudioDroppedData) : RtviEvent

    /** Loudness of the microphone, 0 to 1, about ten times a second. */
    public data class UserAudioLevel(public val level: Float) : RtviEvent

    /** Loudness of the bot as it is played, 0 to 1, about ten times a second. */
    public data class RemoteAudioLevel(public val level: Float) : RtviEvent

    /** How the connection does; once a second, where the transport measures it. */
    public data class Stats(public val data: TransportStats) : RtviEvent

    /** The bot is ready. */
    public data class BotReady(public val data: BotReadyData) : RtviEvent

    /** The server's answer to a message of the client; the calls return theirs by themselves. */
    public data class ServerResponse(public val data: ServerResponseData) : RtviEvent

    /** A piece of what the bot says or writes. */
    public data class BotOutput(public val data: BotOutputData) : RtviEvent

    /** A sentence of the bot. Deprecated by the protocol in favour of [BotOutput]. */
    public data class BotTranscript(public val data: TextData) : RtviEvent

    /** A chunk of the LLM's text. */
    public data class BotLLMText(public val data: TextData) : RtviEvent

    /** The LLM began to answer. */
    public data object BotLLMStarted : RtviEvent

    /** The LLM finished its answer. */
    public data object BotLLMStopped : RtviEvent

    /** Text the bot is saying. */
    public data class BotTTSText(public val data: TextData) : RtviEvent

    /** Speech synthesis began. */
    public data object BotTTSStarted : RtviEvent

    /** Speech synthesis finished. */
    public data object BotTTSStopped : RtviEvent

    /** Synthesised speech in a message. */
    public data class BotTTSAudio(public val data: Value) : RtviEvent

    /** The bot began to speak. */
    public data object BotStartedSpeaking : RtviEvent

    /** The bot stopped speaking. */
    public data object BotStoppedSpeaking : RtviEvent

    /** The bot was interrupted: what it has not said yet is void. */
    public data object BotInterrupted : RtviEvent

    /** The user began a turn. */
    public data object UserStartedSpeaking : RtviEvent

    /** The user ended a turn. */
    public data object UserStoppedSpeaking : RtviEvent

    /** Voice was detected, whether or not it begins a turn. */
    public data object VADUserStartedSpeaking : RtviEvent

    /** Voice is no longer detected, whether or not that ends a turn. */
    public data object VADUserStoppedSpeaking : RtviEvent

    /** The bot ignores the microphone from now on. */
    public data object UserMuteStarted : RtviEvent

    /** The bot listens to the microphone again. */
    public data object UserMuteStopped : RtviEvent

    /** What the user said, interim or final. */
    public data class UserTranscript(public val data: Transcript) : RtviEvent

    /** What the user said or typed. */
    public data class UserInput(public val data: UserInputData) : RtviEvent

    /** The user's turn as the LLM gets it. */
    public data class UserLLMText(public val data: TextData) : RtviEvent

    /** A transcription as the speech recogniser gave it. */
    public data class STTRawText(public val data: Transcript) : RtviEvent

    /** A chunk of text as the LLM gave it. */
    public data class LLMRawText(public val data: TextData) : RtviEvent

    /** Text as the speech synthesiser speaks it. */
    public data class TTSRawText(public val data: TextData) : RtviEvent

    /** A marker the LLM put beside its text. */
    public data class BotLLMMarker(public val data: Value) : RtviEvent

    /** What a web search of the LLM found. */
    public data class BotLLMSearchResponse(public val data: BotLLMSearchResponseData) : RtviEvent

    /** The LLM calls a function. Deprecated by the protocol in favour of the three below. */
    public data class LLMFunctionCall(public val data: LLMFunctionCallData) : RtviEvent

    /** The LLM is about to call a function. */
    public data class LLMFunctionCallStarted(public val data: FunctionCallData) : RtviEvent

    /** A function call runs. */
    public data class LLMFunctionCallInProgress(public val data: FunctionCallData) : RtviEvent

    /** A function call ended, with a result or cancelled. */
    public data class LLMFunctionCallStopped(public val data: FunctionCallData) : RtviEvent

    /** A line of the bot's log. */
    public data class SystemLog(public val data: TextData) : RtviEvent

    /** The bot asks the user interface to do something. */
    public data class UICommand(public val data: UICommandData) : RtviEvent

    /** Progress of work that the bot started for the user interface. */
    public data class UIJobGroup(public val data: Value) : RtviEvent

    /** Measurements of the bot's services. */
    public data class Metrics(public val data: PipecatMetrics) : RtviEvent

    /** Loudness of the user's audio as the bot gets it. */
    public data class UserAudioLevelAtBot(public val level: Float) : RtviEvent

    /** Loudness of the bot's audio as it sends it. */
    public data class BotAudioLevelAtBot(public val level: Float) : RtviEvent

    /** A message of the bot's own kind; [Value.Null] if it had no data. */
    public data class ServerMessage(public val data: Value) : RtviEvent

    /** Everything that has no type here: the name and data as they came. */
    public data class Other(public val name: String, public val data: Value?) : RtviEvent
}
