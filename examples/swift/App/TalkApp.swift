import RTVI
import RTVIUI
import SwiftUI

@main
struct TalkApp: App {
    @StateObject private var call = TalkApp.call()

    var body: some Scene {
        WindowGroup { TalkView(call: call) }
    }

    /// A call of a client with the device's microphone and speaker. The options are right, so creating
    /// a client can't fail.
    @MainActor
    private static func call() -> PipecatCall {
        do {
            return try PipecatCall(options: PipecatClientOptions(transport: SmallWebRTCTransport()))
        } catch {
            fatalError("the client: \(error)")
        }
    }
}
