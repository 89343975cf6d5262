#if canImport(AVFoundation)
import AVFoundation

/// Whether the user allows the app to use the microphone.
enum AudioPermission {
    static var isGranted: Bool { status == .authorized }

    /// Whether the user has not been asked yet.
    static var isOpen: Bool { status == .notDetermined }

    /// Throws `device` when the user has denied access.
    static func check() throws {
        if status == .denied || status == .restricted { throw denial }
    }

    /// Why there is no microphone without permission.
    static var denial: RTVIError {
        RTVIError(.device, "the user denied the app access to the microphone", device: .permissions)
    }

    /// Makes the system ask the user, and calls `answered` after the answer, on any thread.
    static func ask(_ answered: @escaping @Sendable () -> Void) {
        AVCaptureDevice.requestAccess(for: .audio) { _ in answered() }
    }

    private static var status: AVAuthorizationStatus { AVCaptureDevice.authorizationStatus(for: .audio) }
}
#endif
