import Foundation
import RTVITypes

extension APIRequest {
    /// A request as in the iOS SDK, with headers as a list of objects.
    public init(endpoint: URL, headers: [[String: String]], requestData: Value? = nil, timeout: TimeInterval? = nil) {
        let all = headers.flatMap { $0.map { Header(name: $0, value: $1) } }
        self.init(endpoint: endpoint, headers: all, requestData: requestData, timeout: timeout)
    }

    /// A request that starts a session of an agent on Pipecat Cloud with a public key (`pk_…`). The
    /// key is sent as a header and never shown.
    ///
    /// `requestData` selects the transport, `["transport": "webrtc"]` or `"websocket"`. Its `body`
    /// holds the bot's arguments: at most 1 MiB of JSON, or 4 KiB for WebSockets. Throws
    /// ``RTVIError`` for an unusable name or key.
    public static func pipecatCloud(agent: String, publicKey: String, requestData: Value? = nil) throws -> APIRequest {
        var request = try APIRequest(translated { try pipecatCloudRequest(agent: agent, publicKey: publicKey) })
        request.requestData = requestData
        return request
    }

    init(_ request: FfiStartRequest) throws {
        guard let endpoint = URL(string: request.endpoint) else {
            throw RTVIError(.invalidArgument, "the endpoint is not a URL")
        }
        self.init(
            endpoint: endpoint, headers: request.headers.map { Header(name: $0.name, value: $0.value) },
            requestData: request.requestData, timeout: request.timeoutMs.map { TimeInterval($0) / 1000 })
    }
}

extension APIRequest: Encodable {
    private enum CodingKeys: String, CodingKey {
        case endpoint, headers, requestData, timeout
    }

    /// Encodes the form that connect parameters take: headers as a list, the timeout in
    /// milliseconds, without unset members.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(endpoint.absoluteString, forKey: .endpoint)
        if !headers.isEmpty { try container.encode(headers.map(\.asValue), forKey: .headers) }
        try container.encodeIfPresent(requestData, forKey: .requestData)
        try container.encodeIfPresent(timeout.map(milliseconds), forKey: .timeout)
    }
}

extension URL {
    /// The part of the URL that may be shown: no user, no query.
    var shown: String {
        let number = port.map { ":\($0)" } ?? ""
        return "\(scheme ?? "")://\(host ?? "")\(number)\(path)"
    }
}

/// Seconds as whole milliseconds, clamped to the valid range.
func milliseconds(_ seconds: TimeInterval) -> UInt32 {
    guard seconds.isFinite else { return seconds > 0 ? .max : 0 }
    return UInt32(min(max((seconds * 1000).rounded(), 0), TimeInterval(UInt32.max)))
}
