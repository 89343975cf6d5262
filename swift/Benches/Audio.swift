import Foundation
import RTVI

// What pushing and pulling samples costs, and the memory of a call with audio.

private let device = AudioFormat(sampleRate: 48_000)
/// Of 20 ms.
private let samples = [Int16](repeating: 4_000, count: 960)
private let bytes = samples.count * 2

/// 100 pieces are the two seconds that fit.
func push() throws {
    let (rounds, pieces) = (200, 100)
    var spent = 0.0
    for _ in 0..<rounds {
        let input = try PCMInput(format: device, pace: .paced)
        let start = Clock.cpu
        for _ in 0..<pieces { _ = samples.withUnsafeBufferPointer { input.push($0) } }
        spent += Clock.cpu - start
        guard input.freeSpace == 0 else { fatalError("not all was taken") }
    }
    figure("swift-pcm-push", spent / Double(rounds * pieces) * 1e9, "CPU ns/20 ms")
}

/// In a call to a bot that sends back what it hears, with a microphone that gives a piece every 20
/// ms; `heard` gets what there is each time.
@MainActor
private func call(_ url: String, pieces: Int, heard: (PCMOutput) -> Bool) async throws {
    let (input, output) = (try PCMInput(format: device), try PCMOutput(format: device))
    var options = quiet(WebSocketTransport())
    options.microphone = .pcm(input)
    options.speaker = .pcm(output)
    let client = try PipecatClient(options: options)
    try await client.connect(transportParams: ["wsUrl": url])
    var count = 0
    while count < pieces {
        _ = samples.withUnsafeBufferPointer { input.push($0) }
        if heard(output) { count += 1 }
        try await Task.sleep(nanoseconds: 20_000_000)
    }
    try await client.disconnect()
}

@MainActor
func pull(_ url: String) async throws {
    let pulls = 200
    var spent = 0.0
    try await call(url, pieces: pulls) { output in
        let start = Clock.threadCPU
        let pulled = output.pull(maxBytes: bytes)
        let time = Clock.threadCPU - start
        guard pulled.count == bytes else { return false }
        spent += time
        return true
    }
    figure("swift-pcm-pull", spent / Double(pulls) * 1e9, "CPU ns/20 ms")
}

/// After five seconds.
@MainActor
func memory(_ url: String) async throws {
    var heard = 0
    try await call(url, pieces: 250) { output in
        heard += output.pull(maxBytes: bytes).count
        return true
    }
    // A busy machine may hear less than all of it, but not next to nothing.
    guard heard > 2 * device.sampleRate else { fatalError("only \(heard) bytes were heard") }
    if let peak = peakMegabytes() { figure("swift-call-memory", peak, "MB") }
}
