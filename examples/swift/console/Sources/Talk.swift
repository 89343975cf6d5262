import Foundation
import RTVI

/// One conversation: says who says what, and knows when the bot has answered.
@MainActor
final class Talk: PipecatClientDelegate {
    private let client: PipecatClient
    private let target: Arguments.Target
    private var answers = 0
    private var isOver = false

    init(_ arguments: Arguments, target: Arguments.Target) throws {
        self.target = target
        var options: PipecatClientOptions
        // The start endpoint of the demo bot and of Pipecat's runner gives WebRTC unless asked
        // otherwise.
        if case .webSocket = target {
            options = PipecatClientOptions(transport: WebSocketTransport())
        } else {
            options = PipecatClientOptions(transport: SmallWebRTCTransport())
        }
        if let file = arguments.microphone { options.microphone = .wav(file) }
        if let file = arguments.speaker { options.speaker = .wav(file, format: AudioFormat(sampleRate: 24_000)) }
        client = try PipecatClient(options: options)
        client.delegate = self
        try client.registerFunctionCallHandler(functionName: "get_weather") { _ in
            ["conditions": "sunny", "celsius": 21]
        }
    }

    func hold(sending texts: [String], waitsForSpeech: Bool) async throws {
        switch target {
        case .webSocket(let url):
            try await client.connect(transportParams: WebSocketTransportConnectionParams(wsUrl: url))
        case .offer(let url):
            let request = APIRequest(endpoint: url)
            try await client.connect(transportParams: SmallWebRTCTransportConnectionParams(webrtcRequestParams: request))
        case .start(let url):
            let request = APIRequest(endpoint: url, requestData: ["transport": "webrtc"])
            try await client.startBotAndConnect(startBotParams: request)
        }
        var expected = 0
        if waitsForSpeech {
            expected += 1
            await answered(expected)
        }
        for text in texts {
            expected = answers + 1
            print("you    \(text)")
            try await client.sendText(content: text)
            await answered(expected)
        }
        try await client.disconnect()
    }

    /// Waits for the bot to have spoken so many answers, a minute at most.
    private func answered(_ count: Int) async {
        let limit = Date().addingTimeInterval(60)
        while answers < count, !isOver, Date() < limit {
            try? await Task.sleep(nanoseconds: 20_000_000)
        }
    }

    func onUserTranscript(data: TranscriptData) {
        if data.isFinal { print("you    \(data.text)") }
    }

    func onBotTranscript(data: TextData) {
        print("bot    \(data.text)")
    }

    func onBotStoppedSpeaking() {
        answers += 1
    }

    func onReconnecting(attempt: UInt32, maxAttempts: UInt32, reason: RTVIError) {
        print("       lost: \(reason.message); attempt \(attempt) of \(maxAttempts)")
    }

    func onError(error: RTVIError, fatal: Bool) {
        print("       error: \(error.message)")
    }

    func onDisconnected() {
        isOver = true
    }
}
