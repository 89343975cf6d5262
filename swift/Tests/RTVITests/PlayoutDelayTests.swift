@testable import RTVI
import XCTest

/// How much audio is kept ready for an Apple device's speaker.
final class PlayoutDelayTests: XCTestCase {
    /// Checks so often while so many blocks are played between two of them.
    private func run(_ delay: inout PlayoutDelay, checks: Int, played: Int) {
        for _ in 0..<checks {
            let waiting = max(delay.target - played, 0)
            delay.check(waiting: waiting)
            delay.filled(delay.target)
        }
    }

    func testALongCycleIsCovered() {
        var delay = PlayoutDelay()
        run(&delay, checks: 10, played: 1)
        XCTAssertEqual(delay.target, 4)
        run(&delay, checks: 10, played: 3)
        XCTAssertEqual(delay.target, 5)
    }

    func testItFallsAgainAfterALateCheck() {
        var delay = PlayoutDelay()
        delay.filled(16)
        delay.check(waiting: 0)
        XCTAssertEqual(delay.target, 16)
        delay.filled(16)
        run(&delay, checks: PlayoutDelay.span / 2, played: 1)
        XCTAssertEqual(delay.target, 16)
        run(&delay, checks: 2 * PlayoutDelay.span, played: 1)
        XCTAssertEqual(delay.target, 4)
    }
}
