package ai.rtvi.android

import ai.rtvi.client.VideoFormat
import ai.rtvi.client.VideoTarget
import android.content.Context
import android.hardware.display.DisplayManager
import android.hardware.display.VirtualDisplay
import android.media.projection.MediaProjection
import android.util.DisplayMetrics
import android.view.Display

/** One sharing of the screen: from the system's projection to encoded frames. Follows the screen's size. */
internal class ScreenCapture(
    context: Context,
    private val projection: MediaProjection,
    wanted: VideoFormat,
    private val parts: PipeParts,
    private val listener: PipeListener,
) {
    private val box = PictureSize(wanted.width.toInt(), wanted.height.toInt())
    private val thread = VideoThread("screen")
    private val displays = context.getSystemService(DisplayManager::class.java)
    private var pipe: EncodingPipe? = null
    private var mirror: VirtualDisplay? = null
    private var isClosed = false

    private val callback = object : MediaProjection.Callback() {
        override fun onStop() {
            if (!isClosed) listener.onFailure(ScreenErrors.ended())
        }

        /** From Android 14 on: the size of the one app that the user shares. */
        override fun onCapturedContentResize(width: Int, height: Int) = resize(PictureSize(width, height))
    }

    private val rotations = object : DisplayManager.DisplayListener {
        override fun onDisplayChanged(id: Int) = resize(screen())

        override fun onDisplayAdded(id: Int) = Unit

        override fun onDisplayRemoved(id: Int) = Unit
    }

    init {
        thread.post(::begin)
    }

    private fun begin() = try {
        val pipe = EncodingPipe(thread.handler, parts, listener).also { this.pipe = it }
        val size = screen().within(box)
        pipe.resize(size, size, PictureTurn())
        // Android 14 refuses a display without it.
        projection.registerCallback(callback, thread.handler)
        val flags = DisplayManager.VIRTUAL_DISPLAY_FLAG_AUTO_MIRROR
        mirror = projection.createVirtualDisplay("rtvi", size.width, size.height, metrics().densityDpi, flags, pipe.input, null, thread.handler)
        displays.registerDisplayListener(rotations, thread.handler)
    } catch (thrown: Exception) {
        listener.onFailure(thrown)
    }

    private fun resize(screen: PictureSize) {
        val size = screen.within(box)
        pipe?.resize(size, size, PictureTurn())
        mirror?.resize(size.width, size.height, metrics().densityDpi)
    }

    private fun screen() = metrics().let { PictureSize(it.widthPixels, it.heightPixels) }

    // The replacement needs a window, which a call in the background does not have.
    @Suppress("DEPRECATION")
    private fun metrics() = DisplayMetrics().also { displays.getDisplay(Display.DEFAULT_DISPLAY)?.getRealMetrics(it) }

    fun follow(target: VideoTarget) {
        thread.post { pipe?.follow(target) }
    }

    fun requestKeyFrame() {
        thread.post { pipe?.requestKeyFrame() }
    }

    /** Ends the sharing, and waits for it. */
    fun close() = thread.end {
        isClosed = true
        displays.unregisterDisplayListener(rotations)
        mirror?.release()
        projection.unregisterCallback(callback)
        projection.stop()
        pipe?.release()
        pipe = null
    }
}
