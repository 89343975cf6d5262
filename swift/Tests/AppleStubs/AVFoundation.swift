// Declarations of Apple's AVFoundation, as far as RTVIVideo uses it: for the compiler on Linux only.
@_exported import AVFAudio
@_exported import CoreMedia
@_exported import QuartzCore

public struct AVMediaType: Equatable, Sendable {
    public static let audio = AVMediaType()
    public static let video = AVMediaType()
}

public struct AVLayerVideoGravity: Sendable {
    public static let resizeAspect = AVLayerVideoGravity()
    public static let resizeAspectFill = AVLayerVideoGravity()
}

public struct AVError {
    public struct Code {
        public var rawValue: Int { 0 }
    }
    public static let mediaServicesWereReset = Code()
}

extension AVError.Code: @unchecked Sendable {}

public enum AVAuthorizationStatus { case notDetermined, restricted, denied, authorized }
public enum AVCaptureVideoOrientation: Int { case portrait = 1, portraitUpsideDown, landscapeRight, landscapeLeft }

public let AVCaptureSessionInterruptionReasonKey = ""
public let AVCaptureSessionErrorKey = ""

public final class AVFrameRateRange: NSObject {
    public var minFrameRate: Double { 0 }
    public var maxFrameRate: Double { 0 }
}

public final class AVCaptureDevice: NSObject {
    public enum Position { case unspecified, back, front }
    public enum TorchMode { case off, on, auto }
    public struct DeviceType: Sendable {
        public static let builtInWideAngleCamera = DeviceType()
    }
    public final class Format: NSObject {
        public var videoSupportedFrameRateRanges: [AVFrameRateRange] { [] }
    }
    public final class DiscoverySession: NSObject {
        public init(deviceTypes: [DeviceType], mediaType: AVMediaType?, position: Position) {}
        public var devices: [AVCaptureDevice] { [] }
    }
    public static let wasConnectedNotification = Notification.Name("")
    public static let wasDisconnectedNotification = Notification.Name("")
    public init?(uniqueID: String) { nil }
    public var uniqueID: String { "" }
    public var localizedName: String { "" }
    public var position: Position { .front }
    public var activeFormat: Format { Format() }
    public var activeVideoMinFrameDuration: CMTime = .invalid
    public var hasTorch: Bool { false }
    public var isTorchAvailable: Bool { false }
    public var torchMode: TorchMode = .off
    public func lockForConfiguration() throws {}
    public func unlockForConfiguration() {}
    public static func authorizationStatus(for type: AVMediaType) -> AVAuthorizationStatus { .denied }
    public static func requestAccess(for type: AVMediaType, completionHandler: @escaping @Sendable (Bool) -> Void) {}
}

open class AVCaptureInput: NSObject {}
open class AVCaptureOutput: NSObject {
    public func connection(with type: AVMediaType) -> AVCaptureConnection? { nil }
}

public final class AVCaptureConnection: NSObject {
    public var isVideoMirroringSupported: Bool { false }
    public var automaticallyAdjustsVideoMirroring = false
    public var isVideoMirrored = false
    public func isVideoRotationAngleSupported(_ angle: CGFloat) -> Bool { false }
    public var videoRotationAngle: CGFloat = 0
    public var isVideoOrientationSupported: Bool { false }
    public var videoOrientation: AVCaptureVideoOrientation = .portrait
}

public final class AVCaptureDeviceInput: AVCaptureInput {
    public init(device: AVCaptureDevice) throws {}
    public var device: AVCaptureDevice { fatalError("only declared") }
}

public protocol AVCaptureVideoDataOutputSampleBufferDelegate: NSObjectProtocol {
    func captureOutput(_ output: AVCaptureOutput, didOutput sample: CMSampleBuffer, from connection: AVCaptureConnection)
}

public final class AVCaptureVideoDataOutput: AVCaptureOutput {
    public var alwaysDiscardsLateVideoFrames = false
    public func setSampleBufferDelegate(_ delegate: (any AVCaptureVideoDataOutputSampleBufferDelegate)?, queue: DispatchQueue?) {}
}

open class AVCaptureSession: NSObject {
    public struct Preset: Sendable {
        public init(rawValue: String) {}
    }
    public static let wasInterruptedNotification = Notification.Name("")
    public static let runtimeErrorNotification = Notification.Name("")
    public var sessionPreset = Preset(rawValue: "")
    public var outputs: [AVCaptureOutput] { [] }
    public func canSetSessionPreset(_ preset: Preset) -> Bool { false }
    public func beginConfiguration() {}
    public func commitConfiguration() {}
    public func canAddInput(_ input: AVCaptureInput) -> Bool { false }
    public func addInput(_ input: AVCaptureInput) {}
    public func removeInput(_ input: AVCaptureInput) {}
    public func canAddOutput(_ output: AVCaptureOutput) -> Bool { false }
    public func addOutput(_ output: AVCaptureOutput) {}
    public func startRunning() {}
    public func stopRunning() {}
}

public final class AVCaptureVideoPreviewLayer: CALayer {
    public init(session: AVCaptureSession) {}
    public var session: AVCaptureSession?
    public var videoGravity: AVLayerVideoGravity = .resizeAspect
}

public final class AVSampleBufferDisplayLayer: CALayer {
    public enum Status { case unknown, rendering, failed }
    public var status: Status { .unknown }
    public var videoGravity: AVLayerVideoGravity = .resizeAspect
    public func enqueue(_ sample: CMSampleBuffer) {}
    public func flush() {}
    public func flushAndRemoveImage() {}
}
