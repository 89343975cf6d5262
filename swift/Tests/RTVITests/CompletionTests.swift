import Foundation
import RTVI
import RTVITesting
import XCTest

/// The calls with a completion, as in the Pipecat iOS SDK.
@MainActor
final class CompletionTests: XCTestCase {
    func testTheCallsOfASession() async throws {
        let bot = try testBot()
        let client = try PipecatClient(options: quiet(WebSocketTransport()))
        let answer: Value = try await result { client.startBot(startBotParams: bot.request(.websocket), completion: $0) }
        let ready = try await result { client.connect(transportParams: answer, completion: $0) }
        XCTAssertEqual(ready.version, PipecatClient.protocolVersion)
        let echo = try await result { client.sendClientRequest(msgType: "echo", data: [1], completion: $0) }
        XCTAssertEqual(echo, [1])
        try await result { client.enableMic(enable: false, completion: $0) }
        XCTAssertFalse(client.isMicEnabled)
        try await result { client.disconnect(completion: $0) }
        XCTAssertEqual(client.state, .disconnected)
        try await result { client.startBotAndConnect(startBotParams: bot.request(.websocket), completion: $0) }
        client.disconnect(completion: nil)
        try await until("it is over") { client.state == .disconnected }
    }

    func testDevicesAreInitialized() async throws {
        let client = try PipecatClient(options: quiet(Loopback()))
        try await result { client.initDevices(completion: $0) }
        XCTAssertEqual(client.state, .initialized)
    }

    func testFailuresHaveTheirKind() async throws {
        let client = try PipecatClient(options: quiet(Loopback()))
        let calls: [(RTVIError.Kind, (@escaping PipecatCompletion<Void>) -> Void)] = [
            (.unsupportedFeature, { client.enableCam(enable: true, completion: $0) }),
            (.device, { client.updateMic(micId: "none", completion: $0) }),
            (.device, { client.updateSpeaker(speakerId: "none", completion: $0) }),
            (.device, { client.updateCam(camId: "none", completion: $0) }),
        ]
        for (kind, call) in calls {
            do {
                try await result(call)
                XCTFail("\(kind)")
            } catch let error as RTVIError {
                XCTAssertEqual(error.kind, kind)
            }
        }
        do {
            _ = try await result { client.sendClientRequest(msgType: "echo", completion: $0) }
            XCTFail("it was not ready")
        } catch let error as RTVIError {
            XCTAssertEqual(error.kind, .notReady)
        }
    }

    @discardableResult
    private func result<T: Sendable>(_ call: (@escaping PipecatCompletion<T>) -> Void) async throws -> T {
        try await withCheckedThrowingContinuation { waiting in
            call { result in
                MainActor.assertIsolated()
                waiting.resume(with: result)
            }
        }
    }
}
