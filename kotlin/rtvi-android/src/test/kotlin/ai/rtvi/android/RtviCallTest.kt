package ai.rtvi.android

import ai.rtvi.client.TransportState
import android.media.AudioManager
import android.net.ConnectivityManager
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

    /** Does something that suspends while the main thread goes on. */
    private fun <T> doing(act: suspend () -> T): T {
        val done = CompletableFuture<T>()
        CoroutineScope(Dispatchers.Default).launch {
            runCatching { act() }.fold(done::complete, done::completeExceptionally)
        }
        whileMainRuns { done.isDone }
        return done.get()
    }

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
