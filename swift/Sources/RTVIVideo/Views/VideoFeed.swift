#if canImport(AVFoundation)
import AVFoundation
import Foundation
import RTVI

/// What a view can show: ``BotVideo``, or the preview of a ``CameraSource``.
public protocol VideoFeed: AnyObject, Sendable {
    /// A layer that shows the video until ``dropLayer(_:)``. `onSize` is called on any thread with
    /// the size of the pictures, at first and after every change.
    @MainActor func makeLayer(onSize: @escaping @Sendable (CGSize) -> Void) -> CALayer
    /// The layer is no longer needed.
    @MainActor func dropLayer(_ layer: CALayer)
}

/// The newest display and camera of the process, for views that know only a track. It keeps none of
/// them alive.
final class FeedRegistry: @unchecked Sendable {
    static let shared = FeedRegistry()

    private let lock = NSLock()
    private weak var bot: (any VideoFeed)?
    private weak var camera: (any VideoFeed)?

    func add(bot: any VideoFeed) { lock.withLock { self.bot = bot } }

    func add(camera: any VideoFeed) { lock.withLock { self.camera = camera } }

    /// The feed of a track; `nil` if it has no pictures here.
    func feed(of track: Track) -> (any VideoFeed)? {
        guard track.kind == .video else { return nil }
        return lock.withLock { track.participant.local ? camera : bot }
    }
}
#endif
