package ai.rtvi.example

import ai.rtvi.client.APIRequest
import ai.rtvi.client.ErrorKind
import ai.rtvi.client.PipecatClient
import ai.rtvi.client.RtviEvent
import ai.rtvi.client.RtviException
import ai.rtvi.client.Value
import ai.rtvi.client.WebSocketTransport
import ai.rtvi.testing.DemoBot
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.filterIsInstance
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** How an app tests what it does with a bot. */
class WeatherTest {
    @Test
    fun theBotTellsWhatTheAppKnows() = runBlocking {
        PipecatClient(WebSocketTransport()).use { client ->
            client.registerFunctionCallHandler("get_weather") { Value.Object("celsius" to Value.Number(21)) }
            val answer = async(start = CoroutineStart.UNDISPATCHED) {
                client.events.filterIsInstance<RtviEvent.BotOutput>().first { "celsius" in it.data.text }
            }
            client.connect(Value.Object("wsUrl" to Value.Str(bot.webSocketUrl)))
            client.sendText("How is the weather in Oslo?")
            assertTrue("21" in answer.await().data.text)
            client.disconnect()
        }
    }

    @Test
    fun aServerThatRefusesIsAnError() = runBlocking {
        DemoBot.start { fault = "start-status" }.use { full ->
            PipecatClient(WebSocketTransport()).use { client ->
                val error = runCatching { client.startBotAndConnect(APIRequest(full.startUrl)) }.exceptionOrNull() as RtviException
                assertEquals(ErrorKind.START_BOT_FAILED, error.kind)
                assertEquals(503, error.status)
            }
        }
    }

    private companion object {
        val bot = DemoBot.start()

        @JvmStatic
        @AfterAll
        fun end() = bot.close()
    }
}
