// Declarations of Apple's CoreMedia, as far as RTVIVideo uses it: for the compiler on Linux only.
@_exported import CoreVideo

public typealias CMTimeValue = Int64
public typealias CMTimeScale = Int32

public struct CMTime: Sendable {
    public static let invalid = CMTime(value: 0, timescale: 0)
    public init(value: CMTimeValue, timescale: CMTimeScale) {}
}

public struct CMVideoDimensions {
    public var width: Int32 = 0
    public var height: Int32 = 0
}

public final class CMFormatDescription: @unchecked Sendable {}
public typealias CMVideoFormatDescription = CMFormatDescription
public final class CMBlockBuffer {}
public final class CMSampleBuffer {}
public typealias CMBlockBufferFlags = UInt32
public typealias CMVideoCodecType = UInt32
public let kCMBlockBufferAssureMemoryNowFlag: CMBlockBufferFlags = 1
public let kCMVideoCodecType_H264: CMVideoCodecType = 0
nonisolated(unsafe) public let kCMSampleAttachmentKey_NotSync: CFString = ""
nonisolated(unsafe) public let kCMSampleAttachmentKey_DisplayImmediately: CFString = ""

public func CMTimeGetSeconds(_ time: CMTime) -> Double { 0 }
public func CMSampleBufferGetImageBuffer(_ sample: CMSampleBuffer) -> CVImageBuffer? { nil }
public func CMSampleBufferGetFormatDescription(_ sample: CMSampleBuffer) -> CMFormatDescription? { nil }
public func CMSampleBufferGetDataBuffer(_ sample: CMSampleBuffer) -> CMBlockBuffer? { nil }
public func CMSampleBufferGetPresentationTimeStamp(_ sample: CMSampleBuffer) -> CMTime { .invalid }
public func CMSampleBufferGetSampleAttachmentsArray(_ sample: CMSampleBuffer, createIfNecessary: Bool) -> CFArray? { nil }
public func CMBlockBufferGetDataLength(_ block: CMBlockBuffer) -> Int { 0 }
public func CMBlockBufferCopyDataBytes(
    _ block: CMBlockBuffer, atOffset: Int, dataLength: Int, destination: UnsafeMutableRawPointer
) -> OSStatus { 0 }
public func CMBlockBufferReplaceDataBytes(
    with source: UnsafeRawPointer, blockBuffer: CMBlockBuffer, offsetIntoDestination: Int, dataLength: Int
) -> OSStatus { 0 }
public func CMBlockBufferCreateWithMemoryBlock(
    allocator: CFAllocator?, memoryBlock: UnsafeMutableRawPointer?, blockLength: Int, blockAllocator: CFAllocator?,
    customBlockSource: OpaquePointer?, offsetToData: Int, dataLength: Int, flags: CMBlockBufferFlags,
    blockBufferOut: UnsafeMutablePointer<CMBlockBuffer?>
) -> OSStatus { 0 }
public func CMVideoFormatDescriptionGetDimensions(_ format: CMVideoFormatDescription) -> CMVideoDimensions { .init() }
public func CMVideoFormatDescriptionGetH264ParameterSetAtIndex(
    _ format: CMFormatDescription, parameterSetIndex: Int,
    parameterSetPointerOut: UnsafeMutablePointer<UnsafePointer<UInt8>?>?, parameterSetSizeOut: UnsafeMutablePointer<Int>?,
    parameterSetCountOut: UnsafeMutablePointer<Int>?, nalUnitHeaderLengthOut: UnsafeMutablePointer<Int32>?
) -> OSStatus { 0 }
public func CMVideoFormatDescriptionCreateFromH264ParameterSets(
    allocator: CFAllocator?, parameterSetCount: Int, parameterSetPointers: UnsafePointer<UnsafePointer<UInt8>>,
    parameterSetSizes: UnsafePointer<Int>, nalUnitHeaderLength: Int32,
    formatDescriptionOut: UnsafeMutablePointer<CMFormatDescription?>
) -> OSStatus { 0 }
public func CMSampleBufferCreateReady(
    allocator: CFAllocator?, dataBuffer: CMBlockBuffer?, formatDescription: CMFormatDescription?, sampleCount: Int,
    sampleTimingEntryCount: Int, sampleTimingArray: UnsafePointer<CMTime>?, sampleSizeEntryCount: Int,
    sampleSizeArray: UnsafePointer<Int>?, sampleBufferOut: UnsafeMutablePointer<CMSampleBuffer?>
) -> OSStatus { 0 }
