package ai.rtvi.android

import ai.rtvi.client.BotReadyData
import ai.rtvi.client.DeviceErrorKind
import ai.rtvi.client.ErrorKind
import ai.rtvi.client.PipecatClient
import ai.rtvi.client.PipecatEventCallbacks
import ai.rtvi.client.RtviEvent
import android.Manifest
import android.media.AudioAttributes
import android.media.AudioFormat
import android.media.AudioManager
import android.media.AudioRecord
import android.media.AudioTrack
import android.media.MediaRecorder
import android.os.Looper
import java.nio.ByteBuffer
import java.util.concurrent.CopyOnWriteArraySet
import java.util.concurrent.atomic.AtomicReference
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.filterIsInstance
import kotlinx.coroutines.flow.first
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.shadows.ShadowAudioRecord
import org.robolectric.shadows.ShadowAudioTrack

/** A call with the device's microphone and speaker: one that the test speaks into, and one that it hears. */
@RunWith(RobolectricTestRunner::class)
class CallTest {
    private val record = AtomicReference<AudioRecord>()
    private val heard = CompletableDeferred<Pair<AudioTrack, AudioFormat>>()

    /** A loud microphone; a device gives its samples in real time. */
    private val voice = object : ShadowAudioRecord.AudioRecordSource {
        override fun readInDirectBuffer(buffer: ByteBuffer, size: Int, isBlocking: Boolean): Int {
            Thread.sleep(20)
            for (i in 0 until size) buffer.put(i, if (i % 100 < 50) 32 else -32)
            return size
        }
    }

    /** A device takes its samples in real time. */
    private val ear = ShadowAudioTrack.OnAudioDataWrittenListener { track, pcm, format ->
        Thread.sleep(20)
        if (pcm.any { it != 0.toByte() }) heard.complete(Pair(track, format))
    }

    private fun granted() {
        shadowOf(app).grantPermissions(Manifest.permission.RECORD_AUDIO)
        ShadowAudioRecord.setSourceProvider { voice.also { _ -> record.set(it) } }
        ShadowAudioTrack.addAudioDataListener(ear)
    }

    @After
    fun silence() {
        ShadowAudioTrack.removeAudioDataListener(ear)
        ShadowAudioTrack.setMinBufferSize(1_024)
    }

    @Test
    fun whatIsSaidIsSentAndTheBotIsHeard() = test {
        granted()
        PipecatClient(EchoBot(), androidOptions(app)).use { client ->
            client.connect()
            val (track, format) = heard.await()
            assertEquals(AudioAttributes.USAGE_VOICE_COMMUNICATION, track.audioAttributes.usage)
            assertEquals(AudioAttributes.CONTENT_TYPE_SPEECH, track.audioAttributes.contentType)
            assertEquals(48_000, format.sampleRate)
            assertEquals(AudioFormat.CHANNEL_OUT_MONO, format.channelMask)
            assertEquals(MediaRecorder.AudioSource.VOICE_COMMUNICATION, record.get().audioSource)
            assertEquals(48_000, record.get().sampleRate)
            val manager = service<AudioManager>()
            whileMainRuns { manager.mode == AudioManager.MODE_IN_COMMUNICATION }
            client.disconnect()
            whileMainRuns { manager.mode == AudioManager.MODE_NORMAL }
            whileMainRuns { record.get().state == AudioRecord.STATE_UNINITIALIZED }
            whileMainRuns { track.state == AudioTrack.STATE_UNINITIALIZED }
        }
    }

    /** What a device gives that is not there any more. */
    private val dead = object : ShadowAudioRecord.AudioRecordSource {
        override fun readInDirectBuffer(buffer: ByteBuffer, size: Int, isBlocking: Boolean) = AudioRecord.ERROR_DEAD_OBJECT
    }

    /** A microphone whose first `failing` openings fail; gives all openings. */
    private fun microphone(failing: Int): Set<AudioRecord> {
        granted()
        val opened = CopyOnWriteArraySet<AudioRecord>()
        ShadowAudioRecord.setSourceProvider { record ->
            opened += record
            if (opened.size > failing) voice else dead
        }
        return opened
    }

    @Test
    fun aMicrophoneThatFailsIsOpenedAnew() = test {
        val opened = microphone(failing = 2)
        PipecatClient(EchoBot(), androidOptions(app)).use { client ->
            client.connect()
            heard.await()
            assertEquals(3, opened.size)
        }
    }

    @Test
    fun aMicrophoneThatIsGoneIsGivenUp() = test {
        val opened = microphone(failing = Int.MAX_VALUE)
        PipecatClient(EchoBot(), androidOptions(app)).use { client ->
            val failed = async(start = CoroutineStart.UNDISPATCHED) {
                client.events.filterIsInstance<RtviEvent.DeviceError>().first().error
            }
            client.connect()
            val error = failed.await()
            assertEquals(DeviceErrorKind.UNKNOWN, error.device)
            assertTrue(error.message, "does not work any more" in error.message)
            assertEquals(5, opened.size)
        }
    }

    @Test
    fun aSpeakerThatCanNotBeOpenedLeavesNoCallMode() = test {
        granted()
        // No whole number of samples: Android refuses it.
        ShadowAudioTrack.setMinBufferSize(96_001)
        val manager = service<AudioManager>()
        PipecatClient(EchoBot(), androidOptions(app)).use { client ->
            val failed = async(start = CoroutineStart.UNDISPATCHED) {
                client.events.filterIsInstance<RtviEvent.DeviceError>().first().error
            }
            runCatching { client.connect() }
            failed.await()
            shadowOf(Looper.getMainLooper()).idle()
            assertEquals(AudioManager.MODE_NORMAL, manager.mode)
        }
    }

    @Test
    fun withoutPermissionTheMicrophoneIsADeviceError() = test {
        PipecatClient(EchoBot(), androidOptions(app)).use { client ->
            val failed = async(start = CoroutineStart.UNDISPATCHED) {
                client.events.filterIsInstance<RtviEvent.DeviceError>().first().error
            }
            runCatching { client.connect() }
            val error = failed.await()
            assertEquals(Pair(ErrorKind.DEVICE, DeviceErrorKind.PERMISSIONS), Pair(error.kind, error.device))
            assertTrue(error.message, error.message.contains("RECORD_AUDIO"))
        }
    }

    @Test
    fun callbacksComeOnTheMainThread() = test {
        val thread = AtomicReference<Thread>()
        val callbacks = object : PipecatEventCallbacks() {
            override fun onBotReady(data: BotReadyData) = thread.set(Thread.currentThread())
        }
        PipecatClient(EchoBot(), androidOptions(app, callbacks)).use { client ->
            client.connect()
            whileMainRuns { thread.get() != null }
            assertEquals(Looper.getMainLooper().thread, thread.get())
        }
    }
}
