package ai.rtvi.android

import android.app.Notification
import android.app.NotificationChannel
import android.app.NotificationManager
import android.app.PendingIntent
import android.app.Service
import android.content.Context
import android.content.Intent
import android.content.pm.ServiceInfo
import android.os.Build
import android.os.IBinder

/**
 * Keeps the app, and with it a call, alive while the app is not on the screen: Android takes the
 * microphone away from apps without such a service.
 *
 * It holds no client: [start] it when a call begins, while the app is on the screen, and [stop] it
 * when the call has ended. The permission `RECORD_AUDIO` must have been granted before. From
 * Android 13, the user sees its notification only if the app has the permission
 * `POST_NOTIFICATIONS`; the service also works without it.
 */
public class CallService : Service() {
    override fun onBind(intent: Intent?): IBinder? = null

    override fun onStartCommand(intent: Intent?, flags: Int, startId: Int): Int {
        val title = intent?.getStringExtra(TITLE).orEmpty()
        val icon = intent?.getIntExtra(ICON, 0) ?: 0
        val notification = notification(title, icon)
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.R) {
            startForeground(ID, notification, ServiceInfo.FOREGROUND_SERVICE_TYPE_MICROPHONE)
        } else {
            startForeground(ID, notification)
        }
        if (!isStillWanted()) stopSelf(startId)
        // A call does not survive its process.
        return START_NOT_STICKY
    }

    private fun notification(title: String, icon: Int): Notification {
        val channel = NotificationChannel(CHANNEL, title, NotificationManager.IMPORTANCE_LOW)
        getSystemService(NotificationManager::class.java).createNotificationChannel(channel)
        val open = packageManager.getLaunchIntentForPackage(packageName)?.let {
            PendingIntent.getActivity(this, 0, it, PendingIntent.FLAG_IMMUTABLE)
        }
        return Notification.Builder(this, CHANNEL)
            .setContentTitle(title)
            .setSmallIcon(icon)
            .setContentIntent(open)
            .setOngoing(true)
            .setCategory(Notification.CATEGORY_CALL)
            .build()
    }

    public companion object {
        private const val CHANNEL = "ai.rtvi.call"
        private const val ID = 0x5254
        private const val TITLE = "title"
        private const val ICON = "icon"

        /** The number of starts that the system has not executed yet. */
        private var waiting = 0
        private var isWanted = false

        /** Returns, for a start that was executed, whether it was not cancelled in the meantime. */
        @Synchronized
        private fun isStillWanted(): Boolean {
            waiting = maxOf(0, waiting - 1)
            return isWanted
        }

        /**
         * Starts the service, with a notification of this title and small icon (a drawable of the
         * app).
         */
        @Synchronized
        public fun start(context: Context, title: String, icon: Int) {
            val intent = Intent(context, CallService::class.java).putExtra(TITLE, title).putExtra(ICON, icon)
            context.startForegroundService(intent)
            waiting += 1
            isWanted = true
        }

        /**
         * Stops the service; does nothing if it does not run. A service that is still starting
         * stops as soon as it has started.
         */
        @Synchronized
        public fun stop(context: Context) {
            isWanted = false
            // Android ends an app that stops its service between requesting it and showing its
            // notification.
            if (waiting == 0) context.stopService(Intent(context, CallService::class.java))
        }
    }
}
