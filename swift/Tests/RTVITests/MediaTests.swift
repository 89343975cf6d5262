import Foundation
import RTVI
import RTVITesting
import XCTest

/// Audio of the app's own, and transports of the app's own.
@MainActor
final class MediaTests: XCTestCase {
    private final class Device: AudioDeviceControl {
        let calls = Box<[String]>([])
        func start() throws { calls.change { $0.append("start") } }
        func stop() { calls.change { $0.append("stop") } }
    }

    private final class Broken: AudioDeviceControl {
        func start() throws { throw RTVIError(.device, "no permission") }
        func stop() {}
    }

    func testSamplesPushedAndPulledThroughATransportOfTheApp() async throws {
        let transport = Loopback(echoes: true)
        let microphone = Device()
        let speaker = Device()
        let format = AudioFormat(sampleRate: 8_000)
        let input = try PCMInput(format: format, pace: .paced, control: microphone)
        let output = try PCMOutput(format: format, control: speaker)
        var options = quiet(transport)
        options.microphone = .pcm(input)
        options.speaker = .pcm(output)
        let client = try PipecatClient(options: options)
        try await client.connect()
        let samples = (0..<4_000).map { Int16(8_000 * sin(Double($0) / 5)) }
        XCTAssertEqual(samples.withUnsafeBufferPointer { input.push($0) }, samples.count)
        XCTAssertGreaterThan(input.freeSpace, 0)
        var loudest: Int16 = 0
        try await until("the echo") {
            output.pull(maxBytes: 1_600).withUnsafeBytes { bytes in
                loudest = max(loudest, bytes.bindMemory(to: Int16.self).max() ?? 0)
            }
            return loudest > 4_000
        }
        XCTAssertEqual(client.tracks.count, 2)
        XCTAssertGreaterThan(client.audioStats?.received ?? 0, 0)
        XCTAssertEqual(client.mediaState?.mic, .granted)
        try await client.enableMic(enable: false)
        XCTAssertFalse(client.isMicEnabled)
        try await client.flushBotAudio()
        try await client.disconnect()
        client.release()
        try await until("both are released") {
            microphone.calls.value.last == "stop" && speaker.calls.value.last == "stop"
        }
        XCTAssertEqual(microphone.calls.value.first, "start")
    }

    func testAToneAndSilenceAreMicrophones() async throws {
        for (microphone, range) in [(Microphone.tone(frequency: 440, amplitude: 0.5), 12_000...20_000), (.silence, 0...0)] {
            let transport = Loopback(echoes: true)
            let output = try PCMOutput(format: AudioFormat(sampleRate: 8_000))
            var options = quiet(transport)
            (options.microphone, options.speaker) = (microphone, .pcm(output))
            let client = try PipecatClient(options: options)
            try await client.connect()
            var (loudest, pulled) = (0, 0)
            try await until("the echo") {
                output.pull(maxBytes: 1_600).withUnsafeBytes { bytes in
                    pulled += bytes.count
                    loudest = max(loudest, Int(bytes.bindMemory(to: Int16.self).max() ?? 0))
                }
                return pulled > 3_200 && transport.heard.value > 3_200 && range.contains(loudest)
            }
            client.release()
        }
        var options = quiet(Loopback())
        options.microphone = .tone(frequency: 9_000, sampleRate: 16_000)
        XCTAssertThrowsError(try PipecatClient(options: options)) { error in
            XCTAssertEqual((error as? RTVIError)?.kind, .invalidArgument)
        }
    }

    /// A client in a session whose microphone is released so long after muting, and its device.
    private func withMicrophone(
        releasedAfter time: TimeInterval?, _ act: @MainActor (PipecatClient, Device) async throws -> Void
    ) async throws {
        let device = Device()
        var options = quiet(Loopback(echoes: true))
        options.microphone = .pcm(try PCMInput(format: AudioFormat(sampleRate: 16_000), control: device))
        options.voice.micReleaseAfter = time
        let client = try PipecatClient(options: options)
        try await client.connect()
        try await until("it is open") { device.calls.value == ["start"] }
        try await act(client, device)
        try await client.disconnect()
    }

    func testAMutedMicrophoneIsReleasedAndOpenedAgain() async throws {
        for time in [0, 0.05] {
            try await withMicrophone(releasedAfter: time) { client, device in
                try await client.enableMic(enable: false)
                try await until("it is released") { device.calls.value == ["start", "stop"] }
                try await client.enableMic(enable: true)
                try await until("it is open again") { device.calls.value == ["start", "stop", "start"] }
            }
        }
    }

    func testAMutedMicrophoneMayStayOpen() async throws {
        for time in [nil, VoiceOptions().micReleaseAfter] {
            try await withMicrophone(releasedAfter: time) { client, device in
                for round in 0..<10 { try await client.enableMic(enable: round % 2 == 1) }
                try await client.disconnect()
                try await until("the end") { device.calls.value == ["start", "stop"] }
            }
        }
    }

    func testADeviceThatFailsIsTold() async throws {
        var options = quiet(Loopback(echoes: true))
        options.microphone = .pcm(try PCMInput(format: AudioFormat(sampleRate: 16_000), control: Broken()))
        let client = try PipecatClient(options: options)
        let events = client.events
        _ = try? await client.connect()
        for await event in events {
            guard case .deviceError(let error) = event else { continue }
            XCTAssertEqual(error.kind, .device)
            XCTAssertTrue(error.message.contains("no permission"), error.message)
            break
        }
        try await client.disconnect()
    }

