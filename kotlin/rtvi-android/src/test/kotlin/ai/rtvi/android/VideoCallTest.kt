package ai.rtvi.android

import ai.rtvi.client.DeviceErrorKind
import ai.rtvi.client.EncodedVideoFrame
import ai.rtvi.client.PipecatClient
import ai.rtvi.client.PipecatClientOptions
import ai.rtvi.client.PipecatEventCallbacks
import ai.rtvi.client.RtviError
import ai.rtvi.client.RtviEvent
import ai.rtvi.client.SmallWebRTCTransport
import ai.rtvi.client.VideoCodec
import android.Manifest
import android.app.Activity
import android.app.ActivityManager
import android.app.ActivityManager.RunningAppProcessInfo
import android.hardware.camera2.CameraDevice
import android.hardware.camera2.CameraManager
import android.os.Looper
import android.os.Process
import java.time.Duration
import java.util.concurrent.CopyOnWriteArrayList
import kotlinx.coroutines.Dispatchers
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.shadow.api.Shadow
import org.robolectric.shadows.ShadowCameraManager
import org.robolectric.util.ReflectionHelpers

/**
 * A call with the demo bot, which returns the camera. Android's cameras are Robolectric's; encoder,
 * decoder and graphics processor only record the calls they receive.
 */
@RunWith(RobolectricTestRunner::class)
class VideoCallTest {
    private val fake = FakeParts().apply { delivers = true }
    private val decoded = CopyOnWriteArrayList<EncodedVideoFrame>()
    private val errors = CopyOnWriteArrayList<RtviError>()
    private val events = CopyOnWriteArrayList<String>()
    private val callbacks = object : PipecatEventCallbacks() {
        override fun onEvent(event: RtviEvent) {
            events += event.toString()
        }

        override fun onDeviceError(error: RtviError) {
            errors += error
        }

        override fun onScreenShareError(error: RtviError) {
            errors += error
        }
    }

    @Before
    fun device() {
        addCodecs("video/x-vnd.on2.vp8")
        addCameras()
        shadowOf(app).grantPermissions(Manifest.permission.CAMERA)
    }

    private fun display() = AndroidDisplay { codec, size, _, _, listener ->
        assertEquals(Pair(VideoCodec.VP8, PictureSize(480, 640)), Pair(codec, size))
        listener.onSize(size)
        object : SurfaceDecoder {
            override fun decode(frame: EncodedVideoFrame) = decoded.add(frame)

            override fun release() = Unit
        }
    }

    private fun call(configure: PipecatClientOptions.() -> Unit, act: suspend (PipecatClient) -> Unit) = test {
        val options = PipecatClientOptions(callbacks) {
            callbackDispatcher = Dispatchers.Default
            configure()
        }
        PipecatClient(SmallWebRTCTransport(), options).use { client ->
            client.connect(Bot.params)
            act(client)
            client.disconnect()
        }
    }

    /** Lets the camera capture until something has happened. */
    private fun capturing(hasHappened: () -> Boolean) = whileMainRuns {
        Thread.sleep(25)
        fake.renderer?.capture()
        hasHappened()
    }

    @Test
    fun theCameraIsSentAndTheBotIsShown() {
        val (camera, display) = Pair(AndroidCamera(app, Cameras.Front.deviceId, fake.parts), display())
        display.track.show(surface()) {}
        val configure: PipecatClientOptions.() -> Unit = {
            this.camera = camera.input
            this.display = display
            enableCam = true
        }
        call(configure) { client ->
            capturing { decoded.size >= 20 }
            assertTrue(decoded.first().isKey)
            assertEquals(listOf(Cameras.Front, Cameras.Rear), client.getAllCams())
            assertEquals(Cameras.Front, client.selectedCam)
            assertEquals("upright, on a display that is not rotated", PictureSize(480, 640), fake.encoder.setup.size)
            assertTrue(fake.drawn.all { it.second == PictureTurn(0, isMirrored = true) })
            val first = fake.encoders.size
            client.updateCam(Cameras.Rear.deviceId)
            capturing { client.selectedCam == Cameras.Rear && fake.encoders.size > first }
            assertEquals(PictureTurn(0, isMirrored = false), fake.drawn.last().second)
            client.enableCam(false)
            capturing { fake.renderer!!.isReleased }
        }
        assertTrue(errors.isEmpty())
    }

    @Test
    fun withoutPermissionTheCameraIsADeviceError() {
        shadowOf(app).denyPermissions(Manifest.permission.CAMERA)
        val camera = AndroidCamera(app, Cameras.Front.deviceId, fake.parts)
        call({ this.camera = camera.input }) { client ->
            client.enableCam(true)
            whileMainRuns { errors.isNotEmpty() }
            assertEquals(DeviceErrorKind.PERMISSIONS, errors.single().device)
            shadowOf(app).grantPermissions(Manifest.permission.CAMERA)
            client.updateCam(Cameras.Rear.deviceId)
            whileMainRuns { client.selectedCam == Cameras.Rear }
        }
        assertNull("selecting one turns none on", fake.renderer)
    }

