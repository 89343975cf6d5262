package ai.rtvi.client

import java.util.Collections
import kotlinx.coroutines.CompletableDeferred
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Texts that were cut in the middle of an emoji, wherever a text crosses: half a surrogate pair becomes U+FFFD, and nothing throws. */
class TextTest {
    private val cut = "Nice \uD83D"
    private val repaired = "Nice \uFFFD"

    private suspend fun session(act: suspend (ScriptedBot, PipecatClient) -> Unit) {
        val bot = ScriptedBot()
        PipecatClient(bot, PipecatClientOptions { timeouts.functionCall = PATIENCE * 2 }).use { client ->
            client.connect(Value.Object(cut to Value.Str(cut)))
            act(bot, client)
        }
    }

    /** The errors of calls that can't succeed, all of them the SDK's own. */
    private suspend fun kinds(vararg calls: suspend () -> Any?): List<ErrorKind?> =
        calls.map { call -> (runCatching { call() }.exceptionOrNull() as RtviException?)?.kind }

    @Test
    fun whatIsSentArrivesRepaired() = test {
        session { bot, client ->
            assertEquals(Value.Str(repaired), bot.connection().params[repaired])
            client.sendText(cut)
            client.sendText("\uDE00 low first \uD83D\uDE00")
            client.sendClientMessage(cut, Value.Object(cut to Value.Array(Value.Str(cut), Value.Null)))
            client.sendUIEvent(cut, Value.Str(cut))
            client.cancelUIJobGroup(cut, cut)
            val sent = bot.sent(6).drop(1).map { it["data"]!! }
            assertEquals(Value.Str(repaired), sent[0]["content"])
            assertEquals(Value.Str("\uFFFD low first \uD83D\uDE00"), sent[1]["content"])
            assertEquals(Value.Str(repaired), sent[2]["t"])
            assertEquals(Value.parse("""{"$repaired":["$repaired",null]}"""), sent[2]["d"])
            assertTrue(sent.drop(3).all { repaired in it.toJson() && cut !in it.toJson() }, sent.toString())
        }
    }

    @Test
    fun whatIsAnsweredAndThrownArrivesRepaired() = test {
        session { bot, client ->
            client.registerFunctionCallHandler("result") { Value.Str(cut) }
            client.registerFunctionCallHandler("error") { error(cut) }
            for ((index, name) in listOf("result", "error").withIndex()) {
                val call = Value.Object("tool_call_id" to Value.Str(name), "function_name" to Value.Str(name))
                bot.say("llm-function-call-in-progress", call)
                val answer = bot.sent(index + 2)[index + 1].toJson()
                assertTrue(repaired in answer, answer)
            }
        }
    }

    @Test
    fun whatATransportReportsArrivesRepaired() = test {
        session { bot, client ->
            val recorder = Recorder(this, client)
            bot.connection().unreadable(cut)
            assertEquals(repaired, (recorder.next("protocolError") as RtviEvent.ProtocolError).reason)
            bot.say("server-message", Value.Str(cut))
            assertEquals(Value.Str(repaired), (recorder.next("serverMessage") as RtviEvent.ServerMessage).data)
        }
        val failing = object : CustomTransport {
            override suspend fun run(connection: TransportConnection): ConnectionEnd = throw IllegalStateException(cut)
        }
        PipecatClient(failing, PipecatClientOptions { reconnect.maxAttempts = 0 }).use { client ->
            val failed = runCatching { client.connect() }.exceptionOrNull() as RtviException
            assertTrue(repaired in failed.message, failed.message)
        }
    }

    @Test
    fun optionsAndIdsAreTextsToo() = test {
        session { _, client ->
            client.registerFunctionCallHandler(cut) { Value.Null }
            assertTrue(client.unregisterFunctionCallHandler(repaired))
            val cuts = listOf(Header(cut, cut))
            val failed = kinds(
                { client.startBot(APIRequest(cut) { headers = cuts }) },
                { client.sendDTMF(cut) },
                { client.updateMic(cut) },
                { client.startRecording("/no/such/folder/$cut") },
                {
                    val transport = WebSocketTransport {
                        url = cut
                        headers = cuts
                    }
                    PipecatClient(transport).use { it.connect() }
                },
                {
                    val transport = SmallWebRTCTransport {
                        offer = APIRequest(cut) { headers = cuts }
                        offerUrlTemplate = cut
                        iceServers = listOf(IceServer(listOf(cut)) { username = cut })
                    }
                    PipecatClient(transport).use { it.connect() }
                },
                { PipecatClient(ScriptedBot(), PipecatClientOptions { microphone = Microphone.Wav(cut) }) },
            )
            assertTrue(failed.none { it == null || it == ErrorKind.INTERNAL }, failed.toString())
        }
        val about = AboutClient {
            library = cut
            platformDetails = Value.Object(cut to Value.Str(cut))
        }
        val bot = ScriptedBot()
        PipecatClient(bot, PipecatClientOptions { this.about = about }).use { client ->
            client.connect()
            val ready = bot.sent(1).single().toJson()
            assertTrue(repaired in ready && cut !in ready, ready)
        }
    }

    @Test
    fun aLogAndADeviceMayThrowSuchTexts() = test {
        val told = CompletableDeferred<Unit>()
        Rtvi.setLogLevel(LogLevel.DEBUG)
        Rtvi.setLog { _, _ ->
            told.complete(Unit)
            error(cut)
        }
        val control = object : MicrophoneControl {
            override fun start() = error(cut)
            override fun stop() {}
        }
        val errors = Collections.synchronizedList(mutableListOf<RtviError>())
        val callbacks = object : PipecatEventCallbacks() {
            override fun onDeviceError(error: RtviError) {
                errors += error
            }
        }
        val options = PipecatClientOptions(callbacks) { microphone = Microphone.Pcm(PcmInput(16_000, control = control)) }
        PipecatClient(ScriptedBot(capabilities = TransportCapabilities(captureSampleRate = 16_000)), options).use { client ->
            client.connect()
            until { errors.any { it.message == repaired } }
            client.disconnect()
        }
        told.await()
        Rtvi.setLog(null)
        Rtvi.setLogLevel(LogLevel.INFO)
    }
}
