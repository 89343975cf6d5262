package ai.rtvi.android

import android.media.AudioAttributes
import android.media.AudioFocusRequest
import android.media.AudioManager
import android.os.Build
import android.os.Handler
import android.os.Looper

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

/** The attributes of a call's audio. */
internal fun callAttributes(): AudioAttributes = AudioAttributes.Builder()
    .setUsage(AudioAttributes.USAGE_VOICE_COMMUNICATION)
    .setContentType(AudioAttributes.CONTENT_TYPE_SPEECH)
    .build()

/** Holds the audio focus of a call. Used on the main thread, where changes are reported. */
internal class FocusHolder(private val manager: AudioManager, private val onChanged: (AudioFocus) -> Unit) {
    private val listener = AudioManager.OnAudioFocusChangeListener { change -> CHANGES[change]?.let(onChanged) }
    private val newer by lazy { if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.O) NewerFocus(listener) else null }

    /** Requests the focus; returns whether it was granted. */
    @Suppress("DEPRECATION")
    fun take(): Boolean {
        val answer = newer?.take(manager)
            ?: manager.requestAudioFocus(listener, AudioManager.STREAM_VOICE_CALL, AudioManager.AUDIOFOCUS_GAIN_TRANSIENT)
        return answer == AudioManager.AUDIOFOCUS_REQUEST_GRANTED
    }

    @Suppress("DEPRECATION")
    fun release() {
        newer?.release(manager) ?: manager.abandonAudioFocus(listener)
    }

    private companion object {
        val CHANGES = mapOf(
            AudioManager.AUDIOFOCUS_LOSS to AudioFocus.Lost,
            AudioManager.AUDIOFOCUS_LOSS_TRANSIENT to AudioFocus.LostForNow,
            AudioManager.AUDIOFOCUS_LOSS_TRANSIENT_CAN_DUCK to AudioFocus.Duck,
            AudioManager.AUDIOFOCUS_GAIN to AudioFocus.Regained,
            // The requested gain, which some devices report instead of the other.
            AudioManager.AUDIOFOCUS_GAIN_TRANSIENT to AudioFocus.Regained,
        )
    }
}

/** The focus from Android 8 on. */
private class NewerFocus(listener: AudioManager.OnAudioFocusChangeListener) {
    private val request = AudioFocusRequest.Builder(AudioManager.AUDIOFOCUS_GAIN_TRANSIENT)
        .setAudioAttributes(callAttributes())
        .setOnAudioFocusChangeListener(listener, Handler(Looper.getMainLooper()))
        .build()

    fun take(manager: AudioManager) = manager.requestAudioFocus(request)

    fun release(manager: AudioManager) = manager.abandonAudioFocusRequest(request)
}
