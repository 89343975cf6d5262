import SwiftUI

@main
struct VoiceChatApp: App {
    @StateObject private var chat = ChatModel()

    var body: some Scene {
        WindowGroup { ChatView(chat: chat) }
    }
}
