package ai.rtvi.android

import android.Manifest
import android.app.Notification
import android.app.NotificationManager
import android.app.Service
import android.content.ComponentName
import android.content.Intent
import android.content.IntentFilter
import android.content.pm.ServiceInfo
import java.util.concurrent.atomic.AtomicInteger
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotEquals
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Before
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
        CallService.start(app, CallNotification("A call", ICON))
        val intent = shadowOf(app).nextStartedService
        assertEquals(ComponentName(app, CallService::class.java), intent.component)
        val service = Robolectric.buildService(CallService::class.java, intent).create().get()
        assertEquals(Service.START_NOT_STICKY, service.onStartCommand(intent, 0, 1))
        return service
    }

    @Before
    fun granted() = shadowOf(app).grantPermissions(Manifest.permission.RECORD_AUDIO)

    @Test
    fun withoutTheMicrophoneItOnlyPlays() {
        shadowOf(app).denyPermissions(Manifest.permission.RECORD_AUDIO)
        assertEquals(ServiceInfo.FOREGROUND_SERVICE_TYPE_MEDIA_PLAYBACK, started().foregroundServiceType)
    }

    @Test
    fun itSharesTheScreenOnlyWhenItIsAsked() {
        CallService.start(app, CallNotification("A call", ICON), sharesScreen = true)
        val intent = shadowOf(app).nextStartedService
        val service = Robolectric.buildService(CallService::class.java, intent).create().get()
        service.onStartCommand(intent, 0, 1)
        val types = ServiceInfo.FOREGROUND_SERVICE_TYPE_MICROPHONE or ServiceInfo.FOREGROUND_SERVICE_TYPE_MEDIA_PROJECTION
        assertEquals(types, service.foregroundServiceType)
    }

    @Test
    fun aServiceThatTheSystemRefusesEndsWithoutACrash() {
        CallService.start(app, CallNotification("A call", ICON))
        val intent = shadowOf(app).nextStartedService
        val service = Robolectric.buildService(CallService::class.java, intent).create().get()
        shadowOf(service).setThrowInStartForeground(IllegalStateException("not from the background"))
        service.onStartCommand(intent, 0, 1)
        assertTrue(shadowOf(service).isStoppedBySelf)
    }

    @Test
    fun theUserHangsUp() {
        val hangUps = AtomicInteger()
        CallService.onHangUp = { hangUps.incrementAndGet() }
        CallService.start(app, CallNotification("A call", ICON, channelName = "Calls", hangUp = "Hang up"))
        val intent = shadowOf(app).nextStartedService
        val running = Robolectric.buildService(CallService::class.java, intent).create().get()
        running.onStartCommand(intent, 0, 1)
        val notification = shadowOf(running).lastForegroundNotification
        assertEquals("Calls", service<NotificationManager>().getNotificationChannel(notification.channelId)?.name)
        val button = notification.actions.single()
        assertEquals("Hang up", button.title)
        running.onStartCommand(shadowOf(button.actionIntent).savedIntent, 0, 2)
        assertEquals(1, hangUps.get())
        assertTrue(shadowOf(running).isStoppedBySelf)
        running.onTaskRemoved(Intent())
        assertEquals("swiped away", 2, hangUps.get())
        CallService.onHangUp = null
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
        CallService.start(app, CallNotification("A call", ICON))
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
        CallService.start(app, CallNotification("A call", ICON))
        CallService.stop(app)
        CallService.start(app, CallNotification("Another call", ICON))
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
