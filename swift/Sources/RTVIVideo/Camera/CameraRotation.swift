/// How a picture must be turned so that it stands upright.
enum CameraRotation {
    /// How the user holds the device, as `UIDeviceOrientation` says it.
    enum Hold: Sendable {
        case portrait, upsideDown
        /// The left edge of the upright device is at the top or at the bottom.
        case landscapeLeft, landscapeRight
        /// On a table, or not known.
        case flat
    }

    /// The angle for `videoRotationAngle`, in degrees clockwise; `nil` to keep the last one. The
    /// sensors of front cameras are mounted the other way round than those of back cameras.
    static func degrees(hold: Hold, isFront: Bool) -> Int? {
        switch hold {
        case .portrait: return 90
        case .upsideDown: return 270
        case .landscapeLeft: return isFront ? 180 : 0
        case .landscapeRight: return isFront ? 0 : 180
        case .flat: return nil
        }
    }

    /// The value of `AVCaptureVideoOrientation` for the same, before iOS 17: 1 portrait, 2 upside
    /// down, 3 landscape right, 4 landscape left. The system itself turns front cameras there.
    static func videoOrientation(hold: Hold) -> Int? {
        switch hold {
        case .portrait: return 1
        case .upsideDown: return 2
        case .landscapeLeft: return 3
        case .landscapeRight: return 4
        case .flat: return nil
        }
    }
}
