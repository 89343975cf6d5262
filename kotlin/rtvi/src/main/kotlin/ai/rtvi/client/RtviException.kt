package ai.rtvi.client

import ai.rtvi.ffi.FfiException
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive

/** What went wrong: act on this, not on the message. */
public enum class ErrorKind(internal val wire: String) {
    /** An argument or option is not usable. Fix the call. */
    InvalidArgument("invalidArgument"),

    /** The connect parameters do not fit the transport. */
    InvalidTransportParams("invalidTransportParams"),

    /** The call is not possible in the client's present state, or the client was closed. */
    InvalidState("invalidState"),

    /** The client is already starting, connecting or connected. Disconnect first. */
    AlreadyStarted("alreadyStarted"),

    /** The bot is not ready yet, or no longer. */
    NotReady("notReady"),

    /** The start endpoint refused or answered something unusable; the status is HTTP's. */
    StartBotFailed("startBotFailed"),

    /** The server could not be reached. */
    ConnectionFailed("connectionFailed"),

    /** TLS could not be established. */
    Tls("tls"),

    /** A deadline passed; the phase says which one. */
    Timeout("timeout"),

    /** An established connection was lost and could not be restored. */
    ConnectionLost("connectionLost"),

    /** The server answered a request with an error; the message is the server's. */
    RequestFailed("requestFailed"),

    /** The message is larger than the transport can carry. */
    MessageTooLarge("messageTooLarge"),

    /** Too much is waiting to be sent. Wait and try again. */
    Busy("busy"),

    /** This server version, transport or platform does not support the feature. */
    UnsupportedFeature("unsupportedFeature"),

    /** The server broke the protocol. */
    Protocol("protocol"),

    /** The bot reported a fatal error and the session has ended. */
    BotError("botError"),

    /** A microphone, speaker or camera failed, or may not be used. */
    Device("device"),

    /** The call was given up by [PipecatClient.disconnect] or [PipecatClient.close]. */
    Cancelled("cancelled"),

    /** The app did not read its events for too long and the session was closed. */
    ConsumerStalled("consumerStalled"),

    /** Something that should not happen; please report it. */
    Internal("internal"),
    ;

    internal companion object {
        private val BY_WIRE = entries.associateBy(ErrorKind::wire)

        internal fun of(wire: String): ErrorKind = BY_WIRE[wire] ?: Internal
    }
}

/** The part of a session in which something failed. */
public enum class Phase(internal val wire: String) {
    /** Opening microphone and speaker. */
    Devices("devices"),

    /** The request to the start endpoint. */
    StartRequest("startRequest"),

    /** Opening the transport. */
    TransportOpen("transportOpen"),

    /** Waiting for the bot to be ready. */
    BotReady("botReady"),

    /** A session that is ready. */
    Session("session"),

    /** A request waiting for its answer. */
    Request("request"),

    /** A function of the app. */
    FunctionCall("functionCall"),

    /** Restoring a lost connection. */
    Reconnect("reconnect"),

    /** Closing the connection. */
    Disconnect("disconnect"),
    ;

    internal companion object {
        internal fun of(wire: String?): Phase? = entries.find { it.wire == wire }
    }
}

/**
 * The one exception of the SDK.
 *
 * An app's own code may throw it too, to tell a kind and status: from a [CustomTransport] or the controls of a device.
 *
 * @property kind what went wrong.
 * @property phase where in a session, if known.
 * @property status the HTTP status or WebSocket close code that came with it, if any.
 * @property code the server's own code for it, such as `PCC-1004` or `PCC-AGENT-AT-CAPACITY` of Pipecat Cloud, if it sent any.
 * @property retryAfter how long the server wants to be left alone before it is asked again, if it said so.
 */
public class RtviException(
    public val kind: ErrorKind,
    message: String,
    public val phase: Phase? = null,
    public val status: Int? = null,
    cause: Throwable? = null,
    public val code: String?,
    public val retryAfter: Duration? = null,
) : Exception(message, cause) {
    /** An error of which the server has said no more. */
    public constructor(
        kind: ErrorKind,
        message: String,
        phase: Phase? = null,
        status: Int? = null,
        cause: Throwable? = null,
    ) : this(kind, message, phase, status, cause, null)

    /** What is wrong, for people; not stable. Never a secret. */
    override val message: String get() = super.message.orEmpty()
}

internal fun FfiException.toRtvi(): RtviException = when (this) {
    is FfiException.Failed ->
        RtviException(ErrorKind.of(kind), reason, Phase.of(phase), status?.toInt(), this, code, retryAfterMs?.toLong()?.milliseconds)
}

/** Calls the core; its error becomes the app's. */
internal inline fun <T> calling(call: () -> T): T = try {
    call()
} catch (failed: FfiException) {
    throw failed.toRtvi()
}

/** Runs code of the app that the core has called; whatever it throws becomes the core's error. */
internal inline fun <T> answering(fallback: ErrorKind, code: () -> T): T = try {
    code()
} catch (thrown: Throwable) {
    throw thrown.toFfi(fallback)
}

/** The same for code that suspends. Only a cancellation by the core is none of the app's: one of the app's own, as of a timeout, is an error. */
internal suspend inline fun <T> answeringSuspended(fallback: ErrorKind, code: () -> T): T = try {
    code()
} catch (thrown: Throwable) {
    currentCoroutineContext().ensureActive()
    throw thrown.toFfi(fallback)
}

internal fun Throwable.toFfi(fallback: ErrorKind): FfiException {
    val known = this as? RtviException
    // A message may be computed, and that may fail as well.
    val text = runCatching { message }.getOrNull() ?: javaClass.simpleName
    val wait = known?.retryAfter?.inWholeMilliseconds?.coerceAtLeast(0)?.toULong()
    return FfiException.Failed(
        (known?.kind ?: fallback).wire,
        text,
        known?.phase?.wire,
        known?.status?.toUShort(),
        known?.code,
        wait,
    )
}
