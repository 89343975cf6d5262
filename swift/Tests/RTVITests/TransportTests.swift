import Foundation
import RTVITesting
import XCTest

@testable import RTVI

/// Transports: what the core is told of one, and what one of the app's own may do.
@MainActor
final class TransportTests: XCTestCase {
    func testAnOfferIsAWholeRequest() async throws {
        let offer = APIRequest(
            endpoint: URL(string: "https://bots.example/offer")!, headers: [Header(name: "B", value: "1"), Header(name: "A", value: "2")],
            requestData: ["bot": 7], timeout: 1.5)
        guard case .named(let name, let json) = SmallWebRTCTransport(offer: offer).setup.choice else {
            return XCTFail("another transport")
        }
        XCTAssertEqual(name, "small-webrtc")
        let request: Value = [
            "endpoint": "https://bots.example/offer", "headers": [["name": "B", "value": "1"], ["name": "A", "value": "2"]],
            "requestData": ["bot": 7], "timeoutMs": 1_500,
        ]
        XCTAssertEqual(try Value(json: json), ["offer": request])
        XCTAssertEqual(try Value(encoding: offer)["headers"], request["headers"])
        XCTAssertNoThrow(try PipecatClient(options: quiet(SmallWebRTCTransport(offer: offer))))
    }

    func testALiveKitRoomHasOptionsOfItsOwn() async throws {
        let url = try XCTUnwrap(URL(string: "wss://rooms.example"))
        let transport = LiveKitTransport(resumeTimeout: 2, token: "secret", url: url)
        guard case .named(let name, let json) = transport.setup.choice else { return XCTFail("another transport") }
        XCTAssertEqual(name, "livekit")
        XCTAssertEqual(
            try Value(json: json), ["url": "wss://rooms.example", "token": "secret", "resumeTimeoutMs": 2_000])
        XCTAssertNoThrow(try PipecatClient(options: quiet(transport)))
        let params = LiveKitTransportConnectionParams(url: url, token: "secret")
        XCTAssertEqual(try Value(encoding: params), ["url": "wss://rooms.example", "token": "secret"])
        for shown in ["\(transport)", "\(params)", String(reflecting: params)] {
            XCTAssertTrue(shown.contains("rooms.example") && !shown.contains("secret"), shown)
        }
    }

    func testAPhoneCallTakesKeysAndRefusesRequests() async throws {
        let transport = PhoneTransport(from: "+15550100", parameters: ["plan": "gold"], provider: "telnyx")
        guard case .named(let name, let json) = transport.setup.choice else { return XCTFail("another transport") }
        XCTAssertEqual(name, "phone")
        XCTAssertEqual(
            try Value(json: json), ["provider": "telnyx", "from": "+15550100", "parameters": ["plan": "gold"]])
        let shown = "\(transport)"
        XCTAssertTrue(shown.contains("telnyx") && !shown.contains("555") && !shown.contains("gold"), shown)

        let client = try PipecatClient(options: quiet(transport))
        try await client.connect(transportParams: testBot().params(.websocket))
        try await client.sendDTMF(keys: "12#")
        do {
            _ = try await client.sendClientRequest(msgType: "x")
            XCTFail("a phone bot answers no requests")
        } catch let error as RTVIError {
            XCTAssertTrue(error.message.contains("a call over Telnyx does not take"), error.message)
        }
        try await client.disconnect()
        XCTAssertThrowsError(try PipecatClient(options: quiet(PhoneTransport(provider: "pigeon")))) { error in
            XCTAssertEqual((error as? RTVIError)?.kind, .invalidArgument)
        }
    }

    func testAnOfferWithoutConnectParameters() async throws {
        let offer = try XCTUnwrap(testBot().offer)
        let request = APIRequest(endpoint: offer, requestData: ["any": "thing"], timeout: 60)
        let client = try PipecatClient(options: quiet(SmallWebRTCTransport(offer: request)))
        try await client.connect()
        try await client.disconnect()
    }

