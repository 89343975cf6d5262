import SwiftUI

@main
struct TalkApp: App {
    @StateObject private var call = Call()

    var body: some Scene {
        WindowGroup { TalkView(call: call) }
    }
}
