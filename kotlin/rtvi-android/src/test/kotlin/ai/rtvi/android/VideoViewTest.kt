package ai.rtvi.android

import android.graphics.SurfaceTexture
import android.os.Looper
import android.view.Surface
import android.view.TextureView
import java.util.concurrent.CopyOnWriteArrayList
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf

/** A view, its surface, and the track that it shows. */
@RunWith(RobolectricTestRunner::class)
class VideoViewTest {
    private class Shown : ShowsVideo {
        val surfaces = CopyOnWriteArrayList<Surface>()
        var onSize: ((PictureSize) -> Unit)? = null
        var release: (() -> Unit)? = null

        override fun show(surface: Surface, onSize: (PictureSize) -> Unit) {
            surfaces += surface
            this.onSize = onSize
        }

        override fun hide(surface: Surface, done: () -> Unit) {
            surfaces -= surface
            release = done
        }
    }

    private val shown = Shown()
    private val view = VideoView(app).apply { layout(0, 0, 300, 300) }
    private val texture = view.getChildAt(0) as TextureView
    private val listener = texture.surfaceTextureListener!!

    @Test
    fun theTrackGetsTheSurfaceWhenBothAreThere() {
        view.track = VideoTrack(shown)
        assertTrue(shown.surfaces.isEmpty())
        listener.onSurfaceTextureAvailable(SurfaceTexture(1), 300, 300)
        assertEquals(1, shown.surfaces.size)
        view.track = null
        assertTrue(shown.surfaces.isEmpty())
        shown.release!!()
        view.track = VideoTrack(shown)
        assertEquals(1, shown.surfaces.size)
    }

    @Test
    fun aNewTrackDrawsWhenTheOldOneHasEnded() {
        view.track = VideoTrack(shown)
        val surface = SurfaceTexture(1)
        listener.onSurfaceTextureAvailable(surface, 300, 300)
        val used = shown.surfaces.single()
        val next = Shown()
        view.track = VideoTrack(next)
        assertTrue("the old one may still draw", next.surfaces.isEmpty())
        Thread { shown.release!!() }.apply { start() }.join()
        shadowOf(Looper.getMainLooper()).idle()
        assertEquals(listOf(used), next.surfaces)
    }

    @Test
    fun aSurfaceWaitsForAllWhoDrewOnIt() {
        view.track = VideoTrack(shown)
        val surface = SurfaceTexture(1)
        listener.onSurfaceTextureAvailable(surface, 300, 300)
        val used = shown.surfaces.single()
        val next = Shown()
        view.track = VideoTrack(next)
        listener.onSurfaceTextureDestroyed(surface)
        next.release!!()
        assertTrue(used.isValid)
        shown.release!!()
        assertFalse(used.isValid)
        assertTrue(next.surfaces.isEmpty())
    }

    @Test
    fun aSurfaceIsReleasedWhenNothingDrawsOnItAnyMore() {
        view.track = VideoTrack(shown)
        val surface = SurfaceTexture(1)
        listener.onSurfaceTextureAvailable(surface, 300, 300)
        val used = shown.surfaces.single()
        assertFalse(listener.onSurfaceTextureDestroyed(surface))
        assertTrue(used.isValid)
        shown.release!!()
        assertFalse(used.isValid)
    }

    @Test
    fun theVideoKeepsItsProportionsAndMayBeMirrored() {
        view.track = VideoTrack(shown)
        listener.onSurfaceTextureAvailable(SurfaceTexture(1), 300, 300)
        shown.onSize!!(PictureSize(640, 480))
        shadowOf(Looper.getMainLooper()).idle()
        val matrix = FloatArray(9)
        fun scales() = texture.getTransform(null).getValues(matrix).let { listOf(matrix[0], matrix[4]) }
        assertEquals(listOf(1f, 0.75f), scales())
        view.mirrorHorizontally = true
        view.videoScaleMode = VideoView.VideoScaleMode.FILL
        assertEquals(listOf(-640f / 480, 1f), scales())
    }

    @Test
    fun itComesToTheFront() {
        view.bringVideoToFront = true
        assertEquals(1f, view.translationZ)
        assertNull(view.track)
    }
}
