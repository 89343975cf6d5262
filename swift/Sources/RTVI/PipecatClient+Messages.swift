import Foundation
import RTVITypes

/// How text of the user is to be taken. Absent options are the server's defaults, both true.
public struct SendTextOptions: Sendable, Equatable {
    /// Whether to interrupt the bot and have it answer at once.
    public var runImmediately: Bool?
    /// Whether the answer is spoken.
    public var audioResponse: Bool?

    /// Options.
    public init(runImmediately: Bool? = nil, audioResponse: Bool? = nil) {
        self.runImmediately = runImmediately
        self.audioResponse = audioResponse
    }
}

// All but `sessionRequest` need a bot that is ready, or throw `notReady`. Success means that the transport has taken the message; what the server objects to
// arrives as `onMessageError`.
extension PipecatClient {
    /// Sends a message of the app's own kind; the bot need not answer.
    public func sendClientMessage(msgType: String, data: Value? = nil) async throws {
        try await call { try await $0.sendClientMessage(t: msgType, data: data, cancellation: $1) }
    }

    /// Sends a request of the app's own kind and gives back the data of the bot's answer, nothing if it has none.
    ///
    /// Waits `timeout` seconds, or 10. Throws `requestFailed` with the bot's text when it answers with an error.
    public func sendClientRequest(
        msgType: String, data: Value? = nil, timeout: TimeInterval? = nil
    ) async throws -> Value? {
        let millis = timeout.map(milliseconds)
        return try await call {
            try await $0.sendClientRequest(t: msgType, data: data, timeoutMs: millis, cancellation: $1)
        }
    }

    /// Asks an HTTP endpoint of the bot itself, within the session: `path` below the URL of the session, which a start request began, with that
    /// request's headers.
    ///
    /// Pipecat Cloud calls this its session API. `method` is GET, POST, PUT, PATCH, DELETE, OPTIONS or HEAD; `path` may have a query and can't lead
    /// out of the session. Waits `timeout` seconds, or 10. Needs no bot that is ready, but a session: throws `invalidState` without one, and
    /// `requestFailed` with status and code when the bot refuses.
    public func sessionRequest(
        method: String, path: String, body: Value? = nil, timeout: TimeInterval? = nil
    ) async throws -> SessionAnswer {
        let millis = timeout.map(milliseconds)
        return try await call {
            try await $0.sessionRequest(
                method: method, path: path, body: body, timeoutMs: millis, cancellation: $1)
        }
    }

    /// Sends text of the user as if it had been said.
    public func sendText(content: String, options: SendTextOptions? = nil) async throws {
        try await call {
            try await $0.sendText(
                content: content, runImmediately: options?.runImmediately, audioResponse: options?.audioResponse,
                cancellation: $1)
        }
    }

    /// Sends a file: an object with `content`, `file` (`format`, `name`, `source`) and `options`. A source is
    /// `["type": "url", "url": …]` or `["type": "bytes", "bytes": base64]`.
    public func sendFile(file: Value) async throws {
        try await call { try await $0.sendFile(file: file, cancellation: $1) }
    }

    /// Presses the keys of a telephone: `0` to `9`, `*` and `#`, at least one.
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

    /// Adds a message to the bot's context: an object with `role`, `content` and perhaps `run_immediately`.
    @available(*, deprecated, message: "Current servers refuse it. Use sendText with runImmediately false.")
    public func appendToContext(message: Value) async throws {
        try await call { try await $0.appendToContext(data: message, cancellation: $1) }
    }
}
