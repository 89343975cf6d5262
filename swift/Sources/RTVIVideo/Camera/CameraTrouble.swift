import RTVI

/// What interrupts a camera, and what it means for the app.
enum CameraTrouble: Equatable, Sendable {
    /// The app is in the background; the system continues when it returns.
    case background
    /// Another app has the camera, or several apps share the screen.
    case takenByOthers
    /// The device is too hot or has too little power.
    case pressure
    /// The user has not allowed it.
    case denied
    /// The camera was unplugged.
    case gone
    /// The system's media services restarted; the app must open the camera again.
    case servicesReset
    /// Anything else, in the system's words.
    case failed(String)

    /// The error of the app's device; `nil` if the camera continues by itself.
    var error: RTVIError? {
        switch self {
        case .background, .servicesReset: return nil
        case .takenByOthers: return RTVIError(.device, "another app uses the camera", device: .inUse)
        case .pressure: return RTVIError(.device, "the system stopped the camera to protect the device", device: .unknown)
        case .denied: return RTVIError(.device, "the user denied the app access to the camera", device: .permissions)
        case .gone: return RTVIError(.device, "the camera was disconnected", device: .notFound)
        case .failed(let why): return RTVIError(.device, "the camera failed: \(why)", device: .unknown)
        }
    }

    /// The meaning of a value of `AVCaptureSession.InterruptionReason`; some are newer than the
    /// systems that apps support, so they are numbers here. 2 concerns microphones.
    init(interruption reason: Int?) {
        switch reason {
        case 1, 2: self = .background
        case 3, 4: self = .takenByOthers
        case 5: self = .pressure
        default: self = .failed("interrupted")
        }
    }
}
