import Foundation
import RTVITypes

extension PipecatClientProtocol {
    /// Sends a file from memory, such as a photo, with a text; needs a bot of protocol 2.2.0.
    ///
    ///     try await client.sendFile(data: jpeg, mimeType: "image/jpeg", content: "What is this?")
    ///
    /// It travels inside the message, a third larger: the transport's largest message limits it, and a
    /// larger one throws `messageTooLarge`. `custom` are options of the bot's LLM service.
    public func sendFile(
        data: Data, mimeType: String, name: String? = nil, content: String = "", options: SendTextOptions? = nil,
        custom: Value? = nil
    ) async throws {
        let source: Value = ["type": "bytes", "bytes": .string(data.base64EncodedString())]
        let file = FileMessage(format: mimeType, name: name, source: source)
        try await sendFile(file: file.asValue(content: content, options: options, custom: custom))
    }

    /// Sends a file by its URL. A `file` URL is read and sent from memory, under its own name unless
    /// you give one; one that can't be read throws `invalidArgument`. Any other URL (`http`, `https`, `s3`, `gs`, or
    /// `pipecat` from an upload to the bot) is read by the bot or its LLM service.
    public func sendFile(
        url: URL, mimeType: String, name: String? = nil, content: String = "", options: SendTextOptions? = nil,
        custom: Value? = nil
    ) async throws {
        if url.isFileURL {
            let data = try await contents(of: url)
            return try await sendFile(
                data: data, mimeType: mimeType, name: name ?? url.lastPathComponent, content: content, options: options,
                custom: custom)
        }
        let source: Value = ["type": "url", "url": url.asValue]
        let file = FileMessage(format: mimeType, name: name, source: source)
        try await sendFile(file: file.asValue(content: content, options: options, custom: custom))
    }
}

/// Reads a file off the main actor.
private func contents(of url: URL) async throws -> Data {
    try await Task.detached {
        do {
            return try Data(contentsOf: url)
        } catch {
            throw RTVIError(.invalidArgument, "\(url.lastPathComponent) can't be read: \(error.localizedDescription)")
        }
    }.value
}

/// The data of the message `send-file`.
private struct FileMessage {
    var format: String
    var name: String?
    var source: Value

    func asValue(content: String, options: SendTextOptions?, custom: Value?) -> Value {
        var file: [String: Value] = ["format": .string(format), "source": source]
        file["name"] = name.map(Value.string)
        var chosen: [String: Value] = [:]
        chosen["run_immediately"] = options?.runImmediately.map(Value.bool)
        chosen["audio_response"] = options?.audioResponse.map(Value.bool)
        chosen["custom_options"] = custom
        var message: [String: Value] = ["content": .string(content), "file": .object(file)]
        if !chosen.isEmpty { message["options"] = .object(chosen) }
        return .object(message)
    }
}
