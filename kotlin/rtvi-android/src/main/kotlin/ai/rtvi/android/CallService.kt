package ai.rtvi.android

import android.Manifest
import android.app.Notification
import android.app.NotificationChannel
import android.app.NotificationManager
import android.app.PendingIntent
import android.app.Service
import android.content.Context
import android.content.Intent
import android.content.pm.PackageManager
import android.content.pm.ServiceInfo
import android.os.Build
import android.os.IBinder
import android.util.Log
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.withTimeoutOrNull

/** How long the system may take to start the service, in milliseconds. */
private const val START_MILLIS = 10_000L

/**
 * What the user sees while a call goes on in the background.
 *
 * @property title the notification's title.
 * @property icon its small icon, a drawable of the app.
 * @property channelName the name of the notifications in the system's settings.
 * @property hangUp the text of the button that ends the call; `null` for no button.
 */
public class CallNotification(
    public val title: String,
    public val icon: Int,
    public val channelName: String = title,
    public val hangUp: String? = null,
)

/**
 * Keeps the app, and with it a call, alive while the app is not on the screen: Android takes the
 * microphone away from apps without such a service, and shares no screen.
 *
 * It holds no client: [start] it when a call begins, while the app is on the screen, and [stop] it
 * when the call has ended. It uses what the app has the permission for at that moment; without
 * `RECORD_AUDIO` it only plays. From Android 13, the user sees its notification only if the app has
 * the permission `POST_NOTIFICATIONS`; the service also works without it.
 *
 * When the user removes the app from the list of recent apps, or presses the button of the
 * notification, [onHangUp] is called and the service stops.
 */
public class CallService : Service() {
    override fun onBind(intent: Intent?): IBinder? = null

    override fun onStartCommand(intent: Intent?, flags: Int, startId: Int): Int {
        if (intent?.action == HANG_UP) {
            hangUp()
            return START_NOT_STICKY
        }
        val sharesScreen = intent?.getBooleanExtra(SCREEN, false) == true
        val shown = show(notification(CallNotificationIntent.read(intent)), types(sharesScreen))
        if (sharesScreen) screenStarted(shown == types(sharesScreen).first())
        if (!isStillWanted() || shown == null) stopSelf(startId)
        // A call does not survive its process.
        return START_NOT_STICKY
    }

    /** Returns the first of the types that the system accepts; `null` if it refuses all of them. */
    private fun show(notification: Notification, types: List<Int>): Int? = types.firstOrNull { type ->
        try {
            if (Build.VERSION.SDK_INT < Build.VERSION_CODES.R) startForeground(ID, notification) else startForeground(ID, notification, type)
            true
        } catch (refused: RuntimeException) {
            // The app's manifest lacks the type, the user has not permitted it, or the app is in the
            // background: the call goes on with what is left.
            Log.e("rtvi", "the system refuses a call service of the type $type", refused)
            false
        }
    }

    /** The types of this service that are worth a try, the best one first. */
    private fun types(sharesScreen: Boolean): List<Int> {
        val screen = listOf(type() or ServiceInfo.FOREGROUND_SERVICE_TYPE_MEDIA_PROJECTION).filter { sharesScreen }
        return screen + listOf(type(), ServiceInfo.FOREGROUND_SERVICE_TYPE_MEDIA_PLAYBACK).distinct()
    }

    /** The type for a call's audio: Android ends an app that names one without its permission. */
    private fun type() =
        if (has(Manifest.permission.RECORD_AUDIO)) ServiceInfo.FOREGROUND_SERVICE_TYPE_MICROPHONE else ServiceInfo.FOREGROUND_SERVICE_TYPE_MEDIA_PLAYBACK

    private fun has(permission: String) = checkSelfPermission(permission) == PackageManager.PERMISSION_GRANTED

    override fun onTaskRemoved(rootIntent: Intent?): Unit = hangUp()

    private fun hangUp() {
        onHangUp?.invoke()
        stopSelf()
    }