    func testStatesHaveTheNamesOfTheIOSSDK() async {
        XCTAssertEqual(TransportState.ready.description, "Ready")
        XCTAssertEqual(TransportState.authenticating.description, "Authenticating")
    }

    func testServersHaveTheNameOfTheIOSSDK() async {
        let config = IceConfig(iceServers: [IceServer(urls: ["stun:stun.example:3478"])])
        let request = APIRequest(endpoint: URL(string: "https://bots.example/offer")!)
        let params = SmallWebRTCTransportConnectionParams(webrtcRequestParams: request, iceConfig: config)
        XCTAssertEqual(params.iceConfig, config)
    }

    func testTransportsShowNoSecrets() async {
        let server = IceServer(urls: ["turn:turn.example:3478"], credential: "secret-password", username: "secret-user")
        let url = URL(string: "wss://secret-user@bots.example/ws?token=secret-token")
        let socket = WebSocketTransport(headers: [Header(name: "authorization", value: "secret-key")], url: url)
        let transports: [(any TransportProvider, String)] = [
            (SmallWebRTCTransport(iceServers: [server]), "turn.example"), (socket, "wss://bots.example/ws"),
        ]
        for (transport, part) in transports {
            var dumped = ""
            dump(PipecatClientOptions(transport: transport), to: &dumped)
            for shown in ["\(transport)", String(reflecting: transport), dumped] {
                XCTAssertTrue(shown.contains(part) && !shown.contains("secret"), shown)
            }
        }
        XCTAssertTrue("\(socket)".contains("authorization"), "\(socket)")
    }

    func testAnErrorInAnEventHasTheServersCode() async {
        let full = RTVIError(.connectionFailed, "full", status: 503, code: "PCC-AGENT-AT-CAPACITY", retryAfter: 7)
        let event = PipecatEvent.reconnecting(attempt: 1, maxAttempts: 3, reason: full)
        let reason: Value = [
            "kind": "connectionFailed", "message": "full", "status": 503, "code": "PCC-AGENT-AT-CAPACITY", "retryAfterMs": 7000,
        ]
        XCTAssertEqual(event.json, ["attempt": 1, "maxAttempts": 3, "reason": reason])
    }

    func testAnErrorInAnEventSaysWhyADeviceFailed() async {
        let event = PipecatEvent.deviceError(error: RTVIError(.device, "no", device: .permissions))
        XCTAssertEqual(event.json, ["kind": "device", "device": "permissions", "message": "no"])
    }

