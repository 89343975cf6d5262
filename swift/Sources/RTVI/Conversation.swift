import RTVITypes

/// Who said what, turn by turn, with interruptions, function calls and what was really heard: made from a client's events.
///
///     func onEvent(event: PipecatEvent) {
///         guard let change = conversation.apply(event) else { return }
///         let first = Int(change.first)
///         turns = turns.dropFirst(Int(change.dropped)).prefix(first) + conversation.turns(from: first)
///     }
///
/// Usable from any thread. It is independent of a client: the turns stay when a session ends, and the next session adds to them.
public final class Conversation: Sendable {
    private let core: FfiConversation

    /// An empty conversation. It keeps 1000 turns with 64 KiB of text each unless `limits` say otherwise.
    public init(limits: ConversationLimits? = nil) {
        core = FfiConversation(limits: limits)
    }

    /// Takes the next event of a client, and says what it changed; nothing if that is nothing. Give it every event, in order.
    @discardableResult
    public func apply(_ event: PipecatEvent) -> ConversationChange? {
        core.apply(event: event)
    }

    /// All turns, oldest first.
    public var turns: [Turn] { core.turns(first: 0) }

    /// The turns from an index on, oldest first.
    public func turns(from first: Int) -> [Turn] {
        core.turns(first: UInt32(clamping: first))
    }

    /// The turn at an index, if there is one.
    public func turn(_ index: Int) -> Turn? {
        core.turn(index: UInt32(clamping: index))
    }

    /// Forgets all turns. A session that goes on begins with the next one.
    public func clear() {
        core.clear()
    }
}

extension Turn: Identifiable {}
