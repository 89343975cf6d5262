package ai.rtvi.client

import ai.rtvi.ffi.FfiConnection
import ai.rtvi.ffi.FfiConnectionEnd
import ai.rtvi.ffi.FfiCustomTransport
import ai.rtvi.ffi.FfiTransport
import java.nio.ByteBuffer
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow

/**
 * A transport of the app's own. It reports events; the client handles states, reconnecting and
 * deadlines.
 */
public interface CustomTransport : Transport {
    /** What it can carry. The client reads it once, when the client is created. */
    public val capabilities: TransportCapabilities get() = TransportCapabilities()

    /**
     * Opens one connection and runs it to its end: reports [TransportConnection.opened] once, then
     * carries messages and audio until the client tells it to close or the connection ends. If it
     * throws before it has opened, the exception states why opening failed; afterwards, why the
     * connection was lost. Runs on `Dispatchers.Default`. The client cancels the coroutine when the
     * connection must end at once.
     */
    public suspend fun run(connection: TransportConnection): ConnectionEnd
}

/**
 * What a transport can carry.
 *
 * @property maxMessageSize the largest message, in bytes of JSON text; `null` means no limit.
 * @property captureSampleRate the rate of the audio it wants from the microphone, in Hz; `null`
 *   means it carries none.
 * @property captureChannels the number of channels of that audio.
 * @property captureFrameMs the length of each frame of that audio, in milliseconds.
 */
public data class TransportCapabilities(
    public val maxMessageSize: Int? = null,
    public val captureSampleRate: Int? = null,
    public val captureChannels: Int = 1,
    public val captureFrameMs: Int = 20,
) {
    internal fun ffi() = FfiCustomTransport(
        maxMessageSize?.clampedUInt(),
        captureSampleRate?.clampedUInt(),
        captureChannels.clampedUShort(),
        captureFrameMs.clampedUInt(),
    )
}

/** How a connection ended that did not fail. */
public sealed interface ConnectionEnd {
    /** The client requested it. */
    public data object Requested : ConnectionEnd

    /**
     * The bot ended it.
     *
     * @property code the close code, if known.
     * @property reason the bot's own words; empty if it gave none.
     */
    public data class BotLeft(public val code: Int? = null, public val reason: String = "") : ConnectionEnd
}

/**
 * One connection, as a [CustomTransport] sees it. Once it is over, its flows end and reports fail
 * as [ErrorKind.CONNECTION_LOST].
 */
public class TransportConnection internal constructor(private val core: FfiConnection) {
    /** The connect parameters, an object. */
    public val params: Value get() = core.params()

    /** The start request whose answer the parameters are, if there was one. */
    public val startRequest: APIRequest? get() = core.startRequest()?.let(::request)

    /** 0 for the first connection, then the number of the reconnect attempt. */
    public val attempt: Int get() = core.attempt().toInt()

    /** Whether the microphone is on as the connection opens. */
    public val isMicEnabled: Boolean get() = core.isMicEnabled()

    /** The client's commands, in order. For one collector. */
    public val commands: Flow<TransportCommand> = flow {
        while (true) emit(calling { core.nextCommand() } ?: break)
    }

    /**
     * The microphone's audio: 16-bit little-endian PCM in the format of the
     * [TransportCapabilities]. For one collector. The queue holds half a second; the client drops
     * and counts frames that are not taken in time.
     */
    public val audio: Flow<ByteArray> = flow {
        while (true) emit(calling { core.nextAudio() } ?: break)
    }

    /** Reports that the connection is open for messages and audio. Call it once. */
    public suspend fun opened(bot: Participant): Unit = calling { core.opened(bot) }

    /**
     * Reports a message from the server: JSON text, unchanged. Suspends while the app does not take
     * its events.
     */
    public suspend fun message(json: String): Unit = calling { core.message(json) }

    /**
     * Delivers audio of the bot: a direct buffer of 16-bit little-endian PCM, channels interleaved.
     * Never waits.
     */
    public fun audio(sampleRate: Int, channels: Int, pcm: ByteBuffer): Unit =
        calling { core.audio(sampleRate.clampedUInt(), channels.clampedUShort(), pcm) }

    /**
     * Reports that the server interrupted the bot: the client drops audio that has not been played.
     */
    public suspend fun interrupted(): Unit = calling { core.interrupted() }

    /** Reports that the bot left a room that stays open. */
    public suspend fun botLeft(): Unit = calling { core.botLeft() }

    /**
     * Reports that a bot joined a room that the bot had left. The client stays ready; the bot is
     * greeted and reports that it is ready.
     */
    public suspend fun botJoined(bot: Participant): Unit = calling { core.botJoined(bot) }

    /**
     * Reports that somebody other than the client and the bot is in the room. The client remembers
     * 256 participants and ignores any others.
     */
    public suspend fun participantConnected(participant: Participant): Unit =
        calling { core.participantConnected(participant) }

    /**
     * Reports that somebody other than the client and the bot left the room. Those who are there
     * when the connection ends need no report.
     */
    public suspend fun participantLeft(participant: Participant): Unit =
        calling { core.participantLeft(participant) }

    /**
     * Reports that the server muted the user's audio, or ended that. While it is muted, send none.
     * It also ends with the command that the microphone is on, or with the connection.
     */
    public suspend fun micMuted(muted: Boolean): Unit = calling { core.micMuted(muted) }

    /**
     * Reports that something unreadable arrived and was dropped; `what` names it and the reason.
     */
    public suspend fun unreadable(what: String): Unit = calling { core.unreadable(what) }

    /**
     * Reports that audible audio was dropped. The app receives an `audioDropped` event at most once
     * a second for each reason. You may report each packet; ten times a second is enough.
     */
    public suspend fun audioDropped(dropped: AudioDropped): Unit = calling { core.audioDropped(dropped) }
}

/** An app's transport, in the form that the core calls. */
internal class CustomTransportBridge(private val transport: CustomTransport) : FfiTransport {
    // The connection stays unclosed: the app may still hold it, and a late report must fail with an
    // error and not crash.
    override suspend fun run(connection: FfiConnection): FfiConnectionEnd {
        val end = answeringSuspended(ErrorKind.CONNECTION_LOST) { transport.run(TransportConnection(connection)) }
        return when (end) {
            is ConnectionEnd.Requested -> FfiConnectionEnd.Requested
            is ConnectionEnd.BotLeft -> FfiConnectionEnd.BotLeft(end.code?.clampedUShort(), end.reason)
        }
    }
}
