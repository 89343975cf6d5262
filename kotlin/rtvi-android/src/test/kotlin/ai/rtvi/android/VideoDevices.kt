package ai.rtvi.android

import android.graphics.ImageFormat
import android.hardware.camera2.CameraCharacteristics
import android.hardware.camera2.CameraManager
import android.media.MediaCodecInfo
import android.media.MediaFormat
import android.util.Range
import android.util.Size
import org.robolectric.Shadows.shadowOf
import org.robolectric.shadows.MediaCodecInfoBuilder
import org.robolectric.shadows.ShadowCameraCharacteristics
import org.robolectric.shadows.ShadowMediaCodecList
import org.robolectric.shadows.StreamConfigurationMapBuilder

/** Gives the device a front and a rear camera, with sensors that lie in a phone. */
internal fun addCameras() {
    val cameras = mapOf("0" to CameraCharacteristics.LENS_FACING_BACK, "1" to CameraCharacteristics.LENS_FACING_FRONT)
    for ((id, facing) in cameras) {
        val traits = ShadowCameraCharacteristics.newCameraCharacteristics()
        val sizes = StreamConfigurationMapBuilder.newBuilder()
        for (size in listOf(Size(320, 240), Size(640, 480), Size(1920, 1080))) {
            sizes.addOutputSize(size).addOutputSize(ImageFormat.PRIVATE, size)
        }
        val facts = shadowOf(traits)
        facts.set(CameraCharacteristics.LENS_FACING, facing)
        facts.set(CameraCharacteristics.SENSOR_ORIENTATION, if (facing == CameraCharacteristics.LENS_FACING_BACK) 90 else 270)
        facts.set(CameraCharacteristics.SCALER_STREAM_CONFIGURATION_MAP, sizes.build())
        facts.set(CameraCharacteristics.CONTROL_AE_AVAILABLE_TARGET_FPS_RANGES, arrayOf(Range(15, 30), Range(30, 30)))
        facts.set(CameraCharacteristics.FLASH_INFO_AVAILABLE, true)
        shadowOf(service<CameraManager>()).addCamera(id, traits)
    }
}

/** Gives the device codecs for this type only. */
internal fun addCodecs(type: String) {
    for (isEncoder in listOf(true, false)) {
        val format = MediaFormat().apply {
            setString(MediaFormat.KEY_MIME, type)
        }
        val capabilities = MediaCodecInfoBuilder.CodecCapabilitiesBuilder.newBuilder()
            .setMediaFormat(format)
            .setIsEncoder(isEncoder)
            .setColorFormats(intArrayOf(MediaCodecInfo.CodecCapabilities.COLOR_FormatSurface))
            .setProfileLevels(arrayOf(MediaCodecInfo.CodecProfileLevel()))
            .build()
        val info = MediaCodecInfoBuilder.newBuilder()
            .setName("test.$type.$isEncoder")
            .setIsEncoder(isEncoder)
            .setCapabilities(capabilities)
            .build()
        ShadowMediaCodecList.addCodec(info)
    }
}
