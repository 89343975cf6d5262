import Foundation
import RTVI
import SwiftUI

/// One line of the transcript.
struct ChatLine: Identifiable {
    enum Speaker: String {
        case user = "You"
        case bot = "Bot"
        case app = "App"
    }

    let id = UUID()
    let speaker: Speaker
    let text: String
}

/// A voice chat with a bot: its state for the views, and what the user can do.
@MainActor
final class ChatModel: ObservableObject {
    @Published private(set) var status = TransportState.disconnected.description
    @Published private(set) var isActive = false
    @Published private(set) var isBotReady = false
    @Published private(set) var isBotSpeaking = false
    @Published private(set) var isMicEnabled = true
    @Published private(set) var lines: [ChatLine] = []
    @Published var problem: String?

    private var client: PipecatClient?

    init() {
        PipecatLog.setLevel(.warn)
    }

    // MARK: What the user can do

    func call(_ address: String) {
        do {
            try begin(address)
        } catch {
            show(error.localizedDescription)
        }
    }

    private func begin(_ address: String) throws {
        guard let endpoint = URL(string: address) else { return show("This is not an address: \(address)") }
        lines = []
        let options = PipecatClientOptions(
            transport: SmallWebRTCTransport(),
            enableMic: isMicEnabled,
            enableCam: false
        )
        let client = try PipecatClient(options: options)
        client.delegate = self
        try client.registerFunctionCallHandler(functionName: "get_weather") { call in
            let city = call.arguments["city"]?.string ?? ""
            return ["city": .string(city), "conditions": "sunny", "celsius": 21]
        }
        self.client = client
        isActive = true

        let request = APIRequest(
            endpoint: endpoint,
            requestData: ["transport": "webrtc", "enableDefaultIceServers": true],
            timeout: 30
        )
        client.startBotAndConnect(startBotParams: request) {
            (result: Result<BotReadyData, RTVIError>) in
            if case .failure(let error) = result {
                self.show(error.localizedDescription)
                self.end()
            }
        }
    }

    func hangUp() {
        client?.disconnect { result in
            if case .failure(let error) = result {
                self.show(error.localizedDescription)
            }
        }
    }

    func toggleMic() {
        guard let client else { return isMicEnabled.toggle() }
        client.enableMic(enable: !isMicEnabled) { result in
            switch result {
            case .success:
                self.isMicEnabled = client.isMicEnabled
            case .failure(let error):
                self.show(error.localizedDescription)
            }
        }
    }

    func send(_ text: String) {
        Task {
            do {
                try await client?.sendText(content: text, options: SendTextOptions(audioResponse: true))
                lines.append(ChatLine(speaker: .user, text: text))
            } catch {
                show(error.localizedDescription)
            }
        }
    }

    /// Asks the server's app, not the bot.
    func askForTime() {
        Task {
            do {
                let answer = try await client?.sendClientRequest(msgType: "time", data: ["zone": "Europe/Berlin"])
                lines.append(ChatLine(speaker: .app, text: answer?.string ?? "no time"))
            } catch let error as RTVIError where error.kind == .timeout {
                show("The server does not tell the time")
            } catch {
                show(error.localizedDescription)
            }
        }
    }

    // MARK: What is left to do

    private func end() {
        client?.release()
        client = nil
        isActive = false
        isBotReady = false
        isBotSpeaking = false
    }

    private func show(_ message: String) {
        problem = message
    }
}

// MARK: What the client tells

extension ChatModel: PipecatClientDelegate {
    nonisolated func onTransportStateChanged(state: TransportState) {
        Task { @MainActor in
            status = state.description
        }
    }

    nonisolated func onConnected() {
        Task { @MainActor in
            isMicEnabled = client?.isMicEnabled ?? false
        }
    }

    nonisolated func onBotStarted(answer: Value) {
        Task { @MainActor in
            lines.append(ChatLine(speaker: .app, text: "The bot starts"))
        }
    }

    nonisolated func onBotReady(data: BotReadyData) {
        let version = data.version ?? "1"
        Task { @MainActor in
            isBotReady = true
            lines.append(ChatLine(speaker: .app, text: "The bot is ready (RTVI \(version))"))
        }
    }

    nonisolated func onBotDisconnected(participant: Participant) {
        Task { @MainActor in
            hangUp()
        }
    }

    nonisolated func onDisconnected() {
        Task { @MainActor in
            end()
        }
    }

    nonisolated func onError(error: RTVIError, fatal: Bool) {
        let text = error.message
        Task { @MainActor in
            show(text)
        }
    }

    nonisolated func onBotStartedSpeaking() {
        Task { @MainActor in
            isBotSpeaking = true
        }
    }

    nonisolated func onBotStoppedSpeaking() {
        Task { @MainActor in
            isBotSpeaking = false
        }
    }

    nonisolated func onUserTranscript(data: TranscriptData) {
        guard data.isFinal else { return }
        let text = data.text
        Task { @MainActor in
            lines.append(ChatLine(speaker: .user, text: text))
        }
    }

    nonisolated func onBotOutput(data: BotOutputData) {
        guard data.spokenStatus == .completed else { return }
        let text = data.text
        Task { @MainActor in
            lines.append(ChatLine(speaker: .bot, text: text))
        }
    }

    nonisolated func onServerMessage(data: Value?) {
        guard let title = data?["title"]?.string else { return }
        Task { @MainActor in
            lines.append(ChatLine(speaker: .app, text: title))
        }
    }

    nonisolated func onMetrics(data: MetricsData) {
        print("metrics: \(data)")
    }
}
