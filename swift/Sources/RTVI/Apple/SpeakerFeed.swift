#if canImport(AVFoundation) && (os(iOS) || os(macOS))
import AVFoundation

/// Carries the bot's samples from the core to a node that plays them, through a ring, so that the
/// render thread never calls the core.
final class SpeakerFeed: @unchecked Sendable {
    /// The node that plays them.
    let node: AVAudioSourceNode

    private let output: PCMOutput
    private let ring: SampleRing
    private let timer: any DispatchSourceTimer
    /// Used only by the timer.
    private var delay = PlayoutDelay(most: SampleRing.capacity)

    init(_ output: PCMOutput, format: AVAudioFormat) throws {
        let ring = try SampleRing()
        self.output = output
        self.ring = ring
        node = AVAudioSourceNode(format: format) { isSilence, _, frames, buffers -> OSStatus in
            guard let samples = buffers.pointee.mBuffers.mData?.assumingMemoryBound(to: Float.self) else { return noErr }
            isSilence.pointee = ObjCBool(ring.take(into: samples, count: Int(frames)) == 0)
            return noErr
        }
        let queue = DispatchQueue(label: "ai.rtvi.speaker-feed", qos: .userInteractive)
        timer = DispatchSource.makeTimerSource(flags: .strict, queue: queue)
        timer.schedule(deadline: .now(), repeating: .milliseconds(10), leeway: .milliseconds(1))
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

    private func fill() {
        delay.check(waiting: ring.count)
        while ring.count < delay.target {
            let pcm = output.pull(maxBytes: SampleRing.block * MemoryLayout<Int16>.size)
            guard !pcm.isEmpty, pcm.withUnsafeBytes({ ring.put($0.bindMemory(to: Int16.self)) }) else { break }
        }
        delay.filled(ring.count)
    }
}
#endif
