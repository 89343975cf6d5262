import RTVITypes

/// Builds the turns of a conversation from a client's events: who said what, interruptions,
/// function calls and what was really heard.
///
///     func onEvent(event: PipecatEvent) {
///         guard let change = conversation.apply(event) else { return }
///         let first = Int(change.first)
///         turns = turns.dropFirst(Int(change.dropped)).prefix(first) + conversation.turns(from: first)
///     }
///
/// Usable from any thread. It does not depend on a client: the turns stay when a session ends, and
/// the next session adds to them.
public final class Conversation: Sendable {
    private let core: FfiConversation

    /// Creates an empty conversation. It keeps 1000 turns with 64 KiB of text each, unless `limits`
    /// differ.
    public init(limits: ConversationLimits? = nil) {
        core = FfiConversation(limits: limits)
    }

    /// Applies the next event of a client and returns what it changed, or `nil` if nothing. Pass
    /// every event, in order.
    ///
    /// An event that the app made from JSON nested more than 127 deep changes nothing; it is logged
    /// as an error.
    @discardableResult
    public func apply(_ event: PipecatEvent) -> ConversationChange? {
        orNil("a conversation ignores an event") { try core.apply(event: event) }
    }

    /// All turns, oldest first.
    public var turns: [Turn] { core.turns(first: 0) }

    /// The turns starting at an index, oldest first.
    public func turns(from first: Int) -> [Turn] {
        core.turns(first: UInt32(clamping: first))
    }

    /// The turn at an index, or `nil`.
    public func turn(_ index: Int) -> Turn? {
        core.turn(index: UInt32(clamping: index))
    }

    /// Removes all turns. A running session continues with the next turn.
    public func clear() {
        core.clear()
    }
}

extension Turn: Identifiable {}
