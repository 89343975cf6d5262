// Declarations of Apple's QuartzCore, as far as RTVIVideo uses it: for the compiler on Linux only.
@_exported import Foundation

open class CALayer: NSObject {
    public var frame: CGRect = .zero
    public func addSublayer(_ layer: CALayer) {}
    public func removeFromSuperlayer() {}
}
