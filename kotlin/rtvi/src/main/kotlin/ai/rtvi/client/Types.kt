package ai.rtvi.client

import kotlinx.serialization.Serializable

/** The state of a client. */
public enum class TransportState(internal val wire: String) {
    /** There is no session. */
    Disconnected("disconnected"),

    /** Microphone and speaker are being opened. */
    Initializing("initializing"),

    /** They are there. */
    Initialized("initialized"),

    /** The start endpoint is being asked. */
    Authenticating("authenticating"),

    /** It has answered. */
    Authenticated("authenticated"),

    /** The transport is being opened. */
    Connecting("connecting"),

    /** It is open; the bot is not ready yet. */
    Connected("connected"),

    /** The bot is ready. */
    Ready("ready"),

    /** The session is being ended. */
    Disconnecting("disconnecting"),

    /** A session has failed. */
    Error("error"),
    ;

    internal companion object {
        private val BY_WIRE = entries.associateBy(TransportState::wire)

        internal fun of(wire: String?): TransportState = BY_WIRE[wire] ?: Error
    }
}

/** Somebody in the session. */
@Serializable
public data class Participant(
    public val id: String,
    public val name: String = "",
    /** Whether it is this client. */
    public val local: Boolean = false,
)

/** The audio of somebody. */
@Serializable
public data class Track(
    /** `audio`. */
    public val kind: String,
    public val participant: Participant,
)

/** A microphone, speaker or camera. */
@Serializable
public data class MediaDevice(
    /** Stable. */
    public val deviceId: String,
    /** To show. */
    public val label: String = "",
)

/** What the devices are doing. */
@Serializable
public data class MediaState(
    public val mic: DeviceState = DeviceState(),
    public val speaker: DeviceState = DeviceState(),
    public val cam: DeviceState = DeviceState(),
)

/** What one device is doing. */
@Serializable
public data class DeviceState(
    /** `uninitialized`, `initializing`, `granted` or `error`. */
    public val state: String = "uninitialized",
    /** Why it can't be used. */
    public val message: String? = null,
)

/** How a connection does. Times are in milliseconds, bitrates in bits a second. */
@Serializable
public data class TransportStats(
    /** `null` until it was measured. */
    public val roundTripMs: Double? = null,
    public val jitterMs: Double = 0.0,
    public val packetsReceived: Long = 0,
    public val packetsLost: Long = 0,
    public val packetsLate: Long = 0,
    /** Packets that were lost and came in time when the server was asked for them again. */
    public val packetsRepeated: Long = 0,
    public val framesConcealed: Long = 0,
    public val packetsUnreadable: Long = 0,
    /** Packets that arrived and are not played: of an unknown stream, or more than there is room for. */
    public val packetsDropped: Long = 0,
    public val videoPacketsDropped: Long = 0,
    public val packetsSent: Long = 0,
    public val receiveBitrate: Double = 0.0,
    public val sendBitrate: Double = 0.0,
    public val bufferDepthMs: Double = 0.0,
    public val bufferTargetMs: Double = 0.0,
    public val localCandidate: Value? = null,
    public val remoteCandidate: Value? = null,
)

/** How much of an utterance of the bot reached the speaker. Times are in milliseconds. */
@Serializable
public data class BotAudioHeardData(
    /** How much of its audio was given to the speaker; what the speaker itself still buffers counts as heard. */
    public val heardMs: Double,
    /** How much of its audio arrived. */
    public val receivedMs: Double,
    /** Whether it was cut off. */
    public val interrupted: Boolean,
)

/** Audio that was dropped, as much as was dropped for one reason since the last report. */
@Serializable
public data class AudioDroppedData(
    /**
     * `unknownStream`, `unreadable`, `playoutFull` or `speakerFull` of the bot's audio; `microphoneFull`, `microphoneBacklog` or
     * `preConnectFull` of the user's. New ones may be added.
     */
    public val reason: String,
    /** How much, in milliseconds; zero where nobody can tell. */
    public val droppedMs: Double,
    /** In how many frames or packets. */
    public val count: Long,
    /** What it was, for people. */
    public val detail: String? = null,
)

/** What an endpoint of the bot answered. */
public data class SessionAnswer(
    /** The HTTP status, from 200 to 299. */
    public val status: Int,
    /** The JSON of the answer; [Value.Null] when there was none. */
    public val body: Value,
)

/** How much audio a client has moved since it was made, in milliseconds. */
public data class AudioStats(
    /** Of the microphone, given to the transport; silence included. */
    public val sentMs: Double,
    /**
     * Of the microphone, lost because it was not taken in time: by the transport or its server, by the client, or before the bot was ready.
     * [RtviEvent.AudioDropped] says which.
     */
    public val sendDroppedMs: Double,
    /** Of the bot, arrived. */
    public val receivedMs: Double,
    /** Of the bot, given to the speaker. */
    public val playedMs: Double,
    /** Of the bot, dropped because it was interrupted. */
    public val flushedMs: Double,
    /**
     * Of the bot, lost because too much of it was waiting to be played, or by a speaker that was too slow. Packets of WebRTC that were not even
     * decoded are in [TransportStats.packetsDropped].
     */
    public val receiveDroppedMs: Double,
)

/** Why a session ended. */
public sealed interface DisconnectReason {
    /** The app asked for it. */
    public data object Requested : DisconnectReason

    /** The bot ended it; the close code and what it said, where there is any. */
    public data class BotLeft(public val code: Int?, public val reason: String) : DisconnectReason

    /** It failed. */
    public data class Failed(public val error: RtviException) : DisconnectReason
}

/** How the cleaning of the microphone's audio does; `null` where it is not known. */
public data class ProcessingStats(
    /** By how much the echo lags behind the speaker, in milliseconds. */
    public val echoDelayMs: Double?,
    /** How much weaker the echo was made, in decibels. */
    public val echoReductionDb: Float?,
)
