import Foundation

/// Why a call failed, or why a session ended.
///
/// Every method of the SDK throws this, or `CancellationError` when the calling task was cancelled.
extension RTVIError: Error {
    /// What went wrong, for code to act on.
    public typealias Kind = ErrorKind

    /// Creates an error, as a transport, a device or a function of the app may throw it.
    public init(
        _ kind: Kind, _ message: String, device: DeviceErrorKind? = nil, phase: Phase? = nil, status: UInt16? = nil,
        code: String? = nil, retryAfter: TimeInterval? = nil
    ) {
        self.init(
            kind: kind, device: device, phase: phase, status: status, code: code, retryAfter: retryAfter, message: message)
    }
}

extension RTVIError: LocalizedError, CustomStringConvertible {
    public var errorDescription: String? { message }

    /// The kind, the status and the message.
    public var description: String {
        let status = status.map { " \($0)" } ?? ""
        return "\(kind)\(status): \(message)"
    }
}

extension RTVIError {
    /// Unwraps the core's error.
    package init(_ error: FfiError) {
        switch error {
        case .Failed(let error): self = error
        }
    }

    /// The error for the core.
    package var ffi: FfiError { .Failed(error: self) }
}
