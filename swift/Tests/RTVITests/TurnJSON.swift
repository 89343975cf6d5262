import RTVI

extension Turn {
    /// As the vectors have it.
    var json: Value {
        let json: [String: Value] = [
            "id": number(id), "text": .string(text), "heardText": .string(heardText), "truncated": .bool(truncated),
        ]
        switch content {
        case .user(let user): return .object(json.merging(user.json) { $1 })
        case .bot(let bot): return .object(json.merging(bot.json) { $1 })
        }
    }
}

extension UserTurn {
    fileprivate var json: [String: Value] {
        var json: [String: Value] = [
            "role": "user", "finalText": .string(finalText), "typed": .bool(typed), "speaking": .bool(speaking),
        ]
        json["interim"] = interim.map(Value.string)
        json["llmText"] = llmText.map(Value.string)
        json["userId"] = userId.map(Value.string)
        json["timestamp"] = timestamp.map(Value.string)
        json["msgId"] = msgId.map(Value.string)
        if !backchannels.isEmpty { json["backchannels"] = .array(backchannels.map(Value.string)) }
        return json
    }
}

extension BotTurn {
    fileprivate var json: [String: Value] {
        ["role": "bot", "parts": .array(parts.map { .object($0.json) })]
    }
}

extension BotPart {
    fileprivate var json: [String: Value] {
        switch self {
        case .segment(let segment): return segment.json
        case .functionCall(let call): return call.json
        case .userBackchannel(let text): return ["part": "userBackchannel", "text": .string(text)]
        }
    }
}

extension Segment {
    fileprivate var json: [String: Value] {
        var json: [String: Value] = [
            "part": "segment", "text": .string(text), "spokenText": .string(spokenText), "state": .string("\(state)"),
            "kind": .string("\(kind)"), "growing": .bool(growing),
        ]
        json["id"] = id.map(number)
        return json
    }
}

extension FunctionCallEntry {
    fileprivate var json: [String: Value] {
        var json: [String: Value] = ["part": "functionCall", "toolCallId": .string(toolCallId), "state": .string("\(state)")]
        json["functionName"] = functionName.map(Value.string)
        json["arguments"] = arguments
        json["result"] = result
        return json
    }
}

private func number(_ number: UInt64) -> Value {
    .integer(Int64(clamping: number))
}
