import RTVI

/// The sizes in which the system's cameras deliver pictures.
enum CapturePreset {
    private static let sizes: [(width: UInt32, height: UInt32, name: String)] = [
        (352, 288, "AVCaptureSessionPreset352x288"), (640, 480, "AVCaptureSessionPreset640x480"),
        (1_280, 720, "AVCaptureSessionPreset1280x720"), (1_920, 1_080, "AVCaptureSessionPreset1920x1080"),
        (3_840, 2_160, "AVCaptureSessionPreset3840x2160"),
    ]

    /// The smallest size that is not smaller than the wanted one, or the largest there is.
    static func name(for wanted: VideoFormat) -> String {
        let (long, short) = (max(wanted.width, wanted.height), min(wanted.width, wanted.height))
        let found = sizes.first { $0.width >= long && $0.height >= short }
        return found?.name ?? "AVCaptureSessionPreset3840x2160"
    }
}
