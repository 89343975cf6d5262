package ai.rtvi.android

import android.content.Context
import android.media.AudioAttributes
import android.media.AudioDeviceCallback
import android.media.AudioDeviceInfo
import android.media.AudioFocusRequest
import android.media.AudioManager
import android.os.Build
import android.os.Handler
import android.os.Looper

/** Where a call is heard. */
public enum class AudioRoute {
    /** A Bluetooth headset, else a wired one, else the loudspeaker; follows headsets that come and go. */
    Automatic,

    /** The loudspeaker. */
    Speaker,

    /** At the ear. */
    Earpiece,
}

/** What has become of the audio that a call was given. */
public enum class AudioFocus {
    /** Another app has it for good. */
    Lost,

    /** Another app has it for a while, a telephone call for instance: be silent until [Regained]. */
    LostForNow,

    /** Another app plays something short: be quieter until [Regained]. */
    Duck,

    /** It is back. */
    Regained,
}

/**
 * The system's audio during a call: mode, focus and route. Use it on the main thread.
 *
 * @param onFocusChanged called on the main thread when another app takes the audio or gives it back.
 */
public class CallAudio(context: Context, private val onFocusChanged: (AudioFocus) -> Unit = {}) : AutoCloseable {
    private val manager = context.applicationContext.getSystemService(AudioManager::class.java)
    private val main = Handler(Looper.getMainLooper())
    private var chosen = AudioRoute.Automatic
    private var isBegun = false
    private val devices = object : AudioDeviceCallback() {
        override fun onAudioDevicesAdded(added: Array<AudioDeviceInfo>) = follow()

        override fun onAudioDevicesRemoved(removed: Array<AudioDeviceInfo>) = follow()
    }
    private val focus = AudioFocusRequest.Builder(AudioManager.AUDIOFOCUS_GAIN_TRANSIENT)
        .setAudioAttributes(
            AudioAttributes.Builder()
                .setUsage(AudioAttributes.USAGE_VOICE_COMMUNICATION)
                .setContentType(AudioAttributes.CONTENT_TYPE_SPEECH)
                .build(),
        )
        .setOnAudioFocusChangeListener({ change -> FOCUS[change]?.let(onFocusChanged) }, main)
        .build()

    /** Begins: asks for the focus and says whether it was given. */
    public fun begin(route: AudioRoute = AudioRoute.Automatic): Boolean {
        manager.mode = AudioManager.MODE_IN_COMMUNICATION
        val given = manager.requestAudioFocus(focus) == AudioManager.AUDIOFOCUS_REQUEST_GRANTED
        select(route)
        isBegun = true
        manager.registerAudioDeviceCallback(devices, main)
        return given
    }

    private fun follow() {
        // What was told before the end may come after it.
        if (isBegun && chosen == AudioRoute.Automatic) select(chosen)
    }

    /** Chooses where the call is heard; says whether there is such a device. */
    public fun select(route: AudioRoute): Boolean {
        chosen = route
        return if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) selectDevice(route) else selectOlder(route)
    }

    private fun selectDevice(route: AudioRoute): Boolean {
        val devices = manager.availableCommunicationDevices
        val best = PREFERRED.getValue(route).firstNotNullOfOrNull { type -> devices.find { it.type == type } }
        return best != null && manager.setCommunicationDevice(best)
    }

    // There is no other way before Android 12.
    @Suppress("DEPRECATION")
    private fun selectOlder(route: AudioRoute): Boolean {
        val types = manager.getDevices(AudioManager.GET_DEVICES_OUTPUTS).map { it.type }
        val hasBluetooth = route == AudioRoute.Automatic && AudioDeviceInfo.TYPE_BLUETOOTH_SCO in types
        val isWired = types.any(WIRED::contains)
        if (hasBluetooth) manager.startBluetoothSco() else manager.stopBluetoothSco()
        manager.isBluetoothScoOn = hasBluetooth
        manager.isSpeakerphoneOn =
            route == AudioRoute.Speaker || (route == AudioRoute.Automatic && !hasBluetooth && !isWired)
        return true
    }

    /** Ends: gives back route, focus and mode. */
    @Suppress("DEPRECATION")
    override fun close() {
        isBegun = false
        manager.unregisterAudioDeviceCallback(devices)
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) {
            manager.clearCommunicationDevice()
        } else {
            manager.stopBluetoothSco()
            manager.isBluetoothScoOn = false
            manager.isSpeakerphoneOn = false
        }
        manager.abandonAudioFocusRequest(focus)
        manager.mode = AudioManager.MODE_NORMAL
    }

    private companion object {
        val FOCUS = mapOf(
            AudioManager.AUDIOFOCUS_LOSS to AudioFocus.Lost,
            AudioManager.AUDIOFOCUS_LOSS_TRANSIENT to AudioFocus.LostForNow,
            AudioManager.AUDIOFOCUS_LOSS_TRANSIENT_CAN_DUCK to AudioFocus.Duck,
            AudioManager.AUDIOFOCUS_GAIN to AudioFocus.Regained,
            // What was asked for, which some devices tell in the place of the other.
            AudioManager.AUDIOFOCUS_GAIN_TRANSIENT to AudioFocus.Regained,
        )
        val BLUETOOTH = listOf(AudioDeviceInfo.TYPE_BLE_HEADSET, AudioDeviceInfo.TYPE_BLUETOOTH_SCO)
        val WIRED = listOf(
            AudioDeviceInfo.TYPE_WIRED_HEADSET,
            AudioDeviceInfo.TYPE_WIRED_HEADPHONES,
            AudioDeviceInfo.TYPE_USB_HEADSET,
        )
        val BUILT_IN = listOf(AudioDeviceInfo.TYPE_BUILTIN_SPEAKER, AudioDeviceInfo.TYPE_BUILTIN_EARPIECE)
        val PREFERRED = mapOf(
            AudioRoute.Automatic to BLUETOOTH + WIRED + BUILT_IN,
            AudioRoute.Speaker to listOf(AudioDeviceInfo.TYPE_BUILTIN_SPEAKER),
            AudioRoute.Earpiece to listOf(AudioDeviceInfo.TYPE_BUILTIN_EARPIECE),
        )
    }
}
