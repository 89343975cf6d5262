package ai.rtvi.android

import ai.rtvi.client.EncodedVideoFrame
import ai.rtvi.client.VideoCodec
import android.media.MediaCodec
import android.media.MediaFormat
import android.os.Build
import android.os.Handler
import android.view.Surface

/** How many frames may wait for a decoder; with more it counts as stuck. */
private const val WAITING = 8

/** Shows frames on a surface. Used on one thread. */
internal interface SurfaceDecoder {
    /** Takes a frame; returns `false` if too many wait. */
    fun decode(frame: EncodedVideoFrame): Boolean

    fun release()
}

/** What a decoder reports, on the thread that uses it. */
internal interface DecoderListener {
    fun onSize(size: PictureSize)

    fun onFailure(failure: Exception)
}

/** Creates decoders, whose callbacks run on the handler's thread. */
internal fun interface SurfaceDecoders {
    fun create(codec: VideoCodec, size: PictureSize, surface: Surface, handler: Handler, listener: DecoderListener): SurfaceDecoder
}

/** The device's own decoder, which shows each picture as soon as it is there. */
internal class PlatformDecoder(
    codec: VideoCodec,
    size: PictureSize,
    surface: Surface,
    handler: Handler,
    private val listener: DecoderListener,
) : MediaCodec.Callback(), SurfaceDecoder {
    private val free = ArrayDeque<Int>()
    private val waiting = ArrayDeque<EncodedVideoFrame>()
    private var isReleased = false
    private val media = MediaCodec.createDecoderByType(codec.mime)

    init {
        try {
            val format = MediaFormat.createVideoFormat(codec.mime, size.width, size.height)
            if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.R) format.setInteger(MediaFormat.KEY_LOW_LATENCY, 1)
            media.setCallback(this, handler)
            media.configure(format, surface, null, 0)
            media.start()
        } catch (failed: Exception) {
            media.release()
            throw failed
        }
    }

    override fun decode(frame: EncodedVideoFrame): Boolean {
        if (waiting.size >= WAITING) return false
        waiting.addLast(frame)
        feed()
        return true
    }

    private fun feed() {
        while (free.isNotEmpty() && waiting.isNotEmpty()) {
            val index = free.removeFirst()
            val frame = waiting.removeFirst()
            val buffer = checkNotNull(media.getInputBuffer(index))
            // What does not fit is no frame for this decoder.
            val size = if (frame.data.size <= buffer.capacity()) frame.data.size else 0
            buffer.put(frame.data, 0, size)
            media.queueInputBuffer(index, 0, size, frame.timestampUs.toLong(), 0)
        }
    }

    override fun release() {
        isReleased = true
        media.release()
    }

    override fun onInputBufferAvailable(media: MediaCodec, index: Int) {
        guarded {
            free.addLast(index)
            feed()
        }
    }

    override fun onOutputBufferAvailable(media: MediaCodec, index: Int, info: MediaCodec.BufferInfo) {
        guarded { media.releaseOutputBuffer(index, true) }
    }

    override fun onOutputFormatChanged(media: MediaCodec, format: MediaFormat) {
        guarded { listener.onSize(shownSize(format)) }
    }

    /** Callbacks that were queued before a failure meet a codec that refuses everything. */
    private fun guarded(act: () -> Unit) {
        if (isReleased) return
        try {
            act()
        } catch (failure: Exception) {
            if (!isReleased) listener.onFailure(failure)
        }
    }

    override fun onError(media: MediaCodec, failure: MediaCodec.CodecException) {
        if (!isReleased) listener.onFailure(failure)
    }
}

/** The part of the decoded pictures that is shown: codecs work in blocks of 16 pixels. */
private fun shownSize(format: MediaFormat): PictureSize {
    fun number(key: String) = if (format.containsKey(key)) format.getInteger(key) else null
    fun side(from: String, to: String, all: String): Int {
        val (first, last) = Pair(number(from), number(to))
        return if (first != null && last != null) last - first + 1 else format.getInteger(all)
    }
    return PictureSize(side("crop-left", "crop-right", MediaFormat.KEY_WIDTH), side("crop-top", "crop-bottom", MediaFormat.KEY_HEIGHT))
}
