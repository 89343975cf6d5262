import Foundation
import RTVI
import RTVITesting
import XCTest

/// Agents on Pipecat Cloud, with the server that stands for it.
@MainActor
final class PipecatCloudTests: XCTestCase {
    private let key = "pk_0123456789abcdef0123456789abcdef"

    /// A request to the server that `cargo xtask test` starts; without one the test is skipped.
    private func request(_ agent: String) throws -> APIRequest {
        guard let server = ProcessInfo.processInfo.environment["RTVI_TEST_CLOUD"] else {
            throw XCTSkip("no server that stands for Pipecat Cloud: run `cargo xtask test swift`")
        }
        var request = try APIRequest.pipecatCloud(
            agent: agent, publicKey: key, requestData: ["transport": "websocket"])
        request.endpoint = try XCTUnwrap(URL(string: "\(server)/\(agent)/start"))
        return request
    }

    func testARequestShowsNoKey() async throws {
        let request = try APIRequest.pipecatCloud(agent: "my-agent", publicKey: key)
        XCTAssertEqual(request.endpoint.absoluteString, "https://api.pipecat.daily.co/v1/public/my-agent/start")
        XCTAssertEqual(request.headers, [Header(name: "Authorization", value: "Bearer \(key)")])
        var dumped = ""
        dump(request, to: &dumped)
        for shown in ["\(request)", String(reflecting: request), dumped] {
            XCTAssertTrue(shown.contains("my-agent") && !shown.contains(key), shown)
        }
        XCTAssertThrowsError(try APIRequest.pipecatCloud(agent: "a/b", publicKey: key)) { error in
            XCTAssertEqual((error as? RTVIError)?.kind, .invalidArgument)
        }
    }

    func testErrorsHaveTheServersCode() async throws {
        let client = try PipecatClient(options: quiet(WebSocketTransport()))
        do {
            let _: Value = try await client.startBot(startBotParams: request("full-agent"))
            XCTFail("it was started")
        } catch let error as RTVIError {
            XCTAssertEqual(error.kind, .startBotFailed)
            XCTAssertEqual(error.status, 429)
            XCTAssertEqual(error.code, "PCC-AGENT-AT-CAPACITY")
            XCTAssertEqual(error.retryAfter, 7)
            XCTAssertFalse("\(error)".contains(key))
        }
    }

    func testTheBotsOwnEndpointsAreAsked() async throws {
        let client = try PipecatClient(options: quiet(WebSocketTransport()))
        await fails(.invalidState) { try await client.sessionRequest(method: "GET", path: "list") }
        try await client.startBotAndConnect(startBotParams: request("my-agent"))
        let list = try await client.sessionRequest(method: "GET", path: "list")
        XCTAssertEqual(list, SessionAnswer(status: 200, body: [1, "two", nil]))
        let echo = try await client.sessionRequest(method: "POST", path: "echo?x=1", body: ["a": 1], timeout: 5)
        XCTAssertEqual(echo.status, 202)
        XCTAssertEqual(echo.body["body"], ["a": 1])
        let nothing = try await client.sessionRequest(method: "DELETE", path: "nothing")
        XCTAssertEqual(nothing, SessionAnswer(status: 204, body: .null))
        await fails(.requestFailed) { try await client.sessionRequest(method: "GET", path: "no-such") }
        await fails(.invalidArgument) { try await client.sessionRequest(method: "GET", path: "../../start") }
        try await client.disconnect()
    }

    func testAnAppChoosesHowLongOpeningTakes() async throws {
        var options = quiet(NeverOpens())
        options.timeouts.open = 0.1
        let client = try PipecatClient(options: options)
        do {
            try await client.connect()
            XCTFail("it was connected")
        } catch let error as RTVIError {
            XCTAssertEqual(error.kind, .timeout)
            XCTAssertEqual(error.phase, .transportOpen)
        }
    }

    private func fails(_ kind: RTVIError.Kind, _ call: () async throws -> SessionAnswer) async {
        do {
            let answer = try await call()
            XCTFail("it was answered: \(answer)")
        } catch {
            XCTAssertEqual((error as? RTVIError)?.kind, kind)
        }
    }
}
