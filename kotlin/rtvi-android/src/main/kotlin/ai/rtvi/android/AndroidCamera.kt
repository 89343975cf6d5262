package ai.rtvi.android

import ai.rtvi.client.EncodedVideoFrame
import ai.rtvi.client.MediaDevice
import ai.rtvi.client.VideoInputControl
import ai.rtvi.client.VideoFormat
import ai.rtvi.client.VideoInput
import ai.rtvi.client.VideoTarget
import android.Manifest
import android.content.Context
import android.content.pm.PackageManager
import android.view.Surface

/**
 * The device's cameras, compressed by the device itself, for one client. A camera is open only while
 * the client needs it and the app is on the screen: in the background it is closed, and its torch is
 * off. No picture leaves the graphics processor uncompressed.
 *
 * Needs the permission `CAMERA`, which the app's own manifest must request. Without it, and for a
 * camera that another app uses or that was removed, the client reports a
 * [device error][ai.rtvi.client.ErrorKind.DEVICE] whose `device` is the reason.
 *
 * @param deviceId the first camera, one of [Cameras]. `client.updateCam` selects another one.
 */
public class AndroidCamera internal constructor(context: Context, deviceId: String, private val parts: PipeParts?) {
    public constructor(context: Context, deviceId: String = Cameras.Front.deviceId) : this(context, deviceId, null)

    private val app = context.applicationContext
    private val finder = CameraFinder(app)
    private val codec = DeviceCodecs.encoded()
    private val shown = HeldSurface()

    /** The camera that is on; used under the lock of this object. */
    private var capture: CameraCapture? = null
    private var selected = deviceId

    /** For [ai.rtvi.client.PipecatClientOptions.camera]. */
    public val input: VideoInput = VideoInput(codec, hasDevices = true, control = Control())

    /**
     * The camera's own pictures, for a [VideoView]. They are there while the camera is on. Mirror the
     * view of a front camera, as people expect of a mirror.
     */
    public val track: VideoTrack = VideoTrack(shown)

    init {
        input.devicesChanged(finder.devices())
    }

    /** Turns the lamp beside the camera on or off, while the camera is on; does nothing if it has none. */
    @Synchronized
    public fun setTorch(on: Boolean) {
        capture?.setTorch(on)
    }

    private inner class Control : VideoInputControl {
        private var wanted: VideoFormat? = null
        private var target: VideoTarget? = null

        override fun start(wanted: VideoFormat) = synchronized(this@AndroidCamera) {
            begin(wanted)
            // Only now: a camera that can't be opened is off, and stays so when another one is selected.
            this.wanted = wanted
        }

        override fun setTarget(target: VideoTarget) = synchronized(this@AndroidCamera) {
            this.target = target
            capture?.follow(target) ?: Unit
        }

        override fun requestKeyFrame() = synchronized(this@AndroidCamera) { capture?.requestKeyFrame() ?: Unit }

        override fun select(deviceId: String) = synchronized(this@AndroidCamera) {
            finder.find(deviceId)
            selected = deviceId
            val format = wanted
            if (format == null) input.deviceUsed(device(deviceId)) else begin(format)
        }

        override fun stop() = synchronized(this@AndroidCamera) {
            wanted = null
            end()
        }

        private fun begin(wanted: VideoFormat) {
            end()
            if (app.checkSelfPermission(Manifest.permission.CAMERA) != PackageManager.PERMISSION_GRANTED) throw CameraErrors.notPermitted()
            val facts = finder.find(selected)
            val listener = object : PipeListener {
                override fun onFrame(frame: EncodedVideoFrame) {
                    input.push(frame)
                }

                override fun onFailure(failure: Exception) = input.fail(CameraErrors.of(failure))
            }
            val begun = CameraCapture(app, finder, facts, wanted, codec, parts, listener)
            target?.let(begun::follow)
            shown.isShownBy(begun)
            capture = begun
            input.deviceUsed(device(selected))
        }

        private fun end() {
            shown.isShownBy(null)
            capture?.close()
            capture = null
        }
    }

    private fun device(deviceId: String): MediaDevice =
        listOf(Cameras.Front, Cameras.Rear).firstOrNull { it.deviceId == deviceId } ?: MediaDevice(deviceId, deviceId)
}

/** The surface of a view, which outlives the camera that draws on it. */
internal class HeldSurface : ShowsVideo {
    private var held: Pair<Surface, (PictureSize) -> Unit>? = null
    private var by: ShowsVideo? = null

    @Synchronized
    fun isShownBy(source: ShowsVideo?) {
        by = source
        held?.let { (surface, onSize) -> source?.show(surface, onSize) }
    }

    @Synchronized
    override fun show(surface: Surface, onSize: (PictureSize) -> Unit) {
        held = Pair(surface, onSize)
        by?.show(surface, onSize)
    }

    @Synchronized
    override fun hide(surface: Surface, done: () -> Unit) {
        if (held?.first === surface) held = null
        by?.hide(surface, done) ?: done()
    }
}
