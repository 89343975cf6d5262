import Foundation
import RTVI
import RTVITesting

/// A client that carries out steps. All on the main actor, so that the log is in the order in which
/// it happened.
@MainActor
final class Scenario {
    private let bot: TestBot
    private let transport: TestTransport
    private let client: PipecatClient
    private var params: Value
    private var log = EventLog()
    private var background: [Task<Void, Never>] = []
    private var reading: Task<Void, Never>?
    private(set) var hasFailed = false

    init(bot: TestBot, transport: TestTransport) throws {
        self.bot = bot
        self.transport = transport
        params = bot.params(transport)
        var options = PipecatClientOptions(transport: TestBot.transport(transport))
        options.microphone = .pcm(try silence())
        options.speaker = .none
        client = try PipecatClient(options: options)
        try client.registerFunctionCallHandler(functionName: "get_weather") { _ in
            ["conditions": "sunny", "celsius": 21]
        }
        let events = client.events
        reading = Task { [log] in
            for await event in events {
                var line = "{\"event\":\(Value.string(event.name).json)"
                if let data = event.json { line += ",\"data\":\(data.json)" }
                print(line + "}")
                log.add(event)
            }
        }
    }

    func carryOut(_ step: Value) async {
        let name = step["do"]?.string ?? ""
        print("{\"call\":\(Value.string(name).json)}")
        switch name {
        case "waitFor": await wait(for: step)
        case "sleep":
            try? await Task.sleep(nanoseconds: UInt64(step["ms"]?.integer ?? 0) * 1_000_000)
            report(name, .success(.null))
        default:
            let call = Task { await report(name, made(name, step)) }
            if step["background"]?.bool == true { background.append(call) } else { await call.value }
        }
    }

    /// Leaves, and waits for all that is still to come.
    func end() async {
        if ![.disconnected, .initialized].contains(client.state) { await carryOut(["do": "disconnect"]) }
        for call in background { await call.value }
        client.release()
        await reading?.value
    }

    private func made(_ name: String, _ step: Value) async -> Result<Value, any Error> {
        do {
            return .success(try await make(name, step))
        } catch {
            return .failure(error)
        }
    }

    private func make(_ name: String, _ step: Value) async throws -> Value {
        switch name {
        case "initDevices": try await client.initDevices()
        case "startBot":
            params = try await client.startBot(startBotParams: bot.request(transport))
            return params
        case "connect": return said(try await client.connect(transportParams: params))
        case "startBotAndConnect":
            return said(try await client.startBotAndConnect(startBotParams: bot.request(transport)))
        case "disconnect":
            try await client.disconnect()
            // Calls in the background have ended before it, but which of two tasks goes on first is
            // up to their threads.
            for call in background { await call.value }
        case "disconnectBot": try await client.disconnectBot()
        case "enableMic": try await client.enableMic(enable: step["enable"]?.bool ?? false)
        case "sendDtmf": try await client.sendDTMF(keys: text(step, "keys"))
        case "sendText": try await sendText(step)
        case "sendClientMessage": try await client.sendClientMessage(msgType: text(step, "type"), data: step["data"])
        case "sendClientRequest":
            let timeout = step["timeoutMs"]?.number.map { $0 / 1000 }
            return try await client.sendClientRequest(msgType: text(step, "type"), data: step["data"], timeout: timeout) ?? .null
        default: throw RTVIError(.invalidArgument, "unknown step \(name)")
        }
        return .null
    }

    /// What the bot says of itself, as JSON.
    private func said(_ bot: BotReadyData) -> Value {
        PipecatEvent.botReady(data: bot).json ?? .null
    }

    private func sendText(_ step: Value) async throws {
        let options = SendTextOptions(
            runImmediately: step["options"]?["run_immediately"]?.bool, audioResponse: step["options"]?["audio_response"]?.bool)
        try await client.sendText(content: text(step, "content"), options: options)
    }

    private func wait(for step: Value) async {
        let seconds = (step["timeoutMs"]?.number ?? 10_000) / 1000
        let slack: TimeInterval = ProcessInfo.processInfo.environment["RTVI_TEST_SLOW"] == nil ? 0 : 60
        let found = await log.take(name: text(step, "event"), match: step["match"], within: seconds + slack)
        if found == nil { hasFailed = true }
        report("waitFor", found.map { .success($0) } ?? .failure(RTVIError(.timeout, "in vain: \(step)")))
    }

    private func text(_ step: Value, _ name: String) -> String {
        step[name]?.string ?? ""
    }

    private func report(_ name: String, _ result: Result<Value, any Error>) {
        switch result {
        case .success(let value): print("{\"result\":\(Value.string(name).json),\"ok\":\(value.json)}")
        case .failure(let error):
            let kind = (error as? RTVIError).map { "\($0.kind)" } ?? "\(type(of: error))"
            let told: Value = ["kind": .string(kind), "message": .string("\(error)")]
            print("{\"result\":\(Value.string(name).json),\"error\":\(told.json)}")
        }
    }
}

/// The events seen, from the one after that which was last found.
@MainActor
final class EventLog {
    private var seen: [PipecatEvent] = []

    nonisolated init() {}

    func add(_ event: PipecatEvent) {
        seen.append(event)
    }

    /// The data of the next event of the name that matches, as soon as it is there.
    func take(name: String, match: Value?, within seconds: TimeInterval) async -> Value? {
        let limit = Date().addingTimeInterval(seconds)
        repeat {
            let index = seen.firstIndex { event in
                event.name == name && match.map { (event.json ?? .null).contains($0) } ?? true
            }
            if let index {
                let data = seen[index].json ?? .null
                seen.removeFirst(index + 1)
                return data
            }
            try? await Task.sleep(nanoseconds: 5_000_000)
        } while Date() < limit
        return nil
    }
}
