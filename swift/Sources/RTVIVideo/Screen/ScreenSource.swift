#if canImport(UIKit) && canImport(ReplayKit) && canImport(VideoToolbox)
import AVFoundation
import Foundation
import ReplayKit
import RTVI

/// The app's own screen, recorded by ReplayKit: set it as `PipecatClientOptions.screen`.
///
/// The system asks the user each time. If the user refuses, the client emits a screen share error
/// with the reason `permissions`. It records the app only; to share the whole device, push the
/// pictures of a broadcast extension by ``push(_:)`` into a source with `recordsApp: false`; the
/// extension is a process of its own, so the client must run there.
public final class ScreenSource: VideoProvider {
    public let input: VideoInput
    private let recorder: ScreenRecorder

    /// Creates a source. Records nothing yet.
    public init(recordsApp: Bool = true) {
        recorder = ScreenRecorder(recordsApp: recordsApp)
        input = VideoInput(codec: .h264, control: recorder)
    }

    /// A picture of the screen, upright, as from a broadcast extension. Dropped while the screen is
    /// not shared.
    public func push(_ picture: CVPixelBuffer) {
        recorder.take(picture)
    }
}

/// Records while the client needs pictures. All work runs on a queue of its own.
final class ScreenRecorder: VideoInputControl, @unchecked Sendable {
    private let recordsApp: Bool
    private let slot = DispatchSemaphore(value: 1)
    private let queue = DispatchQueue(label: "ai.rtvi.screen", qos: .userInitiated)

    // Used on the queue only.
    private var encoder: VideoEncoder?
    private var input: VideoInput?
    private var timer: (any DispatchSourceTimer)?

    init(recordsApp: Bool) {
        self.recordsApp = recordsApp
    }

    func start(wanted: VideoFormat, input: VideoInput) throws {
        queue.async { [self] in
            self.input = input
            let target = VideoTarget(format: wanted, bitrate: 800_000, maxFrameSize: 576_000)
            encoder = VideoEncoder(input: input, target: target)
            repeatStills()
            if recordsApp { record() }
        }
    }

    func setTarget(_ target: VideoTarget) {
        queue.async { [self] in encoder?.target = target }
    }

    func requestKeyFrame() {
        queue.async { [self] in encoder?.request() }
    }

    func stop() {
        queue.async { [self] in
            timer?.cancel()
            (timer, encoder, input) = (nil, nil, nil)
            if recordsApp { RPScreenRecorder.shared().stopCapture { _ in } }
        }
    }

    func take(_ picture: CVPixelBuffer) {
        // A picture that comes while one waits is dropped.
        guard slot.wait(timeout: .now()) == .success else { return }
        let picture = Picture(buffer: picture)
        queue.async { [self] in
            encoder?.encode(picture.buffer)
            slot.signal()
        }
    }

    private func record() {
        RPScreenRecorder.shared().startCapture { [weak self] sample, kind, error in
            if let error { return self?.fail(error as NSError) ?? () }
            guard kind == .video, let picture = CMSampleBufferGetImageBuffer(sample) else { return }
            self?.take(picture)
        } completionHandler: { [weak self] error in
            if let error { self?.fail(error as NSError) } else { self?.began() }
        }
    }

    /// The share may have ended while the system asked the user.
    private func began() {
        queue.async { [self] in
            if input == nil { RPScreenRecorder.shared().stopCapture { _ in } }
        }
    }

    private func fail(_ error: NSError) {
        let reason: DeviceErrorKind = error.code == RPRecordingErrorCode.userDeclined.rawValue ? .permissions : .unknown
        let failure = RTVIError(.device, "the screen can't be recorded: \(error.localizedDescription)", device: reason)
        queue.async { [self] in input?.fail(failure) }
    }

    /// A screen that does not move delivers no pictures.
    private func repeatStills() {
        let timer = DispatchSource.makeTimerSource(queue: queue)
        timer.schedule(deadline: .now() + FramePacer.repeatAfter, repeating: FramePacer.repeatAfter / 4)
        timer.setEventHandler { [weak self] in self?.encoder?.repeatLast() }
        timer.resume()
        self.timer = timer
    }

    /// The system's buffers may be used on any thread.
    private struct Picture: @unchecked Sendable {
        let buffer: CVPixelBuffer
    }
}
#endif
