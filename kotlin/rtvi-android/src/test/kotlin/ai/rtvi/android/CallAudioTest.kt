package ai.rtvi.android

import android.media.AudioAttributes
import android.media.AudioDeviceInfo
import android.media.AudioManager
import android.os.Build
import android.os.Looper
import java.util.concurrent.atomic.AtomicInteger
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertSame
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.shadows.AudioDeviceInfoBuilder
import org.robolectric.util.ReflectionHelpers

/** Mode, focus and route of the system's audio during a call. */
@RunWith(RobolectricTestRunner::class)
class CallAudioTest {
    private val manager = service<AudioManager>()
    private val system = shadowOf(manager)

    private fun devices(vararg types: Int) = types.map { AudioDeviceInfoBuilder.newBuilder().setType(it).build() }

    @Test
    fun aCallTakesModeAndFocusAndGivesThemBack() {
        val audio = CallAudio(app)
        assertTrue(audio.begin())
        assertEquals(AudioManager.MODE_IN_COMMUNICATION, manager.mode)
        val request = system.lastAudioFocusRequest.audioFocusRequest
        assertEquals(AudioManager.AUDIOFOCUS_GAIN_TRANSIENT, request.focusGain)
        assertEquals(AudioAttributes.USAGE_VOICE_COMMUNICATION, request.audioAttributes.usage)
        assertEquals(AudioAttributes.CONTENT_TYPE_SPEECH, request.audioAttributes.contentType)
        assertNull(system.lastAbandonedAudioFocusRequest)
        audio.close()
        assertSame(request, system.lastAbandonedAudioFocusRequest)
        assertEquals(AudioManager.MODE_NORMAL, manager.mode)
    }

    @Test
    fun theEndOfWhatHasNotBegunChangesNothing() {
        val audio = CallAudio(app)
        audio.begin()
        CallAudio(app).close()
        assertEquals(AudioManager.MODE_IN_COMMUNICATION, manager.mode)
        audio.close()
    }

    @Test
    fun aFocusThatIsNotGivenIsSaid() {
        system.setNextFocusRequestResponse(AudioManager.AUDIOFOCUS_REQUEST_FAILED)
        CallAudio(app).use { assertFalse(it.begin()) }
    }

    @Test
    fun eachChangeOfTheFocusIsToldAsWhatItIs() {
        val told = mutableListOf<AudioFocus>()
        val audio = CallAudio(app, told::add)
        audio.begin()
        val listener = system.lastAudioFocusRequest.audioFocusRequest.onAudioFocusChangeListener
        val changes = listOf(
            AudioManager.AUDIOFOCUS_LOSS_TRANSIENT_CAN_DUCK,
            AudioManager.AUDIOFOCUS_GAIN,
            AudioManager.AUDIOFOCUS_LOSS_TRANSIENT,
            AudioManager.AUDIOFOCUS_GAIN,
            AudioManager.AUDIOFOCUS_LOSS,
        )
        changes.forEach(listener::onAudioFocusChange)
        audio.close()
        val expected = listOf(AudioFocus.Duck, AudioFocus.Regained, AudioFocus.LostForNow, AudioFocus.Regained, AudioFocus.Lost)
        assertEquals(expected, told)
    }

    /** A headset comes and goes during the call; gives where the call was heard before, with it, and after. */
    private fun heardWithAndWithoutAHeadset(route: AudioRoute): List<Int?> = CallAudio(app).use { audio ->
        val (loud, bluetooth) = devices(AudioDeviceInfo.TYPE_BUILTIN_SPEAKER, AudioDeviceInfo.TYPE_BLUETOOTH_SCO)
        system.setAvailableCommunicationDevices(listOf(loud))
        audio.begin(route)
        val before = manager.communicationDevice?.type
        system.setAvailableCommunicationDevices(listOf(loud, bluetooth))
        system.addOutputDevice(bluetooth, true)
        shadowOf(Looper.getMainLooper()).idle()
        val during = manager.communicationDevice?.type
        system.setAvailableCommunicationDevices(listOf(loud))
        system.removeOutputDevice(bluetooth, true)
        shadowOf(Looper.getMainLooper()).idle()
        listOf(before, during, manager.communicationDevice?.type)
    }