    private fun notification(shown: CallNotification): Notification {
        val open = packageManager.getLaunchIntentForPackage(packageName)?.let {
            PendingIntent.getActivity(this, 0, it, PendingIntent.FLAG_IMMUTABLE)
        }
        val builder = builder(shown.channelName)
            .setContentTitle(shown.title)
            .setSmallIcon(shown.icon)
            .setContentIntent(open)
            .setOngoing(true)
            .setCategory(Notification.CATEGORY_CALL)
        shown.hangUp?.let { builder.addAction(Notification.Action.Builder(null, it, hangUpIntent()).build()) }
        return builder.build()
    }

    // Before Android 8 there are no channels.
    @Suppress("DEPRECATION")
    private fun builder(channelName: String): Notification.Builder {
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.O) return Notification.Builder(this)
        val channel = NotificationChannel(CHANNEL, channelName, NotificationManager.IMPORTANCE_LOW)
        getSystemService(NotificationManager::class.java).createNotificationChannel(channel)
        return Notification.Builder(this, CHANNEL)
    }

    private fun hangUpIntent() =
        PendingIntent.getService(this, 0, Intent(this, CallService::class.java).setAction(HANG_UP), PendingIntent.FLAG_IMMUTABLE)

    public companion object {
        private const val CHANNEL = "ai.rtvi.call"
        private const val HANG_UP = "ai.rtvi.android.HANG_UP"
        private const val SCREEN = "screen"
        private const val ID = 0x5254

        /** The number of starts that the system has not executed yet. */
        private var waiting = 0
        private var isWanted = false

        /** Whether the service may share the screen, as soon as it has been started for that. */
        private var screen: CompletableDeferred<Boolean>? = null

        /** Called on the main thread when the user ends the call outside the app's screens. */
        @Volatile
        public var onHangUp: (() -> Unit)? = null

        /** Returns, for a start that was executed, whether it was not cancelled in the meantime. */
        @Synchronized
        private fun isStillWanted(): Boolean {
            waiting = maxOf(0, waiting - 1)
            return isWanted
        }

        @Synchronized
        private fun screenStarted(isAccepted: Boolean) {
            screen?.complete(isAccepted)
            screen = null
        }

        @Synchronized
        private fun startForScreen(context: Context, notification: CallNotification): CompletableDeferred<Boolean> {
            start(context, notification, sharesScreen = true)
            return screen ?: CompletableDeferred<Boolean>().also { screen = it }
        }

        /** Starts the service with a screen, and waits until the system has executed that. */
        internal suspend fun startWithScreen(context: Context, notification: CallNotification) {
            val started = try {
                startForScreen(context, notification)
            } catch (refused: RuntimeException) {
                throw ScreenErrors.noService(refused)
            }
            if (withTimeoutOrNull(START_MILLIS) { started.await() } != true) throw ScreenErrors.noService()
        }

        /**
         * Starts the service, or gives a running one another notification. Call it with
         * `sharesScreen` before the screen is shared, after the user has permitted it. The app's
         * manifest must then request `FOREGROUND_SERVICE_MEDIA_PROJECTION` and give this service the
         * type `mediaProjection`, as the README shows.
         */
        @Synchronized
        public fun start(context: Context, notification: CallNotification, sharesScreen: Boolean = false) {
            val intent = Intent(context, CallService::class.java).putExtra(SCREEN, sharesScreen)
            CallNotificationIntent.write(notification, intent)
            if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.O) context.startForegroundService(intent) else context.startService(intent)
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

/** A notification on its way to the service. */
private object CallNotificationIntent {
    private const val TITLE = "title"
    private const val ICON = "icon"
    private const val CHANNEL_NAME = "channelName"
    private const val HANG_UP = "hangUp"

    fun write(notification: CallNotification, intent: Intent): Intent = intent
        .putExtra(TITLE, notification.title)
        .putExtra(ICON, notification.icon)
        .putExtra(CHANNEL_NAME, notification.channelName)
        .putExtra(HANG_UP, notification.hangUp)

    fun read(intent: Intent?) = CallNotification(
        title = intent?.getStringExtra(TITLE).orEmpty(),
        icon = intent?.getIntExtra(ICON, 0) ?: 0,
        channelName = intent?.getStringExtra(CHANNEL_NAME).orEmpty(),
        hangUp = intent?.getStringExtra(HANG_UP),
    )
}
