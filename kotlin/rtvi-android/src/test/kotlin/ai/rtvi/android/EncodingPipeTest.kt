package ai.rtvi.android

import ai.rtvi.client.EncodedVideoFrame
import android.os.Handler
import android.os.Looper
import java.time.Duration
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf

/** From pictures to frames: which encoder is chosen, and which calls it receives. */
@RunWith(RobolectricTestRunner::class)
class EncodingPipeTest {
    private val fake = FakeParts()
    private val frames = mutableListOf<EncodedVideoFrame>()
    private val failures = mutableListOf<Exception>()
    private val listener = object : PipeListener {
        override fun onFrame(frame: EncodedVideoFrame) {
            frames += frame
        }

        override fun onFailure(failure: Exception) {
            failures += failure
        }
    }
    private val pipe = EncodingPipe(Handler(Looper.getMainLooper()), fake.parts, listener).apply {
        resize(PictureSize(640, 480), PictureSize(480, 640), PictureTurn(90, true))
    }

    private fun pictures(count: Int = 1) = repeat(count) {
        fake.now += 41_700_000
        fake.renderer!!.onPicture()
    }

    @Test
    fun nothingIsEncodedBeforeThereIsATarget() {
        pictures(3)
        assertTrue(fake.encoders.isEmpty() && fake.drawn.isEmpty())
        pipe.follow(target(640, 480))
        pictures()
        assertEquals(EncoderSetup(PictureSize(480, 640), 24, 600_000), fake.encoder.setup)
        assertEquals(listOf(Pair(fake.encoder.surface, PictureTurn(90, true))), fake.drawn)
        fake.encoder.deliver(isKey = true)
        assertEquals(listOf(true), frames.map { it.isKey })
    }

    @Test
    fun aNewBitrateNeedsNoNewEncoderButANewSizeDoes() {
        pipe.follow(target(640, 480))
        pictures()
        pipe.follow(target(640, 480, bitrate = 400_000))
        pictures(2)
        assertEquals(listOf(400_000), fake.encoder.bitrates)
        assertEquals(1, fake.encoders.size)
        pipe.follow(target(480, 360, bitrate = 300_000, rate = 20))
        pictures(3)
        assertEquals(2, fake.encoders.size)
        assertTrue(fake.encoders[0].isReleased)
        assertEquals(listOf(fake.encoders[0].surface), fake.renderer!!.forgotten)
        assertEquals(EncoderSetup(PictureSize(360, 480), 20, 300_000), fake.encoder.setup)
    }

    @Test
    fun aKeyFrameIsRequestedOnceAndANewEncoderBeginsWithOne() {
        pipe.requestKeyFrame()
        pipe.follow(target(640, 480))
        pictures(2)
        assertEquals("it begins with one", 0, fake.encoder.keyFrames)
        repeat(3) { pipe.requestKeyFrame() }
        pictures(2)
        assertEquals(1, fake.encoder.keyFrames)
        fake.encoder.deliver(isKey = true)
        pipe.requestKeyFrame()
        pictures(2)
        assertEquals(2, fake.encoder.keyFrames)
    }

    @Test
    fun aStillScreenIsRepeated() {
        pipe.follow(target(1280, 720, rate = 10))
        pictures()
        repeat(3) {
            fake.now += 501_000_000
            shadowOf(Looper.getMainLooper()).idleFor(Duration.ofMillis(600))
        }
        assertEquals(4, fake.drawn.size)
        pipe.release()
        fake.now += 501_000_000
        shadowOf(Looper.getMainLooper()).idleFor(Duration.ofMillis(600))
        assertEquals(4, fake.drawn.size)
        assertTrue(fake.encoder.isReleased && fake.renderer!!.isReleased)
    }

    @Test
    fun anEncoderThatFailsIsReplacedAFewTimes() {
        pipe.follow(target(640, 480))
        pictures()
        fake.encoder.listener.onFailure(IllegalStateException("reset"))
        pictures()
        assertEquals(2, fake.encoders.size)
        assertTrue(failures.isEmpty())
        fake.encoder.deliver(isKey = true)
        fake.encoder.listener.onFailure(IllegalStateException("reset"))
        fake.broken = 2
        pictures(2)
        assertEquals(listOf("no encoder"), failures.map { it.message })
    }

    @Test
    fun theViewShowsEveryPictureAndItsSize() {
        val (view, sizes) = Pair(surface(), mutableListOf<PictureSize>())
        pipe.show(view, sizes::add)
        pictures(3)
        assertEquals(List(3) { view }, fake.drawn.map { it.first })
        assertEquals(listOf(PictureSize(480, 640)), sizes)
        pipe.hide(surface())
        pictures()
        assertEquals(4, fake.drawn.size)
        pipe.hide(view)
        pictures()
        assertEquals(4, fake.drawn.size)
        assertFalse(fake.renderer!!.forgotten.isEmpty())
    }
}
