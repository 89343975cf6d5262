package ai.rtvi.android

import android.os.Process
import android.util.Log
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit

/** How often in a row a device may fail before it is given up. */
private const val ATTEMPTS = 5

/** In milliseconds, times the number of the attempt. */
private const val PAUSE = 100L

/**
 * Moves audio between the client and a device that is open, until it is told to end. A device that fails, as when the route changes, is opened
 * anew a few times; then there is silence and a line in the log.
 */
internal abstract class DeviceThread<D : Any>(private val what: String, private val first: D) : Thread("rtvi-$what") {
    private val ended = CountDownLatch(1)

    protected val isWanted: Boolean get() = ended.count > 0

    fun end() = ended.countDown()

    protected abstract fun open(): D

    protected abstract fun release(device: D)

    /** Moves audio for as long as it is wanted and the device works; says whether there was any. */
    protected abstract fun move(device: D): Boolean

    final override fun run() {
        Process.setThreadPriority(Process.THREAD_PRIORITY_URGENT_AUDIO)
        var failures = if (use(first)) 1 else 2
        while (!ended.await(PAUSE * failures, TimeUnit.MILLISECONDS)) {
            if (failures > ATTEMPTS) {
                Log.e("rtvi", "the $what does not work any more")
                return
            }
            val device = attempt(::open)
            failures = if (device != null && use(device)) 1 else failures + 1
        }
    }

    private fun use(device: D): Boolean = try {
        attempt { move(device) } ?: false
    } finally {
        release(device)
    }

    /** What is thrown of a device that is gone is one more failure. */
    private fun <T> attempt(act: () -> T): T? = try {
        act()
    } catch (failed: Exception) {
        Log.w("rtvi", "the $what has failed", failed)
        null
    }
}
