package ai.rtvi.android

/** Width and height in pixels. */
internal data class PictureSize(val width: Int, val height: Int) {
    private val area get() = width.toLong() * height
    private val isTall get() = height > width

    /** The size after a rotation by a multiple of 90 degrees. */
    fun turned(degrees: Int) = if (degrees % 180 == 0) this else PictureSize(height, width)

    /** Whether a picture of this size has every pixel of the other. */
    fun covers(other: PictureSize) = width >= other.width && height >= other.height

    /**
     * The size of this picture within `box`: with its proportions, never enlarged, and with the even
     * sides that encoders want. The box is turned if only one of the two stands upright: a phone's
     * picture is as large in both orientations.
     */
    fun within(box: PictureSize): PictureSize {
        val limit = if (isTall == box.isTall) box else box.turned(90)
        val scale = minOf(1.0, limit.width / width.toDouble(), limit.height / height.toDouble())
        fun side(full: Int) = maxOf(2, (full * scale).toInt() / 2 * 2)
        return PictureSize(side(width), side(height))
    }

    companion object {
        /** The smallest of a camera's sizes that covers `wanted`, else the largest; `null` if it has none. */
        fun toCapture(available: List<PictureSize>, wanted: PictureSize): PictureSize? =
            available.filter { it.covers(wanted) }.minByOrNull { it.area } ?: available.maxByOrNull { it.area }
    }
}

/** How fast a camera captures: its lowest and highest rate, in pictures per second. */
internal data class RateRange(val lowest: Int, val highest: Int) {
    companion object {
        /**
         * The range that is as fast as wanted and not much faster, and that may slow down in the
         * dark; else the fastest; `null` if the camera has none.
         */
        fun toCapture(available: List<RateRange>, wanted: Int): RateRange? {
            val enough = available.filter { it.highest >= wanted }
            return enough.minWithOrNull(compareBy({ it.highest }, { it.lowest })) ?: available.maxByOrNull { it.highest }
        }
    }
}

/** How a captured picture must be drawn to stand upright and read the right way round. */
internal data class PictureTurn(
    /** Clockwise, in degrees. */
    val degrees: Int = 0,
    /** Whether left and right change places, after the rotation. */
    val isMirrored: Boolean = false,
) {
    companion object {
        /**
         * For a picture of a camera on a display that is rotated by so many degrees. The system has
         * already turned the picture upright for a display that is not rotated, and mirrored that of
         * a front camera.
         */
        fun ofCamera(display: Int, isFront: Boolean) = PictureTurn((360 - display) % 360, isFront)
    }
}
