// Declarations of Apple's AVFAudio, as far as RTVI uses it: for the compiler on Linux only.
@_exported import CoreVideo
@_exported import Foundation

public typealias AVAudioFrameCount = UInt32
public typealias AVAudioNodeBus = Int

public struct AudioTimeStamp {}

public struct AudioBuffer {
    public var mData: UnsafeMutableRawPointer?
}

public struct AudioBufferList {
    public var mBuffers = AudioBuffer()
}

public enum AVAudioCommonFormat { case otherFormat, pcmFormatFloat32, pcmFormatFloat64, pcmFormatInt16, pcmFormatInt32 }

public final class AVAudioFormat: NSObject, @unchecked Sendable {
    public init?(standardFormatWithSampleRate rate: Double, channels: UInt32) { nil }
    public init?(commonFormat: AVAudioCommonFormat, sampleRate: Double, channels: UInt32, interleaved: Bool) { nil }
    public var sampleRate: Double { 0 }
    public var channelCount: UInt32 { 0 }
    public var commonFormat: AVAudioCommonFormat { .otherFormat }
    public var isInterleaved: Bool { false }
}

open class AVAudioBuffer: NSObject {}

public final class AVAudioPCMBuffer: AVAudioBuffer {
    public init?(pcmFormat: AVAudioFormat, frameCapacity: AVAudioFrameCount) { nil }
    public var frameCapacity: AVAudioFrameCount { 0 }
    public var frameLength: AVAudioFrameCount = 0
    public var floatChannelData: UnsafePointer<UnsafeMutablePointer<Float>>? { nil }
    public var int16ChannelData: UnsafePointer<UnsafeMutablePointer<Int16>>? { nil }
}

public enum AVAudioConverterInputStatus { case haveData, noDataNow, endOfStream }
public enum AVAudioConverterOutputStatus { case haveData, inputRanDry, endOfStream, error }
public typealias AVAudioConverterInputBlock = @Sendable (
    AVAudioFrameCount, UnsafeMutablePointer<AVAudioConverterInputStatus>
) -> AVAudioBuffer?

public final class AVAudioConverter: NSObject {
    public init?(from: AVAudioFormat, to: AVAudioFormat) { nil }
    public func convert(
        to buffer: AVAudioBuffer, error: UnsafeMutablePointer<NSError?>?, withInputFrom block: @escaping AVAudioConverterInputBlock
    ) -> AVAudioConverterOutputStatus { .error }
}

open class AVAudioNode: NSObject {
    public func outputFormat(forBus bus: AVAudioNodeBus) -> AVAudioFormat { fatalError("only declared") }
}

public final class AVAudioInputNode: AVAudioNode {
    public func setVoiceProcessingEnabled(_ enabled: Bool) throws {}
}

public final class AVAudioOutputNode: AVAudioNode {}
public final class AVAudioMixerNode: AVAudioNode {}

public final class AVAudioSinkNode: AVAudioNode {
    public init(
        receiverBlock: @escaping (UnsafePointer<AudioTimeStamp>, AVAudioFrameCount, UnsafePointer<AudioBufferList>) -> OSStatus
    ) {}
}

public final class AVAudioSourceNode: AVAudioNode {
    public init(
        format: AVAudioFormat,
        renderBlock: @escaping (
            UnsafeMutablePointer<ObjCBool>, UnsafePointer<AudioTimeStamp>, AVAudioFrameCount, UnsafeMutablePointer<AudioBufferList>
        ) -> OSStatus
    ) {}
}

public final class AVAudioEngine: NSObject {
    public var inputNode: AVAudioInputNode { fatalError("only declared") }
    public var outputNode: AVAudioOutputNode { fatalError("only declared") }
    public var mainMixerNode: AVAudioMixerNode { fatalError("only declared") }
    public var isRunning: Bool { false }
    public func attach(_ node: AVAudioNode) {}
    public func connect(_ node: AVAudioNode, to other: AVAudioNode, format: AVAudioFormat?) {}
    public func prepare() {}
    public func start() throws {}
    public func stop() {}
}

extension Notification.Name {
    public static let AVAudioEngineConfigurationChange = Notification.Name("")
}

public let AVAudioSessionInterruptionTypeKey = ""
public let AVAudioSessionInterruptionOptionKey = ""

public final class AVAudioSession: NSObject, @unchecked Sendable {
    public struct Category: Equatable, Sendable {
        public static let playback = Category()
        public static let playAndRecord = Category()
    }
    public struct Mode: Equatable, Sendable {
        public static let `default` = Mode()
        public static let voiceChat = Mode()
    }
    public struct CategoryOptions: OptionSet, Sendable {
        public let rawValue: UInt
        public init(rawValue: UInt) { self.rawValue = rawValue }
        public static let allowBluetooth = CategoryOptions(rawValue: 4)
        public static let allowBluetoothA2DP = CategoryOptions(rawValue: 32)
        public static let defaultToSpeaker = CategoryOptions(rawValue: 8)
    }
    public struct SetActiveOptions: OptionSet, Sendable {
        public let rawValue: UInt
        public init(rawValue: UInt) { self.rawValue = rawValue }
        public static let notifyOthersOnDeactivation = SetActiveOptions(rawValue: 1)
    }
    public static let interruptionNotification = Notification.Name("")
    public static let mediaServicesWereResetNotification = Notification.Name("")
    public static func sharedInstance() -> AVAudioSession { fatalError("only declared") }
    public var category: Category { Category() }
    public var mode: Mode { Mode() }
    public var categoryOptions: CategoryOptions { [] }
    public func setCategory(_ category: Category, mode: Mode, options: CategoryOptions) throws {}
    public func setActive(_ active: Bool, options: SetActiveOptions = []) throws {}
    public func setPreferredIOBufferDuration(_ duration: TimeInterval) throws {}
}
