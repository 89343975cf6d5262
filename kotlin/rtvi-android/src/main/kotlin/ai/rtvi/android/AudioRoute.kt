package ai.rtvi.android

import ai.rtvi.client.MediaDevice
import android.media.AudioDeviceInfo
import android.os.Build

/**
 * Where the call's audio plays, and which microphone it comes from.
 *
 * @property id the id in Pipecat's Android SDK.
 */
public enum class AudioRoute(public val id: String) {
    /**
     * A Bluetooth headset or a hearing aid, else a wired one, else the loudspeaker. Follows what is
     * connected or removed.
     */
    Automatic("default"),

    /** A Bluetooth headset or speaker, or a hearing aid. */
    Bluetooth("bluetooth"),

    /** A headset or a device with a cable. */
    Wired("wired"),

    /** The loudspeaker; in a car, its loudspeakers. */
    Speaker("speakerphone"),

    /** The earpiece. */
    Earpiece("earpiece"),
    ;

    /** The route as the client's lists of devices have it. */
    public val device: MediaDevice get() = MediaDevice(id, name)

    /** The types of Android's devices that it means, the preferred one first. */
    internal val types: List<Int>
        get() = when (this) {
            Automatic -> Bluetooth.types + Wired.types + Speaker.types + Earpiece.types
            Bluetooth -> BLUETOOTH
            Wired -> WIRED
            Speaker -> SPEAKER
            Earpiece -> listOf(AudioDeviceInfo.TYPE_BUILTIN_EARPIECE)
        }

    public companion object {
        /** The route with an id of Pipecat's Android SDK; `null` for another text. */
        public fun of(id: String): AudioRoute? = entries.find { it.id == id }

        /** The route that a device of Android belongs to; `null` if a call can't use it. */
        internal fun ofType(type: Int): AudioRoute? = entries.drop(1).find { type in it.types }

        private val BLUETOOTH = listOfNotNull(
            AudioDeviceInfo.TYPE_BLE_HEADSET.takeIf { Build.VERSION.SDK_INT >= Build.VERSION_CODES.S },
            AudioDeviceInfo.TYPE_HEARING_AID.takeIf { Build.VERSION.SDK_INT >= Build.VERSION_CODES.P },
            AudioDeviceInfo.TYPE_BLUETOOTH_SCO,
            AudioDeviceInfo.TYPE_BLE_SPEAKER.takeIf { Build.VERSION.SDK_INT >= Build.VERSION_CODES.S },
        )
        private val WIRED = listOf(
            AudioDeviceInfo.TYPE_WIRED_HEADSET,
            AudioDeviceInfo.TYPE_WIRED_HEADPHONES,
            AudioDeviceInfo.TYPE_USB_HEADSET,
            AudioDeviceInfo.TYPE_USB_DEVICE,
        )
        private val SPEAKER = listOf(
            AudioDeviceInfo.TYPE_BUILTIN_SPEAKER,
            AudioDeviceInfo.TYPE_BUS,
            AudioDeviceInfo.TYPE_DOCK,
        )
    }
}
