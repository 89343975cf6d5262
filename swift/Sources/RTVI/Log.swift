import RTVITypes

/// The log of the SDK, for all clients of the process.
public enum PipecatLog {
    /// Sets the log level.
    public static func setLevel(_ level: LogLevel) {
        RTVI.setLogLevel(level: level)
    }

    /// Sets the function that receives the log, replacing any previous one; `nil` removes it. The
    /// SDK calls it for each line, on a thread of its own.
    ///
    /// Throws `invalidState` when a Rust part of the app receives the logs of the process.
    public static func setSink(_ sink: (@Sendable (LogLevel, String) -> Void)?) throws {
        try translated { try setLog(sink: sink.map(Sink.init)) }
    }

    private final class Sink: FfiLogSink {
        private let take: @Sendable (LogLevel, String) -> Void

        init(_ take: @escaping @Sendable (LogLevel, String) -> Void) {
            self.take = take
        }

        func log(level: LogLevel, line: String) throws {
            take(level, line)
        }
    }
}
