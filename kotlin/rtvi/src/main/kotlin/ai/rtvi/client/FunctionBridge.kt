package ai.rtvi.client

import ai.rtvi.ffi.FfiFunctionHandler
import ai.rtvi.ffi.FfiFunctionResult
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.withContext

/** A handler of the app, in the form that the core calls. */
internal class FunctionBridge(
    private val dispatcher: CoroutineDispatcher,
    private val handler: suspend (FunctionCall) -> Value,
) : FfiFunctionHandler {
    override suspend fun call(call: FunctionCall): FfiFunctionResult = answeringSuspended(ErrorKind.REQUEST_FAILED) {
        FfiFunctionResult(withContext(dispatcher) { handler(call) })
    }
}
