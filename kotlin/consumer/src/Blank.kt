import ai.rtvi.client.EncodedVideoFrame
import ai.rtvi.client.VideoCodec
import ai.rtvi.client.VideoDisplay

/** Leaves to the interface what it does by default. */
class Blank : VideoDisplay {
    override val codecs = listOf(VideoCodec.VP8)

    override fun write(frame: EncodedVideoFrame) = Unit

    override fun stop() = Unit
}
