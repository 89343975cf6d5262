import Foundation
import RTVI

// What the tests and the scenario driver share.

/// How a program of the tests reaches the bot.
public enum TestTransport: String, Sendable {
    case websocket, webrtc, livekit
}

/// Where the bot is, as the environment tells.
public struct TestBot: Sendable {
    public let ws: URL
    public let start: URL
    public let offer: URL?
    /// The LiveKit server in whose rooms the bot is.
    public let room: URL?

    /// Nothing where no bot was started for the tests.
    public init?() {
        let environment = ProcessInfo.processInfo.environment
        guard let ws = environment["RTVI_TEST_WS"].flatMap(URL.init(string:)),
            let start = environment["RTVI_TEST_START"].flatMap(URL.init(string:))
        else { return nil }
        self.ws = ws
        self.start = start
        offer = environment["RTVI_TEST_OFFER"].flatMap(URL.init(string:))
        room = environment["RTVI_TEST_ROOM"].flatMap(URL.init(string:))
    }

    /// The connect parameters of a transport.
    public func params(_ transport: TestTransport) -> Value {
        switch (transport, offer, room) {
        case (.webrtc, .some(let offer), _): return ["webrtcRequestParams": ["endpoint": .string(offer.absoluteString)]]
        case (.livekit, _, .some(let room)): return ["url": .string(room.absoluteString), "token": "a-token"]
        default: return ["wsUrl": .string(ws.absoluteString)]
        }
    }

    /// The start request of a transport.
    public func request(_ transport: TestTransport) -> APIRequest {
        APIRequest(endpoint: start, requestData: ["transport": .string(transport.rawValue)])
    }

    /// A transport by its kind.
    public static func transport(_ transport: TestTransport) -> any TransportProvider {
        switch transport {
        case .websocket: WebSocketTransport()
        case .webrtc: SmallWebRTCTransport()
        case .livekit: LiveKitTransport()
        }
    }
}

/// A microphone that sends silence.
public func silence() throws -> PCMInput {
    let input = try PCMInput(format: AudioFormat(sampleRate: 16_000), pace: .paced)
    input.end()
    return input
}

extension Value {
    /// Whether it has at least what `wanted` has: of an object the given members, each by the same
    /// rule.
    public func contains(_ wanted: Value) -> Bool {
        switch (self, wanted) {
        case (.object(let has), .object(let wants)):
            return wants.allSatisfy { name, value in has[name]?.contains(value) ?? false }
        case (.array(let has), .array(let wants)):
            return has.count == wants.count && zip(has, wants).allSatisfy { $0.contains($1) }
        default: return self == wanted
        }
    }
}
