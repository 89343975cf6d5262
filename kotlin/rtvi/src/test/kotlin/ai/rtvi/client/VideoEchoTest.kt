package ai.rtvi.client

import java.io.File
import kotlinx.coroutines.delay
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** A recording for a real bot that looks at it and returns it, or for the demo bot. */
class VideoEchoTest {
    private val recording = System.getenv("RTVI_TEST_VIDEO")?.let { VideoRecording.read(File(it)) } ?: VideoRecording.ofNumbers()
    private val params = Value.Object("webrtcUrl" to Value.Str(Bot.offer))

    @Test
    fun aRecordingComesBack() = test {
        val (camera, display) = Pair(PlayedVideo(recording), KeptVideo(listOf(recording.codec)))
        val options = PipecatClientOptions {
            this.camera = camera.input
            this.display = display
            enableCam = true
        }
        PipecatClient(SmallWebRTCTransport(), options).use { client ->
            client.connect(params)
            delay(8_000)
            val (sent, shown) = Pair(camera.taken.size, display.frames.toList())
            println("$sent frames of ${recording.codec} sent, ${shown.size} returned")
            assertTrue(sent >= 120, "$sent")
            assertTrue(shown.first().isKey)
            // A real bot encodes them again.
            assertTrue(shown.size * 2 >= sent, "${shown.size} of $sent")
            VideoRecording.write(temporary("video-echo.ivf"), shown)
            client.disconnect()
        }
    }
}
