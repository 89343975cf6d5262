package ai.rtvi.android

import ai.rtvi.client.VideoCodec
import ai.rtvi.android.DecodingRules.Step
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test

/** What needs no device of video: sizes, rates, rotations, frames of H.264, and when key frames are needed. */
class VideoRulesTest {
    private val vga = PictureSize(640, 480)
    private val hd = PictureSize(1280, 720)

    @Test
    fun aCameraCapturesNoMoreThanIsWanted() {
        val sizes = listOf(PictureSize(320, 240), hd, vga, PictureSize(4000, 3000))
        assertEquals(vga, PictureSize.toCapture(sizes, vga))
        assertEquals(hd, PictureSize.toCapture(sizes, PictureSize(800, 600)))
        assertEquals(PictureSize(4000, 3000), PictureSize.toCapture(sizes, PictureSize(8000, 6000)))
        assertNull(PictureSize.toCapture(emptyList(), vga))
    }

    @Test
    fun aPictureKeepsItsProportionsAndEvenSides() {
        assertEquals(vga, vga.within(vga))
        assertEquals("never enlarged", PictureSize(320, 240), PictureSize(320, 240).within(vga))
        assertEquals(PictureSize(640, 360), hd.within(vga))
        assertEquals("as large upright", PictureSize(480, 640), PictureSize(480, 640).within(vga))
        assertEquals(PictureSize(576, 1280), PictureSize(1080, 2400).within(hd))
        assertEquals(PictureSize(100, 50), PictureSize(101, 51).within(vga))
        assertEquals(PictureSize(2, 2), PictureSize(1, 1).within(vga))
        assertEquals(PictureSize(2, 480), PictureSize(1, 480).within(vga))
    }

    @Test
    fun theRateIsFastEnoughAndMaySlowDownInTheDark() {
        val ranges = listOf(RateRange(30, 30), RateRange(15, 30), RateRange(15, 15), RateRange(60, 60))
        assertEquals(RateRange(15, 30), RateRange.toCapture(ranges, 24))
        assertEquals(RateRange(60, 60), RateRange.toCapture(ranges, 50))
        assertEquals(RateRange(60, 60), RateRange.toCapture(ranges, 120))
        assertNull(RateRange.toCapture(emptyList(), 24))
    }

    @Test
    fun aPictureIsTurnedAgainstTheDisplay() {
        assertEquals(listOf(0, 270, 180, 90), listOf(0, 90, 180, 270).map { PictureTurn.ofCamera(it, isFront = false).degrees })
        assertTrue(PictureTurn.ofCamera(0, isFront = true).isMirrored)
        // A sensor lies in a phone: upright, its picture is as tall as the sensor is wide.
        assertEquals(PictureSize(480, 640), vga.turned(90 + 0))
        assertEquals(vga, vga.turned(90 + 90))
    }

    private val milli = 1_000_000L

    @Test
    fun picturesAreTakenAtTheRateOfTheTarget() {
        val pacer = FramePacer().apply { rate = 24 }
        val taken = (0L until 1_000).count { millis -> millis % 33 == 0L && pacer.takes(millis * milli) }
        assertTrue("$taken", taken in 22..25)
        pacer.rate = 10
        val fewer = (1_000L until 2_000).count { millis -> millis % 33 == 0L && pacer.takes(millis * milli) }
        assertTrue("$fewer", fewer in 9..11)
    }

    @Test
    fun aStillPictureIsRepeated() {
        val pacer = FramePacer()
        assertFalse("there is none yet", pacer.repeats(0))
        assertTrue(pacer.takes(0))
        assertFalse(pacer.repeats(499 * milli))
        assertEquals(milli, pacer.untilRepeat(499 * milli))
        assertTrue(pacer.repeats(500 * milli))
        assertFalse(pacer.repeats(501 * milli))
        assertTrue(pacer.repeats(1_000 * milli))
    }

