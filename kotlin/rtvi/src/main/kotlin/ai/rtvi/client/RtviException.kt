package ai.rtvi.client

import ai.rtvi.ffi.FfiException
import kotlin.time.Duration
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive

/**
 * The one exception of the SDK.
 *
 * An app's own code may throw it too, to tell a kind and status: from a [CustomTransport] or the controls of a device.
 *
 * @property error all that is known, as events have it.
 */
public class RtviException(public val error: RtviError, cause: Throwable? = null) : Exception(error.message, cause) {
    /** An error of the app's code. */
    public constructor(
        kind: ErrorKind,
        message: String,
        phase: Phase? = null,
        status: Int? = null,
        cause: Throwable? = null,
        code: String? = null,
        retryAfter: Duration? = null,
        device: DeviceErrorKind? = null,
    ) : this(RtviError(kind, device, phase, status?.toUShort(), code, retryAfter, message), cause)

    /** What went wrong: act on this, not on the message. */
    public val kind: ErrorKind get() = error.kind

    /** Why a device can't be used, if that is what went wrong. */
    public val device: DeviceErrorKind? get() = error.device

    /** Where in a session, if known. */
    public val phase: Phase? get() = error.phase

    /** The HTTP status or WebSocket close code that came with it, if any. */
    public val status: Int? get() = error.status?.toInt()

    /** The server's own code for it, such as `PCC-1004` or `PCC-AGENT-AT-CAPACITY` of Pipecat Cloud, if it sent any. */
    public val code: String? get() = error.code

    /** How long the server wants to be left alone before it is asked again, if it said so. */
    public val retryAfter: Duration? get() = error.retryAfter

    /** What is wrong, for people; not stable. Never a secret. */
    override val message: String get() = error.message
}

internal fun FfiException.toRtvi(): RtviException = when (this) {
    is FfiException.Failed -> RtviException(error, this)
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
    val known = (this as? RtviException)?.error
    // A message may be computed, and that may fail as well.
    val text = runCatching { message }.getOrNull() ?: javaClass.simpleName
    return FfiException.Failed(known ?: RtviError(fallback, null, null, null, null, null, text))
}
