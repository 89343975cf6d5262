package ai.rtvi.client

import java.io.File
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.TestFactory

/** Every conformance vector through the Kotlin SDK, on a transport of the test's own. */
class ConformanceTest {
    private val folder = File(System.getProperty("rtvi.tests"), "conformance")

    private fun vectors(side: String, check: suspend CoroutineScope.(Value) -> Unit): List<DynamicTest> {
        val files = File(folder, side).listFiles().orEmpty().sorted()
        assertTrue(files.isNotEmpty())
        return files.map { file ->
            dynamicTest(file.name) {
                val vectors = (Value.parse(file.readText()) as Value.Array).value
                assertTrue(vectors.isNotEmpty())
                for (vector in vectors) {
                    runCatching { test { check(vector) } }
                        .onFailure { throw AssertionError("${vector["name"]?.string}: ${it.message}", it) }
                }
            }
        }
    }

    @TestFactory
    fun server() = vectors("server") { checkServer(it) }

    @TestFactory
    fun client() = vectors("client") { checkClient(it) }

    @TestFactory
    fun conversation() = vectors("conversation") { checkConversation(it) }

    private class Session(val bot: ScriptedBot, val client: PipecatClient, val recorder: Recorder)

    private suspend fun connected(
        version: String = "2.2.0",
        policy: ReconnectPolicy = ReconnectPolicy { maxAttempts = 0 },
        act: suspend CoroutineScope.(Session) -> Unit,
    ) = coroutineScope {
        val bot = ScriptedBot(version)
        PipecatClient(bot, PipecatClientOptions { reconnect = policy }).use { client ->
            val recorder = Recorder(this, client)
            client.connect()
            recorder.until("botReady")
            act(Session(bot, client, recorder))
        }
    }

    /**
     * Events of messages that mean something to the client's state, or answer what it has not
     * asked: what becomes of them is tested in the scenarios; here only that the client takes them.
     */
    private val handled = setOf("botReady", "serverResponse", "messageError", "error")

    private suspend fun checkServer(vector: Value) = connected { session ->
        val event = vector["event"]?.get("name")?.string
        session.bot.say(wireOf(vector["wire"]!!))
        if (event == "error" && vector["event"]?.get("data")?.get("fatal")?.boolean == true) {
            session.recorder.until("disconnected")
            return@connected
        }
        session.bot.say("server-message", Value.Str("the end of the vector"))
        val seen = session.recorder.until("serverMessage", "the end of the vector")
        when {
            vector["foreign"] != null -> assertEquals(listOf("protocolError"), seen.map { it.name })
            seen.isEmpty() -> assertTrue(event in handled, "no event")
            vector["error"] != null -> checkError(seen.first(), vector["error"]!!)
            else -> checkEvent(seen.find { it.name == event } ?: error("got $seen"), vector["event"]!!["data"])
        }
    }

    /** The text of a message: as it stands there if it is a text; else members by name, as in every language that runs these vectors. */
    private fun wireOf(message: Value) = message.string ?: message.sorted().toJson()

    private fun Value.sorted(): Value = when (this) {
        is Value.Object -> Value.Object(value.toSortedMap().mapValues { it.value.sorted() })
        is Value.Array -> Value.Array(value.map { it.sorted() })
        else -> this
    }

    private fun checkError(seen: RtviEvent, wanted: Value) {
        val error = seen as RtviEvent.ProtocolError
        wanted["type"]?.string?.let { assertEquals(it, error.wireType) }
        assertTrue(error.reason.contains(wanted["reasonContains"]?.string.orEmpty()), error.reason)
    }

    private fun checkEvent(seen: RtviEvent, wanted: Value?) {
        val data = seen.json
        if (seen.name in handled) assertTrue(data!!.contains(wanted!!), "$data") else assertEquals(wanted, data)
    }

    private suspend fun checkConversation(vector: Value) {
        val policy = ReconnectPolicy {
            maxAttempts = 1
            firstDelay = 1.milliseconds
        }
        connected(vector["botVersion"]?.string ?: "2.2.0", policy) { session ->
            val seen = (vector["steps"] as Value.Array).value.flatMap { take(it, session) }.toMutableList()
            if (seen.lastOrNull()?.name != "disconnected") {
                seen += catchUp(session)
            }
            Conversation().use { conversation ->
                var turns = emptyList<Turn>()
                for (event in seen) {
                    val change = conversation.apply(event) ?: continue
                    val first = change.first.toInt()
                    turns = turns.drop(change.dropped.toInt()).take(first) + conversation.turns(first)
                }
                assertEquals(vector["turns"], Value.Array(turns.map(Turn::toJson)))
                assertEquals(conversation.turns, turns)
            }
        }
    }

