package ai.rtvi.client

import kotlin.time.Duration.Companion.milliseconds
import kotlinx.serialization.KSerializer
import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable
import kotlinx.serialization.builtins.ListSerializer
import kotlinx.serialization.builtins.serializer

/**
 * An event as the core gives it: its name, as in the other Pipecat SDKs, and its data as JSON text in wire form.
 *
 * @property dataJson `null` where it has none.
 */
public data class RawEvent(public val name: String, public val dataJson: String?) {
    /** The event with its own type; [RtviEvent.Other] if it has none or its data do not fit. */
    public fun typed(): RtviEvent {
        val read = READERS[name] ?: return other()
        // An app rather gets data of an unexpected form untyped than not at all.
        return runCatching { read(dataJson ?: "null") }.getOrElse { other() }
    }

    private fun other() = RtviEvent.Other(name, dataJson?.let(Value::parse))
}

private typealias Reader = (String) -> RtviEvent

private fun <T> reading(data: KSerializer<T>, make: (T) -> RtviEvent): Reader =
    { json -> make(LENIENT.decodeFromString(data, json)) }

private fun plain(event: RtviEvent): Reader = { event }

/** One line an event; those of the shapes below in a table of their own. */
private val READERS: Map<String, Reader> = mapOf(
    "connected" to plain(RtviEvent.Connected),
    "botStarted" to reading(ValueSerializer, RtviEvent::BotStarted),
    "botConnected" to reading(Participant.serializer(), RtviEvent::BotConnected),
    "botDisconnected" to reading(Participant.serializer(), RtviEvent::BotDisconnected),
    "participantConnected" to reading(Participant.serializer(), RtviEvent::ParticipantJoined),
    "participantLeft" to reading(Participant.serializer(), RtviEvent::ParticipantLeft),
    "trackStarted" to reading(Track.serializer(), RtviEvent::TrackStarted),
    "trackStopped" to reading(Track.serializer(), RtviEvent::TrackStopped),
    "mediaStateUpdated" to reading(MediaState.serializer(), RtviEvent::MediaStateChanged),
    "micUpdated" to reading(MediaDevice.serializer(), RtviEvent::MicUpdated),
    "speakerUpdated" to reading(MediaDevice.serializer(), RtviEvent::SpeakerUpdated),
    "availableMicsUpdated" to reading(ListSerializer(MediaDevice.serializer()), RtviEvent::AvailableMicsUpdated),
    "availableSpeakersUpdated" to reading(ListSerializer(MediaDevice.serializer()), RtviEvent::AvailableSpeakersUpdated),
    "botAudioHeard" to reading(BotAudioHeardData.serializer(), RtviEvent::BotAudioHeard),
    "localSpeechStarted" to plain(RtviEvent.LocalSpeechStarted),
    "localSpeechStopped" to plain(RtviEvent.LocalSpeechStopped),
    "audioDropped" to reading(AudioDroppedData.serializer(), RtviEvent::AudioDropped),
    "localAudioLevel" to reading(Float.serializer(), RtviEvent::UserAudioLevel),
    "remoteAudioLevel" to reading(Float.serializer(), RtviEvent::RemoteAudioLevel),
    "transportStats" to reading(TransportStats.serializer(), RtviEvent::Stats),
    "botReady" to reading(BotReadyData.serializer(), RtviEvent::BotReady),
    "serverResponse" to reading(ServerResponseData.serializer(), RtviEvent::ServerResponse),
    "botOutput" to reading(BotOutputData.serializer(), RtviEvent::BotOutput),
    "botTranscript" to reading(TextData.serializer(), RtviEvent::BotTranscript),
    "botLlmText" to reading(TextData.serializer(), RtviEvent::BotLLMText),
    "botLlmStarted" to plain(RtviEvent.BotLLMStarted),
    "botLlmStopped" to plain(RtviEvent.BotLLMStopped),
    "botTtsText" to reading(TextData.serializer(), RtviEvent::BotTTSText),
    "botTtsStarted" to plain(RtviEvent.BotTTSStarted),
    "botTtsStopped" to plain(RtviEvent.BotTTSStopped),
    "botTtsAudio" to reading(ValueSerializer, RtviEvent::BotTTSAudio),
    "botStartedSpeaking" to plain(RtviEvent.BotStartedSpeaking),
    "botStoppedSpeaking" to plain(RtviEvent.BotStoppedSpeaking),
    "botInterrupted" to plain(RtviEvent.BotInterrupted),
    "userStartedSpeaking" to plain(RtviEvent.UserStartedSpeaking),
    "userStoppedSpeaking" to plain(RtviEvent.UserStoppedSpeaking),
    "vadUserStartedSpeaking" to plain(RtviEvent.VADUserStartedSpeaking),
    "vadUserStoppedSpeaking" to plain(RtviEvent.VADUserStoppedSpeaking),
    "userMuteStarted" to plain(RtviEvent.UserMuteStarted),
    "userMuteStopped" to plain(RtviEvent.UserMuteStopped),
    "userTranscript" to reading(Transcript.serializer(), RtviEvent::UserTranscript),
    "userInput" to reading(UserInputData.serializer(), RtviEvent::UserInput),
    "userLlmText" to reading(TextData.serializer(), RtviEvent::UserLLMText),
    "sttRawText" to reading(Transcript.serializer(), RtviEvent::STTRawText),
    "llmRawText" to reading(TextData.serializer(), RtviEvent::LLMRawText),
    "ttsRawText" to reading(TextData.serializer(), RtviEvent::TTSRawText),
    "botLlmMarker" to reading(ValueSerializer, RtviEvent::BotLLMMarker),
    "botLlmSearchResponse" to reading(BotLLMSearchResponseData.serializer(), RtviEvent::BotLLMSearchResponse),
    "llmFunctionCall" to reading(LLMFunctionCallData.serializer(), RtviEvent::LLMFunctionCall),
    "llmFunctionCallStarted" to reading(FunctionCallData.serializer(), RtviEvent::LLMFunctionCallStarted),
    "llmFunctionCallInProgress" to reading(FunctionCallData.serializer(), RtviEvent::LLMFunctionCallInProgress),
    "llmFunctionCallStopped" to reading(FunctionCallData.serializer(), RtviEvent::LLMFunctionCallStopped),
    "systemLog" to reading(TextData.serializer(), RtviEvent::SystemLog),
    "uiCommand" to reading(UICommandData.serializer(), RtviEvent::UICommand),
    "uiJobGroup" to reading(ValueSerializer, RtviEvent::UIJobGroup),
    "metrics" to reading(ValueSerializer) { RtviEvent.Metrics(PipecatMetrics(it)) },
    "transportStateChanged" to reading(String.serializer()) { RtviEvent.TransportStateChanged(TransportState.of(it)) },
    "disconnected" to reading(WireDisconnect.serializer()) { RtviEvent.Disconnected(it.reason()) },
    "reconnecting" to reading(WireReconnect.serializer()) { RtviEvent.Reconnecting(it.attempt, it.maxAttempts, it.reason.exception()) },
    "error" to reading(WireError.serializer()) { RtviEvent.Error(it.exception(), it.fatal) },
    "messageError" to reading(WireError.serializer()) { RtviEvent.MessageError(it.id, it.error) },
    "protocolError" to reading(WireProtocolError.serializer()) { RtviEvent.ProtocolError(it.type, it.reason) },
    "unsupportedFeature" to reading(WireFeature.serializer()) { RtviEvent.UnsupportedFeature(it.feature) },
    "deviceError" to reading(WireError.serializer()) { RtviEvent.DeviceError(it.exception()) },
    "userAudioLevel" to reading(WireLevel.serializer()) { RtviEvent.UserAudioLevelAtBot(it.value) },
    "botAudioLevel" to reading(WireLevel.serializer()) { RtviEvent.BotAudioLevelAtBot(it.value) },
    "serverMessage" to reading(ValueSerializer, RtviEvent::ServerMessage),
)

/** An error as the core writes it; one of the bot has no kind. */
@Serializable
private class WireError(
    val kind: String = ErrorKind.BotError.wire,
    val phase: String? = null,
    val status: Int? = null,
    val code: String? = null,
    val retryAfterMs: Long? = null,
    val message: String? = null,
    val error: String = "",
    val fatal: Boolean = false,
    val id: String? = null,
) {
    fun exception() =
        RtviException(ErrorKind.of(kind), message ?: error, Phase.of(phase), status, null, code, retryAfterMs?.milliseconds)
}

@Serializable
private class WireDisconnect(
    @SerialName("reason") val how: String,
    val code: Int? = null,
    val message: String = "",
    val error: WireError? = null,
) {
    fun reason(): DisconnectReason = when {
        error != null -> DisconnectReason.Failed(error.exception())
        how == "botLeft" -> DisconnectReason.BotLeft(code, message)
        else -> DisconnectReason.Requested
    }
}

@Serializable
private class WireReconnect(val attempt: Int, val maxAttempts: Int, val reason: WireError)

@Serializable
private class WireProtocolError(val type: String? = null, val reason: String = "")

@Serializable
private class WireFeature(val feature: String)

@Serializable
private class WireLevel(val value: Float)
