import RTVI
import RTVITestKit
import XCTest

// The two ways to test an app, as the documentation shows them.

/// What an app has: code that talks to a bot and knows only the protocol of the client.
@MainActor
private final class Weather: PipecatClientDelegate {
    private(set) var answers: [String] = []
    private let client: any PipecatClientProtocol

    init(client: any PipecatClientProtocol) throws {
        self.client = client
        client.delegate = self
        try client.registerFunctionCallHandler(functionName: "get_weather") { call in
            ["city": call.arguments["city"] ?? nil, "celsius": 21]
        }
    }

    func ask(about city: String, at request: APIRequest) async throws {
        try await client.startBotAndConnect(startBotParams: request)
        try await client.sendText(content: "How is the weather in \(city)?")
    }

    func onBotTranscript(data: TextData) {
        answers.append(data.text)
    }
}

/// With a mock: no bot, no audio, no time.
@MainActor
final class MockExampleTests: XCTestCase {
    private let request = APIRequest(endpoint: URL(string: "http://bot/start")!)

    func testItAsksAndHears() async throws {
        let client = MockPipecatClient()
        let weather = try Weather(client: client)
        try await weather.ask(about: "Oslo", at: request)
        XCTAssertEqual(client.calls.last, MockPipecatClient.Call("sendText", ["content": "How is the weather in Oslo?"]))
        client.emit(.botTranscript(data: TextData(text: "It is sunny.")))
        XCTAssertEqual(weather.answers, ["It is sunny."])
        let result = try await client.callFunction("get_weather", arguments: ["city": "Oslo"])
        XCTAssertEqual(result, ["city": "Oslo", "celsius": 21])
    }

    func testItReportsThatNoBotIsFree() async throws {
        let client = MockPipecatClient()
        client.onCall = { call in
            if call.method == "startBotAndConnect" { throw RTVIError(.busy, "no bot is free") }
            return nil
        }
        let weather = try Weather(client: client)
        do {
            try await weather.ask(about: "Oslo", at: request)
            XCTFail("it asked nobody")
        } catch let error as RTVIError {
            XCTAssertEqual(error.kind, .busy)
        }
    }
}

#if os(macOS) || os(Linux)
/// With the demo bot: the whole client, over real sockets.
@MainActor
final class DemoBotExampleTests: XCTestCase {
    private func client() throws -> PipecatClient {
        var options = PipecatClientOptions(transport: WebSocketTransport())
        (options.microphone, options.speaker) = (.none, .none)
        options.reconnect.maxAttempts = 0
        return try PipecatClient(options: options)
    }

    func testTheBotCallsTheAppAndAnswers() async throws {
        let bot = try await demoBot(DemoBot.Script(pace: 0.1))
        let weather = try Weather(client: client())
        try await weather.ask(about: "Oslo", at: bot.startRequest(transport: "websocket"))
        while !weather.answers.contains(where: { $0.contains("celsius 21") }) {
            try await Task.sleep(nanoseconds: 2_000_000)
        }
        bot.stop()
    }

    func testTheBotMisbehaves() async throws {
        let bot = try await demoBot(DemoBot.Script(fault: ["kind": "close", "code": 1011], pace: 0.1))
        let client = try client()
        let events = client.events
        _ = try? await client.startBotAndConnect(startBotParams: bot.startRequest(transport: "websocket"))
        for await case .disconnected(let reason) in events {
            guard case .requested = reason else { break }
            XCTFail("nobody asked for that")
        }
        XCTAssertEqual(client.state, .disconnected)
    }

    func testAWrongScriptIsAnError() async throws {
        do {
            _ = try await demoBot(DemoBot.Script(fault: "explode"))
            XCTFail("it started")
        } catch let error as RTVIError {
            XCTAssertTrue(error.message.contains("explode"), error.message)
        }
    }

    private func demoBot(_ script: DemoBot.Script) async throws -> DemoBot {
        guard ProcessInfo.processInfo.environment["RTVI_PROGRAM"] != nil else {
            throw XCTSkip("no RTVI_PROGRAM: run `cargo xtask test swift`")
        }
        return try await DemoBot.start(script)
    }
}
#endif
