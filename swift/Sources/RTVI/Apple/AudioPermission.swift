#if canImport(AVFoundation) && (os(iOS) || os(macOS))
import AVFoundation

/// Whether the user lets the app use the microphone.
enum AudioPermission {
    static var isGranted: Bool { status == .authorized }

    /// Whether the user has not been asked yet.
    static var isOpen: Bool { status == .notDetermined }

    /// Throws `device` when the user has refused.
    static func check() throws {
        if status == .denied || status == .restricted {
            throw RTVIError(.device, "the user does not let the app use the microphone")
        }
    }

    /// Has the system ask the user, and says when it is answered, on any thread.
    static func ask(_ answered: @escaping @Sendable () -> Void) {
        AVCaptureDevice.requestAccess(for: .audio) { _ in answered() }
    }

    private static var status: AVAuthorizationStatus { AVCaptureDevice.authorizationStatus(for: .audio) }
}
#endif
