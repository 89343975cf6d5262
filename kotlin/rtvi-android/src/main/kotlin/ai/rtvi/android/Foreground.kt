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

/** Whether the app is on the screen: told at first, and on every change, on the main thread. */
internal class Foreground(context: Context, private val onChanged: (Boolean) -> Unit) {
    private val app = context.applicationContext as Application
    private val main = Handler(Looper.getMainLooper())
    private var shown = 0
    private var isTold: Boolean? = null
    private val callbacks = object : Application.ActivityLifecycleCallbacks {
        override fun onActivityStarted(activity: Activity) = count(1)

        override fun onActivityStopped(activity: Activity) = count(-1)

        override fun onActivityCreated(activity: Activity, state: Bundle?) = Unit

        override fun onActivityResumed(activity: Activity) = Unit

        override fun onActivityPaused(activity: Activity) = Unit

        override fun onActivitySaveInstanceState(activity: Activity, state: Bundle) = Unit

        override fun onActivityDestroyed(activity: Activity) = Unit
    }

    fun begin() {
        main.post {
            // Screens that were started before can't be counted.
            shown = if (isInForeground()) 1 else 0
            app.registerActivityLifecycleCallbacks(callbacks)
            tell(shown > 0)
        }
    }

    private fun isInForeground(): Boolean {
        val state = RunningAppProcessInfo().also(ActivityManager::getMyMemoryState)
        return state.importance <= RunningAppProcessInfo.IMPORTANCE_VISIBLE
    }

    private val leave = Runnable { tell(false) }

    private fun count(change: Int) {
        shown = maxOf(0, shown + change)
        main.removeCallbacks(leave)
        if (shown > 0) tell(true) else main.postDelayed(leave, GRACE)
    }

    private fun tell(isShown: Boolean) {
        if (isTold == isShown) return
        isTold = isShown
        onChanged(isShown)
    }

    fun end() {
        main.post {
            main.removeCallbacks(leave)
            app.unregisterActivityLifecycleCallbacks(callbacks)
        }
    }
}
