package ai.rtvi.client

import java.util.concurrent.Executors
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Functions of the app that the bot calls: they succeed, throw, hang and are cancelled. */
class FunctionTest {
    private val call = Value.parse("""{"tool_call_id":"c1","function_name":"f","arguments":{"city":"Berlin"}}""")

    private suspend fun called(
        // At a deadline a bot is answered anyhow: it is later than anything is waited for.
        options: PipecatClientOptions = PipecatClientOptions { timeouts.functionCall = PATIENCE * 2 },
        handler: suspend (FunctionCall) -> Value,
        act: suspend (ScriptedBot, PipecatClient) -> Unit,
    ) = coroutineScope {
        val bot = ScriptedBot()
        PipecatClient(bot, options).use { client ->
            client.connect()
            client.registerFunctionCallHandler("f", handler)
            bot.say("llm-function-call-in-progress", call)
            act(bot, client)
        }
    }

    private suspend fun answerOf(bot: ScriptedBot): Value {
        val answer = bot.sent(2)[1]
        assertEquals(Value.Str("llm-function-call-result"), answer["type"])
        return answer["data"]!!["result"]!!
    }

    @Test
    fun aResultIsAnswered() = test {
        called(handler = { Value.Object("city" to it.arguments["city"]!!, "id" to Value.Str(it.toolCallId)) }) { bot, _ ->
            assertEquals(Value.parse("""{"city":"Berlin","id":"c1"}"""), answerOf(bot))
        }
    }

    @Test
    fun whatIsThrownIsTheError() = test {
        called(handler = { error("no weather today") }) { bot, client ->
            assertTrue(answerOf(bot).toJson().contains("no weather today"), answerOf(bot).toJson())
            assertEquals(TransportState.READY, client.state.value)
        }
    }

    @Test
    fun whateverIsThrownIsAnswered() = test {
        val throwing: List<suspend () -> Nothing> = listOf(
            { withTimeout(1.milliseconds) { awaitCancellation() } },
            { throw CancellationException("a job of the app's own") },
            { throw NotImplementedError() },
            { throw StackOverflowError() },
            { throw object : RuntimeException() { override val message: String get() = error("no message either") } },
            { throw IllegalStateException("cut in two: \uD83D") },
        )
        for (handler in throwing) {
            called(handler = { handler() }) { bot, client ->
                assertTrue(answerOf(bot)["error"] is Value.Str, answerOf(bot).toJson())
                assertEquals(TransportState.READY, client.state.value)
            }
        }
    }

    @Test
    fun oneThatCanRunNowhereIsAnswered() = test {
        val dispatcher = Executors.newSingleThreadExecutor().asCoroutineDispatcher()
        dispatcher.close()
        val options = PipecatClientOptions {
            callbackDispatcher = dispatcher
            timeouts.functionCall = PATIENCE * 2
        }
        called(options, handler = { Value.Null }) { bot, _ ->
            assertTrue(answerOf(bot)["error"] is Value.Str, answerOf(bot).toJson())
        }
    }

    @Test
    fun oneThatHangsIsCancelledAtItsDeadline() = test {
        val cancelled = CompletableDeferred<Unit>()
        val options = PipecatClientOptions { timeouts.functionCall = 50.milliseconds }
        called(options, handler = { hang(cancelled) }) { bot, _ ->
            cancelled.await()
            assertTrue(answerOf(bot).toJson().contains("error"), answerOf(bot).toJson())
        }
    }

    @Test
    fun theServerCancelsOne() = test {
        val begun = CompletableDeferred<Unit>()
        val cancelled = CompletableDeferred<Unit>()
        called(handler = { begun.complete(Unit).let { hang(cancelled) } }) { bot, _ ->
            begun.await()
            bot.say("llm-function-call-stopped", Value.parse("""{"tool_call_id":"c1","function_name":"f","cancelled":true}"""))
            cancelled.await()
            assertEquals(1, bot.sent.size)
        }
    }

    @Test
    fun theEndOfTheClientCancelsOne() = test {
        val begun = CompletableDeferred<Unit>()
        val cancelled = CompletableDeferred<Unit>()
        called(handler = { begun.complete(Unit).let { hang(cancelled) } }) { _, client ->
            begun.await()
            client.close()
            cancelled.await()
        }
    }

    @Test
    fun oneThatIsUnregisteredIsNotCalled() = test {
        PipecatClient(ScriptedBot()).use { client ->
            client.registerFunctionCallHandler("f") { Value.Null }
            assertEquals(listOf(true, false), List(2) { client.unregisterFunctionCallHandler("f") })
            client.unregisterAllFunctionCallHandlers()
        }
    }

    private suspend fun hang(cancelled: CompletableDeferred<Unit>): Nothing = try {
        awaitCancellation()
    } finally {
        cancelled.complete(Unit)
    }
}
