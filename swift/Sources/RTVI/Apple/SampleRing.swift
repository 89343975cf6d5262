import CRTVI

/// Samples on their way between a render thread and another thread. One thread writes and another
/// reads; neither locks, waits or allocates.
final class SampleRing: @unchecked Sendable {
    /// The most samples that it holds.
    let capacity: Int

    private let memory: UnsafeMutablePointer<Float>
    // How many samples were ever written and read.
    private let written = UnsafeMutablePointer<crtvi_index>.allocate(capacity: 1)
    private let read = UnsafeMutablePointer<crtvi_index>.allocate(capacity: 1)

    init(capacity: Int) {
        self.capacity = capacity
        memory = .allocate(capacity: capacity)
        memory.initialize(repeating: 0, count: capacity)
        written.initialize(to: crtvi_index(value: 0))
        read.initialize(to: crtvi_index(value: 0))
    }

    deinit {
        memory.deallocate()
        written.deallocate()
        read.deallocate()
    }

    /// The number of waiting samples.
    var count: Int { crtvi_load(written) - crtvi_load(read) }

    /// Queues these samples as far as there is room, and returns how many that were.
    @discardableResult
    func write(_ samples: UnsafeBufferPointer<Float>) -> Int {
        let start = crtvi_load(written)
        let fitting = min(samples.count, capacity - (start - crtvi_load(read)))
        guard fitting > 0, let source = samples.baseAddress else { return 0 }
        pieces(from: start, count: fitting) { place, offset, size in
            (memory + place).update(from: source + offset, count: size)
        }
        crtvi_store(written, start + fitting)
        return fitting
    }

    /// Takes the oldest waiting samples, as many as there is room for, and returns how many that were.
    func read(into samples: UnsafeMutableBufferPointer<Float>) -> Int {
        let start = crtvi_load(read)
        let waiting = min(samples.count, crtvi_load(written) - start)
        guard waiting > 0, let target = samples.baseAddress else { return 0 }
        pieces(from: start, count: waiting) { place, offset, size in
            (target + offset).update(from: memory + place, count: size)
        }
        crtvi_store(read, start + waiting)
        return waiting
    }

    /// The one or two pieces of memory that this range occupies: each with its place, its offset in the
    /// range and its size.
    private func pieces(from start: Int, count: Int, _ each: (Int, Int, Int) -> Void) {
        let place = start % capacity
        let first = min(count, capacity - place)
        each(place, 0, first)
        if first < count { each(0, first, count - first) }
    }
}
