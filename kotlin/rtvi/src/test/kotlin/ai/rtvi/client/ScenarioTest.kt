package ai.rtvi.client

import java.io.File
import java.io.PrintWriter
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.TestFactory

/** Every scenario (`tests/scenarios`), carried out and logged as `rtvi --json` does; whoever runs these tests compares the logs. */
class ScenarioTest {
    private val folder = File(System.getProperty("rtvi.tests"), "scenarios")
    private val expected = Value.parse(File(folder, "expected.json").readText()) as Value.Object

    private fun scenarios(transport: String, isRun: (Value) -> Boolean = { true }) = expected.value.filterValues(isRun).map { (name, wanted) ->
        dynamicTest(name) {
            val log = temporary("scenarios/$transport/$name.jsonl")
            log.printWriter().use { out ->
                test {
                    Scenario(this, transport, wanted["target"]?.string, out).run(File(folder, "$name.jsonl"))
                }
            }
            val results = log.readLines().map(Value::parse).mapNotNull(::resultOf)
            assertEquals(wanted["results"], Value.Array(results.map(Value::Str)))
        }
    }

    private fun resultOf(line: Value): String? {
        val name = line["result"]?.string?.takeUnless { it == "waitFor" || it == "sleep" } ?: return null
        return "$name ${line["error"]?.get("kind")?.string ?: "ok"}"
    }

    @TestFactory
    fun overWebSocket() = scenarios("websocket")

    @TestFactory
    fun overWebRTC() = scenarios("webrtc")

    /** Without the variable, which `cargo xtask test` sets, there is no room. */
    @TestFactory
    fun inRooms() = scenarios("livekit") { it["rooms"]?.boolean == true && System.getenv("RTVI_TEST_ROOM") != null }
}

/** One client that is told what to do line by line. All of it runs on one thread. */
private class Scenario(
    private val scope: CoroutineScope,
    private val transport: String,
    target: String?,
    private val out: PrintWriter,
) {
    private val fault = if (target == "silent") "?fault=no-bot-ready" else ""
    private val silence = PcmInput(16_000)
    private val client = PipecatClient(
        when (transport) {
            "webrtc" -> SmallWebRTCTransport()
            "livekit" -> LiveKitTransport()
            else -> WebSocketTransport()
        },
        PipecatClientOptions { microphone = Microphone.Pcm(silence) },
    )
    private val seen = Channel<RtviEvent>(Channel.UNLIMITED)
    private val background = mutableListOf<Job>()
    private var params = when (transport) {
        "webrtc" -> Value.Object("webrtcRequestParams" to Value.Object("endpoint" to Value.Str(Bot.offer + fault)))
        "livekit" -> Value.Object("url" to Value.Str(Bot.room), "token" to Value.Str("a-token"))
        else -> Value.Object("wsUrl" to Value.Str(Bot.ws + fault))
    }

    suspend fun run(file: File) {
        silence.end()
        client.registerFunctionCallHandler("get_weather") { Value.parse("""{"conditions":"sunny","celsius":21}""") }
        val collector = scope.launch(start = CoroutineStart.UNDISPATCHED) {
            client.events.collect {
                print("event" to Value.Str(it.name), it.json?.let { data -> "data" to data })
                seen.send(it)
            }
        }
        file.readLines().filter { it.isNotEmpty() && it[0] != '#' }.forEach { step(Value.parse(it)) }
        val idle = setOf(TransportState.DISCONNECTED, TransportState.INITIALIZED)
        if (client.state.value !in idle) step(Value.parse("""{"do":"disconnect"}"""))
        background.joinAll()
        client.close()
        collector.join()
    }

    private suspend fun step(line: Value) {
        val name = line["do"]!!.string!!
        print("call" to Value.Str(name))
        val isBackground = line["background"]?.boolean == true
        if (isBackground) background += scope.launch(start = CoroutineStart.UNDISPATCHED) { attempt(name, line) } else attempt(name, line)
    }

    private suspend fun attempt(name: String, line: Value) = try {
        print("result" to Value.Str(name), "ok" to (call(name, line) ?: Value.Null))
    } catch (error: RtviException) {
        val data = Value.Object("kind" to Value.Str(error.kind.wire()), "message" to Value.Str(error.message))
        print("result" to Value.Str(name), "error" to data)
    }

    private suspend fun call(name: String, line: Value): Value? {
        fun text(member: String) = line[member]!!.string!!
        val timeout = line["timeoutMs"]?.long?.milliseconds
        val request = Bot.request(transport)
        return when (name) {
            "initDevices" -> client.initDevices().let { null }
            "startBot" -> client.startBot(request).also { params = it as Value.Object }
            "connect" -> RtviEvent.BotReady(client.connect(params)).json
            "startBotAndConnect" -> RtviEvent.BotReady(client.startBotAndConnect(request)).json
            "sendText" -> client.sendText(text("content"), options(line["options"])).let { null }
            "sendClientMessage" -> client.sendClientMessage(text("type"), line["data"]).let { null }
            "sendClientRequest" -> client.sendClientRequest(text("type"), line["data"], timeout)
            "sendDtmf" -> client.sendDTMF(text("keys")).let { null }
            "enableMic" -> client.enableMic(line["enable"]!!.boolean!!).let { null }
            "disconnectBot" -> client.disconnectBot().let { null }
            "disconnect" -> disconnect()
            "sleep" -> delay(line["ms"]!!.long!!).let { null }
            "waitFor" -> waitFor(line)
            else -> error("unknown step $name")
        }
    }

    /** Calls in the background have ended before it, but which of two coroutines resumes first is up to their threads. */
    private suspend fun disconnect(): Value? {
        client.disconnect()
        background.joinAll()
        return null
    }

    private fun options(options: Value?) =
        SendTextOptions(options?.get("run_immediately")?.boolean, options?.get("audio_response")?.boolean)

    /** Waits longer than the scenario says: what is waited for comes all the same. */
    private suspend fun waitFor(line: Value): Value? = coroutineScope {
        val found = withTimeoutOrNull(PATIENCE / 2) {
            var data: Value? = null
            for (event in seen) {
                if (event.name != line["event"]?.string) continue
                data = event.json ?: Value.Null
                if (line["match"]?.let { data.contains(it) } != false) break
            }
            data
        }
        checkNotNull(found) { "in vain: $line" }
    }

    private fun print(vararg members: Pair<String, Value>?) {
        out.println(Value.Object(members.filterNotNull().toMap()).toJson())
    }
}
