package ai.rtvi.android

import ai.rtvi.client.VideoCodec
import android.media.MediaCodec
import android.os.Handler
import android.os.Looper
import java.nio.ByteBuffer
import java.util.concurrent.CopyOnWriteArrayList
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.shadows.ShadowMediaCodec

/** The device's decoder, as far as Robolectric has one: a function from bytes to bytes. */
@RunWith(RobolectricTestRunner::class)
class PlatformDecoderTest {
    private val failures = CopyOnWriteArrayList<Exception>()
    private val decoded = CopyOnWriteArrayList<Byte>()
    private val codec = ShadowMediaCodec.CodecConfig.Codec { input: ByteBuffer, output: ByteBuffer ->
        decoded += input.get(4)
        output.put(input)
    }
    private val listener = object : DecoderListener {
        override fun onSize(size: PictureSize) = Unit

        override fun onFailure(failure: Exception) {
            failures += failure
        }
    }

    @Test
    fun framesAreDecodedInOrder() {
        ShadowMediaCodec.addDecoder("video/avc", ShadowMediaCodec.CodecConfig(1_000, 1_000, codec))
        val decoder = PlatformDecoder(VideoCodec.H264, PictureSize(640, 480), surface(), Handler(Looper.getMainLooper()), listener)
        // The decoder has no room before it has said so.
        assertTrue((0 until 8).all { decoder.decode(frame(isKey = it == 0)) })
        assertTrue("with more waiting it is stuck", !decoder.decode(frame(isKey = false)))
        whileMainRuns { decoded.size == 8 }
        assertEquals(listOf<Byte>(0x65) + List<Byte>(7) { 0x41 }, decoded)
        assertTrue("$failures", failures.isEmpty())
        decoder.release()
    }

    @Test
    fun whatTheCodecRefusesIsAFailureUntilItIsReleased() {
        ShadowMediaCodec.addDecoder("video/avc", ShadowMediaCodec.CodecConfig(1_000, 1_000, codec))
        val decoder = PlatformDecoder(VideoCodec.H264, PictureSize(640, 480), surface(), Handler(Looper.getMainLooper()), listener)
        val other = MediaCodec.createDecoderByType("video/avc")
        decoder.decode(frame(isKey = true))
        decoder.onInputBufferAvailable(other, 99)
        assertEquals(1, failures.size)
        decoder.release()
        decoder.onInputBufferAvailable(other, 99)
        decoder.onOutputBufferAvailable(other, 99, MediaCodec.BufferInfo())
        assertEquals(1, failures.size)
        other.release()
    }
}
