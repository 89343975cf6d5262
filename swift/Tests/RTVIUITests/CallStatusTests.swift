import RTVI
import RTVIUI
import XCTest

/// What a user interface shows of a call, event by event.
final class CallStatusTests: XCTestCase {
    private let lost = RTVIError(.connectionLost, "lost")

    private func status(after events: PipecatEvent...) -> CallStatus {
        events.reduce(into: CallStatus()) { $0.apply($1) }
    }

    func testACallIsActiveFromItsBeginningToItsEnd() {
        var status = CallStatus()
        XCTAssertFalse(status.isActive)
        status.isConnecting = true
        XCTAssertTrue(status.isActive)
        status.isConnecting = false
        let active: Set<TransportState> = [
            .authenticating, .authenticated, .connecting, .connected, .ready, .disconnecting,
        ]
        for state in TransportState.allCases {
            status.apply(.transportStateChanged(state: state))
            XCTAssertEqual(status.isActive, active.contains(state), "\(state)")
        }
    }

    func testItFollowsWhoSpeaks() {
        XCTAssertTrue(status(after: .userStartedSpeaking).isUserSpeaking)
        XCTAssertFalse(status(after: .userStartedSpeaking, .userStoppedSpeaking).isUserSpeaking)
        XCTAssertTrue(status(after: .botStartedSpeaking).isBotSpeaking)
        XCTAssertFalse(status(after: .botStartedSpeaking, .botStoppedSpeaking).isBotSpeaking)
        let cut = status(
            after: .userStartedSpeaking, .botStartedSpeaking, .reconnecting(attempt: 1, maxAttempts: 3, reason: lost))
        XCTAssertFalse(cut.isUserSpeaking || cut.isBotSpeaking)
    }

    func testAReconnectionLastsUntilTheBotIsReadyOrTheCallEnds() {
        let attempt = PipecatEvent.reconnecting(attempt: 2, maxAttempts: 3, reason: lost)
        let wanted = CallStatus.Reconnection(attempt: 2, maxAttempts: 3, reason: lost)
        XCTAssertEqual(status(after: attempt).reconnection, wanted)
        XCTAssertEqual(status(after: attempt, .transportStateChanged(state: .connected)).reconnection, wanted)
        XCTAssertNil(status(after: attempt, .transportStateChanged(state: .ready)).reconnection)
        XCTAssertNil(status(after: attempt, .disconnected(reason: .requested)).reconnection)
    }

    func testProblemsStay() {
        let device = RTVIError(.device, "no", device: .permissions)
        XCTAssertEqual(status(after: .deviceError(error: device), .connected).problem, device)
        XCTAssertEqual(status(after: .screenShareError(error: device)).problem, device)
        XCTAssertEqual(status(after: .error(error: lost, fatal: false)).problem, lost)
        XCTAssertEqual(status(after: .disconnected(reason: .failed(lost))).problem, lost)
        XCTAssertNil(status(after: .disconnected(reason: .requested)).problem)
        XCTAssertNil(status(after: .disconnected(reason: .botLeft(code: 1000, reason: "bye"))).problem)
    }

    func testTheBotAndTheScreenEndWithTheCall() {
        let me = Track(kind: .screenVideo, participant: Participant(id: "me", name: "", local: true))
        let bot = BotReadyData(version: "2.2.0", about: nil, capabilities: nil, config: nil)
        let before = status(after: .botReady(data: bot), .screenTrackStarted(track: me))
        XCTAssertEqual(before.bot, bot)
        XCTAssertTrue(before.isSharingScreen)
        var after = before
        after.apply(.disconnected(reason: .requested))
        XCTAssertNil(after.bot)
        XCTAssertFalse(after.isSharingScreen)
        XCTAssertFalse(status(after: .screenTrackStarted(track: me), .screenTrackStopped(track: me)).isSharingScreen)
    }
}
