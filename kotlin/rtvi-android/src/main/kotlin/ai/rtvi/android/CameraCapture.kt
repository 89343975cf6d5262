package ai.rtvi.android

import ai.rtvi.client.VideoCodec
import ai.rtvi.client.VideoFormat
import ai.rtvi.client.VideoTarget
import android.content.Context
import android.hardware.display.DisplayManager
import android.view.Display
import android.view.Surface

/**
 * One camera that is on: opens it while the app is on the screen, and follows the display's
 * rotation.
 */
internal class CameraCapture(
    context: Context,
    private val finder: CameraFinder,
    private val facts: CameraFacts,
    private val wanted: VideoFormat,
    codec: VideoCodec,
    parts: PipeParts?,
    private val listener: PipeListener,
) : ShowsVideo {
    private val thread = VideoThread("camera")
    private val displays = context.getSystemService(DisplayManager::class.java)
    private val parts = parts ?: platformParts(codec)
    private val size: PictureSize
    private var pipe: EncodingPipe? = null
    private var session: CameraSession? = null
    private val foreground = Foreground(context) { isShown -> thread.post { if (isShown) open() else shut() } }

    private val rotations = object : DisplayManager.DisplayListener {
        override fun onDisplayChanged(id: Int) = turn()

        override fun onDisplayAdded(id: Int) = Unit

        override fun onDisplayRemoved(id: Int) = Unit
    }

    init {
        val format = PictureSize(wanted.width.toInt(), wanted.height.toInt())
        size = checkNotNull(PictureSize.toCapture(facts.sizes, format))
        displays.registerDisplayListener(rotations, thread.handler)
        // Posted before anything else, so that the surface of a view finds the pipe.
        thread.post { attempt(::begin) }
        foreground.begin()
    }

    private fun begin() {
        pipe = EncodingPipe(thread.handler, parts, listener)
        turn()
    }

    private fun open() {
        val pipe = pipe ?: return
        if (session != null) return
        val rate = RateRange.toCapture(facts.rates, wanted.frameRate.toInt())
        val session = CameraSession(facts, rate, pipe.input, thread.handler, ::failed)
        this.session = session
        pipe.requestKeyFrame()
        attempt { session.open(finder.manager) }
    }

    private fun shut() {
        session?.close()
        session = null
    }

    private fun failed(error: Exception) {
        session = null
        listener.onFailure(error)
    }

    private fun attempt(act: () -> Unit) = try {
        act()
    } catch (thrown: Exception) {
        shut()
        listener.onFailure(thrown)
    }

    /** Draws upright for the display as it is held now. */
    private fun turn() {
        val degrees = 90 * (displays.getDisplay(Display.DEFAULT_DISPLAY)?.rotation ?: Surface.ROTATION_0)
        val upright = size.turned(facts.orientation + degrees)
        pipe?.resize(size, upright, PictureTurn.ofCamera(degrees, facts.isFront))
    }

    fun follow(target: VideoTarget) {
        thread.post { pipe?.follow(target) }
    }

    fun requestKeyFrame() {
        thread.post { pipe?.requestKeyFrame() }
    }

    fun setTorch(on: Boolean) {
        thread.post { session?.setTorch(on) }
    }

    override fun show(surface: Surface, onSize: (PictureSize) -> Unit) {
        thread.post { pipe?.show(surface, onSize) }
    }

    override fun hide(surface: Surface, done: () -> Unit) {
        val isPosted = thread.post {
            pipe?.hide(surface)
            done()
        }
        if (!isPosted) done()
    }

    /** Closes the camera, and waits for it. */
    fun close() {
        foreground.end()
        displays.unregisterDisplayListener(rotations)
        thread.end {
            shut()
            pipe?.release()
            pipe = null
        }
    }
}

/** The device's own graphics processor and encoder. */
internal fun platformParts(codec: VideoCodec) = PipeParts(
    renderers = { onPicture -> GlRenderer(onPicture) },
    encoders = { setup, handler, listener -> PlatformEncoder(codec, setup, handler, listener) },
)
