package ai.rtvi.client

import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Encoded video from and to the app. The demo bot returns what the camera sends. */
class VideoTest {
    private val recording = VideoRecording.ofNumbers()

    private fun connected(configure: PipecatClientOptions.() -> Unit, act: suspend (PipecatClient, Recorder) -> Unit) = test {
        PipecatClient(SmallWebRTCTransport(), PipecatClientOptions(configure = configure)).use { client ->
            val recorder = Recorder(this, client)
            client.startBotAndConnect(Bot.request("webrtc"))
            act(client, recorder)
            client.disconnect()
            recorder.job.cancel()
        }
    }

    private fun error(device: DeviceErrorKind, message: String) = RtviException(ErrorKind.DEVICE, message, device = device)

    @Test
    fun theBotReturnsTheCamera() {
        val (camera, display) = Pair(PlayedVideo(recording), KeptVideo(listOf(VideoCodec.VP8)))
        val configure: PipecatClientOptions.() -> Unit = {
            this.camera = camera.input
            this.display = display
            enableCam = true
        }
        connected(configure) { client, recorder ->
            until { display.frames.size >= 48 }
            assertTrue(display.frames.first().isKey)
            assertTrue(display.frames.all { it.codec == VideoCodec.VP8 })
            val key = display.frames.first { it.isKey }
            assertEquals(Pair(640u, 480u), Pair(key.width, key.height))
            val sent = camera.taken.map { it.contentHashCode() }
            val shown = display.frames.map { it.data.contentHashCode() }
            val places = shown.map(sent::indexOf)
            assertEquals(places.filter { it >= 0 }.sorted(), places, "each is one that was sent, in order")
            assertTrue(camera.told.first() == "start 640x480@24" && "target 640x480" in camera.told, "${camera.told}")
            val kinds = client.tracks.filter { it.kind == TrackKind.VIDEO }.map { it.participant.local }
            assertEquals(setOf(true, false), kinds.toSet())
            recorder.through("trackStarted", "video")
        }
        // Their threads may be a little later than the end of the session.
        test { until { camera.told.last() == "stop" && display.stops > 0 } }
    }

    @Test
    fun aCameraThatIsOffSendsNothing() {
        val camera = PlayedVideo(recording)
        connected({ this.camera = camera.input }) { client, recorder ->
            assertEquals(emptyList<String>(), camera.told)
            assertFalse(client.isCamEnabled)
            client.enableCam(true)
            recorder.through("trackStarted", "video")
            client.enableCam(false)
            recorder.through("trackStopped", "video")
            until { camera.told.last() == "stop" }
            val (data, isKey) = recording.frames[0]
            assertFalse(camera.input.push(EncodedVideoFrame(VideoCodec.VP8, data, isKey, 640u, 480u, 0u)))
            val before = camera.taken.size
            client.enableCam(true)
            recorder.through("trackStarted", "video")
            assertArrayEquals(recording.frames.first { it.second }.first.copyOf(10), camera.taken[before].copyOf(10))
        }
    }

    @Test
    fun aDisplayThatLostAFrameGetsAKeyFrame() {
        val (camera, display) = Pair(PlayedVideo(VideoRecording.ofNumbers(keyEvery = 120)), KeptVideo(listOf(VideoCodec.VP8)))
        val configure: PipecatClientOptions.() -> Unit = {
            this.camera = camera.input
            this.display = display
            enableCam = true
        }
        connected(configure) { _, _ ->
            until { display.frames.size >= 10 }
            display.loses = true
            until { display.lostAt.let { it != null && display.frames.size > it } }
            assertTrue(display.frames[display.lostAt!!].isKey)
        }
    }

    @Test
    fun camerasAreListedAndSelected() {
        val camera = PlayedVideo(recording, hasDevices = true)
        val devices = listOf("front", "rear", "broken").map { MediaDevice(it, it.uppercase()) }
        camera.input.devicesChanged(devices)
        camera.input.deviceUsed(devices[0])
        connected({ this.camera = camera.input }) { client, recorder ->
            until { client.selectedCam == devices[0] }
            assertEquals(devices, client.getAllCams())
            client.updateCam("rear")
            until { client.selectedCam == devices[1] }
            recorder.through("camUpdated", "rear")
            client.updateCam("broken")
            assertTrue((recorder.next("deviceError") as RtviEvent.DeviceError).error.message.contains("it is broken"))
            assertEquals(TransportState.READY, client.state.value)
        }
        assertTrue(camera.told.containsAll(listOf("select rear", "select broken")), "${camera.told}")
    }

    @Test
    fun aCameraThatFailsIsADeviceError() {
        val camera = PlayedVideo(recording)
        camera.refusal = error(DeviceErrorKind.PERMISSIONS, "the user said no")
        connected({ this.camera = camera.input }) { client, recorder ->
            client.enableCam(true)
            val refused = (recorder.next("deviceError") as RtviEvent.DeviceError).error
            assertEquals(Pair(DeviceErrorKind.PERMISSIONS, "the user said no"), Pair(refused.device, refused.message))
            camera.refusal = null
            client.enableCam(false)
            client.enableCam(true)
            recorder.through("trackStarted", "video")
            camera.input.fail(error(DeviceErrorKind.IN_USE, "another app took it"))
            val taken = (recorder.next("deviceError") as RtviEvent.DeviceError).error
            assertEquals(Pair(DeviceErrorKind.IN_USE, "another app took it"), Pair(taken.device, taken.message))
            assertEquals(TransportState.READY, client.state.value)
        }
    }

    @Test
    fun theScreenIsSharedUntilItFails() {
        val screen = PlayedVideo(recording)
        connected({ this.screen = screen.input }) { client, recorder ->
            client.enableScreenShare(true)
            recorder.through("screenTrackStarted")
            assertTrue(client.isSharingScreen)
            assertEquals("start 1280x720@10", screen.told.first())
            screen.input.fail(error(DeviceErrorKind.UNKNOWN, "the window was closed"))
            recorder.through("screenShareError", "the window was closed")
            assertEquals(TransportState.READY, client.state.value)
        }
    }

    @Test
    fun aDisplayThatFailsChangesNothingElse() {
        val camera = PlayedVideo(recording)
        val broken = object : VideoDisplay {
            override val codecs = listOf(VideoCodec.VP8)

            override fun write(frame: EncodedVideoFrame) = error("there is no window")

            override fun stop() = Unit
        }
        val configure: PipecatClientOptions.() -> Unit = {
            this.camera = camera.input
            display = broken
            enableCam = true
        }
        connected(configure) { client, recorder ->
            val error = (recorder.next("deviceError") as RtviEvent.DeviceError).error
            assertTrue(error.message.contains("there is no window"), error.message)
            assertEquals(Value.Str("x"), client.sendClientRequest("echo", Value.Str("x")))
        }
    }

    @Test
    fun framesAreChecked() {
        val input = PlayedVideo(recording).input
        val frame = EncodedVideoFrame(VideoCodec.H264, byteArrayOf(0, 0, 0, 1, 0x65), true, 640u, 480u, 0u)
        val wrong = runCatching { input.push(frame) }.exceptionOrNull() as RtviException
        assertEquals(ErrorKind.INVALID_ARGUMENT, wrong.kind)
        val options = PipecatClientOptions { camera = input }
        PipecatClient(ScriptedBot(), options).use {
            val second = runCatching { PipecatClient(ScriptedBot(), options) }.exceptionOrNull() as RtviException
            assertEquals(ErrorKind.INVALID_ARGUMENT, second.kind)
        }
    }
}