    /**
     * Takes all events of what the bot has said so far. Calls and messages reach the client by
     * different ways: without this, a call could overtake a message.
     */
    private suspend fun catchUp(session: Session): List<RtviEvent> {
        session.bot.say("server-message", Value.Str("caught up"))
        return session.recorder.until("serverMessage", "caught up")
    }

    /** Brings about a step, and gives the events of what became of the connection. */
    private suspend fun take(step: Value, session: Session): List<RtviEvent> = when (step.string) {
        "lost" -> catchUp(session) + session.bot.lose().let { session.recorder.through("botReady") }
        "ended" -> catchUp(session) + session.client.disconnect().let { session.recorder.through("disconnected") }
        else -> session.bot.say(step["type"]!!.string!!, step["data"] ?: Value.Null).let { emptyList() }
    }

    private suspend fun checkClient(vector: Value) {
        val call = vector["call"]!!
        val method = call["method"]!!.string!!
        if (method in NO_CALLS) return
        connected(call["botVersion"]?.string ?: "2.2.0") { session ->
            val args = call["args"] ?: Value.Object()
            val thrown = if (method == "functionCallResult") {
                answerFunction(session, args).let { null }
            } else {
                runCatching { call(session.client, method, args) }.exceptionOrNull()
            }
            val expected = vector["error"]
            if (expected != null) {
                assertEquals(expected["kind"]?.string, (thrown as RtviException).kind.wire())
                assertTrue(thrown.message.contains(expected["messageContains"]?.string.orEmpty()), thrown.message)
                assertEquals(1, session.bot.sent.size)
            } else {
                thrown?.let { throw it }
                checkSent(session, method, (vector["wire"] as Value.Array).value)
            }
        }
    }

    private suspend fun checkSent(session: Session, method: String, wire: List<Value>) {
        val sent = session.bot.sent(wire.size + 1).drop(1)
        for ((message, wanted) in sent.zip(wire)) {
            assertEquals(wanted["type"], message["type"])
            val data = message["data"]!!
            // Options that are all left out are written as an empty object.
            val isLoose = method == "sendText" && wanted["data"]!!["options"] == null
            if (isLoose) assertTrue(data.contains(wanted["data"]!!), "$data") else assertEquals(wanted["data"] ?: data, data)
        }
        assertFalse(session.bot.sent.size > wire.size + 1)
    }

    @Suppress("DEPRECATION")
    private suspend fun CoroutineScope.call(client: PipecatClient, method: String, args: Value) {
        fun text(name: String) = args[name]?.string.orEmpty()
        fun option(name: String) = args["options"]?.get(name)?.boolean
        when (method) {
            "disconnectBot" -> client.disconnectBot()
            "sendClientMessage" -> client.sendClientMessage(text("type"), args["data"])
            // Never answered: it ends with the session.
            "sendClientRequest" -> launch { runCatching { client.sendClientRequest(text("type"), args["data"]) } }
            "sendText" -> client.sendText(text("content"), SendTextOptions(option("run_immediately"), option("audio_response")))
            "sendFile" -> client.sendFile(args)
            "sendDtmf" -> client.sendDTMF(text("keys"))
            "sendUiEvent" -> client.sendUIEvent(text("event"), args["payload"])
            "sendUiSnapshot" -> client.sendUISnapshot(args)
            "cancelUiJobGroup" -> client.cancelUIJobGroup(text("job_id"), args["reason"]?.string)
            // Waits for the server's refusal.
            "appendToContext" -> launch { runCatching { client.appendToContext(args) } }
            else -> error("no such call: $method")
        }
    }

    /** Function results are answers to calls of the bot. */
    private suspend fun answerFunction(session: Session, args: Value) {
        session.client.registerFunctionCallHandler(args["function_name"]!!.string!!) { args["result"]!! }
        val members = (args as Value.Object).value - "result"
        session.bot.say("llm-function-call-in-progress", Value.Object(members))
    }

    private companion object {
        /** What connecting sends by itself, and audio in messages. */
        val NO_CALLS = setOf("clientReady", "sendRawAudio", "sendRawAudioBatch")
    }
}
