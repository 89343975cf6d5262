package ai.rtvi.android

import android.annotation.SuppressLint
import android.hardware.camera2.CameraCaptureSession
import android.hardware.camera2.CameraDevice
import android.hardware.camera2.CameraManager
import android.hardware.camera2.CaptureRequest
import android.os.Handler
import android.os.Looper
import android.util.Range
import android.view.Surface

/**
 * An open camera that captures onto a surface until it is closed. Used on the handler's thread,
 * where `failed` is called at most once.
 */
internal class CameraSession(
    private val facts: CameraFacts,
    private val rate: RateRange?,
    private val output: Surface,
    private val handler: Handler,
    private val failed: (Exception) -> Unit,
) {
    @Volatile
    private var isClosed = false
    private var device: CameraDevice? = null
    private var session: CameraCaptureSession? = null
    private var hasTorch = false

    // The permission was checked before.
    @SuppressLint("MissingPermission")
    fun open(manager: CameraManager) = manager.openCamera(facts.id, callback, Handler(Looper.getMainLooper()))

    /**
     * Called on the main thread, which does not end: a camera that opens after the end of the
     * session's own thread would stay open.
     */
    private val callback = object : CameraDevice.StateCallback() {
        override fun onOpened(opened: CameraDevice) = pass(opened) { use(opened) }

        override fun onDisconnected(lost: CameraDevice) = pass(lost) { fail(CameraErrors.lost()).also { lost.close() } }

        override fun onError(broken: CameraDevice, code: Int) = pass(broken) { fail(CameraErrors.ofCode(code)).also { broken.close() } }
    }

    /** Continues on the session's own thread; after its end, only closes the camera. */
    private fun pass(camera: CameraDevice, act: () -> Unit) {
        if (isClosed || !handler.post(act)) camera.close()
    }

    private fun use(opened: CameraDevice) {
        if (isClosed) return opened.close()
        device = opened
        attempt { begin(opened) }
    }

    // The replacement needs Android 9.
    @Suppress("DEPRECATION")
    private fun begin(camera: CameraDevice) = camera.createCaptureSession(
        listOf(output),
        object : CameraCaptureSession.StateCallback() {
            override fun onConfigured(configured: CameraCaptureSession) {
                if (isClosed) return
                session = configured
                attempt { repeat(camera, configured) }
            }

            override fun onConfigureFailed(refused: CameraCaptureSession) = fail(CameraErrors.ofCode(CameraDevice.StateCallback.ERROR_CAMERA_DEVICE))
        },
        handler,
    )

    private fun repeat(camera: CameraDevice, session: CameraCaptureSession) {
        val request = camera.createCaptureRequest(CameraDevice.TEMPLATE_RECORD)
        request.addTarget(output)
        rate?.let { request.set(CaptureRequest.CONTROL_AE_TARGET_FPS_RANGE, Range(it.lowest, it.highest)) }
        request.set(CaptureRequest.CONTROL_AF_MODE, CaptureRequest.CONTROL_AF_MODE_CONTINUOUS_VIDEO)
        request.set(CaptureRequest.FLASH_MODE, if (hasTorch) CaptureRequest.FLASH_MODE_TORCH else CaptureRequest.FLASH_MODE_OFF)
        session.setRepeatingRequest(request.build(), null, handler)
    }

    /** Turns the lamp beside the camera on or off, if it has one. */
    fun setTorch(on: Boolean) {
        hasTorch = on && facts.hasTorch
        val (camera, session) = Pair(device ?: return, session ?: return)
        attempt { repeat(camera, session) }
    }

    fun close() {
        isClosed = true
        session = null
        device?.close()
        device = null
    }

    private fun fail(error: Exception) {
        if (isClosed) return
        close()
        failed(error)
    }

    private fun attempt(act: () -> Unit) = try {
        act()
    } catch (thrown: Exception) {
        fail(thrown)
    }
}
