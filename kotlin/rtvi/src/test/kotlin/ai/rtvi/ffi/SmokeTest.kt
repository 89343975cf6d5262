package ai.rtvi.ffi

import ai.rtvi.client.ErrorKind
import ai.rtvi.client.FunctionCall
import ai.rtvi.client.RtviEvent
import ai.rtvi.client.TransportState
import ai.rtvi.client.state
import ai.rtvi.client.Value
import ai.rtvi.client.name
import kotlinx.coroutines.async
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeAll
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** The generated interface against the demo bot, a process of its own: the bare minimum that everything else stands on. */
class SmokeTest {
    companion object {
        private lateinit var process: Process
        private lateinit var url: String

        @BeforeAll
        @JvmStatic
        fun startBot() {
            process = ProcessBuilder(System.getProperty("rtvi.bot"), "--port", "0", "--pace", "0.1")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start()
            url = process.inputStream.bufferedReader().readLine().removePrefix("READY ")
        }

        @AfterAll
        @JvmStatic
        fun stopBot() {
            process.destroy()
            process.waitFor()
        }
    }

    private val webSocket = FfiTransportChoice.Named("websocket", "{}")
    private val smallWebRtc = FfiTransportChoice.Named("small-webrtc", "{}")

    private fun start(transport: String) =
        """{"endpoint":"$url/start","requestData":{"transport":"$transport"}}"""

    /** Runs with a client and gives back all its events. */
    private fun session(
        options: FfiClientOptions,
        act: suspend (FfiClient) -> Unit,
    ): List<RtviEvent> = runBlocking {
        withTimeout(60_000) {
            FfiClient(options).use { client ->
                val stream = client.events()
                val events = async {
                    buildList {
                        do {
                            val batch = stream.nextEvents(64u)
                            addAll(batch)
                        } while (batch.isNotEmpty())
                    }
                }
                act(client)
                client.disconnect(null)
                client.shutdown()
                events.await()
            }
        }
    }

    private fun checkSession(transport: FfiTransportChoice, name: String) {
        val input = FfiPcmInput(16_000u, 1u, false, null)
        val output = FfiPcmOutput(24_000u, 1u, null)
        val options = FfiClientOptions(transport, FfiMicrophone.Pcm(input), FfiSpeaker.Pcm(output), optionsJson = "{}")
        val events = session(options) { client ->
            val bot = client.startBotAndConnect(start(name), null)
            assertEquals("2.2.0", bot.version)
            assertEquals(TransportState.READY, client.state())
            assertEquals(640u, input.push(direct(640)))
            val x = Value.parse("""{"x":1}""")
            assertEquals(x, client.sendClientRequest("echo", x, 5_000u, null))
            val stream = client.events()
            client.sendText("Hello", null, null, null)
            while (stream.nextEvents(64u).none { it is RtviEvent.BotStartedSpeaking }) { /* the next ones */ }
            stream.stop()
            while (output.pull(4_800u).isEmpty()) delay(10)
        }
        val names = events.map { it.name }
        assertTrue(names.containsAll(listOf("connected", "botReady", "botStartedSpeaking")), names.toString())
        assertEquals(RtviEvent.TransportStateChanged(TransportState.DISCONNECTED), events.last { it is RtviEvent.TransportStateChanged })
    }

    private fun direct(size: Int) = java.nio.ByteBuffer.allocateDirect(size)

    @Test
    fun webSocketSession() = checkSession(webSocket, "websocket")

    @Test
    fun webRtcSession() = checkSession(smallWebRtc, "webrtc")

    @Test
    fun aCallIsGivenUp() {
        session(FfiClientOptions(webSocket, optionsJson = "{}")) { client ->
            client.startBotAndConnect(start("websocket"), null)
            val cancellation = FfiCancellation()
            runBlocking {
                val request = async {
                    assertThrows<FfiException.Failed> { runBlocking { client.sendClientRequest("never", null, null, cancellation) } }
                }
                delay(50)
                cancellation.cancel()
                assertEquals(ErrorKind.CANCELLED, request.await().error.kind)
            }
        }
    }

    @Test
    fun errorsHaveKindAndStatus() {
        session(FfiClientOptions(webSocket, optionsJson = "{}")) { client ->
            val failure = assertThrows<FfiException.Failed> {
                runBlocking { client.startBot("""{"endpoint":"$url/nothing"}""", null) }
            }
            assertEquals(Pair(ErrorKind.START_BOT_FAILED, 404.toUShort()), Pair(failure.error.kind, failure.error.status))
        }
    }

    @Test
    fun functionsAnswerTheBot() {
        val events = session(FfiClientOptions(webSocket, optionsJson = "{}")) { client ->
            client.registerFunction("get_weather", object : FfiFunctionHandler {
                override suspend fun call(call: FunctionCall): FfiFunctionResult {
                    delay(1)
                    return FfiFunctionResult(Value.parse("""{"conditions":"sunny"}"""))
                }
            })
            client.startBotAndConnect(start("websocket"), null)
            val stream = client.events()
            client.sendText("What is the weather in Berlin?", null, null, null)
            while (stream.nextEvents(64u).none { it is RtviEvent.LlmFunctionCallStopped }) { /* the next ones */ }
            stream.stop()
        }
        val stopped = events.filterIsInstance<RtviEvent.LlmFunctionCallStopped>().first()
        assertEquals("sunny", stopped.data.result?.get("conditions")?.string)
    }
}
