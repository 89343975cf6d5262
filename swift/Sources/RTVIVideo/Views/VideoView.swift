#if canImport(UIKit) && canImport(VideoToolbox)
import AVFoundation
import RTVI
import UIKit

/// Learns the size of a view's pictures.
@MainActor
public protocol VideoViewDelegate: AnyObject {
    /// The size of the pictures has changed, in pixels.
    func videoView(_ videoView: VideoView, didChangeVideoSize size: CGSize)
}

/// A view that shows the bot's video or the preview of a camera.
open class VideoView: UIView {
    /// How a picture fills the view. It keeps its proportions.
    public enum VideoScaleMode: Equatable, Hashable, CaseIterable, Sendable {
        /// The whole picture is visible, with bars beside it.
        case fit
        /// The picture covers the view; its edges may be cut off.
        case fill
    }

    /// What it shows; `nil` for nothing.
    public var feed: (any VideoFeed)? {
        didSet { if oldValue !== feed { show(insteadOf: oldValue) } }
    }
    /// How the picture fills the view.
    public var videoScaleMode: VideoScaleMode = .fill {
        didSet { scale() }
    }
    /// The size of the pictures in pixels; zero before the first one.
    public private(set) var videoSize: CGSize = .zero
    /// Learns the size of the pictures.
    public weak var delegate: (any VideoViewDelegate)?

    private var content: CALayer?

    open override func layoutSubviews() {
        super.layoutSubviews()
        content?.frame = bounds
    }

    /// Shows the feed while the view is in a window, so that a hidden view costs nothing.
    open override func didMoveToWindow() {
        super.didMoveToWindow()
        if (window == nil) != (content == nil) { show(insteadOf: feed) }
    }

    private func show(insteadOf old: (any VideoFeed)?) {
        if let content {
            content.removeFromSuperlayer()
            old?.dropLayer(content)
        }
        content = nil
        guard let feed, window != nil else { return }
        let made = feed.makeLayer { [weak self] size in
            Task { @MainActor in self?.sizeChanged(size) }
        }
        made.frame = bounds
        layer.addSublayer(made)
        clipsToBounds = true
        content = made
        scale()
    }

    private func scale() {
        let gravity: AVLayerVideoGravity = videoScaleMode == .fill ? .resizeAspectFill : .resizeAspect
        (content as? AVSampleBufferDisplayLayer)?.videoGravity = gravity
        (content as? AVCaptureVideoPreviewLayer)?.videoGravity = gravity
    }

    private func sizeChanged(_ size: CGSize) {
        guard size != videoSize else { return }
        videoSize = size
        delegate?.videoView(self, didChangeVideoSize: size)
    }
}

/// A ``VideoView`` that knows a track instead of a feed, under the name that Pipecat's iOS SDK uses.
///
/// It shows the newest ``BotVideo`` for the bot's video, and the newest ``CameraSource`` for the
/// user's.
public final class SmallWebRTCVideoView: VideoView {
    /// The track that it shows; `nil` for nothing.
    public var videoTrack: MediaTrackId? {
        didSet { feed = videoTrack.flatMap { FeedRegistry.shared.feed(of: $0) } }
    }
}

/// A track, under the name that Pipecat's iOS SDK uses.
public typealias MediaTrackId = Track
#endif
