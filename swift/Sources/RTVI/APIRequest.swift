import Foundation
import RTVITypes

extension APIRequest {
    /// A request as the iOS SDK has it, with a list of objects of headers.
    public init(endpoint: URL, headers: [[String: String]], requestData: Value? = nil, timeout: TimeInterval? = nil) {
        let all = headers.flatMap { $0.map { Header(name: $0, value: $1) } }
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
            endpoint: endpoint, headers: request.headers.map { Header(name: $0.name, value: $0.value) },
            requestData: request.requestData, timeout: request.timeoutMs.map { TimeInterval($0) / 1000 })
    }
}

extension APIRequest: Encodable {
    private enum CodingKeys: String, CodingKey {
        case endpoint, headers, requestData, timeout
    }

    /// The form that connect parameters take: the timeout in milliseconds, without members that are not set. The last of several headers with one name counts.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(endpoint.absoluteString, forKey: .endpoint)
        if !headers.isEmpty {
            let members = Dictionary(headers.map { ($0.name, $0.value) }) { _, last in last }
            try container.encode(members, forKey: .headers)
        }
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
    return UInt32(min(max((seconds * 1000).rounded(), 0), TimeInterval(UInt32.max)))
}
