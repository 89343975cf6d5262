import Foundation
import RTVI
import RTVITesting
import XCTest

/// The delegate, and functions that the bot calls.
@MainActor
final class CallbackTests: XCTestCase {
    /// Notes what it is told.
    private final class Recorder: PipecatClientDelegate {
        var states: [TransportState] = []
        var told: [String] = []
        var then: ((String) -> Void)?

        func onTransportStateChanged(state: TransportState) {
            MainActor.assertIsolated()
            states.append(state)
        }
        func onConnected() { note("connected") }
        func onBotReady(data: BotReadyData) { note("ready \(data.version ?? "")") }
        func onBotOutput(data: BotOutputData) { if data.willBeSpoken == false { note(data.text) } }
        func onServerMessage(data: Value?) { note("message \(data ?? .null)") }
        func onMessageError(id: String?, error: String) { note("refused \(error)") }
        func onLLMFunctionCallStopped(data: FunctionCallStoppedData) {
            note("stopped \(data.functionName ?? "") \(data.result ?? .null)")
        }
        func onDisconnected() { note("disconnected") }

        private func note(_ what: String) {
            told.append(what)
            then?(what)
        }
    }

    func testTheDelegateIsToldInOrder() async throws {
        let bot = try testBot()
        let client = try PipecatClient(options: quiet(WebSocketTransport()))
        let recorder = Recorder()
        client.delegate = recorder
        try await client.connect(transportParams: bot.params(.websocket))
        try await client.sendText(content: "Write to me", options: SendTextOptions(audioResponse: false))
        try await until("the answer") { recorder.told.contains("You said: Write to me.") }
        try await client.sendClientMessage(msgType: "server-message", data: ["a": nil])
        try await until("the message") { recorder.told.contains(#"message {"a":null}"#) }
        try await client.sendClientMessage(msgType: "no-such-message")
        try await until("the refusal") { recorder.told.contains { $0.hasPrefix("refused unknown") } }
        try await client.disconnect()
        try await until("the end") { recorder.told.last == "disconnected" }
        XCTAssertEqual(recorder.told.prefix(2), ["connected", "ready 2.2.0"])
        XCTAssertEqual(
            recorder.states, [.initializing, .initialized, .connecting, .connected, .ready, .disconnecting, .disconnected])
    }

    func testTheClientMayBeReleasedInACallback() async throws {
        let recorder = Recorder()
        let transport = Loopback()
        var client: PipecatClient? = try PipecatClient(options: quiet(transport))
        weak var gone = client
        client?.delegate = recorder
        recorder.then = { [weak recorder] what in
            guard what.hasPrefix("ready") else { return }
            client = nil
            recorder?.then = nil
        }
        do {
            try await client?.connect()
        } catch {
            // Whether the call or the event comes first.
            XCTAssertEqual((error as? RTVIError)?.kind, .cancelled)
        }
        try await until("it is gone") { client == nil && gone == nil }
    }

    func testTheDelegateIsToldOfTheEndByAClientThatIsClosed() async throws {
        try await toldOfTheEnd { $0?.release() }
    }

    func testTheDelegateIsToldOfTheEndByAClientThatIsGone() async throws {
        try await toldOfTheEnd { $0 = nil }
    }

    private func toldOfTheEnd(after close: (inout PipecatClient?) -> Void) async throws {
        let transport = Loopback()
        var client: PipecatClient? = try PipecatClient(options: quiet(transport))
        let recorder = Recorder()
        client?.delegate = recorder
        let events = try XCTUnwrap(client?.events)
        try await client?.connect()
        let ended = DispatchSemaphore(value: 0)
        Task.detached {
            for await event in events where event.name == "disconnected" { break }
            ended.signal()
        }
        Task.detached {
            try await transport.say(#"{"label":"rtvi-ai","type":"error","data":{"error":"out of tokens","fatal":true}}"#)
        }
        // The main actor is kept here, so that the delegate learns of none of this before the
        // client is closed.
        keep(until: ended)
        close(&client)
        try await until("the end") { recorder.told.last == "disconnected" }
    }

    private func keep(until happened: DispatchSemaphore) {
        XCTAssertEqual(happened.wait(timeout: .now() + patience), .success)
    }

    func testTheDelegateIsNotKeptAndNeitherIsTheClient() async throws {
        var client: PipecatClient? = try PipecatClient(options: quiet(Loopback()))
        weak var gone = client
        var recorder: Recorder? = Recorder()
        weak var goneRecorder = recorder
        client?.delegate = recorder
        try await client?.connect()
        recorder = nil
        XCTAssertNil(goneRecorder)
        client = nil
        try await until("it is gone") { gone == nil }
    }

    private struct City: Decodable, Sendable { var city: String }
    private struct Weather: Encodable, Sendable { var conditions: String; var celsius: Int }

    func testTheBotCallsAFunction() async throws {
        let bot = try testBot()
        let client = try PipecatClient(options: quiet(WebSocketTransport()))
        let recorder = Recorder()
        client.delegate = recorder
        try client.registerFunctionCallHandler(functionName: "get_weather", arguments: City.self) { asked in
            Weather(conditions: "sunny in \(asked.city)", celsius: 21)
        }
        try await client.connect(transportParams: bot.params(.websocket))
        try await client.sendText(content: "How is the weather in Oslo?")
        try await until("the result") {
            recorder.told.contains(#"stopped get_weather {"celsius":21,"conditions":"sunny in Oslo"}"#)
        }
        try await client.disconnect()
        XCTAssertTrue(try client.unregisterFunctionCallHandler(functionName: "get_weather"))
        XCTAssertFalse(try client.unregisterFunctionCallHandler(functionName: "get_weather"))
    }

    func testAFunctionThatThrowsOrHangs() async throws {
        let transport = Loopback()
        var options = quiet(transport)
        options.timeouts.functionCall = 0.2
        let client = try PipecatClient(options: options)
        let hanging = Hanging()
        try client.registerFunctionCallHandler(functionName: "throws") { _ in throw RTVIError(.requestFailed, "no weather today") }
        try client.registerFunctionCallHandler(functionName: "hangs", callback: hanging.call)
        try await client.connect()
        try await transport.say(Self.call("throws", id: "1"))
        try await until("an error") { Self.result("1", transport)?.contains("no weather today") == true }
        try client.registerFunctionCallHandler(functionName: "throws") { _ in throw CancellationError() }
        try await transport.say(Self.call("throws", id: "3"))
        try await until("an answer all the same") { Self.result("3", transport)?.contains("error") == true }
        try await transport.say(Self.call("hangs", id: "2"))
        try await until("the deadline") { hanging.cancelled.value == ["2"] && Self.result("2", transport) != nil }
        try await client.disconnect()
        try client.unregisterAllFunctionCallHandlers()
    }

    /// Half a surrogate pair, as Foundation's texts can have it and Swift's can't: it arrives as
    /// U+FFFD.
    func testTextsThatAreCutInTwoArriveRepaired() async throws {
        let units: [UInt16] = Array("Nice ".utf16) + [0xD83D]
        let cut = NSString(characters: units, length: units.count) as String
        let transport = Loopback()
        let client = try PipecatClient(options: quiet(transport))
        try client.registerFunctionCallHandler(functionName: "cut") { _ in .string(cut) }
        try client.registerFunctionCallHandler(functionName: "throws") { _ in throw RTVIError(.requestFailed, cut) }
        try await client.connect()
        try await client.sendText(content: cut)
        try await client.sendClientMessage(msgType: cut, data: [cut: .string(cut)])
        try await transport.say(Self.call("cut", id: "1"))
        try await transport.say(Self.call("throws", id: "2"))
        try await until("the answers") { Self.result("1", transport) != nil && Self.result("2", transport) != nil }
        let repaired = "Nice \u{FFFD}"
        XCTAssertEqual(transport.sent.value.first { $0["type"] == "send-text" }?["data"]?["content"], .string(repaired))
        let sent = transport.sent.value.first { $0["type"] == "client-message" }?["data"]
        XCTAssertEqual(sent?["t"], .string(repaired))
        XCTAssertEqual(sent?["d"], .object([repaired: .string(repaired)]))
        for id in ["1", "2"] { XCTAssertEqual(Self.result(id, transport)?.contains(repaired), true) }
        try await client.disconnect()
    }

    func testAFunctionIsCancelled() async throws {
        let transport = Loopback()
        let client = try PipecatClient(options: quiet(transport))
        let hanging = Hanging()
        try client.registerFunctionCallHandler(functionName: "hangs", callback: hanging.call)
        try await client.connect()
        try await transport.say(Self.call("hangs", id: "1"))
        try await until("it runs") { hanging.begun.value == ["1"] }
        try await transport.say(Self.stopped("1"))
        try await until("the bot's cancel") { hanging.cancelled.value == ["1"] }
        try await transport.say(Self.call("hangs", id: "2"))
        try await until("it runs again") { hanging.begun.value == ["1", "2"] }
        try await client.disconnect()
        try await until("the end of the session") { hanging.cancelled.value == ["1", "2"] }
        XCTAssertNil(Self.result("1", transport))
        XCTAssertNil(Self.result("2", transport))
    }

    /// A function that does not end by itself.
    private final class Hanging: Sendable {
        let begun = Box<[String]>([])
        let cancelled = Box<[String]>([])

        @Sendable func call(_ call: FunctionCall) async throws -> Value {
            begun.change { $0.append(call.toolCallId) }
            do {
                try await Task.sleep(nanoseconds: 3_600_000_000_000)
            } catch {
                cancelled.change { $0.append(call.toolCallId) }
            }
            return nil
        }
    }

    private static func call(_ name: String, id: String) -> String {
        let data: Value = ["tool_call_id": .string(id), "function_name": .string(name), "arguments": [:]]
        return Value.object(["label": "rtvi-ai", "type": "llm-function-call-in-progress", "data": data]).json
    }

    private static func stopped(_ id: String) -> String {
        let data: Value = ["tool_call_id": .string(id), "cancelled": true]
        return Value.object(["label": "rtvi-ai", "type": "llm-function-call-stopped", "data": data]).json
    }

    /// What was sent as the result of a call.
    private static func result(_ id: String, _ transport: Loopback) -> String? {
        transport.sent.value.first {
            $0["type"] == "llm-function-call-result" && $0["data"]?["tool_call_id"] == .string(id)
        }?["data"]?["result"]?.json
    }
}
