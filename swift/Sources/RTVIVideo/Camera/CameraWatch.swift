#if canImport(UIKit) && canImport(VideoToolbox)
import AVFoundation
import Foundation
import UIKit

/// The system's notifications that concern a camera.
final class CameraWatch: @unchecked Sendable {
    enum Event: Sendable {
        /// The user holds the device another way.
        case held(CameraRotation.Hold)
        /// The app went to the background.
        case background
        case trouble(CameraTrouble)
        /// Cameras were connected or disconnected.
        case devicesChanged
    }

    private var observers: [any NSObjectProtocol] = []
    private let onEvent: @Sendable (Event) -> Void

    /// Watches until it is released. `onEvent` is called on any thread.
    init(session: AVCaptureSession, onEvent: @escaping @Sendable (Event) -> Void) {
        self.onEvent = onEvent
        observe(AVCaptureSession.wasInterruptedNotification, of: session) { note in
            .trouble(CameraTrouble(interruption: note.userInfo?[AVCaptureSessionInterruptionReasonKey] as? Int))
        }
        observe(AVCaptureSession.runtimeErrorNotification, of: session) { note in
            let error = note.userInfo?[AVCaptureSessionErrorKey] as? NSError
            let isReset = error?.code == AVError.mediaServicesWereReset.rawValue
            return .trouble(isReset ? .servicesReset : .failed(error?.localizedDescription ?? "unknown"))
        }
        observe(AVCaptureDevice.wasConnectedNotification) { _ in .devicesChanged }
        observe(AVCaptureDevice.wasDisconnectedNotification) { _ in .devicesChanged }
        observe(UIApplication.didEnterBackgroundNotification) { _ in .background }
        observe(UIDevice.orientationDidChangeNotification) { _ in nil }
        Task { @MainActor [weak self] in
            UIDevice.current.beginGeneratingDeviceOrientationNotifications()
            self?.reportHold()
        }
    }

    deinit {
        observers.forEach { NotificationCenter.default.removeObserver($0) }
        Task { @MainActor in UIDevice.current.endGeneratingDeviceOrientationNotifications() }
    }

    @MainActor private func reportHold() {
        onEvent(.held(Self.hold(UIDevice.current.orientation)))
    }

    private func observe(
        _ name: Notification.Name, of object: AnyObject? = nil, meaning: @escaping @Sendable (Notification) -> Event?
    ) {
        let observer = NotificationCenter.default.addObserver(forName: name, object: object, queue: nil) { [weak self] note in
            if let event = meaning(note) {
                self?.onEvent(event)
            } else {
                Task { @MainActor in self?.reportHold() }
            }
        }
        observers.append(observer)
    }

    private static func hold(_ orientation: UIDeviceOrientation) -> CameraRotation.Hold {
        switch orientation {
        case .portrait: return .portrait
        case .portraitUpsideDown: return .upsideDown
        case .landscapeLeft: return .landscapeLeft
        case .landscapeRight: return .landscapeRight
        default: return .flat
        }
    }
}
#endif
