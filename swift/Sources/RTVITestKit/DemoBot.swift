#if os(macOS) || os(Linux)
import Foundation
import RTVI

/// A Pipecat bot without a network, for tests of an app: the demo bot of this repository, with a
/// script and faults, in a process of its own.
///
///     let bot = try await DemoBot.start(DemoBot.Script(prompts: ["How is the weather in Oslo?"], pace: 0.1))
///     try await client.startBotAndConnect(startBotParams: bot.startRequest(transport: "webrtc"))
///     …
///     bot.stop()
///
/// It needs the program `rtvi-bot` or `rtvi`: in the environment variable `RTVI_PROGRAM`, or on the
/// `PATH`. It stops when the value is released, and with the test's process. A test in the simulator can't start
/// programs: use a `DemoBot` at a URL there.
public final class DemoBot: @unchecked Sendable {
    /// What the bot says, hears and does wrong.
    public struct Script: Sendable, Equatable {
        /// What the bot hears when the user speaks, turn by turn; it starts again at the end. Without
        /// any, the bot's own.
        public var prompts: [String] = []
        /// What the bot says once the client is ready; `nil` for nothing.
        public var greeting: String?
        /// How the bot misbehaves, as `examples/bot/README.md` of the SDK's repository lists it: `drop`,
        /// `no-bot-ready`, or an object such as `["kind": "close", "code": 1011]`.
        public var fault: Value?
        /// A factor on the bot's own durations: 0.1 is ten times as fast. WebRTC audio is always in
        /// real time.
        public var pace: Double = 1
        /// The generation of the protocol: 2, or 1 for an old server.
        public var protocolVersion = 2
        /// Whether the bot returns the user's audio instead of listening to it.
        public var echoes = false
        /// Whether the bot also sends voice activity, audio levels and raw texts.
        public var sendsEverything = false
        /// Further arguments of `rtvi-bot`.
        public var arguments: [String] = []

        /// A bot that behaves well, in real time, unless told otherwise.
        public init(prompts: [String] = [], greeting: String? = nil, fault: Value? = nil, pace: Double = 1) {
            self.prompts = prompts
            self.greeting = greeting
            self.fault = fault
            self.pace = pace
        }

        var commandLine: [String] {
            var line = ["--port", "0", "--while-stdin", "--pace", "\(pace)", "--protocol", "\(protocolVersion)"]
            prompts.forEach { line += ["--prompt=\($0)"] }
            if let greeting { line += ["--greeting=\(greeting)"] }
            if let fault { line += ["--fault=\(fault.string ?? fault.json)"] }
            if echoes { line.append("--echo") }
            if sendsEverything { line.append("--everything") }
            return line + arguments
        }
    }

    /// Where the bot listens, such as `http://127.0.0.1:49152`.
    public let url: URL
    private let process: Process
    /// Open as long as the bot may run.
    private let lifeline: Pipe

    /// Starts a bot and waits until it listens. `program` is the bot's, if it is not where the type says.
    /// Throws `internal` with what the program says when there is no bot.
    public static func start(_ script: Script = Script(), program: URL? = nil) async throws -> DemoBot {
        let program = try program ?? find()
        return try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try DemoBot(script, program: program) })
            }
        }
    }

    private init(_ script: Script, program: URL) throws {
        let (output, errors) = (Pipe(), Pipe())
        process = Process()
        lifeline = Pipe()
        process.executableURL = program
        let isCommand = program.lastPathComponent == Self.programs[0]
        process.arguments = (isCommand ? [] : ["bot"]) + script.commandLine
        (process.standardInput, process.standardOutput, process.standardError) = (lifeline, output, errors)
        try process.run()
        guard let line = Self.line(of: output.fileHandleForReading), line.hasPrefix(Self.ready),
            let url = URL(string: String(line.dropFirst(Self.ready.count)))
        else {
            kill(process.processIdentifier, SIGKILL)
            let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            throw RTVIError(.internal, "the demo bot did not start: \(said)")
        }
        self.url = url
    }

    deinit {
        stop()
    }

    /// Ends the bot at once, as if the server were killed.
    public func stop() {
        guard process.isRunning else { return }
        // A program that a thread of Dispatch has started ignores every other signal.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// The start endpoint.
    public var startURL: URL { url.appendingPathComponent("start") }

    /// The endpoint of WebRTC offers.
    public var offerURL: URL { url.appendingPathComponent("api/offer") }

    /// The endpoint of WebSockets.
    public var socketURL: URL {
        var parts = URLComponents(url: url.appendingPathComponent("ws"), resolvingAgainstBaseURL: false)
        parts?.scheme = "ws"
        return parts?.url ?? url
    }

    /// A request to the start endpoint, for `webrtc` or `websocket`. `fault` is for this session only,
    /// and `body` is what the app sends to its bot.
    public func startRequest(transport: String, fault: Value? = nil, body: Value? = nil) -> APIRequest {
        var data: [String: Value] = ["transport": .string(transport)]
        data["fault"] = fault
        data["body"] = body
        return APIRequest(endpoint: startURL, requestData: .object(data))
    }

    private static let ready = "READY "
    /// The bot alone, and the command line that contains it.
    private static let programs = ["rtvi-bot", "rtvi"]

    private static func find() throws -> URL {
        let environment = ProcessInfo.processInfo.environment
        if let program = environment["RTVI_PROGRAM"] { return URL(fileURLWithPath: program) }
        let folders = (environment["PATH"] ?? "").split(separator: ":").map { URL(fileURLWithPath: String($0)) }
        let found = programs.flatMap { name in folders.map { $0.appendingPathComponent(name) } }
        guard let program = found.first(where: { FileManager.default.isExecutableFile(atPath: $0.path) }) else {
            throw RTVIError(.invalidState, "neither rtvi-bot nor rtvi is on the PATH, and RTVI_PROGRAM is not set")
        }
        return program
    }

    /// The first line of a program's output, without its end; `nil` if it ends before.
    private static func line(of file: FileHandle) -> String? {
        var line = Data()
        while let byte = try? file.read(upToCount: 1), !byte.isEmpty {
            if byte == Data("\n".utf8) { return String(decoding: line, as: UTF8.self) }
            line += byte
        }
        return nil
    }
}
#endif
