package ai.rtvi.android

import android.content.Context
import android.graphics.Matrix
import android.graphics.SurfaceTexture
import android.util.AttributeSet
import android.view.Gravity
import android.view.Surface
import android.view.TextureView
import android.widget.FrameLayout

/**
 * Shows a [VideoTrack], with the properties of the view of Pipecat's Android SDK. Use it on the main
 * thread.
 */
public class VideoView @JvmOverloads constructor(context: Context, attributes: AttributeSet? = null) : FrameLayout(context, attributes) {
    /** How a picture of other proportions than the view is shown. */
    public enum class VideoScaleMode {
        /** It fills the view; what does not fit is cut off. */
        FILL,

        /** All of it is seen, with free space beside it. */
        FIT,
    }

    private val texture = TextureView(context)
    private var surface: Surface? = null
    private var size: PictureSize? = null

    /** The number of tracks that may still draw on a surface of this view. */
    private var leaving = 0

    /** Releases the surfaces that no track may draw on any more. */
    private val releases = ArrayList<() -> Unit>()

    /** The video, `null` for none. */
    public var track: VideoTrack? = null
        set(new) {
            val old = field
            if (old === new) return
            field = new
            surface?.let { leave(old, it) }
        }

    /** How pictures of other proportions are shown. Default: [VideoScaleMode.FIT]. */
    public var videoScaleMode: VideoScaleMode = VideoScaleMode.FIT
        set(new) {
            field = new
            scale()
        }

    /** Whether left and right change places, as in a mirror. Default: false. */
    public var mirrorHorizontally: Boolean = false
        set(new) {
            field = new
            scale()
        }

    /** Whether the view is drawn above others that share its parent. Default: false. */
    public var bringVideoToFront: Boolean = false
        set(new) {
            field = new
            translationZ = if (new) 1f else 0f
        }

    init {
        texture.surfaceTextureListener = Textures()
        addView(texture, LayoutParams(LayoutParams.MATCH_PARENT, LayoutParams.MATCH_PARENT, Gravity.CENTER))
    }

    private fun leave(track: VideoTrack?, surface: Surface) {
        if (track == null) return settle()
        leaving++
        track.hide(surface) {
            MainLooper.run {
                leaving--
                settle()
            }
        }
    }

    /** Continues when nothing draws on the surface any more: two tracks can't draw on the same one. */
    private fun settle() {
        if (leaving > 0) return
        releases.forEach { it() }
        releases.clear()
        show()
    }

    private fun show() {
        if (leaving > 0) return
        val (surface, track) = Pair(surface ?: return, track ?: return)
        track.show(surface) { new ->
            MainLooper.run {
                size = new
                scale()
            }
        }
    }

    private fun scale() {
        val video = size ?: return
        if (width == 0 || height == 0) return
        val (x, y) = videoScale(PictureSize(width, height), video, videoScaleMode)
        val matrix = Matrix()
        matrix.setScale(if (mirrorHorizontally) -x else x, y, width / 2f, height / 2f)
        texture.setTransform(matrix)
    }

    override fun onSizeChanged(width: Int, height: Int, oldWidth: Int, oldHeight: Int) {
        super.onSizeChanged(width, height, oldWidth, oldHeight)
        scale()
    }

    private inner class Textures : TextureView.SurfaceTextureListener {
        override fun onSurfaceTextureAvailable(new: SurfaceTexture, width: Int, height: Int) {
            surface = Surface(new)
            show()
        }

        override fun onSurfaceTextureSizeChanged(changed: SurfaceTexture, width: Int, height: Int) = scale()

        override fun onSurfaceTextureDestroyed(old: SurfaceTexture): Boolean {
            val gone = surface ?: return true
            surface = null
            releases += {
                gone.release()
                old.release()
            }
            leave(track, gone)
            // Released when nothing draws on it any more.
            return false
        }

        override fun onSurfaceTextureUpdated(updated: SurfaceTexture) = Unit
    }
}

/** By how much a picture that was stretched over a view must be scaled to have its own proportions. */
internal fun videoScale(view: PictureSize, video: PictureSize, mode: VideoView.VideoScaleMode): Pair<Float, Float> {
    val (wide, high) = Pair(view.width / video.width.toFloat(), view.height / video.height.toFloat())
    val scale = if (mode == VideoView.VideoScaleMode.FILL) maxOf(wide, high) else minOf(wide, high)
    return Pair(scale / wide, scale / high)
}
