import RTVIBindings

/// How much is logged. Message bodies, tokens, headers and URL queries never are.
public enum LogLevel: Sendable, CaseIterable {
    /// Nothing.
    case off
    /// What went wrong and was not returned to anyone.
    case error
    /// And what may be a mistake of the app or the server.
    case warn
    /// And connecting and disconnecting. The default.
    case info
    /// And every message's type.
    case debug

    var ffi: FfiLogLevel {
        switch self {
        case .off: return .none
        case .error: return .error
        case .warn: return .warn
        case .info: return .info
        case .debug: return .debug
        }
    }

    init(_ level: FfiLogLevel) {
        switch level {
        case .none: self = .off
        case .error: self = .error
        case .warn: self = .warn
        case .info: self = .info
        case .debug: self = .debug
        }
    }
}

/// The log of the SDK, for all clients of the process.
public enum PipecatLog {
    /// Sets how much is logged.
    public static func setLevel(_ level: LogLevel) {
        setLogLevel(level: level.ffi)
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

        func log(level: FfiLogLevel, line: String) throws {
            take(LogLevel(level), line)
        }
    }
}
