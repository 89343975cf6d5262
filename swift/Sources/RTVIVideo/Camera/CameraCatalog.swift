#if canImport(UIKit) && canImport(VideoToolbox)
import AVFoundation
import RTVI

/// The cameras of the device, and whether the user allows the app to use them.
enum CameraCatalog {
    static var isDenied: Bool {
        [.denied, .restricted].contains(AVCaptureDevice.authorizationStatus(for: .video))
    }

    static var cameras: [CameraChoice.Camera] {
        let found = AVCaptureDevice.DiscoverySession(
            deviceTypes: [.builtInWideAngleCamera], mediaType: .video, position: .unspecified)
        return found.devices.map {
            CameraChoice.Camera(id: $0.uniqueID, label: $0.localizedName, facing: facing(of: $0.position))
        }
    }

    /// Makes the system ask the user, unless that has happened, and calls `answered` on any thread.
    static func ask(_ answered: @escaping @Sendable (Bool) -> Void) {
        AVCaptureDevice.requestAccess(for: .video) { answered($0) }
    }

    static func device(_ id: String) throws -> AVCaptureDevice {
        guard let device = AVCaptureDevice(uniqueID: id) else { throw CameraTrouble.gone.error ?? RTVIError(.device, id) }
        return device
    }

    private static func facing(of position: AVCaptureDevice.Position) -> CameraChoice.Facing {
        switch position {
        case .front: return .front
        case .back: return .back
        default: return .other
        }
    }
}
#endif
