import RTVI
import SwiftUI

/// The conversation: where to call, what is said, and what can be done.
struct TalkView: View {
    @ObservedObject var call: Call
    @AppStorage("endpoint") private var endpoint = "http://localhost:7860/start"
    @State private var text = ""

    var body: some View {
        VStack(spacing: 12) {
            HStack {
                TextField("Start endpoint", text: $endpoint).disabled(call.isActive)
                Button(call.isActive ? "Hang up" : "Call", action: toggle)
            }
            Text(call.state.rawValue).font(.caption).foregroundStyle(.secondary)
            TranscriptView(turns: call.turns.filter { !$0.text.isEmpty })
            LevelView(name: "You", level: call.userLevel)
            LevelView(name: "Bot", level: call.botLevel)
            HStack {
                Button(action: call.toggleMute) { Image(systemName: call.isMuted ? "mic.slash.fill" : "mic.fill") }
                    .accessibilityLabel(call.isMuted ? "Unmute" : "Mute")
                TextField("Type to the bot", text: $text).onSubmit(send).disabled(call.state != .ready)
            }
        }
        .padding()
        .textFieldStyle(.roundedBorder)
        .alert("Something went wrong", isPresented: isProblem, presenting: call.problem) { _ in
            Button("OK") {}
        } message: { problem in
            Text(problem)
        }
    }

    private var isProblem: Binding<Bool> {
        Binding(get: { call.problem != nil }, set: { if !$0 { call.problem = nil } })
    }

    private func toggle() {
        if call.isActive {
            call.end()
        } else if let url = URL(string: endpoint) {
            call.start(at: url)
        }
    }

    private func send() {
        guard !text.isEmpty else { return }
        call.send(text)
        text = ""
    }
}

/// What was said, the newest in sight.
private struct TranscriptView: View {
    let turns: [Turn]

    var body: some View {
        ScrollViewReader { reader in
            List(turns) { turn in
                Text(turn.text)
                    .opacity(turn.isFinal ? 1 : 0.5)
                    .frame(maxWidth: .infinity, alignment: turn.isUser ? .trailing : .leading)
                    .accessibilityLabel("\(turn.isUser ? "You" : "Bot"): \(turn.text)")
            }
            .onChange(of: turns.count) { _ in reader.scrollTo(turns.last?.id) }
        }
    }
}

extension Turn {
    fileprivate var isUser: Bool {
        if case .user = content { return true }
        return false
    }

    /// Whether nothing of it is still being transcribed.
    fileprivate var isFinal: Bool {
        if case .user(let user) = content { return user.interim == nil }
        return true
    }
}
