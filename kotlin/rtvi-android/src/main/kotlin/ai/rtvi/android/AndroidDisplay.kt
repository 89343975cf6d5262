package ai.rtvi.android

import ai.rtvi.client.EncodedVideoFrame
import ai.rtvi.client.VideoCodec
import ai.rtvi.client.VideoDisplay
import android.util.Log
import android.view.Surface
import java.util.concurrent.atomic.AtomicInteger

/** How many frames may be on their way to the decoder. When full, video continues with a key frame. */
private const val QUEUE = 8

/**
 * Shows the bot's video on a [VideoView], decoded by the device itself, for one client: set it as
 * [ai.rtvi.client.PipecatClientOptions.display], and its [track] as the view's.
 *
 * Without a view, nothing is decoded.
 */
public class AndroidDisplay internal constructor(private val decoders: SurfaceDecoders) : VideoDisplay {
    public constructor() : this(SurfaceDecoders(::PlatformDecoder))

    private val rules = DecodingRules()
    private val shows = Shows()
    private val queued = AtomicInteger()

    /** Guarded by this object, as the rules are. */
    private var shown: Pair<Surface, (PictureSize) -> Unit>? = null
    private var thread: VideoThread? = null

    /** Used on the thread only. */
    private var decoder: SurfaceDecoder? = null

    /** The bot's video, for a [VideoView]. */
    public val track: VideoTrack = VideoTrack(shows)

    /** What the device's decoders read. */
    override val codecs: List<VideoCodec> = DeviceCodecs.decoded()

    /** Decodes a frame, and shows it if there is a view. */
    @Synchronized
    override fun write(frame: EncodedVideoFrame) {
        val size = PictureSize(frame.width.toInt(), frame.height.toInt())
        val step = rules.step(frame.codec, size, frame.isKey)
        val (surface, onSize) = shown ?: return
        if (step == DecodingRules.Step.Skip) return
        if (queued.get() >= QUEUE) return if (step == DecodingRules.Step.Restart) rules.decoderLost() else rules.frameLost()
        queued.incrementAndGet()
        post {
            queued.decrementAndGet()
            if (step == DecodingRules.Step.Restart) restart(frame.codec, size, surface, onSize)
            if (decoder?.decode(frame) == false) frameLost()
        }
    }

    /** Whether a view waits for a picture that stands alone. */
    @Synchronized
    override fun needsKeyFrame(): Boolean = rules.needsKeyFrame

    /** The bot's video has ended: releases the decoder. */
    override fun stop() {
        val ended = synchronized(this) {
            rules.decoderLost()
            thread.also { thread = null }
        }
        ended?.end(::drop)
    }

    private fun post(work: () -> Unit) {
        val present = thread ?: VideoThread("display").also { thread = it }
        present.post {
            try {
                work()
            } catch (failure: Exception) {
                fail(failure)
            }
        }
    }

    private fun restart(codec: VideoCodec, size: PictureSize, surface: Surface, tellSize: (PictureSize) -> Unit) {
        drop()
        val handler = synchronized(this) { thread }?.handler ?: return
        val listener = object : DecoderListener {
            override fun onSize(size: PictureSize) = tellSize(size)

            override fun onFailure(failure: Exception) = fail(failure)
        }
        decoder = decoders.create(codec, size, surface, handler, listener)
    }

    private fun drop() {
        decoder?.release()
        decoder = null
    }

    private fun fail(failure: Exception) {
        Log.w("rtvi", "the video decoder failed", failure)
        drop()
        synchronized(this) { rules.decoderLost() }
    }

    @Synchronized
    private fun frameLost() = rules.frameLost()

    private inner class Shows : ShowsVideo {
        override fun show(surface: Surface, onSize: (PictureSize) -> Unit) = synchronized(this@AndroidDisplay) {
            shown = Pair(surface, onSize)
            rules.surfaceChanged(true)
        }

        override fun hide(surface: Surface, done: () -> Unit) = synchronized(this@AndroidDisplay) {
            if (shown?.first === surface) {
                shown = null
                rules.surfaceChanged(false)
            }
            val thread = thread
            val isPosted = thread != null && thread.post {
                drop()
                done()
            }
            if (!isPosted) done()
        }
    }
}
