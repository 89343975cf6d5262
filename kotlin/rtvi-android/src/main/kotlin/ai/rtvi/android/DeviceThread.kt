package ai.rtvi.android

import ai.rtvi.client.DeviceErrorKind
import ai.rtvi.client.ErrorKind
import ai.rtvi.client.RtviException
import android.os.Process
import android.util.Log
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit

/** How many consecutive failures of a device end the attempts. */
private const val ATTEMPTS = 5

/** In milliseconds, multiplied by the number of the attempt. */
private const val PAUSE = 100L

/**
 * Moves audio between the client and an open device until the client stops it. A device that
 * fails, for example when the route changes, is reopened a few times; after that it counts as
 * failed.
 */
internal abstract class DeviceThread<D : Any>(
    private val what: String,
    private val first: D,
    private val failed: (RtviException) -> Unit,
) : Thread("rtvi-$what") {
    private var reason: RtviException? = null
    private val ended = CountDownLatch(1)

    protected val isWanted: Boolean get() = ended.count > 0

    fun end() = ended.countDown()

    protected abstract fun open(): D

    protected abstract fun release(device: D)

    /** Moves audio while it is needed and the device works; returns whether there was any. */
    protected abstract fun move(device: D): Boolean

    final override fun run() {
        Process.setThreadPriority(Process.THREAD_PRIORITY_URGENT_AUDIO)
        var failures = if (use(first)) 1 else 2
        while (!ended.await(PAUSE * failures, TimeUnit.MILLISECONDS)) {
            if (failures > ATTEMPTS) {
                Log.e("rtvi", "the $what does not work any more")
                return failed(reason ?: RtviException(ErrorKind.DEVICE, "the $what does not work any more", device = DeviceErrorKind.UNKNOWN))
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

    /** An exception from a device that is gone counts as one more failure. */
    private fun <T> attempt(act: () -> T): T? = try {
        act()
    } catch (failed: Exception) {
        Log.w("rtvi", "the $what failed", failed)
        reason = failed as? RtviException
        null
    }
}
