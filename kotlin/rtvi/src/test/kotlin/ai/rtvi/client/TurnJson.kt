package ai.rtvi.client

/** A turn as the vectors have it. */
internal fun Turn.toJson(): Value = Value.Object(
    mapOf(
        "id" to Value.Number(id.toLong()),
        "text" to Value.Str(text),
        "heardText" to Value.Str(heardText),
        "truncated" to Value.Bool(truncated),
    ) + when (val content = content) {
        is TurnContent.User -> content.turn.toJson()
        is TurnContent.Bot -> mapOf("role" to Value.Str("bot"), "parts" to Value.Array(content.turn.parts.map { it.toJson() }))
    },
)

private fun UserTurn.toJson() = members(
    "role" to Value.Str("user"),
    "finalText" to Value.Str(finalText),
    "typed" to Value.Bool(typed),
    "speaking" to Value.Bool(speaking),
    "interim" to interim?.let(Value::Str),
    "llmText" to llmText?.let(Value::Str),
    "userId" to userId?.let(Value::Str),
    "timestamp" to timestamp?.let(Value::Str),
    "msgId" to msgId?.let(Value::Str),
    "backchannels" to backchannels.ifEmpty { null }?.let { texts -> Value.Array(texts.map(Value::Str)) },
)

private fun BotPart.toJson() = Value.Object(
    when (this) {
        is BotPart.Segment -> segment.toJson()
        is BotPart.FunctionCall -> call.toJson()
        is BotPart.UserBackchannel -> members("part" to Value.Str("userBackchannel"), "text" to Value.Str(text))
    },
)

private fun Segment.toJson() = members(
    "part" to Value.Str("segment"),
    "id" to id?.let { Value.Number(it.toLong()) },
    "kind" to Value.Str(if (kind is OutputType.Sentence) "sentence" else "another"),
    "text" to Value.Str(text),
    "spokenText" to Value.Str(spokenText),
    "state" to Value.Str(state.name.lowercase()),
    "growing" to Value.Bool(growing),
)

private fun FunctionCallEntry.toJson() = members(
    "part" to Value.Str("functionCall"),
    "toolCallId" to Value.Str(toolCallId),
    "functionName" to functionName?.let(Value::Str),
    "arguments" to arguments,
    "result" to result,
    "state" to Value.Str(state.name.lowercase()),
)

/** The members that are there. */
private fun members(vararg all: Pair<String, Value?>): Map<String, Value> =
    all.mapNotNull { (name, value) -> value?.let { name to it } }.toMap()
