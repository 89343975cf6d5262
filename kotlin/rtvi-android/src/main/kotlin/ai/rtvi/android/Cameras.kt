package ai.rtvi.android

import ai.rtvi.client.DeviceErrorKind
import ai.rtvi.client.MediaDevice
import android.content.Context
import android.graphics.SurfaceTexture
import android.hardware.camera2.CameraCharacteristics
import android.hardware.camera2.CameraManager

/** The cameras of a device, by the ids of Pipecat's Android SDK. */
public object Cameras {
    /** The camera on the side of the display. */
    public val Front: MediaDevice = MediaDevice("cam-front", "Front camera")

    /** The camera on the back. */
    public val Rear: MediaDevice = MediaDevice("cam-rear", "Rear camera")
}

/** One camera, as the system describes it. */
internal class CameraFacts(
    /** The system's own id. */
    val id: String,
    /** How its pictures are turned, clockwise, on a display that is not rotated. */
    val orientation: Int,
    val isFront: Boolean,
    val sizes: List<PictureSize>,
    val rates: List<RateRange>,
    val hasTorch: Boolean,
)

/** Finds the system's cameras. */
internal class CameraFinder(context: Context) {
    val manager: CameraManager = context.getSystemService(CameraManager::class.java)

    /** The cameras that the device has now. */
    fun devices(): List<MediaDevice> = listOf(Cameras.Front, Cameras.Rear).filter { systemId(it.deviceId) != null }

    /** What the system says of a camera; throws a device error if there is none. */
    fun find(deviceId: String): CameraFacts {
        val id = systemId(deviceId) ?: throw CameraErrors.absent(deviceId)
        val traits = manager.getCameraCharacteristics(id)
        val map = traits[CameraCharacteristics.SCALER_STREAM_CONFIGURATION_MAP]
        val sizes = map?.getOutputSizes(SurfaceTexture::class.java).orEmpty().map { PictureSize(it.width, it.height) }
        val rates = traits[CameraCharacteristics.CONTROL_AE_AVAILABLE_TARGET_FPS_RANGES].orEmpty()
        return CameraFacts(
            id = id,
            orientation = traits[CameraCharacteristics.SENSOR_ORIENTATION] ?: 0,
            isFront = facing(id) == CameraCharacteristics.LENS_FACING_FRONT,
            sizes = sizes.ifEmpty { throw CameraErrors.of(DeviceErrorKind.CONSTRAINTS, "the camera makes no video") },
            rates = rates.map { RateRange(it.lower, it.upper) },
            hasTorch = traits[CameraCharacteristics.FLASH_INFO_AVAILABLE] == true,
        )
    }

    private fun facing(id: String): Int? = manager.getCameraCharacteristics(id)[CameraCharacteristics.LENS_FACING]

    private fun systemId(deviceId: String): String? {
        val wanted = when (deviceId) {
            Cameras.Front.deviceId -> CameraCharacteristics.LENS_FACING_FRONT
            Cameras.Rear.deviceId -> CameraCharacteristics.LENS_FACING_BACK
            else -> return null
        }
        return manager.cameraIdList.firstOrNull { facing(it) == wanted }
    }
}
