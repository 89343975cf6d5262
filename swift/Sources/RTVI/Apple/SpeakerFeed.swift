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
    // The number of blocks kept ready, and the number at the last check; used only by the timer.
    private var target = 4
    private var last = 0

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

    /// Keeps 20 ms more ready than was ever played between two checks: the device's cycle may be
    /// long, and the timer late.
    private func fill() {
        target = min(max(target, last - ring.count + 2), SampleRing.capacity)
        while ring.count < target {
            let pcm = output.pull(maxBytes: SampleRing.block * MemoryLayout<Int16>.size)
            guard !pcm.isEmpty, pcm.withUnsafeBytes({ ring.put($0.bindMemory(to: Int16.self)) }) else { break }
        }
        last = ring.count
    }
}
#endif
