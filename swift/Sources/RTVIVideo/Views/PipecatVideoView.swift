#if canImport(UIKit) && canImport(SwiftUI) && canImport(VideoToolbox)
import RTVI
import SwiftUI
import UIKit

/// Shows the bot's video or the preview of a camera in SwiftUI.
///
///     PipecatVideoView(bot)
///     PipecatVideoView(camera, scaleMode: .fit)
///
/// The preview of a front camera is mirrored, as people know it from a mirror; the bot sees it as it
/// is.
public struct PipecatVideoView: UIViewRepresentable {
    private let feed: (any VideoFeed)?
    private let scaleMode: VideoView.VideoScaleMode
    @Binding private var videoSize: CGSize

    /// Shows this feed. `videoSize` follows the size of the pictures in pixels.
    public init(
        _ feed: (any VideoFeed)?, scaleMode: VideoView.VideoScaleMode = .fill, videoSize: Binding<CGSize> = .constant(.zero)
    ) {
        self.feed = feed
        self.scaleMode = scaleMode
        _videoSize = videoSize
    }

    public func makeUIView(context: Context) -> VideoView {
        let view = VideoView()
        view.delegate = context.coordinator
        return view
    }

    public func updateUIView(_ view: VideoView, context: Context) {
        context.coordinator.size = $videoSize
        view.feed = feed
        view.videoScaleMode = scaleMode
    }

    public func makeCoordinator() -> VideoSizeCoordinator {
        VideoSizeCoordinator(size: $videoSize)
    }
}

/// ``PipecatVideoView`` under the name and with the arguments that Pipecat's iOS SDK uses, which
/// knows a track instead of a feed. See ``SmallWebRTCVideoView``.
public struct SmallWebRTCVideoViewSwiftUI: UIViewRepresentable {
    private let videoTrack: MediaTrackId?
    private let videoScaleMode: SmallWebRTCVideoView.VideoScaleMode
    @Binding private var videoSize: CGSize

    /// Shows this track. `videoSize` follows the size of the pictures in pixels.
    public init(
        videoTrack: MediaTrackId? = nil, videoScaleMode: SmallWebRTCVideoView.VideoScaleMode = .fill,
        videoSize: Binding<CGSize> = .constant(.zero)
    ) {
        self.videoTrack = videoTrack
        self.videoScaleMode = videoScaleMode
        _videoSize = videoSize
    }

    public func makeUIView(context: Context) -> SmallWebRTCVideoView {
        let view = SmallWebRTCVideoView()
        view.delegate = context.coordinator
        return view
    }

    public func updateUIView(_ view: SmallWebRTCVideoView, context: Context) {
        context.coordinator.size = $videoSize
        if view.videoTrack != videoTrack { view.videoTrack = videoTrack }
        view.videoScaleMode = videoScaleMode
    }

    public func makeCoordinator() -> VideoSizeCoordinator {
        VideoSizeCoordinator(size: $videoSize)
    }
}

/// Passes the size of the pictures to SwiftUI.
@MainActor
public final class VideoSizeCoordinator: VideoViewDelegate {
    fileprivate var size: Binding<CGSize>

    fileprivate init(size: Binding<CGSize>) {
        self.size = size
    }

    public func videoView(_ videoView: VideoView, didChangeVideoSize size: CGSize) {
        self.size.wrappedValue = size
    }
}
#endif
