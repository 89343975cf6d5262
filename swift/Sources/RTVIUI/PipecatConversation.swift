import Observation
import RTVI

/// A conversation that SwiftUI observes: its turns, as ``TranscriptView`` shows them.
///
/// ``PipecatCall/conversation`` follows a client. One of your own follows the events that you pass.
@MainActor
public final class PipecatConversation {
    private let conversation: Conversation
    private let observers = Observers()
    private var shown: [Turn] = []

    /// Creates an empty conversation. It keeps 1000 turns with 64 KiB of text each, unless `limits`
    /// differ.
    public init(limits: ConversationLimits? = nil) {
        conversation = Conversation(limits: limits)
    }

    /// All turns, oldest first. The identifier of a turn never changes, and its text grows.
    public var turns: [Turn] {
        observers.read()
        return shown
    }

    /// Follows the next event of a client. Pass every event, in order.
    public func apply(_ event: PipecatEvent) {
        guard let change = conversation.apply(event) else { return }
        let first = Int(change.first)
        observers.willChange()
        shown = shown.dropFirst(Int(change.dropped)).prefix(first) + conversation.turns(from: first)
    }

    /// Removes all turns. A running session continues with the next turn.
    public func clear() {
        observers.willChange()
        conversation.clear()
        shown = []
    }
}

@available(iOS 17, macOS 14, *)
extension PipecatConversation: Observable {}

#if canImport(Combine)
import Combine

extension PipecatConversation: ObservableObject {
    /// Sends before every change.
    public nonisolated var objectWillChange: ObservableObjectPublisher { observers.publisher }
}
#endif
