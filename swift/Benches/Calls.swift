import RTVI

// What calls cost: the smallest, and that to a bot.

/// Options without any device.
func quiet(_ transport: any TransportProvider) -> PipecatClientOptions {
    var options = PipecatClientOptions(transport: transport)
    options.microphone = .none
    options.speaker = .none
    return options
}

@MainActor
func calls() async throws {
    let client = try PipecatClient(options: quiet(WebSocketTransport()))
    let (looks, calls) = (1_000_000, 100_000)
    var start = Clock.cpu
    for _ in 0..<looks where client.state != .disconnected { fatalError("nobody connected it") }
    figure("swift-state", (Clock.cpu - start) / Double(looks) * 1e9, "CPU ns")
    start = Clock.cpu
    let began = Clock.elapsed
    for _ in 0..<calls { try await client.enableMic(enable: true) }
    figure("swift-call", (Clock.cpu - start) / Double(calls) * 1e6, "CPU us")
    figure("swift-call-elapsed", (Clock.elapsed - began) / Double(calls) * 1e6, "us")
    client.release()
}

/// From `connect` to bot-ready, each with a new client; the median of 100.
@MainActor
func connect(_ name: String, _ transport: () -> any TransportProvider, _ params: Value) async throws {
    var times: [Double] = []
    for _ in 0..<100 {
        let client = try PipecatClient(options: quiet(transport()))
        let start = Clock.elapsed
        try await client.connect(transportParams: params)
        times.append((Clock.elapsed - start) * 1_000)
        try await client.disconnect()
        client.release()
    }
    figure(name, median(times), "ms")
}
