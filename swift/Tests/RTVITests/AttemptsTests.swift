@testable import RTVI
import XCTest

/// How often devices are opened anew by themselves.
final class AttemptsTests: XCTestCase {
    func testGiveUpAfterFiveWithinHalfAMinute() {
        var attempts = Attempts()
        let waits = (0..<6).map { attempts.next(now: UInt64($0) * 1_000_000_000) }
        XCTAssertEqual(waits, [250, 500, 1000, 2000, 4000].map { .milliseconds($0) } + [nil])
    }

    func testBeginAnewWhenItWasQuiet() {
        var attempts = Attempts()
        for _ in 0..<5 { _ = attempts.next(now: 0) }
        XCTAssertNil(attempts.next(now: 30_000_000_000))
        XCTAssertEqual(attempts.next(now: 30_000_000_001), .milliseconds(250))
    }
}
