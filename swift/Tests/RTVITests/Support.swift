import Foundation
import RTVI
import RTVITesting
import XCTest

/// Never what a passing test waits for.
let patience: TimeInterval = 60

/// The bot that `cargo xtask test` starts; without one the test is skipped.
func testBot() throws -> TestBot {
    guard let bot = TestBot() else { throw XCTSkip("no bot: run `cargo xtask test swift`") }
    return bot
}

/// Options without any device.
func quiet(_ transport: any TransportProvider) -> PipecatClientOptions {
    var options = PipecatClientOptions(transport: transport)
    options.microphone = .none
    options.speaker = .none
    options.reconnect.maxAttempts = 0
    return options
}

/// Waits until something holds.
@MainActor
func until(_ what: String, _ holds: @MainActor () -> Bool) async throws {
    let limit = Date().addingTimeInterval(patience)
    while !holds() {
        guard Date() < limit else { throw RTVIError(.timeout, "in vain: \(what)") }
        try await Task.sleep(nanoseconds: 2_000_000)
    }
}

/// A value that several tasks see.
final class Box<T: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var held: T

    init(_ value: T) { held = value }

    var value: T {
        lock.lock()
        defer { lock.unlock() }
        return held
    }

    func change(_ how: (inout T) -> Void) {
        lock.lock()
        defer { lock.unlock() }
        how(&held)
    }
}

/// A transport of the tests' own: answers client-ready, and keeps what it is sent.
final class Loopback: Transport {
    let sent = Box<[Value]>([])
    let heard = Box(0)
    let moves = Box(0)
    let version: String
    let echoes: Bool
    private let connections = Box<TransportConnection?>(nil)
    private let losses = AsyncStream<Void>.makeStream()
    private let isLost = Box(false)

    init(version: String = "2.2.0", echoes: Bool = false) {
        self.version = version
        self.echoes = echoes
    }

    var capture: CaptureFormat? { echoes ? CaptureFormat(format: AudioFormat(sampleRate: 8_000)) : nil }

    /// A message of the server, on the connection there is.
    func say(_ message: String) async throws {
        guard let connection = connections.value else { throw RTVIError(.invalidState, "not open") }
        try await connection.message(message)
    }

    /// Loses the first connection.
    func lose() {
        isLost.change { $0 = true }
        losses.continuation.finish()
    }

    /// Audio of the bot, on the connection there is.
    func play(_ pcm: Data, format: AudioFormat) throws {
        guard let connection = connections.value else { throw RTVIError(.invalidState, "not open") }
        try connection.audio(pcm, format: format)
    }

    /// Tells the client of audio that was dropped.
    func drop(_ dropped: AudioDropped) async throws {
        guard let connection = connections.value else { throw RTVIError(.invalidState, "not open") }
        try await connection.audioDropped(dropped)
    }

    /// Reports something on the connection there is.
    func report(_ what: (TransportConnection) async throws -> Void) async throws {
        guard let connection = connections.value else { throw RTVIError(.invalidState, "not open") }
        try await what(connection)
    }

    func run(_ connection: TransportConnection) async throws -> ConnectionEnd {
        connections.change { $0 = connection }
        try await connection.opened(bot: Participant(id: "bot", name: "Bot"))
        return try await withThrowingTaskGroup(of: ConnectionEnd?.self) { group in
            group.addTask { try await self.obey(connection) }
            group.addTask { try await self.echo(connection) }
            if connection.attempt == 0 { group.addTask { try await self.beLost() } }
            while let end = try await group.next() {
                if let end {
                    group.cancelAll()
                    return end
                }
            }
            return .requested
        }
    }

    private func obey(_ connection: TransportConnection) async throws -> ConnectionEnd? {
        while let command = try await connection.nextCommand() {
            guard case .send(let text) = command else {
                if case .close = command { return .requested }
                if case .networkChanged = command { moves.change { $0 += 1 } }
                continue
            }
            let message = try Value(json: text)
            sent.change { $0.append(message) }
            if message["type"] == "client-ready" {
                let ready: Value = [
                    "label": "rtvi-ai", "type": "bot-ready", "id": message["id"] ?? nil, "data": ["version": .string(version)],
                ]
                try await connection.message(ready.json)
            }
        }
        return .requested
    }

    private func beLost() async throws -> ConnectionEnd? {
        for await _ in losses.stream {}
        // The stream also ends with the first session.
        guard isLost.value else { return nil }
        try Task.checkCancellation()
        throw RTVIError(.connectionLost, "lost")
    }

    private func echo(_ connection: TransportConnection) async throws -> ConnectionEnd? {
        guard let format = capture?.format else { return nil }
        while let pcm = try await connection.nextAudio() {
            heard.change { $0 += pcm.count }
            try connection.audio(pcm, format: format)
        }
        return nil
    }
}
