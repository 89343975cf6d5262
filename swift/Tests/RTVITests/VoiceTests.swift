import Foundation
import RTVITesting
import XCTest

@testable import RTVI

/// What an app does with voices, and with the machine's devices; whom it trusts.
@MainActor
final class VoiceTests: XCTestCase {
    private func everything() -> VoiceOptions {
        var voice = VoiceOptions()
        voice.audioProcessing = .all
        voice.voiceActivity = VoiceActivity(stopAfter: 0.7, threshold: 0.25)
        voice.pushToTalk = PushToTalk(preRoll: 0.15)
        voice.ducking = Ducking(gain: 0.5)
        voice.preConnectAudio = 2
        voice.playout = Playout(fade: 0.01, gain: 0.75, maxDelay: 0.3, targetDelay: 0.06)
        voice.levelPeriod = 0.05
        voice.micReleaseAfter = 1.5
        return voice
    }

    func testOptionsAreWrittenAsTheCoreReadsThem() async throws {
        let json = everything().asValue
        XCTAssertEqual(json["pushToTalk"]?["preRollMs"]?.integer, 150)
        XCTAssertEqual(json["playout"]?["targetDelayMs"]?.integer, 60)
        XCTAssertEqual(json["micReleaseAfterMs"]?.integer, 1_500)
        XCTAssertEqual(VoiceOptions().asValue.json, "{}")
        var open = VoiceOptions()
        open.micReleaseAfter = nil
        XCTAssertEqual(open.asValue.json, #"{"micReleaseAfterMs":null}"#)
        XCTAssertEqual(VoiceOptions(pushToTalk: PushToTalk()).asValue.json, #"{"pushToTalk":{}}"#)
        var options = quiet(Loopback())
        options.voice = everything()
        XCTAssertNoThrow(try PipecatClient(options: options))
    }

    func testVoiceInASession() async throws {
        let bot = try testBot()
        let input = try PCMInput(format: AudioFormat(sampleRate: 16_000), pace: .paced)
        var options = quiet(WebSocketTransport())
        options.microphone = .pcm(input)
        options.voice.pushToTalk = PushToTalk(preRoll: 0.1)
        let client = try PipecatClient(options: options)
        let events = client.events
        let samples = (0..<16_000).map { Int16(8_000 * sin(Double($0) / 5)) }
        XCTAssertEqual(samples.withUnsafeBufferPointer { input.push($0) }, samples.count)
        try await client.pressToTalk()
        try await client.updateAudioProcessing(.all)
        try client.setBotGain(0.5)
        let before = try await client.stopRecording()
        XCTAssertEqual(before, 0)
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("conversation-\(UUID()).wav")
        defer { try? FileManager.default.removeItem(at: file) }
        try await client.startRecording(to: file)
        try await client.connect(transportParams: bot.params(.websocket))
        try await client.sendText(content: "Please say something")
        for await event in events {
            guard case .botAudioHeard(let heard) = event else { continue }
            XCTAssertGreaterThan(heard.received, 0)
            break
        }
        try await client.fadeOutBotAudio(fade: 0.02)
        try await client.releaseToTalk()
        XCTAssertNotNil(client.processingStats)
        let length = try await client.stopRecording()
        XCTAssertGreaterThan(length, 0)
        XCTAssertGreaterThan(try Data(contentsOf: file).count, 1_000)
        try await client.disconnect()
        do {
            try await client.startRecording(to: URL(fileURLWithPath: "/no/such/folder/at.all"))
            XCTFail("it was begun")
        } catch let error as RTVIError {
            XCTAssertEqual(error.kind, .invalidArgument)
        }
    }

    func testADeviceThatIsNotThereIsTold() async throws {
        let bot = try testBot()
        var options = quiet(WebSocketTransport())
        options.microphone = .machine(id: "no such microphone")
        let client = try PipecatClient(options: options)
        let events = client.events
        try await client.connect(transportParams: bot.params(.websocket))
        for await event in events {
            guard case .deviceError(let error) = event else { continue }
            XCTAssertFalse(error.message.isEmpty)
            break
        }
        try await client.disconnect()
        options.microphone = .none
        options.speaker = .machine()
        XCTAssertNoThrow(try PipecatClient(options: options))
    }

    private final class Told: PipecatClientDelegate {
        var lists: [[String]] = []
        func onAvailableMicsUpdated(mics: [MediaDevice]) { lists.append(mics.map(\.deviceId)) }
        func onAvailableSpeakersUpdated(speakers: [MediaDevice]) { lists.append(speakers.map(\.label)) }
    }

    func testDevicesThatComeAndGoAreTold() async {
        let told = Told()
        let devices = [MediaDevice(deviceId: "a", label: "A"), MediaDevice(deviceId: "b", label: "B")]
        told.tell(.availableMicsUpdated(mics: devices))
        told.tell(.availableSpeakersUpdated(speakers: devices))
        XCTAssertEqual(told.lists, [["a", "b"], ["A", "B"]])
    }

    func testWhomToTrust() async throws {
        let short = TLSOptions(pinnedKeys: [String(repeating: "0f", count: 20)])
        var options = quiet(Loopback())
        options.tls = short
        for options in [quiet(WebSocketTransport(tls: short)), quiet(SmallWebRTCTransport(tls: short)), options] {
            XCTAssertThrowsError(try PipecatClient(options: options)) { error in
                XCTAssertEqual((error as? RTVIError)?.kind, .invalidArgument)
            }
        }
        options.tls = TLSOptions(allowPlaintext: true, pinnedKeys: [String(repeating: "0f", count: 32)])
        XCTAssertNoThrow(try PipecatClient(options: options))
    }

    func testPlaintextIsForPrivateNetworksUnlessAllowed() async throws {
        // No such host: only whether it is tried counts.
        let start = APIRequest(endpoint: try XCTUnwrap(URL(string: "http://rtvi.invalid/start")), timeout: 1)
        for isAllowed in [false, true] {
            var options = quiet(Loopback())
            options.tls.allowPlaintext = isAllowed
            let client = try PipecatClient(options: options)
            do {
                let _: Value = try await client.startBot(startBotParams: start)
                XCTFail("it was started")
            } catch let error as RTVIError {
                XCTAssertEqual(error.kind == .tls, !isAllowed, error.message)
            }
        }
    }
}
