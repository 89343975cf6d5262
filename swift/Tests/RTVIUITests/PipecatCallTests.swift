import Observation
import RTVI
import RTVITestKit
import RTVIUI
import XCTest

/// A call as a user interface shows it, with a client that is none.
@MainActor
final class PipecatCallTests: XCTestCase {
    private let client = MockPipecatClient()
    private let request = APIRequest(endpoint: URL(string: "http://bot/start")!)

    /// Lets the call's tasks and its loop over the events run until something holds.
    private func until(_ what: String, _ holds: @MainActor () -> Bool) async throws {
        let limit = Date().addingTimeInterval(60)
        while !holds() {
            guard Date() < limit else { throw RTVIError(.timeout, "in vain: \(what)") }
            try await Task.sleep(nanoseconds: 1_000_000)
        }
    }

    private func ready() async throws -> PipecatCall {
        let call = PipecatCall(client: client)
        call.start(request)
        try await until("it is ready") { call.state == .ready && !call.isConnecting }
        return call
    }

    func testACallFromItsBeginningToItsEnd() async throws {
        let call = PipecatCall(client: client)
        XCTAssertFalse(call.isActive)
        call.start(request)
        XCTAssertTrue(call.isActive && call.isConnecting)
        call.start(request)
        try await until("it is ready") { call.bot == client.ready && !call.isConnecting }
        XCTAssertEqual(client.calls.map(\.method), ["startBotAndConnect"])
        call.send(" \n")
        call.send("Hello")
        client.emit(.botStartedSpeaking)
        try await until("the bot speaks") { call.isBotSpeaking && client.calls.count == 2 }
        XCTAssertEqual(client.calls.last, MockPipecatClient.Call("sendText", ["content": "Hello"]))
        call.end()
        try await until("it is over") { !call.isActive }
        XCTAssertFalse(call.isBotSpeaking)
        XCTAssertNil(call.problem)
    }

    func testAFailureIsAProblemUntilItIsDismissed() async throws {
        client.onCall = { _ in throw RTVIError(.busy, "no bot is free") }
        let call = PipecatCall(client: client)
        call.connect(transportParams: WebSocketTransportConnectionParams(wsUrl: URL(string: "ws://bot")!))
        try await until("it failed") { call.problem?.kind == .busy }
        XCTAssertFalse(call.isActive)
        call.dismissProblem()
        XCTAssertNil(call.problem)
        call.send("Hello")
        try await until("it failed") { call.problem?.kind == .busy }
        client.onCall = nil
        call.start(request)
        XCTAssertNil(call.problem)
        try await until("it is ready") { call.state == .ready }
        client.lose()
        try await until("it is lost") { call.problem?.kind == .connectionLost && !call.isActive }
    }

    func testHangingUpWhileTheCallBeginsIsNoProblem() async throws {
        client.connectsAtOnce = false
        let call = PipecatCall(client: client)
        call.start(request)
        try await until("it begins") { call.state == .connecting }
        call.end()
        try await until("it is over") { !call.isActive && client.calls.last?.method == "disconnect" }
        XCTAssertNil(call.problem)
    }

    func testTheMicrophoneIsWhatTheClientSays() async throws {
        let call = try await ready()
        call.setMic(false)
        XCTAssertFalse(call.isMicEnabled)
        try await until("it is off") { !client.isMicEnabled }
        client.onCall = { _ in throw RTVIError(.device, "no", device: .inUse) }
        call.setMic(true)
        XCTAssertTrue(call.isMicEnabled)
        try await until("it failed") { call.problem?.device == .inUse }
        XCTAssertFalse(call.isMicEnabled)
        client.onCall = nil
        call.setCam(true)
        call.setScreenShare(true)
        try await until("both are on") { call.isCamEnabled && client.isSharingScreen }
    }

    func testTheConversationAndTheLevelsFollow() async throws {
        let call = try await ready()
        client.emit(.userTranscript(data: said("Hello")))
        client.emit(.localAudioLevel(level: 0.5))
        client.emit(.remoteAudioLevel(level: 0.25))
        try await until("they follow") { call.levels.bot == 0.25 }
        XCTAssertEqual(call.conversation.turns.map(\.text), ["Hello"])
        XCTAssertEqual(call.levels.user, 0.5)
        client.lose()
        try await until("it is silent") { call.levels.user == 0 && call.levels.bot == 0 }
        XCTAssertEqual(call.conversation.turns.count, 1)
        call.start(request)
        XCTAssertEqual(call.conversation.turns, [])
    }

    func testWhoeverObservesIsTold() async throws {
        let call = try await ready()
        // Events are seen in order: what the call began with is over then.
        client.emit(.localAudioLevel(level: 0.25))
        try await until("earlier events are seen") { call.levels.user == 0.25 }
        let told = Told()
        observe(told, "mic") { _ = call.isMicEnabled }
        observe(told, "turns") { _ = call.conversation.turns }
        observe(told, "levels") { _ = call.levels.user }
        client.emit(.localAudioLevel(level: 0.5))
        try await until("it is told") { !told.names.isEmpty }
        XCTAssertEqual(told.names, ["levels"])
        client.emit(.localAudioLevel(level: 0.5))
        client.emit(.userTranscript(data: said("Hello")))
        try await until("it is told") { told.names.count > 1 }
        XCTAssertEqual(told.names, ["levels", "turns"])
        call.setMic(false)
        XCTAssertEqual(told.names, ["levels", "turns", "mic"])
    }

    func testItKeepsNobodyAlive() async throws {
        weak var weakCall: PipecatCall?
        do {
            let call = try await ready()
            weakCall = call
        }
        try await until("it is gone") { weakCall == nil }
    }

    private func observe(_ told: Told, _ name: String, _ read: () -> Void) {
        withObservationTracking(read) {
            MainActor.assumeIsolated { told.names.append(name) }
        }
    }

    private func said(_ text: String) -> TranscriptData {
        TranscriptData(text: text, userId: nil, timestamp: nil, isFinal: true)
    }
}

@MainActor
private final class Told {
    var names: [String] = []
}
