package ai.rtvi.android

import ai.rtvi.client.EncodedVideoFrame
import ai.rtvi.client.VideoCodec
import android.media.MediaCodecInfo
import android.media.MediaCodecList

/** The codecs that both sides of a call may use, the preferred one first. */
private val CODECS = listOf(VideoCodec.H264, VideoCodec.VP8)

/** The name of a codec in Android's interfaces. */
internal val VideoCodec.mime: String
    get() = if (this == VideoCodec.VP8) "video/x-vnd.on2.vp8" else "video/avc"

/** What this device can encode or decode. */
internal object DeviceCodecs {
    private fun infos() = MediaCodecList(MediaCodecList.REGULAR_CODECS).codecInfos.toList()

    private fun MediaCodecInfo.has(codec: VideoCodec) = supportedTypes.any { it.equals(codec.mime, ignoreCase = true) }

    /** The codecs that the device decodes. */
    fun decoded(): List<VideoCodec> = CODECS.filter { codec -> infos().any { !it.isEncoder && it.has(codec) } }

    /** The codec for a camera or a screen. Every device must have H.264; VP8 serves one that does not. */
    fun encoded(): VideoCodec = CODECS.firstOrNull { codec -> infos().any { it.isEncoder && it.has(codec) } } ?: VideoCodec.H264
}

/** A frame in the form that crosses to the core. */
internal fun videoFrame(codec: VideoCodec, data: ByteArray, isKey: Boolean, size: PictureSize, timeUs: Long) = EncodedVideoFrame(
    codec = codec,
    data = data,
    isKey = isKey,
    width = size.width.toUInt(),
    height = size.height.toUInt(),
    timestampUs = maxOf(0, timeUs).toULong(),
)
