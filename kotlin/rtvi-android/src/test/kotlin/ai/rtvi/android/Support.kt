package ai.rtvi.android

import ai.rtvi.client.ConnectionEnd
import ai.rtvi.client.CustomTransport
import ai.rtvi.client.Participant
import ai.rtvi.client.TransportCommand
import ai.rtvi.client.TransportConnection
import ai.rtvi.client.TransportCapabilities
import ai.rtvi.client.Value
import ai.rtvi.testing.DemoBot
import android.app.Application
import android.content.Context
import android.os.Looper
import java.nio.ByteBuffer
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.takeWhile
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf

/** How long anything may take on a busy machine. */
private val PATIENCE = 60.seconds

internal val app: Application get() = RuntimeEnvironment.getApplication()

internal inline fun <reified T> service(): T = (app as Context).getSystemService(T::class.java)

/** Runs a test on the main thread, which Robolectric's tests are on. */
internal fun test(body: suspend CoroutineScope.() -> Unit): Unit = runBlocking { withTimeout(PATIENCE) { body() } }

/** Lets the main thread do what it was given, until something has happened. */
internal fun whileMainRuns(hasHappened: () -> Boolean) {
    val end = System.nanoTime() + PATIENCE.inWholeNanoseconds
    while (!hasHappened()) {
        check(System.nanoTime() < end) { "it did not happen" }
        shadowOf(Looper.getMainLooper()).idle()
        Thread.sleep(5)
    }
}

/** The demo bot, started once. */
internal object Bot {
    private val bot by lazy { DemoBot.start() }

    /** Connect parameters for a call over WebRTC. */
    val params: Value get() = Value.Object("webrtcUrl" to Value.Str(bot.offerUrl))
}

/** A bot in the test itself, which sends back the audio it hears. */
internal class EchoBot(private val refuses: Boolean = false) : CustomTransport {
    override val capabilities = TransportCapabilities(captureSampleRate = 48_000)

    /** How often it was told that the network changed. */
    val moves = AtomicInteger()

    /** Ends the session. */
    val leave = CompletableDeferred<Unit>()

    override suspend fun run(connection: TransportConnection): ConnectionEnd = coroutineScope {
        if (refuses) error("nobody is there")
        connection.opened(Participant("bot", "Bot"))
        val end = launch { leave.await().also { connection.botLeft() } }
        val echo = launch { connection.audio.collect { pcm -> connection.audio(48_000, 1, direct(pcm)) } }
        connection.commands.takeWhile { it != TransportCommand.Close }.collect { command ->
            if (command is TransportCommand.Send) answer(Value.parse(command.message), connection)
            if (command is TransportCommand.NetworkChanged) moves.incrementAndGet()
        }
        echo.cancel()
        end.cancel()
        ConnectionEnd.Requested
    }

    private suspend fun answer(message: Value, connection: TransportConnection) {
        if (message["type"]?.string != "client-ready") return
        val ready = Value.Object(
            "label" to Value.Str("rtvi-ai"),
            "type" to Value.Str("bot-ready"),
            "id" to (message["id"] ?: Value.Null),
            "data" to Value.Object("version" to Value.Str("2.2.0")),
        )
        connection.message(ready.toJson())
    }

    private fun direct(pcm: ByteArray): ByteBuffer = ByteBuffer.allocateDirect(pcm.size).apply { put(pcm).flip() }
}
