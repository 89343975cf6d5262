package ai.rtvi.android

import android.content.Context
import android.media.AudioDeviceCallback
import android.media.AudioDeviceInfo
import android.media.AudioManager
import android.os.Build
import android.os.Handler
import android.os.Looper
import java.util.concurrent.atomic.AtomicInteger

/**
 * The system's audio during a call: mode, focus and route. Use it on the main thread.
 *
 * @param onFocusChanged called on the main thread when another app takes the audio focus or returns
 *   it.
 * @param onRoutesChanged called on the main thread when the [routes] or the present [route] may have
 *   changed.
 */
public class CallAudio(
    context: Context,
    onFocusChanged: (AudioFocus) -> Unit = {},
    private val onRoutesChanged: () -> Unit = {},
) : AutoCloseable {
    private val manager = context.applicationContext.getSystemService(AudioManager::class.java)
    private val main = Handler(Looper.getMainLooper())
    private val focus = FocusHolder(manager, onFocusChanged)
    private var chosen = AudioRoute.Automatic
    private var isBegun = false
    private val devices = object : AudioDeviceCallback() {
        override fun onAudioDevicesAdded(added: Array<AudioDeviceInfo>) = follow()

        override fun onAudioDevicesRemoved(removed: Array<AudioDeviceInfo>) = follow()
    }

    /** The routes that the device has now, the preferred one first. */
    public val routes: List<AudioRoute>
        get() = types().mapNotNull(AudioRoute::ofType).distinct().sorted()

    /** The route in use; `null` if the system's is none of them. */
    public val route: AudioRoute?
        get() = if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) manager.communicationDevice?.let { AudioRoute.ofType(it.type) } else olderRoute()

    /** Begins the call's audio: requests the focus and returns whether it was granted. */
    public fun begin(route: AudioRoute = AudioRoute.Automatic): Boolean {
        if (!isBegun) BEGUN.incrementAndGet()
        manager.mode = AudioManager.MODE_IN_COMMUNICATION
        val given = focus.take()
        select(route)
        isBegun = true
        manager.registerAudioDeviceCallback(devices, main)
        return given
    }

    private fun follow() {
        // A notification from before the end may arrive after it.
        if (!isBegun) return
        // What was chosen may be gone.
        if (chosen != AudioRoute.Automatic && chosen !in routes) chosen = AudioRoute.Automatic
        if (chosen == AudioRoute.Automatic) select(chosen)
        onRoutesChanged()
    }

    /** Selects where the call's audio plays; returns whether such a device exists. */
    public fun select(route: AudioRoute): Boolean {
        chosen = route
        val isThere = if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) selectDevice(route) else selectOlder(route)
        if (isBegun) onRoutesChanged()
        return isThere
    }

    private fun selectDevice(route: AudioRoute): Boolean {
        val devices = manager.availableCommunicationDevices
        val best = route.types.firstNotNullOfOrNull { type -> devices.find { it.type == type } }
        return best != null && manager.setCommunicationDevice(best)
    }

    private fun types(): List<Int> =
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) {
            manager.availableCommunicationDevices.map { it.type }
        } else {
            manager.getDevices(AudioManager.GET_DEVICES_OUTPUTS).map { it.type }
        }

    // Before Android 12 there is no other way.
    @Suppress("DEPRECATION")
    private fun selectOlder(route: AudioRoute): Boolean {
        val present = routes
        val resolved = if (route == AudioRoute.Automatic) present.firstOrNull() ?: AudioRoute.Speaker else route
        val hasBluetooth = resolved == AudioRoute.Bluetooth && resolved in present
        if (hasBluetooth) manager.startBluetoothSco() else manager.stopBluetoothSco()
        manager.isBluetoothScoOn = hasBluetooth
        manager.isSpeakerphoneOn = resolved == AudioRoute.Speaker
        return route == AudioRoute.Automatic || route in present
    }

    @Suppress("DEPRECATION")
    private fun olderRoute(): AudioRoute? = when {
        manager.isBluetoothScoOn -> AudioRoute.Bluetooth
        manager.isSpeakerphoneOn -> AudioRoute.Speaker
        else -> listOf(AudioRoute.Wired, AudioRoute.Earpiece).find(routes::contains)
    }

    /** Ends the call's audio: releases route, focus and mode. Does nothing if none has begun. */
    @Suppress("DEPRECATION")
    override fun close() {
        if (!isBegun) return
        BEGUN.decrementAndGet()
        isBegun = false
        manager.unregisterAudioDeviceCallback(devices)
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) {
            manager.clearCommunicationDevice()
        } else {
            manager.stopBluetoothSco()
            manager.isBluetoothScoOn = false
            manager.isSpeakerphoneOn = false
        }
        focus.release()
        manager.mode = AudioManager.MODE_NORMAL
    }

    internal companion object {
        private val BEGUN = AtomicInteger()

        /** Whether a call of this app has begun its audio. */
        val isAnyBegun get() = BEGUN.get() > 0
    }
}
