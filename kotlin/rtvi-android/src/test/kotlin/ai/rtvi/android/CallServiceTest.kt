package ai.rtvi.android

import android.app.Notification
import android.app.NotificationManager
import android.app.Service
import android.content.ComponentName
import android.content.Intent
import android.content.IntentFilter
import android.content.pm.ServiceInfo
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotEquals
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf

private const val ICON = android.R.drawable.ic_btn_speak_now

/** What keeps a call alive while the app is not on the screen. */
@RunWith(RobolectricTestRunner::class)
class CallServiceTest {
    /** The service, as the system runs it when the app has asked for it. */
    private fun started(): CallService {
        CallService.start(app, "A call", ICON)
        val intent = shadowOf(app).nextStartedService
        assertEquals(ComponentName(app, CallService::class.java), intent.component)
        val service = Robolectric.buildService(CallService::class.java, intent).create().get()
        assertEquals(Service.START_NOT_STICKY, service.onStartCommand(intent, 0, 1))
        return service
    }

    @Test
    fun itIsInTheForegroundWithTheMicrophone() {
        val service = started()
        assertEquals(ServiceInfo.FOREGROUND_SERVICE_TYPE_MICROPHONE, service.foregroundServiceType)
        assertNotEquals(0, shadowOf(service).lastForegroundNotificationId)
    }

    @Test
    fun itsNotificationIsTheAppsOwn() {
        val notification = shadowOf(started()).lastForegroundNotification
        assertEquals("A call", shadowOf(notification).contentTitle)
        assertEquals(ICON, notification.smallIcon.resId)
        assertEquals(Notification.CATEGORY_CALL, notification.category)
        assertEquals(Notification.FLAG_ONGOING_EVENT, notification.flags and Notification.FLAG_ONGOING_EVENT)
        val channel = service<NotificationManager>().getNotificationChannel(notification.channelId)
        assertEquals(NotificationManager.IMPORTANCE_LOW, channel?.importance)
    }

    @Test
    fun theNotificationOpensTheAppIfItHasAScreen() {
        assertNull(shadowOf(started()).lastForegroundNotification.contentIntent)
        val screen = ComponentName(app, "Screen")
        val launched = IntentFilter(Intent.ACTION_MAIN).apply { addCategory(Intent.CATEGORY_LAUNCHER) }
        shadowOf(app.packageManager).addActivityIfNotPresent(screen)
        shadowOf(app.packageManager).addIntentFilterForActivity(screen, launched)
        val open = shadowOf(started()).lastForegroundNotification.contentIntent
        assertNotNull(open)
        assertEquals(screen, shadowOf(open).savedIntent.component)
    }

    @Test
    fun oneThatHasNotComeUpIsInTheForegroundBeforeItEnds() {
        CallService.start(app, "A call", ICON)
        val intent = shadowOf(app).nextStartedService
        CallService.stop(app)
        assertNull(shadowOf(app).nextStoppedService)
        val service = Robolectric.buildService(CallService::class.java, intent).create().get()
        service.onStartCommand(intent, 0, 1)
        assertNotEquals(0, shadowOf(service).lastForegroundNotificationId)
        assertTrue(shadowOf(service).isStoppedBySelf)
    }

    @Test
    fun oneThatIsWantedAgainGoesOn() {
        CallService.start(app, "A call", ICON)
        CallService.stop(app)
        CallService.start(app, "Another call", ICON)
        val intents = List(2) { shadowOf(app).nextStartedService }
        val service = Robolectric.buildService(CallService::class.java, intents[0]).create().get()
        intents.forEachIndexed { i, intent -> service.onStartCommand(intent, 0, i + 1) }
        assertFalse(shadowOf(service).isStoppedBySelf)
    }

    @Test
    fun itIsStoppedByTheApp() {
        CallService.stop(app)
        assertEquals(ComponentName(app, CallService::class.java), shadowOf(app).nextStoppedService?.component)
    }
}
