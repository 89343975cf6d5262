package ai.rtvi.client

import ai.rtvi.ffi.FfiFunctionCall
import ai.rtvi.ffi.FfiFunctionHandler
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.withContext

/**
 * A call of a function of the app by the bot.
 *
 * @property toolCallId what the result carries; not unique: LLMs number calls per round, or leave ids empty.
 * @property args an object; empty when the server does not report them.
 */
public data class FunctionCall(
    public val functionName: String,
    public val toolCallId: String,
    public val args: Value,
)

/** A handler of the app as the core calls it. */
internal class FunctionBridge(
    private val dispatcher: CoroutineDispatcher,
    private val handler: suspend (FunctionCall) -> Value,
) : FfiFunctionHandler {
    override suspend fun call(call: FfiFunctionCall): String = answeringSuspended(ErrorKind.RequestFailed) {
        val made = FunctionCall(call.functionName, call.toolCallId, Value.parse(call.argumentsJson))
        withContext(dispatcher) { handler(made) }.toJson()
    }
}
