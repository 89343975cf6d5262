#if canImport(VideoToolbox)
import CoreMedia
import CoreVideo
import Foundation
import RTVI
import VideoToolbox

/// Compresses pictures as H.264 by the system's encoder, scaled down to the target if they are
/// larger, at most as many as the target's rate, and pushes them to the client.
///
/// Pictures must be upright. Used on one queue; ``request()`` and ``target`` from any thread.
final class VideoEncoder: @unchecked Sendable {
    private let input: VideoInput

    // Guarded by `lock`.
    private let lock = NSLock()
    private var wanted: VideoTarget
    private var owesKeyFrame = true

    // Used on the queue of the pictures only.
    private var pacer: FramePacer
    private var plan: EncoderPlan?
    private var session: VTCompressionSession?
    private var last: CVPixelBuffer?

    init(input: VideoInput, target: VideoTarget) {
        self.input = input
        wanted = target
        pacer = FramePacer(frameRate: Int(target.format.frameRate))
    }

    deinit {
        if let session { VTCompressionSessionInvalidate(session) }
    }

    /// What to deliver from now on.
    var target: VideoTarget {
        get { lock.withLock { wanted } }
        set { lock.withLock { wanted = newValue } }
    }

    /// The next frame must be a key frame.
    func request() {
        lock.withLock { owesKeyFrame = true }
    }

    /// Encodes a new picture, unless it comes too early for the rate.
    func encode(_ picture: CVPixelBuffer) {
        let now = Self.now
        pacer.frameRate = Int(target.format.frameRate)
        guard pacer.takes(at: now) else { return }
        last = picture
        encode(picture, at: now)
    }

    /// Encodes the last picture once more if there was no new one for a while.
    func repeatLast() {
        let now = Self.now
        guard let last, pacer.repeats(at: now) else { return }
        encode(last, at: now)
    }

    /// Seconds from a fixed point.
    private static var now: TimeInterval { TimeInterval(DispatchTime.now().uptimeNanoseconds) / 1_000_000_000 }

    private func encode(_ picture: CVPixelBuffer, at now: TimeInterval) {
        let (width, height) = (CVPixelBufferGetWidth(picture), CVPixelBufferGetHeight(picture))
        guard let session = session(for: EncoderPlan(width: width, height: height, target: target)) else { return }
        let isKey = lock.withLock {
            defer { owesKeyFrame = false }
            return owesKeyFrame
        }
        let options: NSDictionary? = isKey ? [kVTEncodeFrameOptionKey_ForceKeyFrame as NSString: NSNumber(value: true)] : nil
        let time = CMTime(value: CMTimeValue(now * 1_000_000), timescale: 1_000_000)
        let status = VTCompressionSessionEncodeFrame(
            session, imageBuffer: picture, presentationTimeStamp: time, duration: .invalid,
            frameProperties: options as CFDictionary?, infoFlagsOut: nil
        ) { [weak self] status, _, sample in
            self?.encoded(status, sample)
        }
        if status != noErr { failed(status) }
    }

    /// The session for a plan: the present one if it can follow.
    private func session(for new: EncoderPlan) -> VTCompressionSession? {
        if new.needsNewEncoder(after: plan) || session == nil {
            if let session { VTCompressionSessionInvalidate(session) }
            session = nil
            var made: VTCompressionSession?
            let status = VTCompressionSessionCreate(
                allocator: nil, width: Int32(new.width), height: Int32(new.height), codecType: kCMVideoCodecType_H264,
                encoderSpecification: nil, imageBufferAttributes: nil, compressedDataAllocator: nil, outputCallback: nil,
                refcon: nil, compressionSessionOut: &made)
            guard status == noErr, let made else {
                input.fail(RTVIError(.device, "the system has no encoder for \(new.width)x\(new.height): \(status)"))
                return nil
            }
            session = made
            lock.withLock { owesKeyFrame = true }
            begin(made)
        }
        if let session, new != plan { follow(new, session) }
        plan = new
        return session
    }

    private func begin(_ session: VTCompressionSession) {
        set(session, kVTCompressionPropertyKey_RealTime, NSNumber(value: true))
        set(session, kVTCompressionPropertyKey_ProfileLevel, kVTProfileLevel_H264_ConstrainedBaseline_AutoLevel)
        set(session, kVTCompressionPropertyKey_AllowFrameReordering, NSNumber(value: false))
        // Key frames are made on demand only.
        set(session, kVTCompressionPropertyKey_MaxKeyFrameInterval, NSNumber(value: Int32.max))
        VTCompressionSessionPrepareToEncodeFrames(session)
    }

