import RTVI

/// A piece of a turn's text, and whether it reached the other side. Pure.
public struct Passage: Sendable, Equatable {
    /// How far it came.
    public enum State: Sendable, Equatable {
        /// Said and heard, or written.
        case said
        /// Not yet: the bot will still say it, or the user is saying it and the transcription may
        /// change.
        case coming
        /// Never: the user interrupted the bot before it.
        case unheard
    }

    /// The text, with the spaces around it.
    public var text: String
    /// How far it came.
    public var state: State

    /// Creates a passage.
    public init(_ text: String, _ state: State) {
        self.text = text
        self.state = state
    }
}

extension Turn {
    /// Whether it is the user's.
    public var isUser: Bool {
        if case .user = content { return true }
        return false
    }

    /// The text in pieces, with what the user really heard of the bot. Neighbours of one state are one
    /// piece. Together they are the turn's text, unless an old server spells words differently.
    public var passages: [Passage] {
        var passages = Passages(of: text)
        switch content {
        case .user(let user):
            guard let interim = user.interim else { return text.isEmpty ? [] : [Passage(text, .said)] }
            passages.add(user.finalText, as: [Passage(user.finalText, .said)])
            passages.add(interim, as: [Passage(interim, .coming)])
        case .bot(let bot):
            for case .segment(let segment) in bot.parts { passages.add(segment.text, as: segment.passages) }
        }
        return passages.list
    }

    /// The function calls of the bot's turn, in order.
    public var functionCalls: [FunctionCallEntry] {
        guard case .bot(let bot) = content else { return [] }
        return bot.parts.compactMap { part in
            if case .functionCall(let call) = part { return call }
            return nil
        }
    }
}

extension Segment {
    fileprivate var passages: [Passage] {
        switch state {
        case .unspoken, .spoken: return [Passage(text, .said)]
        case .pending: return [Passage(text, .coming)]
        case .speaking: return split(rest: .coming)
        case .interrupted: return split(rest: .unheard)
        }
    }

    /// What was spoken, then the rest. Old servers report words that need not be the text's beginning;
    /// then there is no telling the rest.
    private func split(rest: Passage.State) -> [Passage] {
        guard text.hasPrefix(spokenText) else { return [Passage(spokenText, .said)] }
        return [Passage(spokenText, .said), Passage(String(text.dropFirst(spokenText.count)), rest)]
    }
}

/// Passages that are put together, with the spaces between them that the turn's text has.
private struct Passages {
    private(set) var list: [Passage] = []
    /// The part of the turn's text that has no passage yet.
    private var rest: Substring

    init(of text: String) {
        rest = text[...]
    }

    /// Adds the next piece of the turn's text, as these passages.
    mutating func add(_ text: String, as passages: [Passage]) {
        var space = String(space(before: text))
        for passage in passages where !passage.text.isEmpty {
            if let last = list.last, last.state == passage.state {
                list[list.count - 1].text += space + passage.text
            } else {
                list.append(Passage(space + passage.text, passage.state))
            }
            space = ""
        }
    }

    /// The space before the next piece of the turn's text, which then counts as used.
    private mutating func space(before text: String) -> Substring {
        for space in [rest.prefix(0), rest.prefix(while: \.isWhitespace)] where rest.dropFirst(space.count).hasPrefix(text) {
            rest = rest.dropFirst(space.count + text.count)
            return space
        }
        return list.isEmpty ? "" : " "
    }
}
