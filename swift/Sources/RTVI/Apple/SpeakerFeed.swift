#if canImport(AVFoundation)
import AVFoundation

/// Carries the bot's samples from the core to a node that plays them, through a ring, so that the
/// render thread never calls the core.
final class SpeakerFeed: @unchecked Sendable {
    /// The number of samples in 10 ms.
    private static let block = DeviceAudio.format.sampleRate / 100

    /// The node that plays them.
    let node: AVAudioSourceNode

    private let ring: SampleRing
    private let timer: any DispatchSourceTimer
    // Everything below is used only by the timer.
    private let output: PCMOutput
    private var delay = PlayoutDelay()
    private var samples = [Float](repeating: 0, count: block)

    init(_ output: PCMOutput, format: AVAudioFormat) {
        // One more than is kept ready: a block that is being played counts as played.
        let ring = SampleRing(capacity: Self.block * (PlayoutDelay.most + 1))
        self.output = output
        self.ring = ring
        node = AVAudioSourceNode(format: format) { isSilence, _, frames, buffers -> OSStatus in
            guard let samples = buffers.pointee.mBuffers.mData?.assumingMemoryBound(to: Float.self) else { return noErr }
            let taken = ring.read(into: UnsafeMutableBufferPointer(start: samples, count: Int(frames)))
            (samples + taken).update(repeating: 0, count: Int(frames) - taken)
            isSilence.pointee = ObjCBool(taken == 0)
            return noErr
        }
        timer = DispatchSource.everyTenMilliseconds("ai.rtvi.speaker-feed")
        timer.setEventHandler { [weak self] in self?.fill() }
        timer.resume()
    }

    deinit {
        stop()
    }

    /// Stops taking audio. What waits in the ring plays if the node does.
    func stop() {
        timer.cancel()
    }

    private var waiting: Int { ring.count / Self.block }

    private func fill() {
        delay.check(waiting: waiting)
        while waiting < delay.target, write(output.pull(maxBytes: Self.block * MemoryLayout<Int16>.size)) {}
        delay.filled(waiting)
    }

    /// Queues these samples; returns whether there were any.
    private func write(_ pcm: Data) -> Bool {
        let count = pcm.withUnsafeBytes { bytes in
            let pulled = bytes.bindMemory(to: Int16.self)
            for (index, sample) in pulled.enumerated() { samples[index] = Float(sample) / 32_768 }
            return pulled.count
        }
        samples.withUnsafeBufferPointer { _ = ring.write(UnsafeBufferPointer(rebasing: $0[..<count])) }
        return count > 0
    }
}
#endif
