package ai.rtvi.android

import android.media.audiofx.AudioEffect
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.shadows.ShadowAudioEffect

/** Who removes the bot's voice from the microphone. */
@RunWith(RobolectricTestRunner::class)
class EchoTest {
    @Test
    fun theCoreCancelsEchoesWhereTheDeviceDoesNot() {
        val processing = androidOptions(app).voice.audioProcessing
        assertEquals(true, processing?.echoCancellation)
        assertEquals(false, processing?.noiseSuppression)
    }

    @Test
    fun theDeviceCancelsThemIfItCan() {
        val type = AudioEffect.EFFECT_TYPE_AEC.toString()
        ShadowAudioEffect.addEffect(AudioEffect.Descriptor(type, type, "Pre Processing", "canceller", "the device"))
        assertNull(androidOptions(app).voice.audioProcessing)
    }
}