    @Test
    fun keyFramesAreRequestedOnceUntilTheyCome() {
        val requests = KeyFrameRequests()
        assertFalse(requests.isDue(0))
        repeat(3) { requests.request() }
        assertTrue(requests.isDue(0))
        assertFalse(requests.isDue(100 * milli))
        assertTrue("the encoder has ignored it", requests.isDue(500 * milli))
        requests.answered()
        assertFalse(requests.isDue(2_000 * milli))
    }

    private val sps = byteArrayOf(0, 0, 0, 1, 0x67, 0x42)
    private val pps = byteArrayOf(0, 0, 0, 1, 0x68, 1)
    private val idr = byteArrayOf(0, 0, 1, 0x65, 9, 8)
    private val slice = byteArrayOf(0, 0, 0, 1, 0x41, 7)
    private val delimiter = byteArrayOf(0, 0, 0, 1, 9, 0x10)

    @Test
    fun unitsAreFoundBehindBothStartCodes() {
        assertEquals(listOf(4..5, 10..11, 15..17), AnnexB.units(sps + pps + idr))
        assertEquals(emptyList<IntRange>(), AnnexB.units(byteArrayOf()))
        assertEquals(emptyList<IntRange>(), AnnexB.units(byteArrayOf(1, 2, 3, 4)))
        assertEquals(emptyList<IntRange>(), AnnexB.units(byteArrayOf(0, 0, 1)))
        assertTrue(AnnexB.hasParameterSets(sps + pps))
        assertFalse(AnnexB.hasParameterSets(idr))
    }

    @Test
    fun eachKeyFrameBeginsWithItsParameterSets() {
        val sets = ParameterSets()
        assertArrayEquals("nothing is known yet", idr, sets.complete(idr, isKey = true))
        sets.remember(sps + pps)
        assertArrayEquals(sps + pps + idr, sets.complete(idr, isKey = true))
        assertArrayEquals(sps + pps + idr, sets.complete(sps + pps + idr, isKey = true))
        assertArrayEquals(slice, sets.complete(slice, isKey = false))
        assertArrayEquals(sps + pps + byteArrayOf(0, 0, 0, 1) + idr.drop(3), sets.complete(delimiter + idr, isKey = true))
        assertArrayEquals(delimiter, AnnexB.withoutDelimiter(delimiter))
    }

    @Test
    fun nothingIsDecodedWithoutAViewAndAKeyFrame() {
        val rules = DecodingRules()
        fun step(isKey: Boolean, size: PictureSize = vga) = rules.step(VideoCodec.H264, size, isKey)
        assertEquals(Step.Skip, step(isKey = true))
        assertFalse("nobody looks", rules.needsKeyFrame)
        rules.surfaceChanged(hasSurface = true)
        assertEquals(Step.Skip, step(isKey = false))
        assertTrue(rules.needsKeyFrame)
        assertEquals(listOf(Step.Restart, Step.Decode, Step.Decode), listOf(true, false, true).map { step(it) })
        assertFalse(rules.needsKeyFrame)
        assertEquals("another size", Step.Restart, step(isKey = true, hd))
        assertEquals("another codec", Step.Restart, rules.step(VideoCodec.VP8, hd, isKey = true))
        rules.frameLost()
        assertEquals(Step.Skip, rules.step(VideoCodec.VP8, hd, isKey = false))
        assertEquals("the decoder is still there", Step.Decode, rules.step(VideoCodec.VP8, hd, isKey = true))
        rules.decoderLost()
        assertTrue(rules.needsKeyFrame)
        assertEquals(Step.Restart, rules.step(VideoCodec.VP8, hd, isKey = true))
        rules.surfaceChanged(hasSurface = false)
        assertFalse(rules.needsKeyFrame)
    }

    @Test
    fun aVideoIsScaledIntoItsView() {
        val square = PictureSize(300, 300)
        assertEquals(Pair(1f, 0.75f), videoScale(square, vga, VideoView.VideoScaleMode.FIT))
        assertEquals(Pair(640f / 480, 1f), videoScale(square, vga, VideoView.VideoScaleMode.FILL))
        assertEquals(Pair(1f, 1f), videoScale(vga, vga, VideoView.VideoScaleMode.FILL))
    }
}