    func testADeviceThatFailsLaterIsReportedAndStartsInTheNextSession() async throws {
        let (microphone, speaker) = (Device(), Device())
        let format = AudioFormat(sampleRate: 16_000)
        let input = try PCMInput(format: format, control: microphone)
        let output = try PCMOutput(format: format, control: speaker)
        var options = quiet(Loopback(echoes: true))
        options.microphone = .pcm(input)
        options.speaker = .pcm(output)
        let client = try PipecatClient(options: options)
        try await client.connect()
        try await until("both are open") { microphone.calls.value == ["start"] && speaker.calls.value == ["start"] }
        let events = client.events
        input.fail(RTVIError(.device, "unplugged", device: .notFound))
        output.fail(RTVIError(.device, "another call", device: .inUse))
        var failures: [DeviceErrorKind: String] = [:]
        for await event in events {
            guard case .deviceError(let error) = event else { continue }
            XCTAssertEqual(error.kind, .device)
            failures[try XCTUnwrap(error.device)] = error.message
            if failures.count == 2 { break }
        }
        XCTAssertTrue(failures[.notFound]?.contains("unplugged") == true, "\(failures)")
        XCTAssertTrue(failures[.inUse]?.contains("another call") == true, "\(failures)")
        XCTAssertEqual(client.state, .ready)
        try await client.disconnect()
        try await client.connect()
        try await until("both are open again") {
            [microphone, speaker].allSatisfy { $0.calls.value.filter { $0 == "start" }.count == 2 && $0.calls.value.last == "start" }
        }
        try await client.disconnect()
    }

    func testOthersComeAndGoAndTheBotReturns() async throws {
        let room = Loopback()
        var options = quiet(room)
        options.disconnectOnBotDisconnect = false
        let client = try PipecatClient(options: options)
        try await client.connect()
        let events = client.events
        let ada = Participant(id: "ada", name: "Ada")
        let other = Participant(id: "other", name: "Other")
        try await room.report {
            try await $0.participantConnected(ada)
            try await $0.micMuted(true)
            try await $0.participantLeft(ada)
            try await $0.botLeft()
            try await $0.botJoined(bot: other)
        }
        var seen: [String] = []
        for await event in events {
            switch event {
            case .participantConnected(let who): seen.append("+\(who.id)")
            case .participantLeft(let who): seen.append("-\(who.id)")
            case .mediaStateUpdated(let state): seen.append("muted \(state.micMuted)")
            case .botConnected(let who): seen.append("bot \(who.id)")
            default: break
            }
            if case .botReady = event { break }
        }
        XCTAssertEqual(seen, ["+ada", "muted true", "-ada", "-bot", "bot other", "+other"])
        try await client.disconnect()
    }

    func testFormatsThatCannotBe() async {
        for format in [AudioFormat(sampleRate: 0), AudioFormat(sampleRate: 16_000, channels: 9), AudioFormat(sampleRate: -1)] {
            XCTAssertThrowsError(try PCMInput(format: format)) { error in
                XCTAssertEqual((error as? RTVIError)?.kind, .invalidArgument)
            }
            XCTAssertThrowsError(try PCMOutput(format: format))
        }
    }

    func testAnInputBelongsToOneClient() async throws {
        var options = quiet(Loopback())
        options.microphone = .pcm(try silence())
        let first = try PipecatClient(options: options)
        XCTAssertThrowsError(try PipecatClient(options: options)) { error in
            XCTAssertEqual((error as? RTVIError)?.kind, .invalidArgument)
        }
        first.release()
    }

    private final class Refuses: Transport {
        func run(_ connection: TransportConnection) async throws -> ConnectionEnd {
            if connection.params["leave"] == true {
                try await connection.opened(bot: Participant(id: "b", name: "B"))
                guard case .send(let hello) = try await connection.nextCommand() else { return .requested }
                let id = try Value(json: hello)["id"] ?? nil
                let ready: Value = ["label": "rtvi-ai", "type": "bot-ready", "id": id, "data": ["version": "2.2.0"]]
                try await connection.message(ready.json)
                return .botLeft(code: 4_001, reason: "good bye")
            }
            throw RTVIError(.connectionFailed, "no such room", status: 404)
        }
    }

    func testWhatATransportThrowsIsTheReason() async throws {
        let client = try PipecatClient(options: quiet(Refuses()))
        do {
            try await client.connect(transportParams: ["room": "x"] as Value)
            XCTFail("it was connected")
        } catch let error as RTVIError {
            XCTAssertEqual(error.kind, .connectionFailed)
            XCTAssertEqual(error.phase, .transportOpen)
            XCTAssertEqual(error.status, 404)
            XCTAssertTrue(error.message.contains("no such room"), error.message)
        }
        let events = client.events
        _ = try? await client.connect(transportParams: ["leave": true] as Value)
        for await event in events {
            guard case .disconnected(let reason) = event else { continue }
            XCTAssertEqual(reason, .botLeft(code: 4_001, reason: "good bye"))
            break
        }
    }
}
