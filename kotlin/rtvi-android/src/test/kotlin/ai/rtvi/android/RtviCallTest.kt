package ai.rtvi.android

import ai.rtvi.client.ErrorKind
import ai.rtvi.client.RtviException
import ai.rtvi.client.TransportState
import android.app.Activity
import android.content.Intent
import android.media.AudioManager
import android.net.ConnectivityManager
import android.os.Looper
import java.util.concurrent.CompletableFuture
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.launch
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf

/** All of a call in one object. */
@RunWith(RobolectricTestRunner::class)
class RtviCallTest {
    private val manager = service<AudioManager>()
    private val networks = shadowOf(service<ConnectivityManager>())
    private val notification = CallNotification("A call", android.R.drawable.ic_btn_speak_now)

    private fun <T> begun(act: suspend () -> T): CompletableFuture<T> {
        val done = CompletableFuture<T>()
        CoroutineScope(Dispatchers.Default).launch {
            runCatching { act() }.fold(done::complete, done::completeExceptionally)
        }
        return done
    }

    /** Does something that suspends while the main thread goes on. */
    private fun <T> doing(act: suspend () -> T): T {
        val done = begun(act)
        whileMainRuns { done.isDone }
        return done.get()
    }

    private fun failure(act: suspend () -> Unit) = runCatching { doing(act) }.exceptionOrNull()?.cause as RtviException

    /** The system starts what it was asked for. */
    @After
    fun services() = generateSequence { shadowOf(app).nextStartedService }.forEach {
        Robolectric.buildService(CallService::class.java, it).create().get().onStartCommand(it, 0, 1)
    }

    private fun change(focus: Int) =
        shadowOf(manager).lastAudioFocusRequest.audioFocusRequest.onAudioFocusChangeListener.onAudioFocusChange(focus)

    @Test
    fun aCallBringsAllThatItNeedsAndTakesItAwayAgain() {
        RtviCall(app, EchoBot(), notification = notification).use { call ->
            assertEquals(AudioManager.MODE_NORMAL, manager.mode)
            doing { call.connect() }
            assertTrue(call.status.value.isActive)
            assertEquals(AudioManager.MODE_IN_COMMUNICATION, manager.mode)
            assertEquals(1, networks.networkCallbacks.size)
            assertEquals(CallService::class.java.name, shadowOf(app).peekNextStartedService().component?.className)
            doing { call.hangUp() }
            assertFalse(call.status.value.isActive)
            assertEquals(AudioManager.MODE_NORMAL, manager.mode)
            assertTrue(networks.networkCallbacks.isEmpty())
            assertNull(CallService.onHangUp)
            doing { call.connect() }
            assertTrue("it can be made again", call.status.value.isActive)
        }
        whileMainRuns { manager.mode == AudioManager.MODE_NORMAL }
    }

    @Test
    fun aCallThatCanNotBeMadeLeavesNothing() {
        val broken = EchoBot(refuses = true)
        RtviCall(app, broken).use { call ->
            assertNotNull(runCatching { doing { call.connect() } }.exceptionOrNull())
            whileMainRuns { !call.status.value.isActive }
            assertEquals(AudioManager.MODE_NORMAL, manager.mode)
            assertTrue(networks.networkCallbacks.isEmpty())
        }
    }

    @Test
    fun anotherCallComesFirst() {
        RtviCall(app, EchoBot()).use { call ->
            doing { call.connect() }
            change(AudioManager.AUDIOFOCUS_LOSS_TRANSIENT)
            whileMainRuns { !call.client.isMicEnabled }
            assertTrue(call.status.value.isHeld)
            doing { call.setMuted(true) }
            change(AudioManager.AUDIOFOCUS_GAIN)
            whileMainRuns { !call.status.value.isHeld }
            assertFalse("the user has muted it", call.client.isMicEnabled)
            doing { call.setMuted(false) }
            assertTrue(call.client.isMicEnabled)
            change(AudioManager.AUDIOFOCUS_LOSS)
            whileMainRuns { !call.status.value.isActive }
            assertEquals(TransportState.DISCONNECTED, call.client.state.value)
        }
    }

