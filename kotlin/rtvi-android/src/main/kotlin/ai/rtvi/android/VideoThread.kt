package ai.rtvi.android

import android.os.Handler
import android.os.HandlerThread
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit

/** How long a device may take to be released. */
private const val RELEASE_SECONDS = 3L

/** A thread of its own for a camera, a screen or a display, with a queue. */
internal class VideoThread(name: String) {
    private val thread = HandlerThread("rtvi-$name").apply { start() }
    val handler = Handler(thread.looper)

    fun post(work: () -> Unit): Boolean = handler.post(work)

    /** Does the last piece of work, waits for it, and ends the thread. */
    fun end(work: () -> Unit) {
        val isDone = CountDownLatch(1)
        val isPosted = post {
            try {
                work()
            } finally {
                isDone.countDown()
            }
        }
        thread.quitSafely()
        if (isPosted) isDone.await(RELEASE_SECONDS, TimeUnit.SECONDS)
    }
}
