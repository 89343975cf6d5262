package ai.rtvi.android

import android.media.AudioManager
import android.media.AudioRecord
import android.media.AudioRecordingConfiguration
import android.os.Build

/** Notices that the system silences a microphone. Before Android 10 it can't be known. */
internal class SilenceWatch(private val onChanged: (Boolean) -> Unit) {
    private var isSilenced = false
    private val callback = object : AudioManager.AudioRecordingCallback() {
        override fun onRecordingConfigChanged(all: List<AudioRecordingConfiguration>) = look(all)
    }
    private var watched: AudioRecord? = null

    fun begin(record: AudioRecord) {
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.Q || watched != null) return
        watched = record
        record.registerAudioRecordingCallback(Runnable::run, callback)
    }

    /** Other apps' recordings are among them. */
    private fun look(all: List<AudioRecordingConfiguration>) {
        val session = watched?.audioSessionId ?: return
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.Q) return
        val own = all.find { it.clientAudioSessionId == session } ?: return
        tell(own.isClientSilenced)
    }

    private fun tell(silenced: Boolean) {
        if (isSilenced == silenced) return
        isSilenced = silenced
        onChanged(silenced)
    }

    fun end(record: AudioRecord) {
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.Q || watched !== record) return
        record.unregisterAudioRecordingCallback(callback)
        watched = null
        tell(false)
    }
}
