#if canImport(SwiftUI)
import RTVI
import SwiftUI

/// What is said in a call, the newest in sight: the user's turns on one side, the bot's on the other.
///
///     TranscriptView(call.conversation)
///     TranscriptView(call.conversation) { turn in Text(turn.text) }        // rows of your own
public struct TranscriptView<Row: View>: View {
    @ObservedObject private var conversation: PipecatConversation
    private let row: (Turn) -> Row

    /// Shows a conversation with rows of the app's own.
    public init(_ conversation: PipecatConversation, @ViewBuilder row: @escaping (Turn) -> Row) {
        self.conversation = conversation
        self.row = row
    }

    public var body: some View {
        let turns = conversation.turns.filter { !$0.text.isEmpty }
        ScrollViewReader { reader in
            ScrollView {
                LazyVStack(spacing: 12) {
                    ForEach(turns) { row($0) }
                }
            }
            .onChange(of: turns.last) { last in
                if let last { reader.scrollTo(last.id, anchor: .bottom) }
            }
        }
    }
}

extension TranscriptView where Row == TurnView {
    /// Shows a conversation with rows of ``TurnView``.
    public init(_ conversation: PipecatConversation) {
        self.init(conversation) { TurnView($0) }
    }
}

/// One turn. What is not heard yet is pale, and what the user interrupted is struck through.
public struct TurnView: View {
    private let turn: Turn

    /// Shows a turn.
    public init(_ turn: Turn) {
        self.turn = turn
    }

    public var body: some View {
        turn.passages.reduce(Text("")) { $0 + Self.text($1) }
            .frame(maxWidth: .infinity, alignment: turn.isUser ? .trailing : .leading)
            .accessibilityLabel("\(turn.isUser ? "You" : "Bot"): \(turn.text)")
    }

    private static func text(_ passage: Passage) -> Text {
        switch passage.state {
        case .said: return Text(passage.text)
        case .coming: return Text(passage.text).foregroundColor(.secondary)
        case .unheard: return Text(passage.text).strikethrough().foregroundColor(.secondary)
        }
    }
}
#endif
