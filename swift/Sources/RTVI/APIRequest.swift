import Foundation
import RTVITypes

/// A request to an HTTP endpoint, such as the one that starts a bot. It is made as `POST` with a JSON body.
public struct APIRequest: Sendable, Equatable {
    /// The `http` or `https` URL.
    public var endpoint: URL
    /// Extra headers, such as `Authorization`. They are used again for requests that belong to the same session, and never logged.
    public var headers: [String: String]
    /// The body; none when absent.
    public var requestData: Value?
    /// How long the whole request may take, in seconds; the client's ``Timeouts/start`` when absent.
    public var timeout: TimeInterval?

    /// A request.
    public init(
        endpoint: URL, headers: [String: String] = [:], requestData: Value? = nil, timeout: TimeInterval? = nil
    ) {
        self.endpoint = endpoint
        self.headers = headers
        self.requestData = requestData
        self.timeout = timeout
    }

    /// A request as the iOS SDK has it, with a list of headers. Of headers of the same name, the last counts.
    public init(endpoint: URL, headers: [[String: String]], requestData: Value? = nil, timeout: TimeInterval? = nil) {
        let all = headers.reduce(into: [:]) { all, some in all.merge(some) { _, last in last } }
        self.init(endpoint: endpoint, headers: all, requestData: requestData, timeout: timeout)
    }

    /// A request that starts a session of an agent on Pipecat Cloud with a public key (`pk_…`), which is sent as a header and never shown.
    ///
    /// `requestData` says what to ask for: `["transport": "webrtc"]` or `"websocket"`, and in `body` what the bot gets as its arguments, at most
    /// 1 MiB of JSON, for WebSockets 4 KiB. Throws ``RTVIError`` for a name or key that can't be used.
    public static func pipecatCloud(agent: String, publicKey: String, requestData: Value? = nil) throws -> APIRequest {
        var request = try APIRequest(translated { try pipecatCloudRequest(agent: agent, publicKey: publicKey) })
        request.requestData = requestData
        return request
    }

    init(_ request: FfiStartRequest) throws {
        guard let endpoint = URL(string: request.endpoint) else {
            throw RTVIError(.invalidArgument, "the endpoint is no URL")
        }
        self.init(
            endpoint: endpoint, headers: request.headers, requestData: request.requestData,
            timeout: request.timeoutMs.map { TimeInterval($0) / 1000 })
    }

    var ffi: FfiStartRequest {
        FfiStartRequest(
            endpoint: endpoint.absoluteString, headers: headers, requestData: requestData,
            timeoutMs: timeout.map(milliseconds))
    }
}

extension APIRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Without what may be secret: user and query of the endpoint, values of headers, and the body.
    public var description: String {
        "APIRequest(\(endpoint.shown), headers: \(headers.keys.sorted()))"
    }

    /// As ``description``.
    public var debugDescription: String { description }

    /// Nothing: `dump` shows the description alone.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension APIRequest: Encodable {
    private enum CodingKeys: String, CodingKey {
        case endpoint, headers, requestData, timeout
    }

    /// As connect parameters have it: the timeout in milliseconds, what is absent left out.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(endpoint.absoluteString, forKey: .endpoint)
        if !headers.isEmpty { try container.encode(headers, forKey: .headers) }
        try container.encodeIfPresent(requestData, forKey: .requestData)
        try container.encodeIfPresent(timeout.map(milliseconds), forKey: .timeout)
    }
}

extension URL {
    /// What may be shown of it: no user, no query.
    var shown: String {
        let number = port.map { ":\($0)" } ?? ""
        return "\(scheme ?? "")://\(host ?? "")\(number)\(path)"
    }
}

/// Seconds as whole milliseconds; what is out of range, as its end.
func milliseconds(_ seconds: TimeInterval) -> UInt32 {
    guard seconds.isFinite else { return seconds > 0 ? .max : 0 }
    return UInt32(min(max(seconds * 1000, 0), TimeInterval(UInt32.max)))
}
