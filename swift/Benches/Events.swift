import RTVI

// Events a second to the app, from a server that sends as fast as it is read.

/// Counts the messages after bot-ready, up to the last.
struct Meter {
    private let total: Int
    private var count = 0
    private var began: (elapsed: Double, cpu: Double)?

    init(total: Int) {
        self.total = total
    }

    /// Whether this was the last one.
    mutating func isLast(_ name: String) -> Bool {
        if name == "botReady" {
            began = (Clock.elapsed, Clock.cpu)
        } else if began != nil, name != "transportStateChanged" {
            count += 1
        }
        return count == total
    }

    /// Prints the rates by the clock and by the work of the whole process.
    func print(_ name: String) {
        guard let began else { return }
        figure(name, Double(count) / (Clock.cpu - began.cpu), "events/CPU s", better: "higher")
        figure("\(name)-elapsed", Double(count) / (Clock.elapsed - began.elapsed), "events/s", goal: 300_000, better: "higher")
    }
}

/// A client that connects to the server at this URL as soon as it is told to.
@MainActor
private func connecting(to url: String) throws -> (PipecatClient, () -> Task<BotReadyData, any Error>) {
    let client = try PipecatClient(options: quiet(WebSocketTransport()))
    return (client, { Task { try await client.connect(transportParams: ["wsUrl": url]) } })
}

/// In a loop over `events`.
@MainActor
func loop(_ url: String, total: Int) async throws {
    let (client, connect) = try connecting(to: url)
    let events = client.events
    let connected = connect()
    var meter = Meter(total: total)
    for await event in events {
        if meter.isLast(event.name) { break }
    }
    meter.print("swift-events")
    _ = try await connected.value
    client.release()
}

/// By the methods of a delegate.
@MainActor
func delegate(_ url: String, total: Int) async throws {
    let (client, connect) = try connecting(to: url)
    let counter = Counter(total: total)
    client.delegate = counter
    let connected = connect()
    await withCheckedContinuation { counter.end = $0 }
    counter.meter.print("swift-delegate")
    _ = try await connected.value
    client.release()
}

@MainActor
private final class Counter: PipecatClientDelegate {
    var meter: Meter
    var end: CheckedContinuation<Void, Never>?
    private var characters = 0

    init(total: Int) {
        meter = Meter(total: total)
    }

    func onEvent(event: PipecatEvent) {
        guard meter.isLast(event.name) else { return }
        end?.resume()
        end = nil
    }

    func onBotLlmText(data: TextData) {
        characters += data.text.utf8.count
    }
}
