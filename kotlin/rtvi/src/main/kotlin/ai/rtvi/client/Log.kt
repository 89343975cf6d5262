package ai.rtvi.client

import ai.rtvi.ffi.FfiLogLevel
import ai.rtvi.ffi.FfiLogSink
import ai.rtvi.ffi.libraryVersion
import ai.rtvi.ffi.protocolVersion
import ai.rtvi.ffi.setLog
import ai.rtvi.ffi.setLogLevel

/** How much is logged. Message bodies, tokens, headers and URL queries never are. */
public enum class LogLevel(internal val core: FfiLogLevel) {
    /** Nothing. */
    None(FfiLogLevel.NONE),

    /** What went wrong and was not returned to anyone. */
    Error(FfiLogLevel.ERROR),

    /** And what may be a mistake of the app or the server. */
    Warn(FfiLogLevel.WARN),

    /** And connecting and disconnecting. The default. */
    Info(FfiLogLevel.INFO),

    /** And every message's type. */
    Debug(FfiLogLevel.DEBUG),
}

/** What holds for all clients of the process. */
public object Rtvi {
    /** The version of the native library, as in `1.2.3`. */
    public val version: String get() = libraryVersion()

    /** The version of the RTVI protocol that is spoken. */
    public val protocol: String get() = protocolVersion()

    /** Sets how much is logged. */
    public fun setLogLevel(level: LogLevel): Unit = setLogLevel(level.core)

    /**
     * Sets who gets the log, line by line, in the place of who got it before; nobody for `null`. Called one line at a time, on a thread
     * of its own; what it throws is ignored.
     *
     * @throws RtviException [ErrorKind.InvalidState] when a Rust part of the app has set another receiver for the process.
     */
    public fun setLog(sink: ((LogLevel, String) -> Unit)?): Unit = calling { setLog(sink?.let(::LogBridge)) }
}

private class LogBridge(private val sink: (LogLevel, String) -> Unit) : FfiLogSink {
    override fun log(level: FfiLogLevel, line: String) = answering(ErrorKind.Internal) {
        sink(LogLevel.entries.first { it.core == level }, line)
    }
}
