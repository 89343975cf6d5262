// Declarations of Apple's VideoToolbox, as far as RTVIVideo uses it: for the compiler on Linux only.
@_exported import CoreMedia

public final class VTCompressionSession {}
public typealias VTSession = AnyObject
public struct VTEncodeInfoFlags: Sendable {}
public typealias VTCompressionOutputHandler = (OSStatus, VTEncodeInfoFlags, CMSampleBuffer?) -> Void
public typealias VTCompressionOutputCallback = @convention(c) (UnsafeMutableRawPointer?) -> Void

nonisolated(unsafe) public let kVTEncodeFrameOptionKey_ForceKeyFrame: CFString = ""
nonisolated(unsafe) public let kVTCompressionPropertyKey_RealTime: CFString = ""
nonisolated(unsafe) public let kVTCompressionPropertyKey_ProfileLevel: CFString = ""
nonisolated(unsafe) public let kVTCompressionPropertyKey_AllowFrameReordering: CFString = ""
nonisolated(unsafe) public let kVTCompressionPropertyKey_MaxKeyFrameInterval: CFString = ""
nonisolated(unsafe) public let kVTCompressionPropertyKey_AverageBitRate: CFString = ""
nonisolated(unsafe) public let kVTCompressionPropertyKey_ExpectedFrameRate: CFString = ""
nonisolated(unsafe) public let kVTCompressionPropertyKey_DataRateLimits: CFString = ""
nonisolated(unsafe) public let kVTProfileLevel_H264_ConstrainedBaseline_AutoLevel: CFString = ""

public func VTSessionSetProperty(_ session: VTSession, key: CFString, value: CFTypeRef?) -> OSStatus { 0 }
public func VTCompressionSessionInvalidate(_ session: VTCompressionSession) {}
@discardableResult
public func VTCompressionSessionPrepareToEncodeFrames(_ session: VTCompressionSession) -> OSStatus { 0 }
public func VTCompressionSessionCreate(
    allocator: CFAllocator?, width: Int32, height: Int32, codecType: CMVideoCodecType, encoderSpecification: CFDictionary?,
    imageBufferAttributes: CFDictionary?, compressedDataAllocator: CFAllocator?, outputCallback: VTCompressionOutputCallback?,
    refcon: UnsafeMutableRawPointer?, compressionSessionOut: UnsafeMutablePointer<VTCompressionSession?>
) -> OSStatus { 0 }
public func VTCompressionSessionEncodeFrame(
    _ session: VTCompressionSession, imageBuffer: CVImageBuffer, presentationTimeStamp: CMTime, duration: CMTime,
    frameProperties: CFDictionary?, infoFlagsOut: UnsafeMutablePointer<VTEncodeInfoFlags>?,
    outputHandler: @escaping VTCompressionOutputHandler
) -> OSStatus { 0 }
