package ai.rtvi.android

import ai.rtvi.client.EncodedVideoFrame
import ai.rtvi.client.VideoCodec
import android.media.MediaCodec
import android.media.MediaCodecInfo.CodecCapabilities
import android.media.MediaCodecInfo.CodecProfileLevel
import android.media.MediaCodecInfo.EncoderCapabilities
import android.media.MediaFormat
import android.os.Build
import android.os.Bundle
import android.os.Handler
import android.view.Surface

/** What an encoder makes. */
internal data class EncoderSetup(val size: PictureSize, val frameRate: Int, val bitrate: Int) {
    /** Whether an encoder with this setup can follow another one while it runs. */
    fun canBecome(other: EncoderSetup) = size == other.size
}

/** Compresses what is drawn on its surface. Used on one thread. */
internal interface SurfaceEncoder {
    val surface: Surface

    fun setBitrate(bitsPerSecond: Int)

    fun requestKeyFrame()

    fun release()
}

/** Where an encoder puts its frames, on the thread that uses it. */
internal interface EncoderListener {
    fun onFrame(frame: EncodedVideoFrame)

    fun onFailure(failure: Exception)
}

/** Creates encoders, whose callbacks run on the handler's thread. */
internal fun interface SurfaceEncoders {
    fun create(setup: EncoderSetup, handler: Handler, listener: EncoderListener): SurfaceEncoder
}

/** The device's own encoder, mostly a piece of hardware. */
internal class PlatformEncoder(
    private val codec: VideoCodec,
    private val setup: EncoderSetup,
    handler: Handler,
    private val listener: EncoderListener,
) : MediaCodec.Callback(), SurfaceEncoder {
    private val sets = ParameterSets()
    private var isReleased = false
    private val media: MediaCodec
    override val surface: Surface

    init {
        val (codec, input) = open(handler)
        media = codec
        surface = input
        media.start()
    }

    /** Some encoders refuse a profile that is set, and produce the right one without it. */
    private fun open(handler: Handler): Pair<MediaCodec, Surface> = try {
        open(handler, detailed())
    } catch (_: Exception) {
        open(handler, plain())
    }

    private fun open(handler: Handler, format: MediaFormat): Pair<MediaCodec, Surface> {
        val media = MediaCodec.createEncoderByType(codec.mime)
        try {
            media.setCallback(this, handler)
            media.configure(format, null, null, MediaCodec.CONFIGURE_FLAG_ENCODE)
            return Pair(media, media.createInputSurface())
        } catch (failed: Exception) {
            media.release()
            throw failed
        }
    }

    private fun plain() = MediaFormat.createVideoFormat(codec.mime, setup.size.width, setup.size.height).apply {
        setInteger(MediaFormat.KEY_COLOR_FORMAT, CodecCapabilities.COLOR_FormatSurface)
        setInteger(MediaFormat.KEY_BIT_RATE, setup.bitrate)
        setInteger(MediaFormat.KEY_FRAME_RATE, setup.frameRate)
        // Key frames are made on demand.
        setInteger(MediaFormat.KEY_I_FRAME_INTERVAL, 3_600)
    }

    private fun detailed() = plain().apply {
        setInteger(MediaFormat.KEY_BITRATE_MODE, EncoderCapabilities.BITRATE_MODE_CBR)
        setInteger(MediaFormat.KEY_PRIORITY, 0)
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.O) setInteger(MediaFormat.KEY_LATENCY, 1)
        if (codec == VideoCodec.H264) {
            setInteger(MediaFormat.KEY_PROFILE, CodecProfileLevel.AVCProfileBaseline)
            setInteger(MediaFormat.KEY_LEVEL, CodecProfileLevel.AVCLevel31)
        }
    }

    override fun setBitrate(bitsPerSecond: Int) = tell(MediaCodec.PARAMETER_KEY_VIDEO_BITRATE, bitsPerSecond)

    override fun requestKeyFrame() = tell(MediaCodec.PARAMETER_KEY_REQUEST_SYNC_FRAME, 0)

    private fun tell(parameter: String, value: Int) = media.setParameters(Bundle().apply { putInt(parameter, value) })

    override fun release() {
        isReleased = true
        media.release()
        surface.release()
    }

    override fun onOutputBufferAvailable(media: MediaCodec, index: Int, info: MediaCodec.BufferInfo) {
        if (isReleased) return
        try {
            take(media, index, info)
        } catch (failure: Exception) {
            // Callbacks that were queued before a failure meet a codec that refuses everything.
            if (!isReleased) listener.onFailure(failure)
        }
    }

    private fun take(media: MediaCodec, index: Int, info: MediaCodec.BufferInfo) {
        val data = ByteArray(info.size)
        media.getOutputBuffer(index)?.apply { position(info.offset) }?.get(data)
        media.releaseOutputBuffer(index, false)
        when {
            info.flags and MediaCodec.BUFFER_FLAG_CODEC_CONFIG != 0 -> sets.remember(data)
            data.isNotEmpty() -> listener.onFrame(frame(data, info))
        }
    }

    private fun frame(data: ByteArray, info: MediaCodec.BufferInfo): EncodedVideoFrame {
        val isKey = info.flags and MediaCodec.BUFFER_FLAG_KEY_FRAME != 0
        val whole = if (codec == VideoCodec.H264) sets.complete(data, isKey) else data
        return videoFrame(codec, whole, isKey, setup.size, info.presentationTimeUs)
    }

    override fun onError(media: MediaCodec, failure: MediaCodec.CodecException) {
        if (!isReleased) listener.onFailure(failure)
    }

    override fun onInputBufferAvailable(media: MediaCodec, index: Int) = Unit

    override fun onOutputFormatChanged(media: MediaCodec, format: MediaFormat) = Unit
}
