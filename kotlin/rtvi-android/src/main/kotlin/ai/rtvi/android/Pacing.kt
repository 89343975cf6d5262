package ai.rtvi.android

/** A picture is repeated after this time without a new one: servers show a picture only when the next one begins. */
private const val REPEAT = 500_000_000L

/** How long an encoder has for a requested key frame before it is asked again. */
private const val PATIENCE = 500_000_000L

private const val SECOND = 1_000_000_000L

/** Chooses the pictures that are encoded. Times are in nanoseconds, from any origin. */
internal class FramePacer {
    /** The highest rate, in pictures per second. */
    var rate = 24
    private var due = Long.MIN_VALUE
    private var last: Long? = null

    /** Whether a new picture is encoded. A camera's pictures come a little early or late. */
    fun takes(now: Long): Boolean {
        val period = SECOND / maxOf(1, rate)
        if (now + period / 4 < due) return false
        due = maxOf(due + period, now + period / 2)
        last = now
        return true
    }

    /** Whether the last picture is encoded again, because there has been no new one. */
    fun repeats(now: Long): Boolean {
        val isDue = last?.let { now - it >= REPEAT } == true
        if (isDue) last = now
        return isDue
    }

    /** How long the last picture may stand, from now on. */
    fun untilRepeat(now: Long): Long = last?.let { maxOf(0, it + REPEAT - now) } ?: REPEAT
}

/** Requests key frames of an encoder: once for all requests until the key frame comes. */
internal class KeyFrameRequests {
    private var isWanted = false
    private var askedAt: Long? = null

    fun request() {
        isWanted = true
    }

    /** Whether to ask the encoder now. */
    fun isDue(now: Long): Boolean {
        val isDue = isWanted && askedAt.let { it == null || now - it >= PATIENCE }
        if (isDue) askedAt = now
        return isDue
    }

    /** The encoder has delivered a key frame, or begins with one. */
    fun answered() {
        isWanted = false
        askedAt = null
    }
}
