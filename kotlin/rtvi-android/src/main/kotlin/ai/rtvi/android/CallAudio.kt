package ai.rtvi.android

import android.content.Context
import android.media.AudioAttributes
import android.media.AudioDeviceInfo
import android.media.AudioFocusRequest
import android.media.AudioManager
import android.os.Build

/** Where a call is heard. */
public enum class AudioRoute {
    /** A Bluetooth headset, else a wired one, else the loudspeaker. */
    Automatic,

    /** The loudspeaker. */
    Speaker,

    /** At the ear. */
    Earpiece,
}

/**
 * The system's audio during a call: mode, focus and route. Use it from one thread.
 *
 * @param onFocusLost called on the main thread when another app takes the audio, a telephone call for instance.
 */
public class CallAudio(context: Context, private val onFocusLost: () -> Unit = {}) : AutoCloseable {
    private val manager = context.applicationContext.getSystemService(AudioManager::class.java)
    private val before = manager.mode
    private val focus = AudioFocusRequest.Builder(AudioManager.AUDIOFOCUS_GAIN_TRANSIENT)
        .setAudioAttributes(
            AudioAttributes.Builder()
                .setUsage(AudioAttributes.USAGE_VOICE_COMMUNICATION)
                .setContentType(AudioAttributes.CONTENT_TYPE_SPEECH)
                .build(),
        )
        .setOnAudioFocusChangeListener { change -> if (change < 0) onFocusLost() }
        .build()

    /** Begins: asks for the focus and says whether it was given. */
    public fun begin(route: AudioRoute = AudioRoute.Automatic): Boolean {
        manager.mode = AudioManager.MODE_IN_COMMUNICATION
        val given = manager.requestAudioFocus(focus) == AudioManager.AUDIOFOCUS_REQUEST_GRANTED
        select(route)
        return given
    }

    /** Chooses where the call is heard; says whether there is such a device. */
    public fun select(route: AudioRoute): Boolean =
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) selectDevice(route) else selectOlder(route)

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
        val isWired = AudioDeviceInfo.TYPE_WIRED_HEADSET in types || AudioDeviceInfo.TYPE_USB_HEADSET in types
        if (hasBluetooth) manager.startBluetoothSco() else manager.stopBluetoothSco()
        manager.isBluetoothScoOn = hasBluetooth
        manager.isSpeakerphoneOn =
            route == AudioRoute.Speaker || (route == AudioRoute.Automatic && !hasBluetooth && !isWired)
        return true
    }

    /** Ends: gives back route, focus and mode. */
    @Suppress("DEPRECATION")
    override fun close() {
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) {
            manager.clearCommunicationDevice()
        } else {
            manager.stopBluetoothSco()
            manager.isSpeakerphoneOn = false
        }
        manager.abandonAudioFocusRequest(focus)
        manager.mode = before
    }

    private companion object {
        val HEADSETS = listOf(
            AudioDeviceInfo.TYPE_BLE_HEADSET,
            AudioDeviceInfo.TYPE_BLUETOOTH_SCO,
            AudioDeviceInfo.TYPE_WIRED_HEADSET,
            AudioDeviceInfo.TYPE_WIRED_HEADPHONES,
            AudioDeviceInfo.TYPE_USB_HEADSET,
        )
        val PREFERRED = mapOf(
            AudioRoute.Automatic to HEADSETS + AudioDeviceInfo.TYPE_BUILTIN_SPEAKER,
            AudioRoute.Speaker to listOf(AudioDeviceInfo.TYPE_BUILTIN_SPEAKER),
            AudioRoute.Earpiece to listOf(AudioDeviceInfo.TYPE_BUILTIN_EARPIECE),
        )
    }
}
