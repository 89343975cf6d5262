package ai.rtvi.client

import ai.rtvi.ffi.FfiLogSink
import ai.rtvi.ffi.libraryVersion
import ai.rtvi.ffi.protocolVersion
import ai.rtvi.ffi.setLog
import ai.rtvi.ffi.setLogLevel as setLevel

/** What holds for all clients of the process. */
public object Rtvi {
    /** The version of the native library, as in `1.2.3`. */
    public val version: String get() = libraryVersion()

    /** The version of the RTVI protocol that is spoken. */
    public val protocol: String get() = protocolVersion()

    /** Sets how much is logged. */
    public fun setLogLevel(level: LogLevel): Unit = setLevel(level)

    /**
     * Sets who gets the log, line by line, in the place of who got it before; nobody for `null`. Called one line at a time, on a thread
     * of its own; what it throws is ignored.
     *
     * @throws RtviException [ErrorKind.INVALID_STATE] when a Rust part of the app has set another receiver for the process.
     */
    public fun setLog(sink: ((LogLevel, String) -> Unit)?): Unit = calling { setLog(sink?.let(::LogBridge)) }
}

private class LogBridge(private val sink: (LogLevel, String) -> Unit) : FfiLogSink {
    override fun log(level: LogLevel, line: String) = answering(ErrorKind.INTERNAL) { sink(level, line) }
}
