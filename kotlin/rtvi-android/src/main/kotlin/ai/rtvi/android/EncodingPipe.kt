package ai.rtvi.android

import ai.rtvi.client.EncodedVideoFrame
import ai.rtvi.client.VideoTarget
import android.os.Handler
import android.os.SystemClock
import android.util.Log
import android.view.Surface

/** How often in a row an encoder may fail before the source counts as failed. */
private const val FAILURES = 3

/** Where the frames of a pipe go, on its thread. */
internal interface PipeListener {
    fun onFrame(frame: EncodedVideoFrame)

    /** The pictures can't be encoded any more. */
    fun onFailure(failure: Exception)
}

/** What a pipe draws with and encodes with: a device's own, or a test's. */
internal class PipeParts(val renderers: PictureRenderers, val encoders: SurfaceEncoders, val clock: () -> Long = SystemClock::elapsedRealtimeNanos)

/**
 * From the pictures of a camera or a screen to encoded frames. Follows the target with as few new
 * encoders as possible, and shows the pictures on a view. Used on the handler's thread.
 */
internal class EncodingPipe(private val handler: Handler, private val parts: PipeParts, private val listener: PipeListener) : EncoderListener {
    private val renderer = parts.renderers.create(::onPicture)
    private val pacer = FramePacer()
    private val keyFrames = KeyFrameRequests()
    private var source = PictureSize(1, 1)
    private var turn = PictureTurn()
    private var target: VideoTarget? = null
    private var encoder: Pair<EncoderSetup, SurfaceEncoder>? = null
    private var failures = 0
    private var preview: Preview? = null
    private val repeat = Runnable(::repeatPicture)

    private class Preview(val surface: Surface, val onSize: (PictureSize) -> Unit, var size: PictureSize? = null)

    /** Where the camera or the screen puts its pictures. */
    val input: Surface get() = renderer.input

    /** The size of the captured pictures. */
    fun resize(size: PictureSize, upright: PictureSize, turn: PictureTurn) {
        renderer.resize(size)
        source = upright
        this.turn = turn
    }

    /** Shows the pictures on a surface, or on none. A view mirrors by itself. */
    fun show(surface: Surface?, onSize: (PictureSize) -> Unit = {}) {
        preview?.let { renderer.forget(it.surface) }
        preview = surface?.let { Preview(it, onSize) }
    }

    /** Stops showing them on this surface. */
    fun hide(surface: Surface) {
        if (preview?.surface === surface) show(null)
    }

    fun follow(target: VideoTarget) {
        this.target = target
        pacer.rate = target.format.frameRate.toInt()
    }

    fun requestKeyFrame() = keyFrames.request()

    fun release() {
        handler.removeCallbacks(repeat)
        drop()
        show(null)
        renderer.release()
    }

    private fun onPicture() {
        renderer.takeNewest()
        preview?.let(::drawPreview)
        if (pacer.takes(parts.clock())) encode()
    }

    private fun drawPreview(preview: Preview) {
        if (preview.size != source) {
            preview.size = source
            preview.onSize(source)
        }
        try {
            renderer.draw(preview.surface, turn, parts.clock())
        } catch (gone: RuntimeException) {
            Log.w("rtvi", "the preview can't be drawn", gone)
            show(null)
        }
    }

    private fun repeatPicture() {
        if (pacer.repeats(parts.clock())) encode() else scheduleRepeat()
    }

    private fun scheduleRepeat() {
        handler.removeCallbacks(repeat)
        handler.postDelayed(repeat, pacer.untilRepeat(parts.clock()) / 1_000_000 + 1)
    }

    private fun encode() {
        val wanted = target ?: return
        scheduleRepeat()
        val box = PictureSize(wanted.format.width.toInt(), wanted.format.height.toInt())
        val setup = EncoderSetup(source.within(box), wanted.format.frameRate.toInt(), wanted.bitrate.toInt())
        attempt {
            val encoder = ready(setup)
            if (keyFrames.isDue(parts.clock())) encoder.requestKeyFrame()
            renderer.draw(encoder.surface, turn, parts.clock())
        }
    }

    /** The encoder for this setup: the present one if it can follow. */
    private fun ready(setup: EncoderSetup): SurfaceEncoder {
        val (present, encoder) = encoder ?: return begin(setup)
        if (present == setup) return encoder
        if (!present.canBecome(setup)) return begin(setup)
        if (present.bitrate != setup.bitrate) encoder.setBitrate(setup.bitrate)
        this.encoder = Pair(setup, encoder)
        return encoder
    }

    private fun begin(setup: EncoderSetup): SurfaceEncoder {
        drop()
        val encoder = parts.encoders.create(setup, handler, this)
        this.encoder = Pair(setup, encoder)
        keyFrames.answered()
        return encoder
    }

    private fun drop() {
        val (_, encoder) = encoder ?: return
        this.encoder = null
        renderer.forget(encoder.surface)
        encoder.release()
    }

    override fun onFrame(frame: EncodedVideoFrame) {
        failures = 0
        if (frame.isKey) keyFrames.answered()
        listener.onFrame(frame)
    }

    override fun onFailure(failure: Exception) {
        Log.w("rtvi", "the video encoder failed", failure)
        drop()
        failures += 1
        if (failures >= FAILURES) listener.onFailure(failure)
    }

    private fun attempt(act: () -> Unit) = try {
        act()
    } catch (failure: Exception) {
        onFailure(failure)
    }
}
