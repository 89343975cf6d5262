package ai.rtvi.client

import ai.rtvi.testing.DemoBot
import java.io.File
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Job
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout

/** How long anything may take on a busy machine. */
internal val PATIENCE = 60.seconds

/** The bot to talk to: one that the environment names, else the demo bot, started once. */
internal object Bot {
    private val demo by lazy { DemoBot.start() }
    val start: String get() = System.getenv("RTVI_TEST_START") ?: demo.startUrl
    val offer: String get() = System.getenv("RTVI_TEST_OFFER") ?: demo.offerUrl
    val ws: String get() = System.getenv("RTVI_TEST_WS") ?: demo.webSocketUrl
    val room: String get() = System.getenv("RTVI_TEST_ROOM") ?: error("there is no room")

    fun request(transport: String = "websocket") =
        APIRequest(start) { requestData = Value.Object("transport" to Value.Str(transport)) }

    val params: Value get() = Value.Object("wsUrl" to Value.Str(ws))
}

/** Where tests put what they make. */
internal fun temporary(name: String): File = File("target", name).apply { parentFile.mkdirs() }

internal fun test(limit: Duration = PATIENCE, body: suspend CoroutineScope.() -> Unit): Unit =
    runBlocking { withTimeout(limit) { body() } }

/** Waits for what nothing tells. */
internal suspend fun until(condition: () -> Boolean) {
    while (!condition()) delay(5)
}

/** Everything a client tells from now on. */
internal class Recorder(scope: CoroutineScope, client: PipecatClient) {
    private val waiting = Channel<RtviEvent>(Channel.UNLIMITED)
    val job: Job = scope.launch(start = CoroutineStart.UNDISPATCHED) {
        client.events.collect { waiting.send(it) }
        waiting.close()
    }

    /** The events up to the first with this name and, if given, this text in its data; without states, and without that one. */
    suspend fun until(name: String, part: String = ""): List<RtviEvent> = through(name, part).dropLast(1)

    /** The same with that one. */
    suspend fun through(name: String, part: String = ""): List<RtviEvent> = buildList {
        for (event in waiting) {
            if (event.name != "transportStateChanged") add(event)
            if (event.name == name && (part.isEmpty() || event.json?.toJson().orEmpty().contains(part))) return@buildList
        }
        error("no $name, but $this")
    }

    /** The next event of this name. */
    suspend fun next(name: String): RtviEvent {
        for (event in waiting) if (event.name == name) return event
        error("no $name")
    }
}

/** The name of a kind as scenarios and vectors have it. */
internal fun ErrorKind.wire(): String =
    name.lowercase().split('_').joinToString("") { it.replaceFirstChar(Char::uppercase) }.replaceFirstChar(Char::lowercase)

/** Whether a value contains another: members of objects by name, everything else by equality. */
internal fun Value.contains(wanted: Value): Boolean = when {
    this is Value.Object && wanted is Value.Object ->
        wanted.value.all { (name, member) -> (this[name] ?: Value.Null).contains(member) }
    this is Value.Array && wanted is Value.Array ->
        value.size == wanted.value.size && value.zip(wanted.value).all { (ours, theirs) -> ours.contains(theirs) }
    else -> this == wanted
}
