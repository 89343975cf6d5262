#if canImport(UIKit) && canImport(VideoToolbox)
import AVFoundation
import Foundation
import RTVI

/// The cameras of an iPhone or iPad: set it as `PipecatClientOptions.camera`.
///
///     let camera = CameraSource()
///     options.camera = camera
///     …
///     PipecatVideoView(camera)
///
/// It captures while the client needs pictures, asks the user for permission at the first time, and
/// compresses them as H.264. The pictures are sent upright and as the camera sees them; only the
/// preview of a front camera is mirrored. `getAllCams()` lists the cameras, and `updateCam(camId:)`
/// takes their identifiers as well as `front` and `back`.
///
/// The app needs `NSCameraUsageDescription`. If the user has denied access, the client emits a
/// device error with the reason `permissions`. In the background the system stops the camera; it
/// continues when the app returns.
public final class CameraSource: VideoProvider, VideoFeed {
    /// Which way a camera looks.
    public enum Facing: Sendable { case front, back }

    public let input: VideoInput
    private let capture: CameraCapture

    /// Creates a source that begins with a camera that looks this way. Opens nothing yet.
    public init(facing: Facing = .front) {
        capture = CameraCapture(facing: facing == .front ? .front : .back)
        input = VideoInput(codec: .h264, hasDevices: true, control: capture)
        capture.report(to: input)
        FeedRegistry.shared.add(camera: self)
    }

    /// Switches between the front and the back camera. Does nothing if there is only one.
    public func flip() { capture.flip() }

    /// Turns the light of the camera in use on or off, if it has one. It goes off with the camera,
    /// with a switch to another one, and when the app goes to the background.
    public func setTorch(_ on: Bool) { capture.setTorch(on) }

    public func makeLayer(onSize: @escaping @Sendable (CGSize) -> Void) -> CALayer {
        let layer = AVCaptureVideoPreviewLayer(session: capture.session)
        capture.listen(for: layer, onSize: onSize)
        return layer
    }

    public func dropLayer(_ layer: CALayer) {
        capture.forget(layer)
        (layer as? AVCaptureVideoPreviewLayer)?.session = nil
    }
}
#endif
