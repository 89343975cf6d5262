import Combine
import Foundation
import RTVI

/// A conversation with a bot, as the view shows it.
@MainActor
final class Call: ObservableObject {
    @Published private(set) var state = TransportState.disconnected
    @Published private(set) var turns: [Turn] = []
    @Published private(set) var userLevel: Float = 0
    @Published private(set) var botLevel: Float = 0
    @Published private(set) var isMuted = false
    @Published var problem: String?

    private let conversation = Conversation()
    private var client: PipecatClient?
    private var calling: Task<Void, Never>?

    var isActive: Bool { calling != nil || client != nil }

    func start(at endpoint: URL) {
        guard !isActive else { return }
        conversation.clear()
        turns = []
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
            } catch {
                problem = error.localizedDescription
            }
        }
    }

    /// Lets go of a client whose call is over, which need not be the one that an event or a task is
    /// about: the next call may have begun.
    private func letGo() {
        if calling == nil, client?.connected() != true { client = nil }
    }
}

extension Call: PipecatClientDelegate {
    func onEvent(event: PipecatEvent) {
        guard let change = conversation.apply(event) else { return }
        let first = Int(change.first)
        turns = turns.dropFirst(Int(change.dropped)).prefix(first) + conversation.turns(from: first)
    }

    func onTransportStateChanged(state: TransportState) {
        self.state = state
    }

    func onLocalAudioLevel(level: Float) {
        userLevel = level
    }

    func onRemoteAudioLevel(level: Float) {
        botLevel = level
    }

    func onReconnecting(attempt: UInt32, maxAttempts: UInt32, reason: RTVIError) {
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
