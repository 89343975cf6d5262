#if canImport(AVFoundation)
import AVFoundation

/// Carries the microphone's samples from the engine to the core, in the core's format and every 10 ms,
/// through a ring, so that the render thread never calls the core.
final class MicrophoneFeed: @unchecked Sendable {
    /// The node that takes them, to be connected to the engine's input.
    let node: AVAudioSinkNode
    /// What the microphone delivers.
    let format: AVAudioFormat

    private let ring: SampleRing
    private let timer: any DispatchSourceTimer
    // Everything below is used only by the timer.
    private let input: PCMInput
    private let converter: AVAudioConverter
    private let heard: AVAudioPCMBuffer
    private let converted: AVAudioPCMBuffer

    /// Throws `device` when the node has no microphone, or one whose format can't be converted.
    init(_ microphone: AVAudioInputNode, to input: PCMInput) throws {
        let format = microphone.outputFormat(forBus: 0)
        guard format.sampleRate > 0, format.channelCount > 0 else {
            throw RTVIError(.device, "there is no usable microphone", device: .notFound)
        }
        // A Mac delivers several channels, of which the first is the voice without the echo.
        let frames = format.sampleRate / 5
        guard
            format.commonFormat == .pcmFormatFloat32, !format.isInterleaved,
            let voice = AVAudioFormat(standardFormatWithSampleRate: format.sampleRate, channels: 1),
            let wanted = AVAudioFormat(
                commonFormat: .pcmFormatInt16, sampleRate: Double(DeviceAudio.format.sampleRate), channels: 1, interleaved: true),
            let converter = AVAudioConverter(from: voice, to: wanted),
            let heard = AVAudioPCMBuffer(pcmFormat: voice, frameCapacity: AVAudioFrameCount(frames)),
            let converted = AVAudioPCMBuffer(
                pcmFormat: wanted, frameCapacity: AVAudioFrameCount(frames * wanted.sampleRate / voice.sampleRate) + 16)
        else {
            throw RTVIError(.device, "the microphone's format can't be converted: \(format)", device: .constraints)
        }
        let ring = SampleRing(capacity: Int(frames))
        (self.format, self.ring, self.input) = (format, ring, input)
        (self.converter, self.heard, self.converted) = (converter, heard, converted)
        node = AVAudioSinkNode { _, frames, buffers -> OSStatus in
            guard let samples = buffers.pointee.mBuffers.mData?.assumingMemoryBound(to: Float.self) else { return noErr }
            ring.write(UnsafeBufferPointer(start: samples, count: Int(frames)))
            return noErr
        }
        timer = DispatchSource.everyTenMilliseconds("ai.rtvi.microphone-feed")
        timer.setEventHandler { [weak self] in self?.drain() }
        timer.resume()
    }

    deinit {
        stop()
    }

    /// Stops delivering audio.
    func stop() {
        timer.cancel()
    }

    private func drain() {
        guard let samples = heard.floatChannelData?[0] else { return }
        let room = UnsafeMutableBufferPointer(start: samples, count: Int(heard.frameCapacity))
        heard.frameLength = AVAudioFrameCount(ring.read(into: room))
        guard heard.frameLength > 0 else { return }
        let once = Once(heard)
        let status = converter.convert(to: converted, error: nil) { _, status in once.next(status) }
        guard status != .error, let samples = converted.int16ChannelData?[0] else { return }
        input.push(UnsafeBufferPointer(start: samples, count: Int(converted.frameLength)))
    }

    /// A buffer that the converter receives once, on the thread that runs the conversion.
    private final class Once: @unchecked Sendable {
        private var buffer: AVAudioBuffer?

        init(_ buffer: AVAudioBuffer) {
            self.buffer = buffer
        }

        func next(_ status: UnsafeMutablePointer<AVAudioConverterInputStatus>) -> AVAudioBuffer? {
            status.pointee = buffer == nil ? .noDataNow : .haveData
            defer { buffer = nil }
            return buffer
        }
    }
}

extension DispatchSource {
    /// A timer that must be resumed, on a queue of its own.
    static func everyTenMilliseconds(_ name: String) -> any DispatchSourceTimer {
        let timer = makeTimerSource(flags: .strict, queue: DispatchQueue(label: name, qos: .userInteractive))
        timer.schedule(deadline: .now(), repeating: .milliseconds(10), leeway: .milliseconds(1))
        return timer
    }
}
#endif
