package ai.rtvi.client

import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Assumptions.assumeTrue
import org.junit.jupiter.api.Test

/** Agents on Pipecat Cloud, with the server that stands for it. */
class PipecatCloudTest {
    /** A request to the server that `cargo xtask test` starts; without one the test is skipped. */
    private fun request(agent: String): APIRequest {
        val server = System.getenv("RTVI_TEST_CLOUD")
        assumeTrue(server != null, "no server that stands for Pipecat Cloud: run `cargo xtask test kotlin`")
        return pipecatCloud(agent, KEY, Value.Object("transport" to Value.Str("websocket")))
            .apply { endpoint = "$server/$agent/start" }
    }

    private suspend fun fails(kind: ErrorKind, call: suspend () -> Any): RtviException {
        val thrown = runCatching { call() }.exceptionOrNull() as RtviException
        assertEquals(kind, thrown.kind)
        assertTrue(KEY !in thrown.message, thrown.message)
        return thrown
    }

    @Test
    fun aRequestShowsNoKey() = test {
        val request = pipecatCloud("my-agent", KEY)
        assertEquals("https://api.pipecat.daily.co/v1/public/my-agent/start", request.endpoint)
        assertEquals(listOf("Bearer $KEY"), request.headers.map { it.value })
        assertTrue(KEY !in "$request", "$request")
        fails(ErrorKind.INVALID_ARGUMENT) { pipecatCloud("a/b", KEY) }
    }

    @Test
    fun errorsHaveTheServersCode() = test {
        val request = request("full-agent")
        PipecatClient(WebSocketTransport()).use { client ->
            val events = Recorder(this, client)
            val full = fails(ErrorKind.START_BOT_FAILED) { client.startBot(request) }
            assertEquals(Triple(429, "PCC-AGENT-AT-CAPACITY", 7.seconds), Triple(full.status, full.code, full.retryAfter))
            val event = events.next("error") as RtviEvent.Error
            assertEquals("PCC-AGENT-AT-CAPACITY" to 7.seconds, event.error.code to event.error.retryAfter)
        }
    }

    @Test
    fun theBotsOwnEndpointsAreAsked() = test {
        val request = request("my-agent")
        PipecatClient(WebSocketTransport()).use { client ->
            fails(ErrorKind.INVALID_STATE) { client.sessionRequest("GET", "list") }
            client.startBotAndConnect(request)
            assertEquals(SessionAnswer(200u, Value.parse("""[1,"two",null]""")), client.sessionRequest("GET", "list"))
            val echo = client.sessionRequest("POST", "echo?x=1", Value.Object("a" to Value.Number(1)), 5.seconds)
            assertEquals(202 to Value.Number(1), echo.status.toInt() to echo.body["body"]!!["a"])
            assertEquals(SessionAnswer(204u, Value.Null), client.sessionRequest("DELETE", "nothing"))
            assertEquals("NO-ENDPOINT", fails(ErrorKind.REQUEST_FAILED) { client.sessionRequest("GET", "no-such") }.code)
            fails(ErrorKind.INVALID_ARGUMENT) { client.sessionRequest("GET", "../../start") }
            client.disconnect()
        }
    }

    @Test
    fun anAppChoosesHowLongOpeningTakes() = test {
        val slow = "?fault=%7B%22kind%22:%22slow-upgrade%22,%22ms%22:30000%7D"
        PipecatClient(WebSocketTransport(), PipecatClientOptions { timeouts.open = 100.milliseconds }).use { client ->
            val late = fails(ErrorKind.TIMEOUT) { client.connect(Value.Object("wsUrl" to Value.Str(Bot.ws + slow))) }
            assertEquals(Phase.TRANSPORT_OPEN, late.phase)
        }
    }

    private companion object {
        const val KEY = "pk_0123456789abcdef0123456789abcdef"
    }
}
