package ai.rtvi.android

import ai.rtvi.client.DeviceErrorKind
import ai.rtvi.client.ErrorKind
import ai.rtvi.client.RtviException
import android.Manifest
import android.hardware.camera2.CameraAccessException
import android.hardware.camera2.CameraDevice

/** Why a camera can't be used, as the device error reports it. */
internal object CameraErrors {
    fun of(kind: DeviceErrorKind, message: String, cause: Throwable? = null) =
        RtviException(ErrorKind.DEVICE, message, device = kind, cause = cause)

    fun notPermitted(cause: Throwable? = null) =
        of(DeviceErrorKind.PERMISSIONS, "the app has no permission to use the camera (${Manifest.permission.CAMERA})", cause)

    fun absent(id: String) = of(DeviceErrorKind.NOT_FOUND, "this device has no camera $id")

    fun taken(cause: Throwable? = null) = of(DeviceErrorKind.IN_USE, "another app uses the camera", cause)

    /** The system does not say which of the two. */
    fun lost() = of(DeviceErrorKind.IN_USE, "another app has taken the camera, or it was removed")

    private fun disabled(cause: Throwable?) = of(DeviceErrorKind.PERMISSIONS, "the camera is disabled by the device's owner", cause)

    private fun gone(cause: Throwable? = null) = of(DeviceErrorKind.NOT_FOUND, "the camera was removed", cause)

    private fun broken(cause: Throwable? = null) = of(DeviceErrorKind.UNKNOWN, "the camera has failed", cause)

    /** What the system throws when a camera is opened or used. */
    fun of(thrown: Exception): RtviException = when (thrown) {
        is RtviException -> thrown
        is SecurityException -> notPermitted(thrown)
        is CameraAccessException -> when (thrown.reason) {
            CameraAccessException.CAMERA_IN_USE, CameraAccessException.MAX_CAMERAS_IN_USE -> taken(thrown)
            CameraAccessException.CAMERA_DISABLED -> disabled(thrown)
            CameraAccessException.CAMERA_DISCONNECTED -> gone(thrown)
            else -> broken(thrown)
        }
        else -> broken(thrown)
    }

    /** What the system reports of an open camera: a code of [CameraDevice.StateCallback]. */
    fun ofCode(code: Int): RtviException = when (code) {
        CameraDevice.StateCallback.ERROR_CAMERA_IN_USE, CameraDevice.StateCallback.ERROR_MAX_CAMERAS_IN_USE -> taken()
        CameraDevice.StateCallback.ERROR_CAMERA_DISABLED -> disabled(null)
        else -> broken()
    }
}
