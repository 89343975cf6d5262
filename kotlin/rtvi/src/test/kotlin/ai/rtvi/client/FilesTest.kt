package ai.rtvi.client

import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CoroutineScope
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Files, as the message `send-file` carries them, and sources of audio that are no device. */
class FilesTest {
    private suspend fun CoroutineScope.sent(send: suspend (PipecatClient) -> Unit): Value? {
        val bot = ScriptedBot()
        PipecatClient(bot).use { client ->
            client.connect()
            send(client)
            val message = bot.sent(2).last()
            assertEquals("send-file", message["type"]?.string)
            return message["data"]
        }
    }

    @Test
    fun bytesWithTheirTypeAndOptions() = test {
        val message = sent {
            it.sendFile(
                byteArrayOf(1, 2, -1), "image/png", "a.png", "What is this?", SendTextOptions(audioResponse = false),
                Value.Object("detail" to Value.Str("low")),
            )
        }
        val file = """{"format":"image/png","name":"a.png","source":{"type":"bytes","bytes":"AQL/"}}"""
        val options = """{"audio_response":false,"custom_options":{"detail":"low"}}"""
        assertEquals(Value.parse("""{"content":"What is this?","file":$file,"options":$options}"""), message)
    }

    @Test
    fun anUrlIsForTheBot() = test {
        val message = sent { it.sendFileUrl("https://example.org/a.pdf?b=c", "application/pdf") }
        val file = """{"format":"application/pdf","source":{"type":"url","url":"https://example.org/a.pdf?b=c"}}"""
        assertEquals(Value.parse("""{"content":"","file":$file}"""), message)
    }

    @Test
    fun aFileIsReadAndNamed() = test {
        val file = temporary("note.txt").apply { writeText("Hello") }
        val message = sent { it.sendFile(file, "text/plain") }
        assertEquals("note.txt", message?.get("file")?.get("name")?.string)
        assertEquals("SGVsbG8=", message?.get("file")?.get("source")?.get("bytes")?.string)
        val missing = runCatching { sent { it.sendFile(temporary("no-such-file"), "text/plain") } }.exceptionOrNull()
        assertEquals(ErrorKind.INVALID_ARGUMENT, (missing as RtviException).kind)
    }

    @Test
    fun aToneIsHeardAndSilenceIsSent() = test {
        suspend fun calling(microphone: Microphone, act: suspend (PipecatClient, Recorder) -> Unit) {
            val options = PipecatClientOptions { this.microphone = microphone; enableMic = true }
            PipecatClient(WebSocketTransport(), options).use { client ->
                val recorder = Recorder(this, client)
                client.connect(Bot.params)
                act(client, recorder)
                recorder.job.cancel()
            }
        }
        calling(Microphone.Silence) { client, _ -> until { client.audioStats.sent >= 0.2.seconds } }
        calling(Microphone.Tone(440.0)) { _, recorder ->
            val level = recorder.next("localAudioLevel") as RtviEvent.LocalAudioLevel
            assertTrue(level.level > 0.1f, "$level")
        }
        val wrong = runCatching { PipecatClient(WebSocketTransport(), PipecatClientOptions { microphone = Microphone.Tone(9_000.0) }) }
        assertEquals(ErrorKind.INVALID_ARGUMENT, (wrong.exceptionOrNull() as RtviException).kind)
    }
}
