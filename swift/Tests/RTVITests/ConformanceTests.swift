import Foundation
import RTVI
import RTVITesting
import XCTest

/// Every conformance vector (tests/conformance) through the package, on a transport of the test's
/// own.
@MainActor
final class ConformanceTests: XCTestCase {
    func testEveryVectorOfTheServer() async throws {
        for (place, vector) in try vectors("server") {
            try await checkServer(place, vector)
        }
    }

    func testEveryVectorOfTheClient() async throws {
        var notCalls = 0
        for (place, vector) in try vectors("client") where try await !checkClient(place, vector) { notCalls += 1 }
        // Connecting and devices send these, and no app; and what is deprecated is not called here.
        XCTAssertEqual(notCalls, try vectors("client").filter { _, vector in
            ["appendToContext", "clientReady", "sendRawAudio", "sendRawAudioBatch"].contains(vector["call"]?["method"]?.string)
        }.count)
    }

    func testEveryConversation() async throws {
        for (place, vector) in try vectors("conversation") {
            try await checkConversation(place, vector)
        }
    }

    private func vectors(_ side: String) throws -> [(String, Value)] {
        let here = URL(fileURLWithPath: #filePath)
        let root = here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let folder = root.deletingLastPathComponent().appendingPathComponent("tests/conformance/\(side)")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        let all = try files.flatMap { file in
            (try Value(json: String(contentsOf: file, encoding: .utf8)).array ?? []).map { vector in
                ("\(file.lastPathComponent), \(vector["name"]?.string ?? "")", vector)
            }
        }
        XCTAssertFalse(all.isEmpty)
        return all
    }

    // MARK: Messages of the server

    /// What means something to the client's state, or answers what was not asked: here only that
    /// the client takes it.
    private static let handled = ["botReady", "serverResponse", "messageError", "error"]

    private func checkServer(_ place: String, _ vector: Value) async throws {
        let session = try await Session(version: "2.2.0")
        let wanted = vector["event"]?["name"]?.string
        try await session.transport.say(vector["wire"]?.string ?? vector["wire"]?.json ?? "")
        if wanted == "error", vector["event"]?["data"]?["fatal"] == true {
            _ = try await session.until("disconnected")
            return session.client.release()
        }
        try await session.transport.say(#"{"label":"rtvi-ai","type":"server-message","data":"the end of the vector"}"#)
        let seen = try await session.until("serverMessage", data: "the end of the vector")
        compare(place, vector, wanted, seen)
        session.client.release()
    }

    private func compare(_ place: String, _ vector: Value, _ wanted: String?, _ seen: [PipecatEvent]) {
        if vector["foreign"] != nil {
            XCTAssertEqual(seen.map(\.name), ["protocolError"], place)
        } else if let error = vector["error"] {
            let data = seen.first?.json
            XCTAssertEqual(seen.first?.name, "protocolError", place)
            if let type = error["type"], !type.isNull { XCTAssertEqual(data?["type"], type, place) }
            let part = error["reasonContains"]?.string ?? ""
            let reason = data?["reason"]?.string ?? ""
            XCTAssertTrue(part.isEmpty || reason.contains(part), "\(place): \(reason)")
        } else if let wanted {
            let isHandled = Self.handled.contains(wanted)
            guard let found = seen.first(where: { $0.name == wanted }) else {
                return XCTAssertTrue(isHandled && seen.isEmpty, "\(place): \(seen)")
            }
            let data = found.json
            let expected = vector["event"]?["data"]
            let holds = isHandled ? expected.map { data?.contains($0) ?? false } ?? true : data == expected
            XCTAssertTrue(holds, "\(place): \(String(describing: data))")
        }
    }

    // MARK: Conversations

    private func checkConversation(_ place: String, _ vector: Value) async throws {
        let session = try await Session(version: vector["botVersion"]?.string ?? "2.2.0", reconnects: true)
        var seen: [PipecatEvent] = []
        for step in vector["steps"]?.array ?? [] {
            seen += try await take(step, session)
        }
        if seen.last?.name != "disconnected" {
            seen += try await catchUp(session)
        }
        let conversation = Conversation()
        var turns: [Turn] = []
        for event in seen {
            guard let change = conversation.apply(event) else { continue }
            turns = turns.dropFirst(Int(change.dropped)).prefix(Int(change.first)) + conversation.turns(from: Int(change.first))
        }
        XCTAssertEqual(Value.array(turns.map(\.json)), vector["turns"], place)
        XCTAssertEqual(turns, conversation.turns, place)
        session.client.release()
    }

    /// Takes all events of what the bot has said so far. Calls and messages reach the client by
    /// different ways: without this, a call could overtake a message.
    private func catchUp(_ session: Session) async throws -> [PipecatEvent] {
        try await session.transport.say(#"{"label":"rtvi-ai","type":"server-message","data":"caught up"}"#)
        return try await session.until("serverMessage", data: "caught up")
    }

    /// Brings about a step, and gives the events of what became of the connection.
    private func take(_ step: Value, _ session: Session) async throws -> [PipecatEvent] {
        switch step.string {
        case "lost":
            let before = try await catchUp(session)
            session.transport.lose()
            return before + (try await session.through("botReady"))
        case "ended":
            let before = try await catchUp(session)
            try await session.client.disconnect()
            return before + (try await session.through("disconnected"))
        default:
            var message = step.object ?? [:]
            message["label"] = "rtvi-ai"
            try await session.transport.say(Value.object(message).json)
            return []
        }
    }

    // MARK: Calls of the client

    /// Says whether the vector is one for an app.
    private func checkClient(_ place: String, _ vector: Value) async throws -> Bool {
        let call = vector["call"] ?? .null
        let session = try await Session(version: call["botVersion"]?.string ?? "2.2.0")
        defer { session.client.release() }
        var failure: RTVIError?
        do {
            guard try await make(call["method"]?.string ?? "", call["args"] ?? [:], session) else { return false }
        } catch let error as RTVIError {
            failure = error
        }
        if let error = vector["error"] {
            XCTAssertEqual(failure.map { "\($0.kind)" }, error["kind"]?.string, place)
            XCTAssertEqual(session.transport.sent.value.count, 1, place)
            return true
        }
        XCTAssertNil(failure, place)
        let wire = vector["wire"]?.array ?? []
        try await until(place) { session.transport.sent.value.count > wire.count }
        for (message, wanted) in zip(session.transport.sent.value.dropFirst(), wire) {
            XCTAssertEqual(message["label"], "rtvi-ai", place)
            XCTAssertEqual(message["type"], wanted["type"], place)
            guard let data = wanted["data"] else { continue }
            let holds = data["options"] == nil ? message["data"]?.contains(data) ?? false : message["data"] == data
            XCTAssertTrue(holds, "\(place): \(message)")
        }
        return true
    }

    private func make(_ method: String, _ args: Value, _ session: Session) async throws -> Bool {
        let client = session.client
        let text = { (name: String) in args[name]?.string ?? "" }
        switch method {
        case "disconnectBot": try await client.disconnectBot()
        case "sendClientMessage": try await client.sendClientMessage(msgType: text("type"), data: args["data"])
        case "sendClientRequest":
            Task { try? await client.sendClientRequest(msgType: text("type"), data: args["data"]) }
        case "sendText":
            let options = args["options"].map {
                SendTextOptions(runImmediately: $0["run_immediately"]?.bool, audioResponse: $0["audio_response"]?.bool)
            }
            try await client.sendText(content: text("content"), options: options)
        case "sendFile": try await client.sendFile(file: args)
        case "sendDtmf": try await client.sendDTMF(keys: text("keys"))
        case "sendUiEvent": try await client.sendUIEvent(event: text("event"), payload: args["payload"])
        case "sendUiSnapshot": try await client.sendUISnapshot(snapshot: args)
        case "cancelUiJobGroup": try await client.cancelUIJobGroup(jobId: text("job_id"), reason: args["reason"]?.string)
        case "functionCallResult": try await answer(args, session)
        default: return false
        }
        return true
    }

    /// Function results are answers to calls of the bot.
    private func answer(_ args: Value, _ session: Session) async throws {
        let result = args["result"] ?? .null
        let name = args["function_name"] ?? .null
        try session.client.registerFunctionCallHandler(functionName: name.string ?? "") { _ in result }
        let call: Value = [
            "label": "rtvi-ai", "type": "llm-function-call-in-progress",
            "data": ["tool_call_id": args["tool_call_id"] ?? nil, "function_name": name, "arguments": args["arguments"] ?? nil],
        ]
        try await session.transport.say(call.json)
    }
}

/// A client that is connected to a ``Loopback``.
@MainActor
private final class Session {
    let transport: Loopback
    let client: PipecatClient
    private var events: PipecatEvents.AsyncIterator

    init(version: String, reconnects: Bool = false) async throws {
        transport = Loopback(version: version)
        var options = quiet(transport)
        if reconnects { options.reconnect = ReconnectPolicy(firstDelay: 0.001, maxAttempts: 1) }
        client = try PipecatClient(options: options)
        events = client.events.makeAsyncIterator()
        try await client.connect()
        _ = try await until("botReady")
    }

    /// The events up to the one with this name and data, without it.
    func until(_ name: String, data: Value? = nil) async throws -> [PipecatEvent] {
        try await through(name, data: data).dropLast()
    }

    /// The same with it.
    func through(_ name: String, data: Value? = nil) async throws -> [PipecatEvent] {
        var seen: [PipecatEvent] = []
        var events = events
        defer { self.events = events }
        while let event = await events.next() {
            seen.append(event)
            if event.name == name, data == nil || event.json == data { return seen }
        }
        throw RTVIError(.connectionLost, "the events ended before \(name)")
    }
}
