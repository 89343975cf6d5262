import Combine
import Foundation
import RTVI

/// A conversation with a bot, as the view shows it.
@MainActor
final class Call: ObservableObject {
    /// Somebody's words.
    struct Line: Identifiable {
        let id = UUID()
        let isUser: Bool
        var text: String
        var isFinal: Bool
    }

    @Published private(set) var state = TransportState.disconnected
    @Published private(set) var lines: [Line] = []
    @Published private(set) var userLevel: Float = 0
    @Published private(set) var botLevel: Float = 0
    @Published private(set) var isMuted = false
    @Published var problem: String?

    private var client: PipecatClient?
    private var calling: Task<Void, Never>?

    var isActive: Bool { calling != nil || client != nil }

    func start(at endpoint: URL) {
        guard !isActive else { return }
        lines = []
        calling = Task {
            do {
                let client = try PipecatClient(options: PipecatClientOptions(transport: SmallWebRTCTransport(), enableMic: !isMuted))
                self.client = client
                client.delegate = self
                let request = APIRequest(endpoint: endpoint, requestData: ["transport": "webrtc"])
                try await client.startBotAndConnect(startBotParams: request)
            } catch is CancellationError {
                // The user hung up.
            } catch {
                problem = error.localizedDescription
            }
            calling = nil
            letGo()
        }
    }

    func end() {
        calling?.cancel()
        Task {
            try? await client?.disconnect()
            letGo()
        }
    }

    func toggleMute() {
        isMuted.toggle()
        Task { try? await client?.enableMic(enable: !isMuted) }
    }

    func send(_ text: String) {
        Task {
            do {
                try await client?.sendText(content: text)
                lines.append(Line(isUser: true, text: text, isFinal: true))
            } catch {
                problem = error.localizedDescription
            }
        }
    }

    /// Lets go of a client whose call is over, which need not be the one that an event or a task is about: the next call may have begun.
    private func letGo() {
        if calling == nil, client?.connected() != true { client = nil }
    }
}

extension Call: PipecatClientDelegate {
    func onTransportStateChanged(state: TransportState) {
        self.state = state
    }

    func onUserTranscript(data: Transcript) {
        if let last = lines.last, last.isUser, !last.isFinal { lines.removeLast() }
        lines.append(Line(isUser: true, text: data.text, isFinal: data.final))
    }

    func onBotOutput(data: BotOutputData) {
        guard data.spokenStatus == .completed || data.willBeSpoken == false else { return }
        lines.append(Line(isUser: false, text: data.text, isFinal: true))
    }

    func onLocalAudioLevel(level: Float) {
        userLevel = level
    }

    func onRemoteAudioLevel(level: Float) {
        botLevel = level
    }

    func onReconnecting(attempt: Int, maxAttempts: Int, reason: RTVIError) {
        problem = "The connection was lost; attempt \(attempt) of \(maxAttempts)."
    }

    func onDeviceError(error: RTVIError) {
        problem = error.message
    }

    func onDisconnected() {
        letGo()
        userLevel = 0
        botLevel = 0
    }
}
