import Foundation
import RTVI
import RTVITesting
import XCTest

/// Sessions with the demo bot.
@MainActor
final class SessionTests: XCTestCase {
    func testAConversationOverBothTransports() async throws {
        let bot = try testBot()
        for transport in [TestTransport.websocket, .webrtc] {
            let client = try PipecatClient(options: quiet(TestBot.transport(transport)))
            let ready = try await client.startBotAndConnect(startBotParams: bot.request(transport))
            XCTAssertEqual(ready.version, "2.2.0")
            XCTAssertEqual(client.bot, ready)
            XCTAssertEqual(client.state, .ready)
            XCTAssertTrue(client.connected())
            let echo = try await client.sendClientRequest(msgType: "echo", data: ["n": 9_007_199_254_740_993])
            XCTAssertEqual(echo?["n"]?.integer, 9_007_199_254_740_993)
            try await client.disconnect()
            XCTAssertEqual(client.state, .disconnected)
            try await client.connect(transportParams: bot.params(transport))
            try await client.disconnect()
        }
    }

    func testParametersAsTypes() async throws {
        let bot = try testBot()
        struct Answer: Decodable { var wsUrl: String }
        let client = try PipecatClient(options: quiet(WebSocketTransport()))
        let answer: Answer = try await client.startBot(startBotParams: bot.request(.websocket))
        XCTAssertTrue(answer.wsUrl.hasPrefix("ws"))
        try await client.disconnect()
        try await client.connect(transportParams: WebSocketTransportConnectionParams(wsUrl: bot.ws))
        try await client.disconnect()
        let offer = try XCTUnwrap(bot.offer)
        let other = try PipecatClient(options: quiet(SmallWebRTCTransport()))
        let params = SmallWebRTCTransportConnectionParams(webrtcRequestParams: APIRequest(endpoint: offer))
        try await other.connect(transportParams: params)
        try await other.disconnect()
    }

    func testTheParametersChooseTheTransport() async throws {
        let bot = try testBot()
        let offer = try XCTUnwrap(bot.offer)
        let client = try PipecatClient(options: quiet(AutoTransport(websocket: WebSocketTransport(sampleRate: 8_000))))
        try await client.connect(transportParams: WebSocketTransportConnectionParams(wsUrl: bot.ws))
        try await client.disconnect()
        let params = SmallWebRTCTransportConnectionParams(webrtcRequestParams: APIRequest(endpoint: offer))
        try await client.connect(transportParams: params)
        try await client.disconnect()
    }

    func testErrorsTellEverything() async throws {
        let bot = try testBot()
        let client = try PipecatClient(options: quiet(WebSocketTransport()))
        do {
            try await client.sendText(content: "too early")
            XCTFail("it was sent")
        } catch let error as RTVIError {
            XCTAssertEqual(error.kind, .notReady)
        }
        do {
            let nowhere = bot.start.deletingLastPathComponent().appendingPathComponent("nowhere")
            try await client.startBotAndConnect(startBotParams: APIRequest(endpoint: nowhere))
            XCTFail("it was started")
        } catch let error as RTVIError {
            XCTAssertEqual(error.kind, .startBotFailed)
            XCTAssertEqual(error.phase, .startRequest)
            XCTAssertEqual(error.status, 404)
        }
        XCTAssertThrowsError(try client.enableCam(enable: true)) { error in
            XCTAssertEqual((error as? RTVIError)?.kind, .unsupportedFeature)
        }
        client.release()
        do {
            try await client.connect()
            XCTFail("it was connected")
        } catch let error as RTVIError {
            XCTAssertEqual(error.kind, .invalidState)
        }
        XCTAssertEqual(client.state, .disconnected)
        for await _ in client.events { XCTFail("an event of a closed client") }
    }

    func testACancelledTaskGivesTheCallUp() async throws {
        let bot = try testBot()
        let client = try PipecatClient(options: quiet(WebSocketTransport()))
        try await client.connect(transportParams: bot.params(.websocket))
        let request = Task { try await client.sendClientRequest(msgType: "never") }
        try await Task.sleep(nanoseconds: 20_000_000)
        request.cancel()
        await thrown(by: request)
        // Before it begins, too.
        let early = Task { () -> Value? in
            while !Task.isCancelled { await Task.yield() }
            return try await client.sendClientRequest(msgType: "echo")
        }
        early.cancel()
        await thrown(by: early)
        // The session is as before.
        let echo = try await client.sendClientRequest(msgType: "echo", data: 1)
        XCTAssertEqual(echo, 1)
        // A connect that is given up is undone.
        try await client.disconnect()
        let hanging = try PipecatClient(options: quiet(NeverOpens()))
        let connect = Task { () async throws -> Value? in
            try await hanging.connect()
            return nil
        }
        try await until("it connects") { hanging.state == .connecting }
        connect.cancel()
        await thrown(by: connect)
        try await until("it is undone") { hanging.state == .disconnected }
    }

