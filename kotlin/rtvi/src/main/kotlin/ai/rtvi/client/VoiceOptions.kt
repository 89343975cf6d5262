package ai.rtvi.client

import kotlinx.serialization.Serializable
import kotlinx.serialization.json.Json

/** How the user's and the bot's voices are treated. As JSON, an object of the same names. */
@Serializable
public data class VoiceOptions(
    /** What the microphone is cleaned of. `null`: everything for [Microphone.Device], nothing for others. */
    public val audioProcessing: AudioProcessing? = null,
    /** Reports when the user speaks. */
    public val voiceActivity: VoiceActivity? = null,
    /** Sends only while a button is pressed. */
    public val pushToTalk: PushToTalk? = null,
    /** Makes the bot quieter while the user speaks. */
    public val ducking: Ducking? = null,
    /** How much of what is said before the bot is ready is kept for it; nothing by default. */
    public val preConnectAudioMs: Int? = null,
    /** How the bot's audio is buffered and played. */
    public val playout: Playout = Playout(),
    /** How often levels are reported; 100 by default. */
    public val levelPeriodMs: Int? = null,
    /**
     * How long the microphone stays open after it was muted; 0 closes it at once, `null` keeps it open until the session ends. With push-to-talk
     * an enabled microphone is open whether the button is pressed or not.
     */
    public val micReleaseAfterMs: Int? = 10_000,
) {
    internal fun toJson(): String = WRITER.encodeToString(serializer(), this)
}

/** What the microphone's audio is cleaned of before it is sent. */
@Serializable
public data class AudioProcessing(
    /** Of what the microphone hears of the bot. */
    public val echoCancellation: Boolean = false,
    /** Of steady noise. */
    public val noiseSuppression: Boolean = false,
    /** Brings speech to the usual loudness. */
    public val gainControl: Boolean = false,
    /** Of rumble and hum. */
    public val highPass: Boolean = false,
) {
    internal fun toJson(): String = WRITER.encodeToString(serializer(), this)

    public companion object {
        /** Nothing: for audio that is clean already. */
        public val OFF: AudioProcessing = AudioProcessing()

        /** Everything, as for the plain microphone of a machine. */
        public val ALL: AudioProcessing =
            AudioProcessing(echoCancellation = true, noiseSuppression = true, gainControl = true, highPass = true)
    }
}

/** Reports when the user speaks, as heard here: [RtviEvent.LocalSpeechStarted] and [RtviEvent.LocalSpeechStopped]. */
@Serializable
public data class VoiceActivity(
    /** From which likelihood on a moment counts as speech, 0 to 1; 0.5 by default. */
    public val threshold: Float? = null,
    /** How long there must be speech until it has begun; 64 by default. */
    public val startAfterMs: Int? = null,
    /** How long there must be none until it has ended; 500 by default. */
    public val stopAfterMs: Int? = null,
)

/** Sends the user's voice only while a button is pressed: [PipecatClient.pressToTalk]. */
@Serializable
public data class PushToTalk(
    /** How much of what was said before the press is sent with it; 200 by default. */
    public val preRollMs: Int? = null,
)

/** Makes the bot quieter while the user speaks. */
@Serializable
public data class Ducking(
    /** What its samples are multiplied by, 0 to 1; 0.25 by default. */
    public val gain: Float? = null,
)

/** How the bot's audio is buffered and played. */
@Serializable
public data class Playout(
    /** How much audio must be there before playing begins; 40 by default. */
    public val targetDelayMs: Int? = null,
    /** The most that it grows to; 400 by default. */
    public val maxDelayMs: Int? = null,
    /** How long audio that is cut off takes to fade out, at most 100; 5 by default. */
    public val fadeMs: Int? = null,
    /** What the bot's samples are multiplied by at first, 0 to 4; 1 by default. */
    public val gain: Float? = null,
)

/** Leaves out what has its default. */
private val WRITER = Json
