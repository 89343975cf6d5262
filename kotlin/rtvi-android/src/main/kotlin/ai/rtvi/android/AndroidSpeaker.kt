package ai.rtvi.android

import ai.rtvi.client.PcmOutput
import ai.rtvi.client.Speaker
import ai.rtvi.client.SpeakerControl
import android.content.Context
import android.media.AudioFormat
import android.media.AudioTrack
import android.os.Build

/**
 * The device's loudspeaker or headset, as in a telephone call, for one client. It opens only while
 * the client needs it. Unless the app has begun a [CallAudio], it begins one for that time.
 */
public class AndroidSpeaker(context: Context) {
    private val audio = CallAudio(context)
    private var hasBegun = false
    private var playing: Playing? = null
    private val control = object : SpeakerControl {
        override fun start() {
            MainLooper.run(::begin)
            playing = try {
                Playing(open()).also(Thread::start)
            } catch (failed: Exception) {
                // The client stops it at the end of the session at best.
                MainLooper.run(::end)
                throw failed
            }
        }

        override fun flush() {
            playing?.flush()
        }

        override fun stop() {
            playing?.end()
            playing = null
            MainLooper.run(::end)
        }
    }

    private fun begin() {
        if (hasBegun || CallAudio.isAnyBegun) return
        audio.begin()
        hasBegun = true
    }

    private fun end() {
        if (hasBegun) audio.close()
        hasBegun = false
    }

    private val output: PcmOutput = PcmOutput(RATE, control = control)

    /** For [ai.rtvi.client.PipecatClientOptions.speaker]. */
    public val speaker: Speaker = Speaker.Pcm(output)

    private fun open(): AudioTrack {
        val format = AudioFormat.Builder()
            .setSampleRate(RATE)
            .setEncoding(AudioFormat.ENCODING_PCM_16BIT)
            .setChannelMask(AudioFormat.CHANNEL_OUT_MONO)
            .build()
        val least = AudioTrack.getMinBufferSize(RATE, AudioFormat.CHANNEL_OUT_MONO, AudioFormat.ENCODING_PCM_16BIT)
        val builder = AudioTrack.Builder()
            .setAudioAttributes(callAttributes())
            .setAudioFormat(format)
            .setBufferSizeInBytes(maxOf(least, 2 * PIECE))
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.O) builder.setPerformanceMode(AudioTrack.PERFORMANCE_MODE_LOW_LATENCY)
        return builder.build()
    }

    private companion object {
        /** In Hz. */
        private const val RATE = 48_000

        /** 20 ms in bytes. */
        private const val PIECE = RATE / 50 * 2
    }

    /** Plays the client's audio, padded with silence. */
    private inner class Playing(first: AudioTrack) : DeviceThread<AudioTrack>("speaker", first, output::fail) {
        @Volatile
        private var isFlushed = false

        fun flush() {
            isFlushed = true
        }

        override fun open() = this@AndroidSpeaker.open()

        override fun release(device: AudioTrack) = device.release()

        override fun move(device: AudioTrack): Boolean {
            var hasMoved = false
            device.play()
            while (isWanted) {
                if (isFlushed) drop(device)
                val pcm = output.pull(PIECE)
                if (device.write(pcm.copyOf(PIECE), 0, PIECE) < 0) break
                hasMoved = true
            }
            return hasMoved
        }

        private fun drop(device: AudioTrack) {
            isFlushed = false
            device.pause()
            device.flush()
            device.play()
        }
    }
}
