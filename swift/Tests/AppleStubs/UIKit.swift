// Declarations of Apple's UIKit, as far as RTVIVideo uses it: for the compiler on Linux only.
@_exported import Foundation
@_exported import QuartzCore

public enum UIDeviceOrientation: Int {
    case unknown, portrait, portraitUpsideDown, landscapeLeft, landscapeRight, faceUp, faceDown
}

@MainActor
public final class UIDevice: NSObject {
    public static let current = UIDevice()
    public nonisolated static let orientationDidChangeNotification = Notification.Name("")
    public var orientation: UIDeviceOrientation { .unknown }
    public func beginGeneratingDeviceOrientationNotifications() {}
    public func endGeneratingDeviceOrientationNotifications() {}
    nonisolated override init() {}
}

@MainActor
public final class UIApplication: NSObject {
    public nonisolated static let didEnterBackgroundNotification = Notification.Name("")
}

@MainActor
public final class UIWindow: NSObject {}

@MainActor
open class UIView: NSObject {
    public nonisolated override init() {}
    public var bounds: CGRect { .zero }
    public var layer: CALayer { CALayer() }
    public var window: UIWindow? { nil }
    public var clipsToBounds: Bool {
        get { false }
        set {}
    }
    open func layoutSubviews() {}
    open func didMoveToWindow() {}
}
