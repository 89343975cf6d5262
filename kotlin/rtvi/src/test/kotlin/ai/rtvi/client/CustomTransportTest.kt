package ai.rtvi.client

import java.nio.ByteBuffer
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.flow.toList
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

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
