#if canImport(AVFoundation) && (os(iOS) || os(macOS))
import CoreMedia

/// The bot's samples on their way to the render thread. Blocks of 10 ms, allocated once, circulate
/// between two queues of the system, which neither lock nor allocate. One thread fills, another
/// takes.
final class SampleRing: @unchecked Sendable {
    /// The number of samples in a block.
    static let block = DeviceAudio.format.sampleRate / 100
    /// The number of blocks: 160 ms.
    static let capacity = 16

    private let memory: UnsafeMutablePointer<Float>
    private let full: CMSimpleQueue
    private let empty: CMSimpleQueue
    // The block being read and how much of it was read; used only by the reading thread.
    private var current: UnsafeRawPointer?
    private var taken = 0

    /// Throws `device` when there is no memory.
    init() throws {
        full = try Self.queue()
        empty = try Self.queue()
        memory = .allocate(capacity: Self.block * Self.capacity)
        memory.initialize(repeating: 0, count: Self.block * Self.capacity)
        for index in 0..<Self.capacity {
            CMSimpleQueueEnqueue(empty, element: UnsafeRawPointer(memory + index * Self.block))
        }
    }

    deinit {
        memory.deallocate()
    }

    /// The number of waiting blocks.
    var count: Int { Int(CMSimpleQueueGetCount(full)) }

    /// Queues a block with these samples, padded with silence; returns whether there was room.
    func put(_ samples: UnsafeBufferPointer<Int16>) -> Bool {
        guard let block = CMSimpleQueueDequeue(empty) else { return false }
        let floats = UnsafeMutableRawPointer(mutating: block).assumingMemoryBound(to: Float.self)
        for index in 0..<Self.block {
            floats[index] = index < samples.count ? Float(samples[index]) / 32_768 : 0
        }
        CMSimpleQueueEnqueue(full, element: block)
        return true
    }

    /// Takes the waiting samples, pads with silence, and returns how many were waiting. For the
    /// render thread.
    func take(into samples: UnsafeMutablePointer<Float>, count: Int) -> Int {
        var done = 0
        while done < count, let block = current ?? CMSimpleQueueDequeue(full) {
            let piece = min(Self.block - taken, count - done)
            (samples + done).update(from: block.assumingMemoryBound(to: Float.self) + taken, count: piece)
            done += piece
            taken += piece
            current = block
            if taken == Self.block {
                CMSimpleQueueEnqueue(empty, element: block)
                (current, taken) = (nil, 0)
            }
        }
        (samples + done).update(repeating: 0, count: count - done)
        return done
    }

    private static func queue() throws -> CMSimpleQueue {
        var queue: CMSimpleQueue?
        CMSimpleQueueCreate(allocator: nil, capacity: Int32(capacity), queueOut: &queue)
        guard let queue else { throw RTVIError(.device, "there is no memory for the speaker") }
        return queue
    }
}
#endif