    @Test
    fun theAutomaticRouteFollowsHeadsets() {
        val (loud, bluetooth) = Pair(AudioDeviceInfo.TYPE_BUILTIN_SPEAKER, AudioDeviceInfo.TYPE_BLUETOOTH_SCO)
        assertEquals(listOf(loud, bluetooth, loud), heardWithAndWithoutAHeadset(AudioRoute.Automatic))
        assertEquals(listOf(loud, loud, loud), heardWithAndWithoutAHeadset(AudioRoute.Speaker))
    }

    @Test
    fun afterACallNothingFollows() {
        val (loud, bluetooth) = devices(AudioDeviceInfo.TYPE_BUILTIN_SPEAKER, AudioDeviceInfo.TYPE_BLUETOOTH_SCO)
        system.setAvailableCommunicationDevices(listOf(loud, bluetooth))
        CallAudio(app).use { it.begin() }
        system.addOutputDevice(bluetooth, true)
        shadowOf(Looper.getMainLooper()).idle()
        assertNull(manager.communicationDevice)
    }

    private fun chosen(audio: CallAudio, route: AudioRoute, vararg types: Int): Int? {
        system.setAvailableCommunicationDevices(devices(*types))
        manager.clearCommunicationDevice()
        val hasDevice = audio.select(route)
        assertEquals(hasDevice, manager.communicationDevice != null)
        return manager.communicationDevice?.type
    }

    @Test
    fun headsetsComeBeforeTheLoudspeaker() {
        val audio = CallAudio(app)
        val (ear, loud) = Pair(AudioDeviceInfo.TYPE_BUILTIN_EARPIECE, AudioDeviceInfo.TYPE_BUILTIN_SPEAKER)
        val (wired, bluetooth) = Pair(AudioDeviceInfo.TYPE_WIRED_HEADSET, AudioDeviceInfo.TYPE_BLUETOOTH_SCO)
        assertEquals(loud, chosen(audio, AudioRoute.Automatic, ear, loud))
        assertEquals(wired, chosen(audio, AudioRoute.Automatic, ear, loud, wired))
        assertEquals(bluetooth, chosen(audio, AudioRoute.Automatic, ear, loud, wired, bluetooth))
        assertEquals(ear, chosen(audio, AudioRoute.Automatic, ear))
    }

    @Test
    fun hearingAidsAndCarsAreRoutesToo() {
        val audio = CallAudio(app)
        val loud = AudioDeviceInfo.TYPE_BUILTIN_SPEAKER
        for (type in listOf(AudioDeviceInfo.TYPE_HEARING_AID, AudioDeviceInfo.TYPE_BLE_SPEAKER, AudioDeviceInfo.TYPE_USB_DEVICE)) {
            assertEquals(type, chosen(audio, AudioRoute.Automatic, loud, type))
        }
        assertEquals(AudioDeviceInfo.TYPE_BUS, chosen(audio, AudioRoute.Automatic, AudioDeviceInfo.TYPE_BUS))
        assertEquals(AudioDeviceInfo.TYPE_WIRED_HEADSET, chosen(audio, AudioRoute.Wired, loud, AudioDeviceInfo.TYPE_BLUETOOTH_SCO, AudioDeviceInfo.TYPE_WIRED_HEADSET))
    }

    @Test
    fun theRoutesHaveTheOfficialIds() {
        val types = intArrayOf(
            AudioDeviceInfo.TYPE_BUILTIN_EARPIECE, AudioDeviceInfo.TYPE_BUILTIN_SPEAKER, AudioDeviceInfo.TYPE_WIRED_HEADSET,
            AudioDeviceInfo.TYPE_BLUETOOTH_SCO, AudioDeviceInfo.TYPE_HEARING_AID, AudioDeviceInfo.TYPE_TELEPHONY,
        )
        system.setAvailableCommunicationDevices(devices(*types))
        val audio = CallAudio(app)
        assertEquals(listOf("bluetooth", "wired", "speakerphone", "earpiece"), audio.routes.map { it.device.deviceId })
        audio.select(checkNotNull(AudioRoute.of("earpiece")))
        assertEquals(AudioRoute.Earpiece, audio.route)
        assertNull(AudioRoute.of("nowhere"))
    }

