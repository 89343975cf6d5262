import Foundation
import RTVITypes

/// How to reach bots, for ``PipecatClientOptions``: a ``SmallWebRTCTransport``, a
/// ``WebSocketTransport``, a ``LiveKitTransport``, an ``AutoTransport``, which chooses one of them,
/// a ``PhoneTransport``, or a ``Transport`` of the app's own.
public protocol TransportProvider: Sendable {
    /// The description of it for the core.
    var setup: TransportSetup { get }
}

/// The description of a transport for the core. Only the SDK creates and reads it.
public struct TransportSetup: Sendable {
    let choice: FfiTransportChoice
}

extension TransportSetup {
    fileprivate init(_ name: String, _ options: some OptionValue) {
        self.init(choice: .named(name: name, optionsJson: options.asValue.json))
    }
}

extension SmallWebRTCTransport: TransportProvider {
    public var setup: TransportSetup { TransportSetup("small-webrtc", self) }
}

extension WebSocketTransport: TransportProvider {
    public var setup: TransportSetup { TransportSetup("websocket", self) }
}

extension LiveKitTransport: TransportProvider {
    public var setup: TransportSetup { TransportSetup("livekit", self) }
}

extension PhoneTransport: TransportProvider {
    public var setup: TransportSetup { TransportSetup("phone", self) }
}

extension AutoTransport: TransportProvider {
    public var setup: TransportSetup { TransportSetup("auto", self) }
}

extension IceServer: Encodable {
    /// Encodes the form that connect parameters take.
    public func encode(to encoder: any Encoder) throws { try asValue.encode(to: encoder) }
}

/// Connect parameters of ``SmallWebRTCTransport``.
public struct SmallWebRTCTransportConnectionParams: Encodable, Sendable, Equatable {
    /// STUN and TURN servers.
    public struct IceConfig: Encodable, Sendable, Equatable {
        /// The servers.
        public var iceServers: [IceServer]

        /// Creates a configuration with these servers.
        public init(iceServers: [IceServer]) { self.iceServers = iceServers }
    }

    /// The request that carries the offer.
    public var webrtcRequestParams: APIRequest
    /// STUN and TURN servers; `nil` for those of the transport.
    public var iceConfig: IceConfig?

    /// Creates parameters.
    public init(webrtcRequestParams: APIRequest, iceConfig: IceConfig? = nil) {
        self.webrtcRequestParams = webrtcRequestParams
        self.iceConfig = iceConfig
    }
}

/// The servers of ``SmallWebRTCTransportConnectionParams``, under their name in the iOS SDK.
public typealias IceConfig = SmallWebRTCTransportConnectionParams.IceConfig

/// Connect parameters of ``WebSocketTransport``.
public struct WebSocketTransportConnectionParams: Encodable, Sendable, Equatable {
    /// The `ws` or `wss` URL.
    public var wsUrl: URL

    /// Creates parameters.
    public init(wsUrl: URL) { self.wsUrl = wsUrl }
}

/// Connect parameters of ``LiveKitTransport``, which a start endpoint's answer also has.
public struct LiveKitTransportConnectionParams: Encodable, Sendable, Equatable {
    /// The URL of the LiveKit server: `ws`, `wss`, `http` or `https`.
    public var url: URL
    /// The token for the room. A secret.
    public var token: String

    /// Creates parameters.
    public init(url: URL, token: String) {
        self.url = url
        self.token = token
    }
}

extension LiveKitTransportConnectionParams: CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// Omits the token.
    public var description: String { "LiveKitTransportConnectionParams(url: \(url.shown))" }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Empty: `dump` shows only the description.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
