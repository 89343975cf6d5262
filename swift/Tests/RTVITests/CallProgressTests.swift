@testable import RTVICallKit
import XCTest

/// A call on the system's call screen.
final class CallProgressTests: XCTestCase {
    private func actions(_ inputs: [CallProgress.Input], usesMic: Bool = true) -> [CallProgress.Action] {
        var progress = CallProgress(usesMic: usesMic)
        return inputs.flatMap { progress.handle($0) }
    }

    func testTheUserEndsACall() {
        XCTAssertEqual(
            actions([.allowed, .connected, .ended, .disconnected]), [.connect, .reportConnected, .disconnect])
    }

    func testTheBotEndsACall() {
        XCTAssertEqual(
            actions([.allowed, .connected, .disconnected, .ended]), [.connect, .reportConnected, .reportEnd(failed: false)])
    }

    func testACallThatIsOverBeforeItIsKnownToHaveBegun() {
        XCTAssertEqual(
            actions([.allowed, .disconnected, .connected]), [.connect, .reportConnected, .reportEnd(failed: false)])
    }

    func testTheMicrophoneIsAsBeforeWhenACallEndsMuted() {
        XCTAssertEqual(
            actions([.allowed, .connected, .muted(true), .disconnected]),
            [.connect, .reportConnected, .enableMic(false), .reportEnd(failed: false), .enableMic(true)])
    }

    func testAMicrophoneThatTheAppHasOffStaysOff() {
        XCTAssertEqual(
            actions([.allowed, .connected, .held(true), .held(false), .ended], usesMic: false),
            [.connect, .reportConnected, .disconnect])
    }

    func testACallThatFails() {
        XCTAssertEqual(actions([.allowed, .failed, .disconnected]), [.connect, .reportEnd(failed: true)])
    }

    func testACallThatIsEndedWhileItConnectsIsNotReportedAgain() {
        XCTAssertEqual(actions([.allowed, .ended, .failed, .disconnected]), [.connect, .disconnect])
        XCTAssertEqual(actions([.ended, .connected]), [])
    }

    func testTheMicrophoneIsOffWhileTheCallIsMutedOrHeld() {
        let inputs: [CallProgress.Input] = [
            .allowed, .connected, .muted(true), .held(true), .muted(false), .held(false), .ended, .muted(true),
        ]
        XCTAssertEqual(
            actions(inputs), [.connect, .reportConnected, .enableMic(false), .enableMic(true), .disconnect])
    }
}
