import Foundation
import RTVI
import XCTest

/// Files, as the message `send-file` carries them.
@MainActor
final class FileTests: XCTestCase {
    private func sent(_ send: (PipecatClient) async throws -> Void) async throws -> Value {
        let transport = Loopback()
        let client = try PipecatClient(options: quiet(transport))
        try await client.connect()
        try await send(client)
        try await until("it is sent") { transport.sent.value.last?["type"] == "send-file" }
        try await client.disconnect()
        return transport.sent.value.last?["data"] ?? nil
    }

    func testDataWithItsTypeAndOptions() async throws {
        let message = try await sent { client in
            try await client.sendFile(
                data: Data([1, 2, 255]), mimeType: "image/png", name: "a.png", content: "What is this?",
                options: SendTextOptions(audioResponse: false), custom: ["detail": "low"])
        }
        XCTAssertEqual(
            message,
            [
                "content": "What is this?",
                "file": ["format": "image/png", "name": "a.png", "source": ["type": "bytes", "bytes": "AQL/"]],
                "options": ["audio_response": false, "custom_options": ["detail": "low"]],
            ])
    }

    func testAURLOfTheWebIsForTheBot() async throws {
        let url = try XCTUnwrap(URL(string: "https://example.org/a.pdf?b=c"))
        let message = try await sent { try await $0.sendFile(url: url, mimeType: "application/pdf") }
        XCTAssertEqual(
            message,
            [
                "content": "",
                "file": ["format": "application/pdf", "source": ["type": "url", "url": "https://example.org/a.pdf?b=c"]],
            ])
    }

    func testAFileIsReadAndNamed() async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("note-\(UUID()).txt")
        try Data("Hello".utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let message = try await sent { try await $0.sendFile(url: file, mimeType: "text/plain") }
        XCTAssertEqual(message["file"]?["name"]?.string, file.lastPathComponent)
        XCTAssertEqual(message["file"]?["source"]?["bytes"]?.string, "SGVsbG8=")
        do {
            _ = try await sent { try await $0.sendFile(url: file.appendingPathExtension("missing"), mimeType: "text/plain") }
            XCTFail("a missing file was sent")
        } catch let error as RTVIError {
            XCTAssertEqual(error.kind, .invalidArgument)
        }
    }
}