    @Test
    fun aShortSoundLeavesTheMicrophoneAsItIs() {
        RtviCall(app, EchoBot()).use { call ->
            doing { call.connect() }
            doing { call.client.enableMic(false) }
            for (focus in listOf(AudioManager.AUDIOFOCUS_LOSS_TRANSIENT_CAN_DUCK, AudioManager.AUDIOFOCUS_LOSS_TRANSIENT, AudioManager.AUDIOFOCUS_GAIN)) {
                change(focus)
                shadowOf(Looper.getMainLooper()).idle()
                assertFalse("the app has turned it off", call.client.isMicEnabled)
            }
            // Waits for what the focus has begun.
            doing { call.setMuted(false) }
            change(AudioManager.AUDIOFOCUS_LOSS_TRANSIENT_CAN_DUCK)
            shadowOf(Looper.getMainLooper()).idle()
            assertTrue(call.client.isMicEnabled)
        }
    }

    @Test
    fun aCallThatEndsWhileItIsHeldLeavesNothingOff() {
        RtviCall(app, EchoBot()).use { call ->
            doing { call.connect() }
            change(AudioManager.AUDIOFOCUS_LOSS_TRANSIENT)
            whileMainRuns { !call.client.isMicEnabled }
            doing { call.hangUp() }
            doing { call.connect() }
            assertTrue(call.client.isMicEnabled)
            assertFalse(call.status.value.isMuted)
            assertFalse(call.status.value.isHeld)
        }
    }

    @Test
    fun theScreenIsSharedWhenTheServiceRuns() {
        val screen = AndroidScreen(app, FakeParts().parts)
        RtviCall(app, EchoBot(), notification = notification) { this.screen = screen.input }.use { call ->
            doing { call.connect() }
            services()
            val sharing = begun { call.shareScreen(screen, Activity.RESULT_OK, Intent()) }
            whileMainRuns { shadowOf(app).peekNextStartedService() != null }
            Thread.sleep(50)
            assertFalse("the service has not started", sharing.isDone)
            services()
            whileMainRuns { sharing.isDone }
            sharing.get()
        }
    }

    @Test
    fun aScreenIsNotSharedWithoutTheService() {
        val screen = AndroidScreen(app, FakeParts().parts)
        RtviCall(app, EchoBot()) { this.screen = screen.input }.use { call ->
            doing { call.connect() }
            assertEquals(ErrorKind.INVALID_STATE, failure { call.shareScreen(screen, Activity.RESULT_OK, Intent()) }.kind)
        }
    }

    @Test
    fun aScreenIsNotSharedIfTheServiceIsRefused() {
        val screen = AndroidScreen(app, FakeParts().parts)
        RtviCall(app, EchoBot(), notification = notification) { this.screen = screen.input }.use { call ->
            doing { call.connect() }
            services()
            val sharing = begun { call.shareScreen(screen, Activity.RESULT_OK, Intent()) }
            whileMainRuns { shadowOf(app).peekNextStartedService() != null }
            val intent = shadowOf(app).nextStartedService
            val service = Robolectric.buildService(CallService::class.java, intent).create().get()
            shadowOf(service).setThrowInStartForeground(SecurityException("no"))
            service.onStartCommand(intent, 0, 1)
            whileMainRuns { sharing.isDone }
            val refused = runCatching { sharing.get() }.exceptionOrNull()?.cause as RtviException
            assertEquals(ErrorKind.DEVICE, refused.kind)
        }
    }

    @Test
    fun theUserHangsUpOutsideTheApp() {
        RtviCall(app, EchoBot(), notification = notification).use { call ->
            doing { call.connect() }
            CallService.onHangUp!!()
            whileMainRuns { !call.status.value.isActive }
        }
    }

    @Test
    fun aSessionThatEndsEndsTheCall() {
        val bot = EchoBot()
        RtviCall(app, bot).use { call ->
            doing { call.connect() }
            bot.leave.complete(Unit)
            whileMainRuns { !call.status.value.isActive }
            assertEquals(AudioManager.MODE_NORMAL, manager.mode)
        }
    }
}
