// rtvi-load CALLS SESSIONS: makes so many calls and so many sessions with the bot in RTVI_TEST_WS;
// fails if memory grows.
import Foundation
import RTVI
import RTVITesting

/// Growth beyond this, in bytes, is a leak: it is less than a hundred bytes a call, or a few
/// kilobytes a session.
let allowed = 8 << 20

/// What this process has in memory, in bytes; 0 where that can't be told.
func resident() -> Int {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
    return (Int(text.split(separator: " ")[1]) ?? 0) * 4096
}

/// Does something so many times; says how much memory that has taken once the first fifth was done.
@MainActor
func growth(of what: String, count: Int, _ body: @MainActor () async throws -> Void) async throws -> Int {
    let began = Date()
    for _ in 0..<count / 5 { try await body() }
    let before = resident()
    for _ in count / 5..<count { try await body() }
    let grown = resident() - before
    let each = Date().timeIntervalSince(began) / Double(count) * 1_000_000
    print("\(count) \(what): \(grown / 1024) KiB more, \(String(format: "%.1f", each)) µs each")
    return grown
}

@MainActor
func session(_ bot: TestBot) async throws -> PipecatClient {
    var options = PipecatClientOptions(transport: WebSocketTransport())
    options.microphone = .none
    options.speaker = .none
    let client = try PipecatClient(options: options)
    try await client.connect(transportParams: bot.params(.websocket))
    return client
}

let numbers = CommandLine.arguments.dropFirst().compactMap { Int($0) }
guard numbers.count == 2, let bot = TestBot() else {
    print("rtvi-load CALLS SESSIONS, with the bot in RTVI_TEST_WS and RTVI_TEST_START")
    exit(2)
}
let client = try await session(bot)
let input = try PCMInput(format: AudioFormat(sampleRate: 16_000))
let silence = Data(count: 640)
var grown: [Int] = []
grown.append(try await growth(of: "calls that do not wait", count: numbers[0]) {
    _ = client.state
    input.push(silence)
})
grown.append(try await growth(of: "requests", count: numbers[0] / 50) {
    _ = try await client.sendClientRequest(msgType: "echo", data: ["n": 1])
})
try await client.disconnect()
grown.append(try await growth(of: "sessions", count: numbers[1]) {
    let client = try await session(bot)
    try await client.disconnect()
    client.release()
})
exit(grown.contains { $0 > allowed } ? 1 : 0)
