package ai.rtvi.android

import android.app.Activity
import android.app.ActivityManager
import android.app.ActivityManager.RunningAppProcessInfo
import android.app.Application
import android.content.Context
import android.os.Bundle
import android.os.Handler
import android.os.Looper

/** How long no screen may be shown before the app counts as gone: one that is turned is made again. */
private const val GRACE = 700L

/** How often the system is asked about a screen that is only assumed, in milliseconds. */
private const val CHECK = 2_000L

/** Whether the app is on the screen: told at first, and on every change, on the main thread. */
internal class Foreground(context: Context, private val onChanged: (Boolean) -> Unit) {
    private val app = context.applicationContext as Application
    private val main = Handler(Looper.getMainLooper())
    private val started = HashSet<Activity>()

    /** Whether a screen counts that was started before [begin]: only the system knows of it. */
    private var isAssumed = false
    private var isTold: Boolean? = null
    private val callbacks = object : Application.ActivityLifecycleCallbacks {
        override fun onActivityStarted(activity: Activity) {
            started += activity
            follow()
        }

        override fun onActivityStopped(activity: Activity) {
            if (!started.remove(activity)) isAssumed = false
            follow()
        }

        override fun onActivityCreated(activity: Activity, state: Bundle?) = Unit

        override fun onActivityResumed(activity: Activity) = Unit

        override fun onActivityPaused(activity: Activity) = Unit

        override fun onActivitySaveInstanceState(activity: Activity, state: Bundle) = Unit

        override fun onActivityDestroyed(activity: Activity) = Unit
    }

    fun begin() {
        main.post {
            app.registerActivityLifecycleCallbacks(callbacks)
            isAssumed = isInForeground()
            tell(isAssumed)
            if (isAssumed) main.postDelayed(check, CHECK)
        }
    }

    /** A service in the foreground, such as a call's own, has an importance between these two. */
    private fun isInForeground(): Boolean {
        val state = RunningAppProcessInfo().also(ActivityManager::getMyMemoryState)
        return state.importance == RunningAppProcessInfo.IMPORTANCE_FOREGROUND || state.importance == RunningAppProcessInfo.IMPORTANCE_VISIBLE
    }

    private val check = Runnable(::checkAssumed)

    /** The assumed screen may not exist; then none of its ends is ever told. */
    private fun checkAssumed() {
        if (!isAssumed) return
        isAssumed = isInForeground()
        if (isAssumed) main.postDelayed(check, CHECK) else follow()
    }

    private val leave = Runnable { tell(false) }

    private fun follow() {
        main.removeCallbacks(leave)
        if (isAssumed || started.isNotEmpty()) tell(true) else main.postDelayed(leave, GRACE)
    }

    private fun tell(isShown: Boolean) {
        if (isTold == isShown) return
        isTold = isShown
        onChanged(isShown)
    }

    fun end() {
        main.post {
            main.removeCallbacks(leave)
            main.removeCallbacks(check)
            started.clear()
            app.unregisterActivityLifecycleCallbacks(callbacks)
        }
    }
}