    func testACancelledTaskDisconnects() async throws {
        let client = try PipecatClient(options: quiet(Loopback()))
        try await client.connect()
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            try await client.disconnect()
        }
        task.cancel()
        try await task.value
        XCTAssertEqual(client.state, .disconnected)
        // Its errors are ours.
        client.release()
        do {
            try await client.disconnect()
            XCTFail("it was disconnected")
        } catch let error as RTVIError {
            XCTAssertEqual(error.kind, .invalidState)
        }
    }

    private func thrown(by task: Task<Value?, any Error>) async {
        do {
            _ = try await task.value
            XCTFail("it was not cancelled")
        } catch {
            XCTAssertTrue(error is CancellationError, "\(error)")
        }
    }

    func testEventsEndWithTheirTaskAndTheClient() async throws {
        let client = try PipecatClient(options: quiet(Loopback()))
        let events = client.events
        let loop = Task { for await _ in events {} }
        try await client.connect()
        loop.cancel()
        await loop.value
        let names = Task { [events = client.events] in
            var names: [String] = []
            for await event in events { names.append(event.name) }
            return names
        }
        try await client.disconnect()
        client.release()
        let seen = await names.value
        XCTAssertEqual(seen.last, "disconnected")
    }

    func testALoopThatIsLeftHoldsNothingUp() async throws {
        let transport = Loopback()
        let client = try PipecatClient(options: quiet(transport))
        let events = client.events
        try await client.connect()
        for await event in events {
            XCTAssertEqual(event.name, "transportStateChanged")
            break
        }
        // More than a stream holds; they would wait for its reader, and then the session would end.
        for number in 0..<2_000 {
            try await transport.say(#"{"label":"rtvi-ai","type":"server-message","data":\#(number)}"#)
        }
        XCTAssertEqual(client.state, .ready)
        for await _ in events { XCTFail("an event of a loop that was left") }
        try await client.disconnect()
    }

    func testAChangeOfTheNetworkReachesTheTransport() async throws {
        let transport = Loopback()
        var options = quiet(transport)
        options.reconnect.maxAttempts = 1
        let client = try PipecatClient(options: options)
        try await client.networkChanged()
        try await client.connect()
        try await client.networkChanged()
        try await until("it was told") { transport.moves.value == 1 }
        try await client.disconnect()
    }

    func testATraceIsThereDuringTheSessionAndAfterIt() async throws {
        let client = try PipecatClient(options: quiet(Loopback()))
        XCTAssertEqual(client.sessionTrace()?.hasPrefix("{\"rtviTrace\":1,"), true)
        try await client.connect()
        try await client.sendText(content: "a secret")
        let trace = try XCTUnwrap(client.sessionTrace())
        XCTAssertTrue(trace.contains("send-text") && !trace.contains("secret"), trace)
        try await client.disconnect()
        XCTAssertEqual(client.sessionTrace()?.contains("session ended: requested"), true)
        client.release()
        XCTAssertNil(client.sessionTrace())
    }

    func testManyTasksUseOneClient() async throws {
        let bot = try testBot()
        let client = try PipecatClient(options: quiet(WebSocketTransport()))
        try await client.connect(transportParams: bot.params(.websocket))
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<16 {
                group.addTask {
                    let answer = try await client.sendClientRequest(msgType: "echo", data: .integer(Int64(number)))
                    return answer == .integer(Int64(number)) && client.state == .ready && client.isMicEnabled
                }
            }
            for try await isRight in group { XCTAssertTrue(isRight) }
        }
        try await client.disconnect()
    }

    func testTheLogReachesTheApp() async throws {
        let lines = Box<[String]>([])
        try PipecatLog.setSink { _, line in lines.change { $0.append(line) } }
        PipecatLog.setLevel(.debug)
        let transport = Loopback()
        let client = try PipecatClient(options: quiet(transport))
        try await client.connect()
        try await transport.say(#"{"label":"rtvi-ai","type":"bot-ready","id":"x","data":{"version":"2.2.0"}}"#)
        try await until("a line") { lines.value.contains { $0.contains("bot-ready") } }
        try await client.disconnect()
        PipecatLog.setLevel(.info)
        try PipecatLog.setSink(nil)
    }
}

/// A transport that never opens.
final class NeverOpens: Transport {
    func run(_ connection: TransportConnection) async throws -> ConnectionEnd {
        try await Task.sleep(nanoseconds: 3_600_000_000_000)
        return .requested
    }
}
