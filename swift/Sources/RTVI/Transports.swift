import Foundation
import RTVITypes

/// How to reach bots, as ``PipecatClientOptions`` takes it: a ``SmallWebRTCTransport``, a ``WebSocketTransport``, an ``AutoTransport`` that
/// chooses one of them, or a ``Transport`` of the app's own.
public protocol TransportProvider: Sendable {
    /// What the core is told of it.
    var setup: TransportSetup { get }
}

/// What the core is told of a transport. Only the SDK makes and reads it.
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

extension AutoTransport: TransportProvider {
    public var setup: TransportSetup { TransportSetup("auto", self) }
}

extension IceServer: Encodable {
    /// As connect parameters have it.
    public func encode(to encoder: any Encoder) throws { try asValue.encode(to: encoder) }
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
