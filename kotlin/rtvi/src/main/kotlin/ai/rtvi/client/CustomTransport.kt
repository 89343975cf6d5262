package ai.rtvi.client

import ai.rtvi.ffi.FfiConnection
import ai.rtvi.ffi.FfiConnectionEnd
import ai.rtvi.ffi.FfiCustomTransport
import ai.rtvi.ffi.FfiTransport
import java.nio.ByteBuffer
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow

/** A transport of the app's own. Reports events; the client draws the conclusions: states, reconnecting, deadlines. */
public interface CustomTransport : Transport {
    /** What it can carry. Asked once, when the client is made. */
    public val capabilities: TransportCapabilities get() = TransportCapabilities()

    /**
     * Opens one connection and runs it to its end: reports [TransportConnection.opened] once, then carries messages and audio until it is told to
     * close or ends by itself. What it throws before it has opened is why it could not be opened, and afterwards why it was lost. Runs on
     * `Dispatchers.Default`; the coroutine is cancelled when the connection must end at once.
     */
    public suspend fun run(connection: TransportConnection): ConnectionEnd
}

/**
 * What a transport can carry.
 *
 * @property maxMessageSize the largest message, in bytes of JSON text; any when `null`.
 * @property captureSampleRate the rate of the audio it wants from the microphone, in Hz; without it, it carries none.
 * @property captureFrameMs the length of each piece of that audio, in milliseconds.
 */
public data class TransportCapabilities(
    public val maxMessageSize: Int? = null,
    public val captureSampleRate: Int? = null,
    public val captureChannels: Int = 1,
    public val captureFrameMs: Int = 20,
) {
    internal fun ffi() = FfiCustomTransport(
        maxMessageSize?.toUInt(),
        captureSampleRate?.toUInt(),
        captureChannels.toUShort(),
        captureFrameMs.toUInt(),
    )
}

/** How a connection ended that did not fail. */
public sealed interface ConnectionEnd {
    /** The client asked for it. */
    public data object Requested : ConnectionEnd

    /** The bot ended it; the close code, if there is one, and what is known about it. */
    public data class BotLeft(public val code: Int? = null, public val reason: String = "") : ConnectionEnd
}

/** One connection, as a [CustomTransport] sees it. Once it is over, its flows end and reports fail as [ErrorKind.CONNECTION_LOST]. */
public class TransportConnection internal constructor(private val core: FfiConnection) {
    /** The connect parameters, an object. */
    public val params: Value get() = core.params()

    /** The start request whose answer the parameters are, if there was one. */
    public val startRequest: APIRequest? get() = core.startRequest()?.let(::request)

    /** 0 for the first connection, then the number of the reconnect attempt. */
    public val attempt: Int get() = core.attempt().toInt()

    /** Whether the microphone is on as the connection opens. */
    public val isMicEnabled: Boolean get() = core.isMicEnabled()

    /** What the client wants, in order. For one collector. */
    public val commands: Flow<TransportCommand> = flow {
        while (true) emit(calling { core.nextCommand() } ?: break)
    }

    /**
     * The microphone's audio, 16-bit little-endian PCM as the [TransportCapabilities] ask for it. For one collector. Half a second is kept; what is
     * not taken in time is dropped and counted.
     */
    public val audio: Flow<ByteArray> = flow {
        while (true) emit(calling { core.nextAudio() } ?: break)
    }

    /** The connection is open for messages and audio; to be reported once. */
    public suspend fun opened(bot: Participant): Unit = calling { core.opened(bot) }

    /** A message of the server arrived: JSON text, as it came. Suspends while the app does not take its events. */
    public suspend fun message(json: String): Unit = calling { core.message(json) }

    /** Audio of the bot arrived: a direct buffer of 16-bit little-endian PCM, channels interleaved. Never waits. */
    public fun audio(sampleRate: Int, channels: Int, pcm: ByteBuffer): Unit =
        calling { core.audio(sampleRate.toUInt(), channels.toUShort(), pcm) }

    /** The server interrupted the bot: what it has said and was not played is dropped. */
    public suspend fun interrupted(): Unit = calling { core.interrupted() }

    /** The bot left a room that stays open. */
    public suspend fun botLeft(): Unit = calling { core.botLeft() }

    /** Something arrived that can't be read and was dropped; `what` names it and why. */
    public suspend fun unreadable(what: String): Unit = calling { core.unreadable(what) }

    /**
     * Audio was dropped that somebody would have heard: an `audioDropped` for the app, at most once a second for each reason. May be reported
     * for each packet; ten times a second is enough.
     */
    public suspend fun audioDropped(dropped: AudioDropped): Unit = calling { core.audioDropped(dropped) }
}

/** An app's transport as the core calls it. */
internal class CustomTransportBridge(private val transport: CustomTransport) : FfiTransport {
    // The connection is not closed: the app may still have it, and what it reports then is an error and no crash.
    override suspend fun run(connection: FfiConnection): FfiConnectionEnd {
        val end = answeringSuspended(ErrorKind.CONNECTION_LOST) { transport.run(TransportConnection(connection)) }
        return when (end) {
            is ConnectionEnd.Requested -> FfiConnectionEnd.Requested
            is ConnectionEnd.BotLeft -> FfiConnectionEnd.BotLeft(end.code?.toUShort(), end.reason)
        }
    }
}
