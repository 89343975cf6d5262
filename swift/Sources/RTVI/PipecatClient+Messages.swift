import Foundation
import RTVITypes

/// How the bot treats text of the user. Omitted options use the server's defaults, which are both
/// true.
public struct SendTextOptions: Sendable, Equatable {
    /// Whether to interrupt the bot and make it answer at once.
    public var runImmediately: Bool?
    /// Whether the bot speaks its answer.
    public var audioResponse: Bool?

    /// Creates options.
    public init(runImmediately: Bool? = nil, audioResponse: Bool? = nil) {
        self.runImmediately = runImmediately
        self.audioResponse = audioResponse
    }
}

// All except `sessionRequest` need a ready bot, and otherwise throw `notReady`. Success means that
// the transport has taken the message; `onMessageError` reports the server's objections.
extension PipecatClient {
    /// Sends a message of the app's own type. The bot need not answer.
    public func sendClientMessage(msgType: String, data: Value? = nil) async throws {
        try await call { try await $0.sendClientMessage(t: msgType, data: data, cancellation: $1) }
    }

    /// Sends a request of the app's own type and returns the data of the bot's answer, or `nil` if
    /// it has none.
    ///
    /// Waits `timeout` seconds, by default 10. Throws `requestFailed` with the bot's text when the
    /// bot answers with an error.
    public func sendClientRequest(
        msgType: String, data: Value? = nil, timeout: TimeInterval? = nil
    ) async throws -> Value? {
        let millis = timeout.map(milliseconds)
        return try await call {
            try await $0.sendClientRequest(t: msgType, data: data, timeoutMs: millis, cancellation: $1)
        }
    }

    /// Sends a request to an HTTP endpoint of the bot itself, within the session. `path` is
    /// relative to the session's URL; the request carries the headers of the start request.
    ///
    /// Pipecat Cloud calls this its session API. `method` is GET, POST, PUT, PATCH, DELETE, OPTIONS
    /// or HEAD; `path` may have a query and can't leave the session. Waits `timeout` seconds, by
    /// default 10. It needs a session that a start request began, but no ready bot: it throws
    /// `invalidState` without such a session, and `requestFailed` with status and code when the bot
    /// refuses.
    public func sessionRequest(
        method: String, path: String, body: Value? = nil, timeout: TimeInterval? = nil
    ) async throws -> SessionAnswer {
        let millis = timeout.map(milliseconds)
        return try await call {
            try await $0.sessionRequest(
                method: method, path: path, body: body, timeoutMs: millis, cancellation: $1)
        }
    }

    /// Sends text of the user, as if it had been spoken.
    public func sendText(content: String, options: SendTextOptions? = nil) async throws {
        try await call {
            try await $0.sendText(
                content: content, runImmediately: options?.runImmediately, audioResponse: options?.audioResponse,
                cancellation: $1)
        }
    }

    /// Sends a file: an object with `content`, `file` (`format`, `name`, `source`) and `options`. A
    /// source is `["type": "url", "url": …]` or `["type": "bytes", "bytes": base64]`.
    public func sendFile(file: Value) async throws {
        try await call { try await $0.sendFile(file: file, cancellation: $1) }
    }

    /// Sends keys of a telephone: `0` to `9`, `*` and `#`, at least one.
    public func sendDTMF(keys: String) async throws {
        try await call { try await $0.sendDtmf(keys: keys, cancellation: $1) }
    }

    /// Reports an event of the app's user interface.
    public func sendUIEvent(event: String, payload: Value? = nil) async throws {
        try await call { try await $0.sendUiEvent(event: event, payload: payload, cancellation: $1) }
    }

    /// Sends a snapshot of the app's user interface: an object with `tree`.
    public func sendUISnapshot(snapshot: Value) async throws {
        try await call { try await $0.sendUiSnapshot(snapshot: snapshot, cancellation: $1) }
    }

    /// Asks the bot to cancel a group of jobs.
    public func cancelUIJobGroup(jobId: String, reason: String? = nil) async throws {
        try await call { try await $0.cancelUiJobGroup(jobId: jobId, reason: reason, cancellation: $1) }
    }

    /// Adds a message to the bot's context: an object with `role`, `content` and optionally
    /// `run_immediately`.
    @available(*, deprecated, message: "Current servers refuse it. Use sendText with runImmediately false.")
    public func appendToContext(message: Value) async throws {
        try await call { try await $0.appendToContext(data: message, cancellation: $1) }
    }
}
