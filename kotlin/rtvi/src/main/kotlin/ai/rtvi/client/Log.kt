package ai.rtvi.client

import ai.rtvi.ffi.FfiLogSink
import ai.rtvi.ffi.libraryVersion
import ai.rtvi.ffi.protocolVersion
import ai.rtvi.ffi.setLog
import ai.rtvi.ffi.setLogLevel as setLevel

/** Settings for all clients of the process. */
public object Rtvi {
    /** The version of the native library, as in `1.2.3`. */
    public val version: String get() = libraryVersion()

    /** The supported version of the RTVI protocol. */
    public val protocol: String get() = protocolVersion()

    /** Sets the log level. */
    public fun setLogLevel(level: LogLevel): Unit = setLevel(level)

    /**
     * Sets the function that receives the log, replacing any previous one; `null` removes it. The
     * SDK calls it for each line, on a thread of its own, and ignores exceptions.
     *
     * @throws RtviException [ErrorKind.INVALID_STATE] when a Rust part of the app has set another
     *   receiver for the process.
     */
    public fun setLog(sink: ((LogLevel, String) -> Unit)?): Unit = calling { setLog(sink?.let(::LogBridge)) }
}

private class LogBridge(private val sink: (LogLevel, String) -> Unit) : FfiLogSink {
    override fun log(level: LogLevel, line: String) = answering(ErrorKind.INTERNAL) { sink(level, line) }
}