    private func follow(_ plan: EncoderPlan, _ session: VTCompressionSession) {
        set(session, kVTCompressionPropertyKey_AverageBitRate, NSNumber(value: plan.bitrate))
        set(session, kVTCompressionPropertyKey_ExpectedFrameRate, NSNumber(value: plan.frameRate))
        let limits: NSArray = [NSNumber(value: plan.bytesPerSecond), NSNumber(value: 1)]
        set(session, kVTCompressionPropertyKey_DataRateLimits, limits)
    }

    /// A property that this encoder does not know keeps its default.
    private func set(_ session: VTCompressionSession, _ key: CFString, _ value: CFTypeRef) {
        _ = VTSessionSetProperty(session, key: key, value: value)
    }

    /// A failed encoder, as after a stay in the background, is replaced with the next picture.
    private func failed(_ status: OSStatus) {
        if let session { VTCompressionSessionInvalidate(session) }
        (session, plan) = (nil, nil)
        request()
    }

    private func encoded(_ status: OSStatus, _ sample: CMSampleBuffer?) {
        guard status == noErr, let sample, let frame = EncodedSample(sample)?.frame else { return request() }
        // A frame of a wrong size or codec is impossible here.
        _ = try? input.push(frame)
    }
}

/// What the system's encoder delivers.
struct EncodedSample {
    let frame: EncodedVideoFrame

    init?(_ sample: CMSampleBuffer) {
        guard let format = CMSampleBufferGetFormatDescription(sample), let block = CMSampleBufferGetDataBuffer(sample) else {
            return nil
        }
        var data = Data(count: CMBlockBufferGetDataLength(block))
        let copied = data.withUnsafeMutableBytes { bytes -> OSStatus in
            guard let base = bytes.baseAddress else { return -1 }
            return CMBlockBufferCopyDataBytes(block, atOffset: 0, dataLength: bytes.count, destination: base)
        }
        let isKey = !Self.dependsOnOthers(sample)
        let (sets, lengthSize) = Self.parameters(of: format)
        guard
            copied == noErr,
            let stream = AccessUnit.annexB(encoded: data, lengthSize: lengthSize, isKey: isKey, parameters: sets)
        else { return nil }
        let size = CMVideoFormatDescriptionGetDimensions(format)
        let time = CMTimeGetSeconds(CMSampleBufferGetPresentationTimeStamp(sample))
        frame = EncodedVideoFrame(
            codec: .h264, data: stream, isKey: isKey, width: UInt32(clamping: size.width), height: UInt32(clamping: size.height),
            timestampUs: UInt64(max(time, 0) * 1_000_000))
    }

    private static func dependsOnOthers(_ sample: CMSampleBuffer) -> Bool {
        let attachments = CMSampleBufferGetSampleAttachmentsArray(sample, createIfNecessary: false) as? [[CFString: Any]]
        return attachments?.first?[kCMSampleAttachmentKey_NotSync] as? Bool ?? false
    }

    /// The parameter sets, and the size of a length.
    private static func parameters(of format: CMFormatDescription) -> ([Data], Int) {
        var (count, lengthSize) = (0, Int32(4))
        _ = CMVideoFormatDescriptionGetH264ParameterSetAtIndex(
            format, parameterSetIndex: 0, parameterSetPointerOut: nil, parameterSetSizeOut: nil,
            parameterSetCountOut: &count, nalUnitHeaderLengthOut: &lengthSize)
        let sets = (0..<count).compactMap { index -> Data? in
            var (pointer, size): (UnsafePointer<UInt8>?, Int) = (nil, 0)
            let status = CMVideoFormatDescriptionGetH264ParameterSetAtIndex(
                format, parameterSetIndex: index, parameterSetPointerOut: &pointer, parameterSetSizeOut: &size,
                parameterSetCountOut: nil, nalUnitHeaderLengthOut: nil)
            return status == noErr ? pointer.map { Data(bytes: $0, count: size) } : nil
        }
        return (sets, Int(lengthSize))
    }
}
#endif
