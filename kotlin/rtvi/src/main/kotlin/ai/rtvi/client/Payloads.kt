package ai.rtvi.client

import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable

/** What the bot says of itself when it is ready. */
@Serializable
public data class BotReadyData(
    /** The protocol's version, as the server writes it. */
    public val version: String? = null,
    /** The bot's library and whatever else it tells. */
    public val about: Value? = null,
    /** What the bot does in this session; servers since 2.2.0 say. */
    public val capabilities: BotCapabilities? = null,
    /** The service configuration that servers older than 1.0 sent. */
    public val config: Value? = null,
)

/** What a bot does in a session. `null` means that it did not say. */
@Serializable
public data class BotCapabilities(
    @SerialName("audio_in") public val audioIn: Boolean? = null,
    @SerialName("audio_out") public val audioOut: Boolean? = null,
    @SerialName("video_in") public val videoIn: Boolean? = null,
    @SerialName("screen_in") public val screenIn: Boolean? = null,
    @SerialName("video_out") public val videoOut: Boolean? = null,
    public val metrics: Boolean? = null,
)

/** What the user said, as transcribed so far. */
@Serializable
public data class Transcript(
    public val text: String,
    /** False for an interim transcription. */
    @SerialName("final") public val isFinal: Boolean = true,
    /** ISO 8601, by the server's clock. */
    public val timestamp: String? = null,
    @SerialName("user_id") public val userId: String? = null,
)

/** What the user said or typed. */
@Serializable
public data class UserInputData(
    public val text: String,
    /** How it came: `transcription`, `chat`, `backchannel`; others may be added. */
    @SerialName("input_type") public val inputType: String = "",
    /** False for an interim transcription. */
    @SerialName("final") public val isFinal: Boolean = true,
    /** ISO 8601, by the server's clock. */
    public val timestamp: String? = null,
    @SerialName("user_id") public val userId: String? = null,
    /** For typed input, the id of the client's message. */
    @SerialName("msg_id") public val msgId: String? = null,
)

/** A text and nothing else. */
@Serializable
public data class TextData(public val text: String)

/** A piece of what the bot says or writes. */
@Serializable
public data class BotOutputData(
    public val text: String,
    /** Its form: `sentence`, `word`, `token`, `backchannel`, or one of the app's own. */
    @SerialName("output_type") public val outputType: String = "sentence",
    /** Which segment it belongs to. */
    @SerialName("segment_id") public val segmentId: Long? = null,
    /** Whether it has been spoken; from servers of protocol 1. */
    public val spoken: Boolean? = null,
    @SerialName("will_be_spoken") public val willBeSpoken: Boolean? = null,
    /** `new`, `in-progress` or `completed`. */
    @SerialName("spoken_status") public val spokenStatus: String? = null,
    @SerialName("spoken_progress") public val spokenProgress: SpokenProgress? = null,
)

/** How much of a segment has been spoken. */
@Serializable
public data class SpokenProgress(
    /** Up to and with the word being spoken. */
    @SerialName("accumulated_text") public val accumulatedText: String = "",
    /** Still to be spoken. */
    @SerialName("remaining_text") public val remainingText: String = "",
)

/** A function call of the deprecated message `llm-function-call`. */
@Serializable
public data class LLMFunctionCallData(
    @SerialName("function_name") public val functionName: String,
    @SerialName("tool_call_id") public val toolCallId: String,
    public val args: Value? = null,
)

/** A function call that begins, runs or has ended. */
@Serializable
public data class FunctionCallData(
    @SerialName("tool_call_id") public val toolCallId: String? = null,
    /** `null` if the server does not tell. */
    @SerialName("function_name") public val functionName: String? = null,
    /** `null` if the server does not tell. */
    public val arguments: Value? = null,
    /** Whether it ended without a result. */
    public val cancelled: Boolean = false,
    /** `null` if the server does not tell. */
    public val result: Value? = null,
)

/** What a web search of the LLM found. */
@Serializable
public data class BotLLMSearchResponseData(
    @SerialName("search_result") public val searchResult: String? = null,
    @SerialName("rendered_content") public val renderedContent: String? = null,
    public val origins: List<LLMSearchOrigin> = emptyList(),
)

/** A site that a search found. */
@Serializable
public data class LLMSearchOrigin(
    @SerialName("site_uri") public val siteUri: String? = null,
    @SerialName("site_title") public val siteTitle: String? = null,
    public val results: List<LLMSearchResult> = emptyList(),
)

/** What was found on a site. */
@Serializable
public data class LLMSearchResult(
    public val text: String = "",
    public val confidence: List<Double> = emptyList(),
)

/** Measurements of the bot's services, by kind: `ttfb`, `processing`, `characters`, `tokens` and others. */
public data class PipecatMetrics(public val all: Value) {
    public val ttfb: List<PipecatMetricsData> get() = of("ttfb")
    public val processing: List<PipecatMetricsData> get() = of("processing")
    public val characters: List<PipecatMetricsData> get() = of("characters")

    /** The measurements of a kind that are single numbers. */
    public fun of(kind: String): List<PipecatMetricsData> {
        val entries = (all[kind] as? Value.Array)?.value.orEmpty()
        return entries.mapNotNull { entry ->
            val value = entry["value"]?.double ?: return@mapNotNull null
            PipecatMetricsData(entry["processor"]?.string.orEmpty(), value, entry["model"]?.string)
        }
    }
}

/** One measurement. */
public data class PipecatMetricsData(
    public val processor: String,
    public val value: Double,
    public val model: String? = null,
)

/** The bot asks the user interface to do something. */
@Serializable
public data class UICommandData(
    public val command: String,
    public val payload: Value? = null,
)

/** The server's answer to a message of the client. */
@Serializable
public data class ServerResponseData(
    @SerialName("t") public val type: String = "",
    @SerialName("d") public val data: Value? = null,
)
