#if canImport(AVFoundation) && (os(iOS) || os(macOS))
import AVFoundation

/// Delivers the microphone's audio to the core, in the core's format. Its buffers arrive on a
/// thread of the engine, which is not the render thread.
final class MicrophoneTap: @unchecked Sendable {
    private let input: PCMInput
    private let heard: AVAudioFormat
    private let wanted: AVAudioFormat
    private let converter: AVAudioConverter

    /// Throws `device` when the node has no microphone, or one whose format can't be converted.
    init(_ node: AVAudioInputNode, to input: PCMInput) throws {
        let heard = node.outputFormat(forBus: 0)
        guard heard.sampleRate > 0, heard.channelCount > 0 else {
            throw RTVIError(.device, "there is no usable microphone")
        }
        let rate = Double(DeviceAudio.format.sampleRate)
        guard
            let wanted = AVAudioFormat(commonFormat: .pcmFormatInt16, sampleRate: rate, channels: 1, interleaved: true),
            let converter = AVAudioConverter(from: heard, to: wanted)
        else {
            throw RTVIError(.device, "the microphone's format can't be converted: \(heard)")
        }
        // A Mac delivers several channels, of which the first is the voice without the echo.
        if heard.channelCount > 1 { converter.channelMap = [0] }
        (self.input, self.heard, self.wanted, self.converter) = (input, heard, wanted, converter)
        let frames = AVAudioFrameCount(heard.sampleRate / 50)
        node.installTap(onBus: 0, bufferSize: frames, format: heard) { buffer, _ in self.take(buffer) }
    }

    private func take(_ buffer: AVAudioPCMBuffer) {
        let capacity = AVAudioFrameCount(Double(buffer.frameLength) * wanted.sampleRate / heard.sampleRate) + 16
        guard let converted = AVAudioPCMBuffer(pcmFormat: wanted, frameCapacity: capacity) else { return }
        let once = Once(buffer)
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
#endif
