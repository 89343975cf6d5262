package ai.rtvi.client

import ai.rtvi.ffi.FfiException
import ai.rtvi.ffi.InternalException
import ai.rtvi.ffi.logError
import kotlin.time.Duration
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive

/**
 * The one exception of the SDK.
 *
 * An app's own code may also throw it, to report a kind and status, from a [CustomTransport] or the
 * controls of a device.
 *
 * @property error all details, in the form that events use.
 */
public class RtviException(public val error: RtviError, cause: Throwable? = null) : Exception(error.message, cause) {
    /** Creates an error of the app's code. */
    public constructor(
        kind: ErrorKind,
        message: String,
        phase: Phase? = null,
        status: Int? = null,
        cause: Throwable? = null,
        code: String? = null,
        retryAfter: Duration? = null,
        device: DeviceErrorKind? = null,
    ) : this(RtviError(kind, device, phase, status?.clampedUShort(), code, retryAfter, message), cause)

    /** What went wrong. Act on this, not on the message. */
    public val kind: ErrorKind get() = error.kind

    /** Why a device is unusable, if that is what went wrong. */
    public val device: DeviceErrorKind? get() = error.device

    /** Where in a session, if known. */
    public val phase: Phase? get() = error.phase

    /** The HTTP status or WebSocket close code that came with it, if any. */
    public val status: Int? get() = error.status?.toInt()

    /**
     * The server's own code for it, such as `PCC-1004` or `PCC-AGENT-AT-CAPACITY` of Pipecat Cloud,
     * if it sent one.
     */
    public val code: String? get() = error.code

    /** How long to wait before asking the server again, if it said so. */
    public val retryAfter: Duration? get() = error.retryAfter

    /** What went wrong, for people; not stable. Never contains a secret. */
    override val message: String get() = error.message
}

internal fun FfiException.toRtvi(): RtviException = when (this) {
    is FfiException.Failed -> RtviException(error, this)
}

/** Calls the core and converts its error to the app's. */
internal inline fun <T> calling(call: () -> T): T = try {
    call()
} catch (failed: FfiException) {
    throw failed.toRtvi()
} catch (failed: InternalException) {
    throw failed.toRtvi()
}

/** UniFFI's own error: it could not read an argument. A panic of the core is an [FfiException]. */
internal fun InternalException.toRtvi(): RtviException =
    RtviException(ErrorKind.INVALID_ARGUMENT, message.orEmpty(), cause = this)

/** The same where a failure is no answer. It is logged. */
internal inline fun <T> orNull(what: String, call: () -> T?): T? = try {
    calling(call)
} catch (failed: RtviException) {
    logError("$what: ${failed.message}")
    null
}

/** Runs code of the app for the core and converts whatever it throws to the core's error. */
internal inline fun <T> answering(fallback: ErrorKind, code: () -> T): T = try {
    code()
} catch (thrown: Throwable) {
    throw thrown.toFfi(fallback)
}

/**
 * The same for suspending code. Only a cancellation by the core counts as one; a cancellation in
 * the app's code, such as a timeout, is an error.
 */
internal suspend inline fun <T> answeringSuspended(fallback: ErrorKind, code: () -> T): T = try {
    code()
} catch (thrown: Throwable) {
    currentCoroutineContext().ensureActive()
    throw thrown.toFfi(fallback)
}

internal fun Throwable.toFfi(fallback: ErrorKind): FfiException {
    val known = (this as? RtviException)?.error
    // A message may be computed, which may also fail.
    val text = runCatching { message }.getOrNull() ?: javaClass.simpleName
    return FfiException.Failed(known ?: RtviError(fallback, null, null, null, null, null, text))
}