    @Test
    fun aCameraThatAnotherAppTakesIsADeviceError() {
        val camera = AndroidCamera(app, Cameras.Front.deviceId, fake.parts)
        call({ this.camera = camera.input }) { client ->
            client.enableCam(true)
            capturing { events.any { "TrackStarted" in it } }
            // Nothing says when the camera is open.
            capturing {
                runCatching { shadowOf(service<CameraManager>()).triggerDisconnect() }
                errors.isNotEmpty()
            }
            assertEquals(DeviceErrorKind.IN_USE, errors.single().device)
        }
    }

    @Test
    fun aCameraThatOpensTooLateIsClosed() {
        val (finder, thread) = Pair(CameraFinder(app), VideoThread("test"))
        val session = CameraSession(finder.find(Cameras.Front.deviceId), null, surface(), thread.handler) {}
        session.open(finder.manager)
        thread.end(session::close)
        val opened: CameraDevice = ReflectionHelpers.getStaticField(ShadowCameraManager::class.java, "lastDevice")
        fun isClosed(): Boolean = ReflectionHelpers.getField(Shadow.extract(opened), "closed")
        assertFalse(isClosed())
        shadowOf(Looper.getMainLooper()).idle()
        assertTrue(isClosed())
    }

    @Test
    fun aCameraThatIsNotThereIsADeviceError() {
        val camera = AndroidCamera(app, Cameras.Front.deviceId, fake.parts)
        val manager = shadowOf(service<CameraManager>())
        listOf("0", "1").forEach(manager::removeCamera)
        call({ this.camera = camera.input }) { client ->
            client.enableCam(true)
            whileMainRuns { errors.isNotEmpty() }
            assertEquals(DeviceErrorKind.NOT_FOUND, errors.single().device)
        }
    }

    @Test
    fun aScreenThatIsNotPermittedIsAScreenShareError() {
        val screen = AndroidScreen(app, fake.parts)
        assertNotNull(screen.permissionRequest().component)
        call({ this.screen = screen.input }) { client ->
            client.enableScreenShare(true)
            whileMainRuns { errors.isNotEmpty() }
            assertEquals(DeviceErrorKind.PERMISSIONS, errors.single().device)
        }
    }

    /** How important the system says the app is. */
    private fun importance(value: Int) {
        val process = RunningAppProcessInfo(app.packageName, Process.myPid(), arrayOf(app.packageName)).apply { importance = value }
        shadowOf(service<ActivityManager>()).setProcesses(listOf(process))
    }

    @Test
    fun anAppWithoutAScreenIsNotOnTheScreen() {
        val changes = CopyOnWriteArrayList<Boolean>()
        importance(RunningAppProcessInfo.IMPORTANCE_FOREGROUND_SERVICE)
        val served = Foreground(app) { changes += it }.apply { begin() }
        shadowOf(Looper.getMainLooper()).idle()
        assertEquals("a service is none", listOf(false), changes)
        served.end()
        changes.clear()
        importance(RunningAppProcessInfo.IMPORTANCE_VISIBLE)
        val assumed = Foreground(app) { changes += it }.apply { begin() }
        shadowOf(Looper.getMainLooper()).idleFor(Duration.ofSeconds(5))
        assertEquals(listOf(true), changes)
        importance(RunningAppProcessInfo.IMPORTANCE_CACHED)
        shadowOf(Looper.getMainLooper()).idleFor(Duration.ofSeconds(5))
        assertEquals(listOf(true, false), changes)
        assumed.end()
        shadowOf(Looper.getMainLooper()).idle()
    }

    @Test
    fun theAppIsOnTheScreenWhileOneOfItsScreensIs() {
        val changes = CopyOnWriteArrayList<Boolean>()
        fun afterAWhile(): List<Boolean> {
            shadowOf(Looper.getMainLooper()).idleFor(Duration.ofSeconds(1))
            return changes.toList()
        }
        val before = Robolectric.buildActivity(Activity::class.java).create().start()
        val foreground = Foreground(app) { changes += it }
        foreground.begin()
        assertEquals(listOf(true), afterAWhile())
        val next = Robolectric.buildActivity(Activity::class.java).create().start()
        before.stop()
        assertEquals(listOf(true), afterAWhile())
        next.stop()
        assertEquals("it may be turned", listOf(true), changes)
        assertEquals(listOf(true, false), afterAWhile())
        next.start()
        assertEquals(listOf(true, false, true), afterAWhile())
        foreground.end()
        shadowOf(Looper.getMainLooper()).idle()
        next.stop()
        assertEquals(listOf(true, false, true), afterAWhile())
    }
}
