#if canImport(AVFoundation)
import AVFoundation
import Foundation
import RTVI

/// The bot's video, decoded and shown by the system: set it as `PipecatClientOptions.display`, and
/// show it in any number of views.
///
///     let bot = BotVideo()
///     options.display = bot
///     …
///     PipecatVideoView(bot)
///
/// It decodes H.264. Without a view, nothing is decoded.
public final class BotVideo: VideoDisplay, VideoFeed, @unchecked Sendable {
    public let codecs: [VideoCodec] = [.h264]

    private let lock = NSLock()
    private var state = DecoderState()
    private var format: CMVideoFormatDescription?
    private var layers: [AVSampleBufferDisplayLayer] = []
    private var size = CGSize.zero
    private var listeners: [ObjectIdentifier: @Sendable (CGSize) -> Void] = [:]

    /// Creates a display without a view.
    public init() {
        FeedRegistry.shared.add(bot: self)
    }

    public var needsKeyFrame: Bool { lock.withLock { state.needsKeyFrame && !layers.isEmpty } }

    public func write(_ frame: EncodedVideoFrame) {
        let (told, now) = lock.withLock { () -> ([@Sendable (CGSize) -> Void], CGSize) in
            guard !layers.isEmpty else {
                state.restart()
                return ([], size)
            }
            let before = size
            show(frame)
            return (before == size ? [] : Array(listeners.values), size)
        }
        told.forEach { $0(now) }
    }

    public func stop() {
        lock.withLock {
            state.restart()
            layers.forEach { $0.flushAndRemoveImage() }
        }
    }

    public func makeLayer(onSize: @escaping @Sendable (CGSize) -> Void) -> CALayer {
        let layer = AVSampleBufferDisplayLayer()
        let known = lock.withLock { () -> CGSize in
            layers.append(layer)
            listeners[ObjectIdentifier(layer)] = onSize
            // The new layer has seen no key frame.
            state.restart()
            return size
        }
        if known != .zero { onSize(known) }
        return layer
    }

    public func dropLayer(_ layer: CALayer) {
        lock.withLock {
            layers.removeAll { $0 === layer }
            listeners[ObjectIdentifier(layer)] = nil
        }
    }

    private func show(_ frame: EncodedVideoFrame) {
        // The system stops decoding in the background; the layer then begins again.
        for layer in layers where layer.status == .failed {
            layer.flush()
            state.restart()
        }
        guard let step = state.take(frame) else { return }
        if step.isNewFormat || format == nil { format = Self.format(of: step.parameters) }
        guard let format, let sample = Self.sample(step, format: format) else { return state.restart() }
        size = CGSize(width: Int(frame.width), height: Int(frame.height))
        layers.forEach { $0.enqueue(sample) }
    }

    private static func format(of parameters: ParameterSets) -> CMVideoFormatDescription? {
        var format: CMVideoFormatDescription?
        let status = parameters.sps.withUnsafeBytes { sps in
            parameters.pps.withUnsafeBytes { pps -> OSStatus in
                guard
                    let first = sps.bindMemory(to: UInt8.self).baseAddress,
                    let second = pps.bindMemory(to: UInt8.self).baseAddress
                else { return -1 }
                return CMVideoFormatDescriptionCreateFromH264ParameterSets(
                    allocator: nil, parameterSetCount: 2, parameterSetPointers: [first, second],
                    parameterSetSizes: [sps.count, pps.count], nalUnitHeaderLength: 4, formatDescriptionOut: &format)
            }
        }
        return status == noErr ? format : nil
    }

    /// A sample to show at once.
    private static func sample(_ step: DecoderState.Step, format: CMVideoFormatDescription) -> CMSampleBuffer? {
        guard let block = block(AnnexB.lengthPrefixed(step.slices)) else { return nil }
        var (sample, size): (CMSampleBuffer?, Int) = (nil, CMBlockBufferGetDataLength(block))
        let status = CMSampleBufferCreateReady(
            allocator: nil, dataBuffer: block, formatDescription: format, sampleCount: 1, sampleTimingEntryCount: 0,
            sampleTimingArray: nil, sampleSizeEntryCount: 1, sampleSizeArray: &size, sampleBufferOut: &sample)
        guard status == noErr, let sample else { return nil }
        let attachments = CMSampleBufferGetSampleAttachmentsArray(sample, createIfNecessary: true) as? [NSMutableDictionary]
        attachments?.first?[kCMSampleAttachmentKey_DisplayImmediately] = NSNumber(value: true)
        attachments?.first?[kCMSampleAttachmentKey_NotSync] = NSNumber(value: !step.isKey)
        return sample
    }

    /// A block that owns a copy of the data.
    private static func block(_ data: Data) -> CMBlockBuffer? {
        var block: CMBlockBuffer?
        let made = CMBlockBufferCreateWithMemoryBlock(
            allocator: nil, memoryBlock: nil, blockLength: data.count, blockAllocator: nil, customBlockSource: nil,
            offsetToData: 0, dataLength: data.count, flags: kCMBlockBufferAssureMemoryNowFlag, blockBufferOut: &block)
        guard made == noErr, let block else { return nil }
        let copied = data.withUnsafeBytes { bytes -> OSStatus in
            guard let base = bytes.baseAddress else { return -1 }
            return CMBlockBufferReplaceDataBytes(with: base, blockBuffer: block, offsetIntoDestination: 0, dataLength: bytes.count)
        }
        return copied == noErr ? block : nil
    }
}
#endif
