import SwiftUI

/// The only screen: where to call, what is said, and what the user can do.
struct ChatView: View {
    @ObservedObject var chat: ChatModel
    @AppStorage("endpoint") private var endpoint = "http://localhost:7860/start"
    @State private var text = ""

    var body: some View {
        VStack(spacing: 12) {
            HStack {
                TextField("Start endpoint", text: $endpoint).disabled(chat.isActive)
                Button(chat.isActive ? "Hang up" : "Call", action: toggleCall)
            }
            Text(chat.isBotSpeaking ? "The bot speaks" : chat.status).font(.caption)
            transcript
            HStack {
                Button { chat.toggleMic() } label: {
                    Image(systemName: chat.isMicEnabled ? "mic.fill" : "mic.slash.fill")
                }
                .accessibilityLabel(chat.isMicEnabled ? "Mute" : "Unmute")
                TextField("Type to the bot", text: $text).onSubmit(send).disabled(!chat.isBotReady)
                Button("Time?", action: chat.askForTime).disabled(!chat.isBotReady)
            }
        }
        .padding()
        .textFieldStyle(.roundedBorder)
        .alert("Something went wrong", isPresented: hasProblem, presenting: chat.problem) { _ in
            Button("OK") {}
        } message: { problem in
            Text(problem)
        }
    }

    private var transcript: some View {
        ScrollViewReader { proxy in
            ScrollView {
                LazyVStack(spacing: 8) {
                    ForEach(chat.lines) { line in
                        Text("\(line.speaker.rawValue): \(line.text)")
                    }
                }
            }
            .onChange(of: chat.lines.count) { _ in
                if let last = chat.lines.last { proxy.scrollTo(last.id, anchor: .bottom) }
            }
        }
    }

    private var hasProblem: Binding<Bool> {
        Binding(get: { chat.problem != nil }, set: { if !$0 { chat.problem = nil } })
    }

    private func toggleCall() {
        if chat.isActive {
            chat.hangUp()
        } else {
            chat.call(endpoint)
        }
    }

    private func send() {
        chat.send(text)
        text = ""
    }
}
