package ai.rtvi.android

import ai.rtvi.client.DeviceErrorKind
import ai.rtvi.client.ErrorKind
import ai.rtvi.client.Microphone
import ai.rtvi.client.MicrophoneControl
import ai.rtvi.client.PcmInput
import ai.rtvi.client.RtviException
import android.Manifest
import android.annotation.SuppressLint
import android.content.Context
import android.content.pm.PackageManager
import android.media.AudioFormat
import android.media.AudioRecord
import android.media.MediaRecorder
import java.nio.ByteBuffer

/**
 * The device's microphone with the system's echo cancellation, for one client. It opens only while
 * the client needs it.
 *
 * Needs the permission `RECORD_AUDIO`; without it, the client reports a [ErrorKind.DEVICE] error.
 *
 * @param onSilenced called, from Android 10 on and on a thread of the library, when the system
 *   silences the microphone and when it ends that: another app records, or the user has switched
 *   microphones off for all apps.
 */
public class AndroidMicrophone(context: Context, private val onSilenced: (Boolean) -> Unit = {}) {
    private val app = context.applicationContext
    private var recording: Recording? = null
    private val control = object : MicrophoneControl {
        override fun start() {
            checkPermission()
            recording = Recording(open()).also(Thread::start)
        }

        override fun stop() {
            recording?.end()
            recording = null
        }
    }
    private val input: PcmInput = PcmInput(RATE, control = control)

    /** For [ai.rtvi.client.PipecatClientOptions.microphone]. */
    public val microphone: Microphone = Microphone.Pcm(input)

    private fun checkPermission() {
        val granted = app.checkSelfPermission(Manifest.permission.RECORD_AUDIO)
        if (granted != PackageManager.PERMISSION_GRANTED) {
            val message = "the app has no permission to use the microphone (RECORD_AUDIO)"
            throw RtviException(ErrorKind.DEVICE, message, device = DeviceErrorKind.PERMISSIONS)
        }
    }

    // The permission was checked before.
    @SuppressLint("MissingPermission")
    private fun open(): AudioRecord {
        val format = AudioFormat.ENCODING_PCM_16BIT
        val least = AudioRecord.getMinBufferSize(RATE, AudioFormat.CHANNEL_IN_MONO, format)
        val source = MediaRecorder.AudioSource.VOICE_COMMUNICATION
        val record = AudioRecord(source, RATE, AudioFormat.CHANNEL_IN_MONO, format, maxOf(least, 4 * PIECE))
        if (record.state == AudioRecord.STATE_INITIALIZED) return record
        record.release()
        val message = "the microphone can't be opened; another app may be using it"
        throw RtviException(ErrorKind.DEVICE, message, device = DeviceErrorKind.IN_USE)
    }

    private companion object {
        /** In Hz; the core resamples to the transport's rate. */
        private const val RATE = 48_000

        /** 20 ms in bytes. */
        private const val PIECE = RATE / 50 * 2
    }

    private inner class Recording(first: AudioRecord) : DeviceThread<AudioRecord>("microphone", first, input::fail) {
        private val piece = ByteBuffer.allocateDirect(PIECE)
        private val silence = SilenceWatch(onSilenced)

        override fun open() = this@AndroidMicrophone.open()

        override fun release(device: AudioRecord) {
            silence.end(device)
            device.release()
        }

        override fun move(device: AudioRecord): Boolean {
            var hasMoved = false
            device.startRecording()
            if (device.recordingState != AudioRecord.RECORDSTATE_RECORDING) return false
            silence.begin(device)
            while (isWanted) {
                piece.clear()
                val read = device.read(piece, PIECE)
                if (read <= 0) break
                piece.limit(read)
                input.push(piece)
                hasMoved = true
            }
            return hasMoved
        }
    }
}
