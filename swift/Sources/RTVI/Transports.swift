import Foundation
import RTVITypes

/// How to reach bots, as ``PipecatClientOptions`` takes it: a ``SmallWebRTCTransport``, a ``WebSocketTransport``, or a ``Transport`` of the
/// app's own.
public protocol TransportProvider: Sendable {
    /// What the core is told of it.
    var setup: TransportSetup { get }
}

/// What the core is told of a transport. Only the SDK makes and reads it.
public struct TransportSetup: Sendable {
    let choice: FfiTransportChoice
}

/// A STUN or TURN server.
public struct IceServer: Sendable, Equatable, Encodable {
    /// Its URLs: `stun:host:port`, `turn:host:port`.
    public var urls: [String]
    /// The user's name at a TURN server.
    public var username: String?
    /// The password at a TURN server.
    public var credential: String?

    /// A server.
    public init(urls: [String], username: String? = nil, credential: String? = nil) {
        self.urls = urls
        self.username = username
        self.credential = credential
    }
}

extension IceServer: CustomStringConvertible, CustomReflectable {
    /// Its URLs, and whether it has a credential, which may be secret like the name of its user.
    public var description: String { "IceServer(\(urls), \(credential == nil ? "no credential" : "a credential"))" }

    /// Nothing: `dump` shows the description alone.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// WebRTC with a bot, without a service between them: what Pipecat recommends for apps.
///
/// Making a client fails as `unsupportedFeature` where the core was built without it.
public struct SmallWebRTCTransport: TransportProvider, Equatable {
    /// The offer request to make when the connect parameters hold none.
    public var offer: APIRequest?
    /// Where offers go after a start request, with `:sessionId` in the session's place; relative to the start URL or absolute.
    public var offerUrlTemplate: String?
    /// STUN and TURN servers, used unless the connect parameters bring their own.
    public var iceServers: [IceServer]
    /// Whether to connect through TURN servers only.
    public var relayOnly: Bool
    /// Whether the offer waits until all network candidates are known.
    public var waitForICEGathering: Bool
    /// Whom to trust.
    public var tls: TLSOptions
    /// How long a server may give no sign of life until the connection counts as lost, in seconds; 5.75 when absent.
    public var stallTimeout: TimeInterval?

    /// Options that are absent have the core's defaults.
    public init(
        offer: APIRequest? = nil, offerUrlTemplate: String? = nil, iceServers: [IceServer] = [], relayOnly: Bool = false,
        waitForICEGathering: Bool = false, tls: TLSOptions = TLSOptions(), stallTimeout: TimeInterval? = nil
    ) {
        self.offer = offer
        self.offerUrlTemplate = offerUrlTemplate
        self.iceServers = iceServers
        self.relayOnly = relayOnly
        self.waitForICEGathering = waitForICEGathering
        self.tls = tls
        self.stallTimeout = stallTimeout
    }

    public var setup: TransportSetup {
        let servers = iceServers.map {
            FfiIceServer(urls: $0.urls, username: $0.username ?? "", credential: $0.credential ?? "")
        }
        return TransportSetup(
            choice: .smallWebRtc(
                options: FfiSmallWebRtcOptions(
                    offer: offer?.ffi, offerUrlTemplate: offerUrlTemplate, iceServers: servers, relayOnly: relayOnly,
                    waitForIceGathering: waitForICEGathering, tls: tls.ffi,
                    stallTimeoutMs: stallTimeout.map(milliseconds))))
    }
}

/// A WebSocket with Pipecat's protobuf framing: for servers and prototypes.
public struct WebSocketTransport: TransportProvider, Equatable {
    /// The URL to use when the connect parameters hold none.
    public var url: URL?
    /// Headers of every upgrade request; those in the connect parameters replace ones of the same name.
    public var headers: [String: String]
    /// Rate of the audio that is sent, in Hz; 16,000 when absent.
    public var sampleRate: Int?
    /// Whom to trust.
    public var tls: TLSOptions
    /// How long a server may give no sign of life until the connection counts as lost, in seconds; 5.5 when absent.
    public var stallTimeout: TimeInterval?

    /// Options that are absent have the core's defaults.
    public init(
        url: URL? = nil, headers: [String: String] = [:], sampleRate: Int? = nil, tls: TLSOptions = TLSOptions(),
        stallTimeout: TimeInterval? = nil
    ) {
        self.url = url
        self.headers = headers
        self.sampleRate = sampleRate
        self.tls = tls
        self.stallTimeout = stallTimeout
    }

    public var setup: TransportSetup {
        TransportSetup(
            choice: .webSocket(
                options: FfiWebSocketOptions(
                    url: url?.absoluteString, headers: headers, sampleRate: sampleRate.map(UInt32.init(clamping:)),
                    tls: tls.ffi, stallTimeoutMs: stallTimeout.map(milliseconds))))
    }
}

extension WebSocketTransport: CustomStringConvertible, CustomReflectable {
    /// Without what may be secret: user and query of the URL, and values of headers.
    public var description: String { "WebSocketTransport(\(url?.shown ?? "no URL"), headers: \(headers.keys.sorted()))" }

    /// Nothing: `dump` shows the description alone.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Connect parameters of ``SmallWebRTCTransport``.
public struct SmallWebRTCTransportConnectionParams: Encodable, Sendable, Equatable {
    /// STUN and TURN servers.
    public struct IceConfig: Encodable, Sendable, Equatable {
        /// The servers.
        public var iceServers: [IceServer]

        /// With these servers.
        public init(iceServers: [IceServer]) { self.iceServers = iceServers }
    }

    /// Where the offer goes.
    public var webrtcRequestParams: APIRequest
    /// STUN and TURN servers; the transport's when absent.
    public var iceConfig: IceConfig?

    /// Parameters.
    public init(webrtcRequestParams: APIRequest, iceConfig: IceConfig? = nil) {
        self.webrtcRequestParams = webrtcRequestParams
        self.iceConfig = iceConfig
    }
}

/// The servers of ``SmallWebRTCTransportConnectionParams``, by the name that they have in the iOS SDK.
public typealias IceConfig = SmallWebRTCTransportConnectionParams.IceConfig

/// Connect parameters of ``WebSocketTransport``.
public struct WebSocketTransportConnectionParams: Encodable, Sendable, Equatable {
    /// The `ws` or `wss` URL.
    public var wsUrl: URL

    /// Parameters.
    public init(wsUrl: URL) { self.wsUrl = wsUrl }
}
