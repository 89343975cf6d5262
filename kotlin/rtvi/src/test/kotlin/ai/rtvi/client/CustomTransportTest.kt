package ai.rtvi.client

import java.math.BigDecimal
import java.nio.ByteBuffer
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.flow.toList
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** A transport of the app's own that has not noticed the end of its connection. */
class CustomTransportTest {
    private suspend fun kind(report: suspend () -> Unit): ErrorKind? = (runCatching { report() }.exceptionOrNull() as RtviException?)?.kind

    @Test
    fun audioThatIsDroppedIsTold() = test {
        val bot = ScriptedBot()
        PipecatClient(bot).use { client ->
            val recorder = Recorder(this, client)
            client.connect()
            bot.connection().audio(16_000, 1, ByteBuffer.allocateDirect(3))
            val told = recorder.next("audioDropped")
            assertEquals(RtviEvent.AudioDropped(AudioDropped(AudioDropReason.UNREADABLE, Duration.ZERO, 1uL, null)), told)
            val lost = AudioDropped(AudioDropReason.UNKNOWN_STREAM, 40.milliseconds, 2uL, "stream 7")
            bot.connection().audioDropped(lost)
            assertEquals(RtviEvent.AudioDropped(lost), recorder.next("audioDropped"))
            client.disconnect()
        }
    }

    @Test
    fun othersComeAndGoAndTheBotReturns() = test {
        val bot = ScriptedBot()
        PipecatClient(bot, PipecatClientOptions { disconnectOnBotDisconnect = false }).use { client ->
            val recorder = Recorder(this, client)
            client.connect()
            recorder.next("participantConnected")
            val ada = Participant("ada", "Ada")
            bot.connection().participantConnected(ada)
            assertEquals(RtviEvent.ParticipantConnected(ada), recorder.next("participantConnected"))
            bot.connection().micMuted(true)
            val muted = recorder.next("mediaStateUpdated") as RtviEvent.MediaStateUpdated
            assertTrue(muted.state.micMuted)
            bot.connection().participantLeft(ada)
            assertEquals(RtviEvent.ParticipantLeft(ada), recorder.next("participantLeft"))
            bot.connection().botLeft()
            recorder.next("botDisconnected")
            bot.connection().botJoined(Participant("other", "Other"))
            assertEquals(RtviEvent.BotConnected(Participant("other", "Other")), recorder.next("botConnected"))
            recorder.next("botReady")
            assertEquals(TransportState.READY, client.state.value)
            client.disconnect()
        }
    }

    @Test
    fun aTimeThatCannotBeIsTheNearestOne() = test {
        val bot = ScriptedBot()
        PipecatClient(bot).use { client ->
            client.connect()
            for (time in listOf((-10).milliseconds, -Duration.INFINITE, Duration.INFINITE)) {
                bot.connection().audioDropped(AudioDropped(AudioDropReason.UNKNOWN_STREAM, time, 1uL, null))
            }
            client.disconnect()
        }
        for ((time, kept) in listOf((-1).milliseconds to 0, 250.milliseconds to 250, -Duration.INFINITE to 0)) {
            val reason = RtviException(ErrorKind.BUSY, "", retryAfter = time).error
            val event = RtviEvent.Reconnecting(1u, 1u, reason)
            assertEquals(Value.Number(kept), event.json?.get("reason")?.get("retryAfterMs"))
        }
        PipecatClient(Refuses(RtviException(ErrorKind.BUSY, "later", retryAfter = (-1).milliseconds))).use { client ->
            val error = assertThrows<RtviException> { client.connect() }
            assertEquals(ErrorKind.BUSY to Duration.ZERO, error.kind to error.retryAfter)
        }
    }

    @Test
    fun aNumberOutOfRangeIsTheNearestEnd() {
        val odd = TransportCapabilities(captureSampleRate = 16_000, captureChannels = 65_537)
        val error = assertThrows<RtviException> { PipecatClient(ScriptedBot(capabilities = odd)) }
        assertEquals(ErrorKind.INVALID_ARGUMENT, error.kind)
        assertThrows<RtviException> { PcmInput(16_000, channels = 65_537) }
        assertEquals(listOf<Int?>(0, 65_535), listOf(-1, 65_537).map { RtviException(ErrorKind.BUSY, "", status = it).status })
        Conversation().use { assertNull(it.turn(-1)) }
    }

    @Test
    fun jsonThatCannotBeSentIsAnInvalidArgument() = test {
        val deep = (0 until 200).fold(Value.Null as Value) { inner, _ -> Value.Array(inner) }
        PipecatClient(ScriptedBot()).use { client ->
            for (value in listOf(deep, Value.Number(BigDecimal("1e999")))) {
                assertEquals(ErrorKind.INVALID_ARGUMENT, kind { client.connect(Value.Object("a" to value)) })
                val event = RtviEvent.ServerMessage(value)
                assertNull(event.json)
                assertNull(Conversation().use { it.apply(event) })
            }
            val error = assertThrows<RtviException> { client.connect(Value.Str("wss://h?token=s3cret")) }
            assertEquals(ErrorKind.INVALID_ARGUMENT, error.kind)
            assertTrue("s3cret" !in error.message, error.message)
        }
    }

    @Test
    fun reportsAfterTheEndFailAndFlowsAreOver() = test {
        val bot = ScriptedBot(capabilities = TransportCapabilities(captureSampleRate = 16_000))
        PipecatClient(bot).use { client ->
            client.connect()
            val connection = bot.connection()
            client.disconnect()
            val late = ByteBuffer.allocateDirect(640)
            until { runCatching { connection.audio(16_000, 1, late) }.isFailure }
            assertEquals(ErrorKind.CONNECTION_LOST, kind { connection.audio(16_000, 1, late) })
            assertEquals(ErrorKind.CONNECTION_LOST, kind { connection.message("{}") })
            assertEquals(ErrorKind.CONNECTION_LOST, kind { connection.interrupted() })
            assertEquals(emptyList<TransportCommand>(), connection.commands.toList())
            assertEquals(emptyList<ByteArray>(), connection.audio.toList())
            assertEquals(0, connection.attempt)
        }
    }
}

/** A transport that can't be opened. */
private class Refuses(private val reason: RtviException) : CustomTransport {
    override suspend fun run(connection: TransportConnection): ConnectionEnd = throw reason
}
