// The data of the server's messages, as far as it has a fixed shape.

/// What the user said, as the bot's speech recogniser heard it.
public struct Transcript: Equatable, Hashable, Sendable {
    /// The words.
    public let text: String
    /// False for an interim transcription, which a later one replaces.
    public let final: Bool
    /// ISO 8601, by the server's clock; may be empty.
    public let timestamp: String
    /// Who said it; may be empty.
    public let userId: String

    init(_ data: Value) {
        text = data.text("text")
        final = data["final"]?.bool ?? true
        timestamp = data.text("timestamp")
        userId = data.text("user_id")
    }
}

/// What the user said or typed.
public struct UserInputData: Equatable, Hashable, Sendable {
    /// The words.
    public let text: String
    /// How it came, such as `transcription` or `chat`.
    public let inputType: String
    /// False for an interim transcription.
    public let final: Bool
    /// Who said it; may be empty.
    public let userId: String
    /// For typed input, the id of the client's message; may be empty.
    public let msgId: String

    init(_ data: Value) {
        text = data.text("text")
        inputType = data.text("input_type")
        final = data["final"]?.bool ?? true
        userId = data.text("user_id")
        msgId = data.text("msg_id")
    }
}

/// Text of the bot's language model.
public struct BotLLMText: Equatable, Hashable, Sendable {
    /// The text.
    public let text: String

    init(_ data: Value) { text = data.text("text") }
}

/// Text that the bot speaks.
public struct BotTTSText: Equatable, Hashable, Sendable {
    /// The text.
    public let text: String

    init(_ data: Value) { text = data.text("text") }
}

/// What the bot says or writes, piece by piece.
public struct BotOutputData: Equatable, Hashable, Sendable {
    /// The piece.
    public let text: String
    /// Its form, such as `sentence` or `word`.
    public let outputType: String
    /// Tells pieces of the same segment.
    public let segmentId: Int64?
    /// Whether it is, or was, spoken; from servers that tell it so.
    public let spoken: Bool?
    /// Whether it is going to be spoken.
    public let willBeSpoken: Bool?
    /// `new`, `in-progress`, `completed` or `interrupted`; absent from old servers.
    public let spokenStatus: String?
    /// How much of the segment has been spoken.
    public let accumulatedText: String?
    /// How much has not.
    public let remainingText: String?

    init(_ data: Value) {
        text = data.text("text")
        outputType = data.text("output_type")
        segmentId = data["segment_id"]?.integer
        spoken = data["spoken"]?.bool
        willBeSpoken = data["will_be_spoken"]?.bool
        spokenStatus = data["spoken_status"]?.string
        accumulatedText = data["spoken_progress"]?["accumulated_text"]?.string
        remainingText = data["spoken_progress"]?["remaining_text"]?.string
    }
}

/// Measurements of the bot's services.
public struct PipecatMetrics: Equatable, Hashable, Sendable {
    /// One measurement.
    public struct Entry: Equatable, Hashable, Sendable {
        /// The service measured; may be empty.
        public let processor: String
        /// Its model, if it has one.
        public let model: String?
        /// What was measured, in seconds or characters.
        public let value: Double?
        /// All of it.
        public let data: Value

        init(_ data: Value) {
            processor = data.text("processor")
            model = data["model"]?.string
            value = data["value"]?.number
            self.data = data
        }
    }

    /// Times to the first byte.
    public let ttfb: [Entry]
    /// Times of processing.
    public let processing: [Entry]
    /// Characters processed.
    public let characters: [Entry]
    /// Tokens used.
    public let tokens: [Entry]
    /// All of it, kinds without a member here among it.
    public let data: Value

    init(_ data: Value) {
        func entries(_ name: String) -> [Entry] { (data[name]?.array ?? []).map(Entry.init) }
        ttfb = entries("ttfb")
        processing = entries("processing")
        characters = entries("characters")
        tokens = entries("tokens")
        self.data = data
    }
}

/// What a web search of the bot's language model found.
public struct BotLLMSearchResponseData: Equatable, Hashable, Sendable {
    /// The answer, if there is one.
    public let searchResult: String?
    /// HTML to show with it, if there is any.
    public let renderedContent: String?
    /// Where it was found.
    public let origins: [Value]

    init(_ data: Value) {
        searchResult = data["search_result"]?.string
        renderedContent = data["rendered_content"]?.string
        origins = data["origins"]?.array ?? []
    }
}

/// A function call of the bot's language model, as far as the server tells.
public struct LLMFunctionCallData: Equatable, Hashable, Sendable {
    /// The function; nothing if the server does not tell.
    public let functionName: String?
    /// Unique in the session; empty when the call has only been announced.
    public let toolCallID: String
    /// The arguments; nothing if the server does not tell.
    public let args: Value?
    /// Of a call that ended: whether it was cancelled.
    public let cancelled: Bool
    /// Of a call that ended: its result, if the server tells.
    public let result: Value?

    init(_ data: Value) {
        functionName = data["function_name"]?.string
        toolCallID = data.text("tool_call_id")
        args = data["arguments"] ?? data["args"]
        cancelled = data["cancelled"]?.bool ?? false
        result = data["result"]
    }
}

/// An error, or the server's refusal of a message.
public struct RTVIMessageInbound: Equatable, Hashable, Sendable {
    /// The id of the client's message that it is about, if it is about one.
    public let id: String?
    /// What is wrong, in the words of the server or the SDK.
    public let error: String
    /// Whether the session ends because of it.
    public let fatal: Bool
    /// All of it.
    public let data: Value

    init(_ data: Value) {
        id = data["id"]?.string
        error = data["error"]?.string ?? data.text("message")
        fatal = data["fatal"]?.bool ?? false
        self.data = data
    }
}
