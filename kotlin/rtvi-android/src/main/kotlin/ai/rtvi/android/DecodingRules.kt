package ai.rtvi.android

import ai.rtvi.client.VideoCodec

/** What to do with each frame of the bot. */
internal class DecodingRules {
    enum class Step {
        /** It can't be decoded, or nobody sees it. */
        Skip,

        /** The present decoder takes it. */
        Decode,

        /** It begins with a new decoder. */
        Restart,
    }

    private var present: Pair<VideoCodec, PictureSize>? = null
    private var isWaiting = true
    private var isShown = false

    /** Whether nothing can be shown before a key frame. While nobody looks, none is needed. */
    val needsKeyFrame get() = isShown && isWaiting

    fun step(codec: VideoCodec, size: PictureSize, isKey: Boolean): Step {
        if (!isShown || (isWaiting && !isKey)) return Step.Skip
        isWaiting = false
        if (!isKey) return Step.Decode
        val before = present
        present = Pair(codec, size)
        return if (before == present) Step.Decode else Step.Restart
    }

    /** There is a new surface to show it on, or none. */
    fun surfaceChanged(hasSurface: Boolean) {
        isShown = hasSurface
        decoderLost()
    }

    /** The decoder has failed or was released. */
    fun decoderLost() {
        present = null
        isWaiting = true
    }

    /** A frame was dropped on the way to the decoder. */
    fun frameLost() {
        isWaiting = true
    }
}