    @Test
    fun aRouteThatIsGoneIsReplacedAndReported() {
        val changes = AtomicInteger()
        val (loud, bluetooth) = devices(AudioDeviceInfo.TYPE_BUILTIN_SPEAKER, AudioDeviceInfo.TYPE_BLUETOOTH_SCO)
        system.setAvailableCommunicationDevices(listOf(loud, bluetooth))
        CallAudio(app, onRoutesChanged = { changes.incrementAndGet() }).use { audio ->
            audio.begin(AudioRoute.Bluetooth)
            assertEquals(AudioRoute.Bluetooth, audio.route)
            shadowOf(Looper.getMainLooper()).idle()
            val before = changes.get()
            system.setAvailableCommunicationDevices(listOf(loud))
            system.addOutputDevice(bluetooth, false)
            system.removeOutputDevice(bluetooth, true)
            shadowOf(Looper.getMainLooper()).idle()
            assertEquals(AudioRoute.Speaker, audio.route)
            assertTrue(changes.get() > before)
        }
    }

    @Test
    fun aRouteIsTheDeviceThatItNames() {
        val audio = CallAudio(app)
        val (ear, loud) = Pair(AudioDeviceInfo.TYPE_BUILTIN_EARPIECE, AudioDeviceInfo.TYPE_BUILTIN_SPEAKER)
        val bluetooth = AudioDeviceInfo.TYPE_BLUETOOTH_SCO
        assertEquals(loud, chosen(audio, AudioRoute.Speaker, ear, loud, bluetooth))
        assertEquals(ear, chosen(audio, AudioRoute.Earpiece, ear, loud, bluetooth))
        assertNull(chosen(audio, AudioRoute.Earpiece, loud, bluetooth))
    }

    @Test
    fun theRouteIsGivenBackAtTheEnd() {
        system.setAvailableCommunicationDevices(devices(AudioDeviceInfo.TYPE_BUILTIN_SPEAKER))
        val audio = CallAudio(app)
        audio.begin(AudioRoute.Speaker)
        assertEquals(AudioDeviceInfo.TYPE_BUILTIN_SPEAKER, manager.communicationDevice?.type)
        audio.close()
        assertNull(manager.communicationDevice)
    }

    /** Speaker and Bluetooth, as they are switched before Android 12. */
    @Suppress("DEPRECATION")
    private fun switched(route: AudioRoute, vararg types: Int): Pair<Boolean, Boolean> {
        system.setOutputDevices(devices(*types))
        assertTrue(CallAudio(app).select(route))
        return Pair(manager.isSpeakerphoneOn, manager.isBluetoothScoOn)
    }

    @Test
    fun beforeAndroid12TheRouteIsSwitched() = before(Build.VERSION_CODES.S) {
        val (ear, loud) = Pair(AudioDeviceInfo.TYPE_BUILTIN_EARPIECE, AudioDeviceInfo.TYPE_BUILTIN_SPEAKER)
        val (wired, bluetooth) = Pair(AudioDeviceInfo.TYPE_WIRED_HEADSET, AudioDeviceInfo.TYPE_BLUETOOTH_SCO)
        assertEquals(Pair(true, false), switched(AudioRoute.Automatic, ear, loud))
        assertEquals(Pair(false, false), switched(AudioRoute.Automatic, ear, loud, wired))
        assertEquals(Pair(false, false), switched(AudioRoute.Automatic, ear, loud, AudioDeviceInfo.TYPE_WIRED_HEADPHONES))
        assertEquals(Pair(false, true), switched(AudioRoute.Automatic, ear, loud, bluetooth))
        assertEquals(Pair(true, false), switched(AudioRoute.Speaker, ear, loud, bluetooth))
        assertEquals(Pair(false, false), switched(AudioRoute.Earpiece, ear, loud, bluetooth))
        assertNull(manager.communicationDevice)
    }

    @Test
    @Suppress("DEPRECATION")
    fun beforeAndroid12ABluetoothHeadsetIsGivenBack() = before(Build.VERSION_CODES.S) {
        system.setOutputDevices(devices(AudioDeviceInfo.TYPE_BLUETOOTH_SCO))
        val audio = CallAudio(app)
        audio.begin()
        assertTrue(manager.isBluetoothScoOn)
        audio.close()
        assertFalse(manager.isBluetoothScoOn)
    }

    /** As on the release before this one; the classes stay those of the newest. */
    private fun before(release: Int, body: () -> Unit) {
        val real = Build.VERSION.SDK_INT
        ReflectionHelpers.setStaticField(Build.VERSION::class.java, "SDK_INT", release - 1)
        try {
            body()
        } finally {
            ReflectionHelpers.setStaticField(Build.VERSION::class.java, "SDK_INT", real)
        }
    }
}