    func testAReportThatWaitsForTheAppIsCancelled() async throws {
        let transport = Loopback()
        let client = try PipecatClient(options: quiet(transport))
        // It takes some of what follows, and nobody takes them from it.
        let events = client.events
        try await client.connect()
        let count = Box(0)
        let flood = Task.detached {
            while true {
                try await transport.say(#"{"label":"rtvi-ai","type":"server-message","data":1}"#)
                count.change { $0 += 1 }
            }
        }
        try await until("many were taken") { count.value > 100 }
        flood.cancel()
        let end = await flood.result
        XCTAssertThrowsError(try end.get()) { XCTAssertTrue($0 is CancellationError, "\($0)") }
        try await client.disconnect()
        withExtendedLifetime(events) {}
    }

    func testAudioThatIsDroppedIsReported() async throws {
        let transport = Loopback()
        let client = try PipecatClient(options: quiet(transport))
        let events = client.events
        try await client.connect()
        try transport.play(Data([1, 2, 3]), format: AudioFormat(sampleRate: 16_000))
        let reported = Box<AudioDropped?>(nil)
        let reading = Task {
            for await event in events {
                guard case .audioDropped(let dropped) = event else { continue }
                reported.change { $0 = dropped }
                break
            }
        }
        defer { reading.cancel() }
        try await until("it is reported") { reported.value != nil }
        let dropped = try XCTUnwrap(reported.value)
        XCTAssertEqual(dropped.reason, .unreadable)
        XCTAssertEqual(dropped.count, 1)
        XCTAssertEqual(dropped.time, 0)
        XCTAssertNil(dropped.detail)
        try await client.disconnect()
    }

    func testATransportReportsWhatItHasDropped() async throws {
        let transport = Loopback()
        let client = try PipecatClient(options: quiet(transport))
        let events = client.events
        try await client.connect()
        let lost = AudioDropped(reason: .unknownStream, time: 0.04, count: 2, detail: "stream 7")
        try await transport.drop(lost)
        for await event in events {
            guard case .audioDropped(let dropped) = event else { continue }
            XCTAssertEqual(dropped, lost)
            break
        }
        try await client.disconnect()
    }

    func testATimeThatCannotBeIsTheNearestOne() async throws {
        let transport = Loopback()
        let client = try PipecatClient(options: quiet(transport))
        try await client.connect()
        for time in [-0.01, -.infinity, .nan, .infinity, .greatestFiniteMagnitude] as [TimeInterval] {
            try await transport.drop(AudioDropped(reason: .unknownStream, time: time, count: 1, detail: nil))
        }
        try await client.disconnect()
        for (time, kept) in [(-1, 0), (.nan, 0), (0.25, 250), (-.infinity, 0)] as [(TimeInterval, Value)] {
            let event = PipecatEvent.reconnecting(attempt: 1, maxAttempts: 1, reason: RTVIError(.busy, "", retryAfter: time))
            XCTAssertEqual(event.json?["reason"]?["retryAfterMs"], kept)
        }
        let busy = RTVIError(.busy, "later", retryAfter: -1)
        let refused = try PipecatClient(options: quiet(Refuses(busy)))
        do {
            try await refused.connect()
            XCTFail("it was connected")
        } catch let error as RTVIError {
            XCTAssertEqual(error.kind, .busy)
            XCTAssertEqual(error.retryAfter, 0)
        }
    }

    func testJSONThatCannotBeSentIsAnInvalidArgument() async throws {
        let deep = (0..<200).reduce(Value.null) { inner, _ in [inner] }
        let client = try PipecatClient(options: quiet(Loopback()))
        do {
            try await client.connect(transportParams: ["deep": deep])
            XCTFail("it was connected")
        } catch let error as RTVIError {
            XCTAssertEqual(error.kind, .invalidArgument)
        }
        let event = PipecatEvent.serverMessage(data: deep)
        XCTAssertNil(event.json)
        XCTAssertNil(Conversation().apply(event))
        do {
            try await client.connect(transportParams: "wss://h?token=s3cret")
            XCTFail("it was connected")
        } catch let error as RTVIError {
            XCTAssertEqual(error.kind, .invalidArgument)
            XCTAssertFalse("\(error)".contains("s3cret"), "\(error)")
        }
    }

    func testTheEndOfAConnectionThatIsKeptIsNoticed() async throws {
        let client = try PipecatClient(options: quiet(Loses()))
        do {
            try await client.connect()
            XCTFail("it was connected")
        } catch let error as RTVIError {
            XCTAssertEqual(error.kind, .connectionLost)
            XCTAssertEqual(error.message, "out of reach")
        }
    }

    func testAnErrorOfTheTransportKeepsItsPhase() async throws {
        let refusal = RTVIError(.timeout, "no room is free", phase: .startRequest, status: 504)
        let client = try PipecatClient(options: quiet(Refuses(refusal)))
        do {
            try await client.connect()
            XCTFail("it was connected")
        } catch let error as RTVIError {
            XCTAssertEqual(error, refusal)
        }
    }
}

/// A transport that loses its connection at once, and keeps it.
private final class Loses: Transport {
    private let kept = Box<TransportConnection?>(nil)

    func run(_ connection: TransportConnection) async throws -> ConnectionEnd {
        kept.change { $0 = connection }
        try await connection.opened(bot: Participant(id: "bot", name: "Bot"))
        throw RTVIError(.connectionLost, "out of reach")
    }
}

/// A transport that can't be opened.
private final class Refuses: Transport {
    private let reason: RTVIError

    init(_ reason: RTVIError) { self.reason = reason }

    func run(_ connection: TransportConnection) async throws -> ConnectionEnd { throw reason }
}
