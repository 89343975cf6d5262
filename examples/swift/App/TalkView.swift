import RTVI
import RTVIUI
import SwiftUI

/// The conversation: where to call, what is said, and what can be done.
struct TalkView: View {
    @ObservedObject var call: PipecatCall
    @AppStorage("endpoint") private var endpoint = "http://localhost:7860/start"
    @State private var text = ""

    var body: some View {
        VStack(spacing: 12) {
            HStack {
                TextField("Start endpoint", text: $endpoint).disabled(call.isActive)
                Button(call.isActive ? "Hang up" : "Call", action: toggle)
            }
            Text(call.reconnection.map { "lost; attempt \($0.attempt)" } ?? call.state.description).font(.caption)
            TranscriptView(call.conversation)
            HStack {
                LevelView("You", \.user, of: call.levels)
                LevelView("Bot", \.bot, of: call.levels)
            }
            HStack {
                Button { call.setMic(!call.isMicEnabled) } label: {
                    Image(systemName: call.isMicEnabled ? "mic.fill" : "mic.slash.fill")
                }
                .accessibilityLabel(call.isMicEnabled ? "Mute" : "Unmute")
                TextField("Type to the bot", text: $text).onSubmit(send).disabled(call.state != .ready)
            }
        }
        .padding()
        .textFieldStyle(.roundedBorder)
        .alert("Something went wrong", isPresented: hasProblem, presenting: call.problem) { _ in
            Button("OK") {}
        } message: { problem in
            Text(problem.message)
        }
    }

    private var hasProblem: Binding<Bool> {
        Binding(get: { call.problem != nil }, set: { if !$0 { call.dismissProblem() } })
    }

    private func toggle() {
        if call.isActive {
            call.end()
        } else if let url = URL(string: endpoint) {
            call.start(APIRequest(endpoint: url, requestData: ["transport": "webrtc"]))
        }
    }

    private func send() {
        call.send(text)
        text = ""
    }
}
