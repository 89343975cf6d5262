@testable import RTVI
import XCTest

/// The queue between an Apple device's render thread and the client.
final class SampleRingTests: XCTestCase {
    private func write(_ ring: SampleRing, _ samples: [Float]) -> Int {
        samples.withUnsafeBufferPointer { ring.write($0) }
    }

    private func read(_ ring: SampleRing, most: Int) -> [Float] {
        var samples = [Float](repeating: -1, count: most)
        let count = samples.withUnsafeMutableBufferPointer { ring.read(into: $0) }
        return Array(samples.prefix(count))
    }

    func testSamplesComeInTheirOrderAcrossTheEndOfTheMemory() {
        let ring = SampleRing(capacity: 5)
        XCTAssertEqual(write(ring, [1, 2, 3]), 3)
        XCTAssertEqual(read(ring, most: 2), [1, 2])
        XCTAssertEqual(write(ring, [4, 5, 6, 7]), 4)
        XCTAssertEqual(ring.count, 5)
        XCTAssertEqual(read(ring, most: 9), [3, 4, 5, 6, 7])
        XCTAssertEqual(read(ring, most: 9), [])
    }

    func testWhatDoesNotFitIsDropped() {
        let ring = SampleRing(capacity: 3)
        XCTAssertEqual(write(ring, [1, 2, 3, 4]), 3)
        XCTAssertEqual(write(ring, [5]), 0)
        XCTAssertEqual(read(ring, most: 4), [1, 2, 3])
    }

    func testTwoThreadsLoseNothing() {
        let ring = SampleRing(capacity: 64)
        let total = 100_000
        let writer = Thread {
            var next = 0
            while next < total {
                let samples = (next..<min(next + 17, total)).map(Float.init)
                next += samples.withUnsafeBufferPointer { ring.write($0) }
            }
        }
        writer.start()
        var next = 0
        while next < total {
            for sample in read(ring, most: 23) {
                XCTAssertEqual(sample, Float(next))
                next += 1
            }
        }
    }
}
