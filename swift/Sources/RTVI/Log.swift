import RTVITypes

/// The log of the SDK, for all clients of the process.
public enum PipecatLog {
    /// Sets how much is logged.
    public static func setLevel(_ level: LogLevel) {
        RTVI.setLogLevel(level: level)
    }

    /// Sets who gets the log, in the place of who got it before; nobody for `nil`. Called line by line, on a thread of its own.
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
