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

/** Where the call's audio plays. */
public enum class AudioRoute {
    /**
     * A Bluetooth headset, else a wired one, else the loudspeaker. Follows headsets that are
     * connected or removed.
     */
    Automatic,

    /** The loudspeaker. */
    Speaker,

    /** The earpiece. */
    Earpiece,
}

/** A change of the audio focus during a call. */
public enum class AudioFocus {
    /** Another app has taken the focus permanently. */
    Lost,

    /**
     * Another app has taken the focus for a while, for example a telephone call: be silent until
     * [Regained].
     */
    LostForNow,

    /** Another app plays a short sound: be quieter until [Regained]. */
    Duck,

    /** The call has the focus again. */
    Regained,
}

/**
 * The system's audio during a call: mode, focus and route. Use it on the main thread.
 *
 * @param onFocusChanged called on the main thread when another app takes the audio focus or returns
 *   it.
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

    /** Begins the call's audio: requests the focus and returns whether it was granted. */
    public fun begin(route: AudioRoute = AudioRoute.Automatic): Boolean {
        manager.mode = AudioManager.MODE_IN_COMMUNICATION
        val given = manager.requestAudioFocus(focus) == AudioManager.AUDIOFOCUS_REQUEST_GRANTED
        select(route)
        isBegun = true
        manager.registerAudioDeviceCallback(devices, main)
        return given
    }

    private fun follow() {
        // A notification from before the end may arrive after it.
        if (isBegun && chosen == AudioRoute.Automatic) select(chosen)
    }

    /** Selects where the call's audio plays; returns whether such a device exists. */
    public fun select(route: AudioRoute): Boolean {
        chosen = route
        return if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) selectDevice(route) else selectOlder(route)
    }

    private fun selectDevice(route: AudioRoute): Boolean {
        val devices = manager.availableCommunicationDevices
        val best = PREFERRED.getValue(route).firstNotNullOfOrNull { type -> devices.find { it.type == type } }
        return best != null && manager.setCommunicationDevice(best)
    }

    // Before Android 12 there is no other way.
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

    /** Ends the call's audio: releases route, focus and mode. */
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
            // The requested gain, which some devices report instead of the other.
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
