import Foundation
import PipecatClientIOS
import PipecatClientIOSSmallWebrtc
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
        PipecatClientIOS.setLogLevel(.warn)
    }

    // MARK: What the user can do

    func call(_ address: String) {
        guard let endpoint = URL(string: address) else { return show("This is not an address: \(address)") }
        lines = []
        let options = PipecatClientOptions(
            transport: SmallWebRTCTransport(),
            enableMic: isMicEnabled,
            enableCam: false
        )
        let client = PipecatClient(options: options)
        client.delegate = self
        client.registerFunctionCallHandler(functionName: "get_weather") { call, onResult in
            let city = call.args.asObject["city"]?.asString ?? ""
            await onResult(["city": .string(city), "conditions": "sunny", "celsius": 21])
        }
        self.client = client
        isActive = true

        let request = APIRequest(
            endpoint: endpoint,
            requestData: ["transport": "webrtc", "enableDefaultIceServers": true],
            timeout: 30
        )
        client.startBotAndConnect(startBotParams: request) {
            (result: Result<SmallWebRTCStartBotResult, AsyncExecutionError>) in
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
        do {
            try client?.sendText(content: text, options: SendTextOptions(audioResponse: true))
            lines.append(ChatLine(speaker: .user, text: text))
        } catch {
            show(error.localizedDescription)
        }
    }

    /// Asks the server's app, not the bot.
    func askForTime() {
        Task {
            do {
                let answer = try await client?.sendClientRequest(msgType: "time", data: ["zone": "Europe/Berlin"])
                lines.append(ChatLine(speaker: .app, text: answer?.d?.asString ?? "no time"))
            } catch is ResponseTimeoutError {
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

    nonisolated func onBotStarted(botResponse: Any) {
        Task { @MainActor in
            lines.append(ChatLine(speaker: .app, text: "The bot starts"))
        }
    }

    nonisolated func onBotReady(botReadyData: BotReadyData) {
        let version = botReadyData.version
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

    nonisolated func onError(message: RTVIMessageInbound) {
        let text = message.data ?? "The bot reports an error"
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

    nonisolated func onUserTranscript(data: Transcript) {
        guard data.final ?? false else { return }
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

    nonisolated func onServerMessage(data: Any) {
        guard let message = data as? Value, let title = message.asObject["title"]?.asString else { return }
        Task { @MainActor in
            lines.append(ChatLine(speaker: .app, text: title))
        }
    }

    nonisolated func onMetrics(data: PipecatMetrics) {
        print("metrics: \(data)")
    }
}
