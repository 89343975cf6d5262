import Foundation
import RTVIBindings

/// Why a call failed, or why a session ended.
///
/// Every method of the SDK throws this, or `CancellationError` when the calling task was cancelled.
public struct RTVIError: Error, Equatable, Hashable, Sendable {
    /// What went wrong, to act on. Kinds may be added; one that this version does not know is ``internal``.
    public enum Kind: String, CaseIterable, Sendable {
        /// An argument or option is not usable. Fix the call.
        case invalidArgument
        /// The connect parameters do not fit the transport. Fix them, or the start endpoint's answer.
        case invalidTransportParams
        /// The call is not possible in the client's present state, which the message names.
        case invalidState
        /// The client is already starting, connecting or connected. Disconnect first.
        case alreadyStarted
        /// The bot is not ready yet, or no longer.
        case notReady
        /// The start endpoint refused or answered something unusable; `status` has the HTTP status if there was one.
        case startBotFailed
        /// The server could not be reached.
        case connectionFailed
        /// TLS could not be established.
        case tls
        /// A deadline passed; `phase` says which one.
        case timeout
        /// An established connection was lost and could not be restored.
        case connectionLost
        /// The server answered a request with an error; the message is the server's.
        case requestFailed
        /// The message is larger than the transport can carry.
        case messageTooLarge
        /// Too much is waiting to be sent. Wait and try again.
        case busy
        /// This server, transport or platform does not support the feature.
        case unsupportedFeature
        /// The server broke the protocol.
        case `protocol`
        /// The bot reported a fatal error and the session has ended.
        case botError
        /// A microphone, speaker or camera failed.
        case device
        /// The call was given up, by `disconnect` or because the client was closed.
        case cancelled
        /// The app did not read its events for too long and the session was closed.
        case consumerStalled
        /// Something that should not happen; please report it.
        case `internal`
    }

    /// The part of a session in which it happened.
    public enum Phase: String, CaseIterable, Sendable {
        /// Opening microphones and speakers.
        case devices
        /// The request to the start endpoint.
        case startRequest
        /// Opening the transport.
        case transportOpen
        /// Waiting for the bot to be ready.
        case botReady
        /// A session that is ready.
        case session
        /// A client request waiting for its answer.
        case request
        /// A function call running in the app.
        case functionCall
        /// Restoring a lost connection.
        case reconnect
        /// Closing the connection.
        case disconnect
    }

    /// What went wrong.
    public let kind: Kind
    /// What is wrong, for people. Never holds a token, a header or a URL's query.
    public let message: String
    /// Where it happened, if known.
    public let phase: Phase?
    /// The HTTP status or WebSocket close code that came with it, if any.
    public let status: UInt16?
    /// The server's own code for it, such as `PCC-1004` or `PCC-AGENT-AT-CAPACITY` of Pipecat Cloud, if it sent any.
    public let code: String?
    /// How many seconds the server wants to be left alone before it is asked again, if it said so.
    public let retryAfter: TimeInterval?

    /// An error, as a transport, a device or a function of the app may throw it.
    public init(
        _ kind: Kind, _ message: String, phase: Phase? = nil, status: UInt16? = nil, code: String? = nil,
        retryAfter: TimeInterval? = nil
    ) {
        self.kind = kind
        self.message = message
        self.phase = phase
        self.status = status
        self.code = code
        self.retryAfter = retryAfter
    }
}

extension RTVIError: LocalizedError, CustomStringConvertible {
    public var errorDescription: String? { message }

    /// The kind, the status and the message.
    public var description: String {
        let status = status.map { " \($0)" } ?? ""
        return "\(kind.rawValue)\(status): \(message)"
    }
}

extension RTVIError {
    /// The error that the core has given.
    init(_ error: FfiError) {
        switch error {
        case .Failed(let kind, let reason, let phase, let status, let code, let retryAfterMs):
            self.init(
                Kind(rawValue: kind) ?? .internal, reason, phase: phase.flatMap(Phase.init), status: status, code: code,
                retryAfter: retryAfterMs.map { TimeInterval($0) / 1000 })
        }
    }

    /// An error as events have it.
    init(_ data: Value) {
        let kind = data["kind"]?.string.flatMap(Kind.init) ?? .internal
        let message = data["message"]?.string ?? data["error"]?.string ?? ""
        let status = data["status"]?.integer.flatMap { UInt16(exactly: $0) }
        self.init(
            kind, message, phase: data["phase"]?.string.flatMap(Phase.init), status: status, code: data["code"]?.string,
            retryAfter: data["retryAfterMs"]?.number.map { $0 / 1000 })
    }

    /// The error for the core.
    var ffi: FfiError {
        .Failed(
            kind: kind.rawValue, reason: message, phase: phase?.rawValue, status: status, code: code,
            retryAfterMs: retryAfter.map { UInt64(milliseconds($0)) })
    }
}

/// Has an error of the core thrown as ours.
func translated<T>(_ body: () throws -> T) throws -> T {
    do {
        return try body()
    } catch let error as FfiError {
        throw RTVIError(error)
    }
}

/// Has an error of the app's code thrown as the core wants it, with the app's own text.
func forCore<T>(_ body: () async throws -> T) async throws -> T {
    do {
        return try await body()
    } catch {
        throw ffiError(of: error)
    }
}

/// What the core is told of an error of the app's code.
func ffiError(of error: any Error) -> FfiError {
    switch error {
    case let error as FfiError: return error
    case let error as RTVIError: return error.ffi
    case is CancellationError: return RTVIError(.cancelled, "cancelled").ffi
    case let error as any LocalizedError: return RTVIError(.internal, error.errorDescription ?? "\(error)").ffi
    default: return RTVIError(.internal, "\(error)").ffi
    }
}
