@testable import RTVI
import XCTest

/// What an Apple device's audio session and network mean for a call.
final class AudioSessionTests: XCTestCase {
    func testACallBeginsWithTheFirstMicrophone() {
        XCTAssertFalse(SessionPlan([]).isCall)
        XCTAssertEqual(SessionPlan([.init(microphone: false, earpiece: false)]), SessionPlan([]))
        let plan = SessionPlan([.init(microphone: false, earpiece: true), .init(microphone: true, earpiece: true)])
        XCTAssertTrue(plan.isCall)
        XCTAssertFalse(plan.usesLoudspeaker)
    }

    func testTheLoudspeakerOutweighsTheEarpiece() {
        let plan = SessionPlan([.init(microphone: true, earpiece: true), .init(microphone: false, earpiece: false)])
        XCTAssertTrue(plan.usesLoudspeaker)
    }

    func testAnInterruptionEndsAtOnceOrWhenTheAppIsActive() {
        XCTAssertEqual(SessionChange(interruption: 1, options: nil), .interrupted)
        XCTAssertEqual(SessionChange(interruption: 0, options: 1), .lost)
        XCTAssertEqual(SessionChange(interruption: 0, options: 0), .retry)
        XCTAssertEqual(SessionChange(interruption: 0, options: nil), .retry)
        XCTAssertNil(SessionChange(interruption: nil, options: 1))
        XCTAssertNil(SessionChange(interruption: 7, options: 1))
    }

    func testAnExceptionsBarrierPassesErrorsOn() {
        var ran = false
        XCTAssertNoThrow(try withoutExceptions { ran = true })
        XCTAssertTrue(ran)
        XCTAssertThrowsError(try withoutExceptions { throw RTVIError(.device, "no") }) { error in
            XCTAssertEqual((error as? RTVIError)?.message, "no")
        }
    }

    func testOnlyAnotherNetworkIsAMove() {
        var moves = NetworkMoves()
        func moved(_ interface: String?, _ routers: Set<String> = []) -> Bool {
            moves.moves(to: interface.map { NetworkMoves.Network(interface: $0, routers: routers) })
        }
        XCTAssertFalse(moved("en0", ["10.0.0.1"]), "the first one")
        XCTAssertFalse(moved("en0", ["fe80::1", "10.0.0.1"]), "a router is found later")
        XCTAssertFalse(moved(nil))
        XCTAssertFalse(moved("en0", ["fe80::1"]), "the same one again")
        XCTAssertTrue(moved("pdp_ip0"))
        XCTAssertTrue(moved("en0", ["192.168.1.1"]))
        XCTAssertTrue(moved("en0", ["10.0.0.1"]), "another Wi-Fi")
        XCTAssertFalse(moved("en0"), "its router is unknown for now")
    }
}
