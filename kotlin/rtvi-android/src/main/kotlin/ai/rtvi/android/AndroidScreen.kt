package ai.rtvi.android

import ai.rtvi.client.DeviceErrorKind
import ai.rtvi.client.EncodedVideoFrame
import ai.rtvi.client.ErrorKind
import ai.rtvi.client.RtviException
import ai.rtvi.client.VideoInputControl
import ai.rtvi.client.VideoFormat
import ai.rtvi.client.VideoInput
import ai.rtvi.client.VideoTarget
import android.content.Context
import android.content.Intent
import android.media.projection.MediaProjection
import android.media.projection.MediaProjectionManager

/**
 * The device's screen, compressed by the device itself, for one client.
 *
 * Before each `client.enableScreenShare(true)`:
 * 1. launch [permissionRequest] for a result, and pass what the user chose to [permit];
 * 2. run [CallService] with a screen, because Android shares none without such a service.
 *
 * Without them, and when the user ends the sharing in the system's own interface, the client reports
 * a `screenShareError`.
 */
public class AndroidScreen internal constructor(context: Context, private val parts: PipeParts?) {
    public constructor(context: Context) : this(context, null)

    private val app = context.applicationContext
    private val manager = app.getSystemService(MediaProjectionManager::class.java)
    private val codec = DeviceCodecs.encoded()
    private var permission: Pair<Int, Intent>? = null
    private var capture: ScreenCapture? = null

    /** For [ai.rtvi.client.PipecatClientOptions.screen]. */
    public val input: VideoInput = VideoInput(codec, control = Control())

    /** Asks the user what to share: an intent for an activity's result. */
    public fun permissionRequest(): Intent = manager.createScreenCaptureIntent()

    /** The activity's result. It serves one sharing: Android wants the user asked each time. */
    @Synchronized
    public fun permit(resultCode: Int, data: Intent?) {
        permission = data?.let { Pair(resultCode, it) }
    }

    private inner class Control : VideoInputControl {
        override fun start(wanted: VideoFormat) = synchronized(this@AndroidScreen) {
            val listener = object : PipeListener {
                override fun onFrame(frame: EncodedVideoFrame) {
                    input.push(frame)
                }

                override fun onFailure(failure: Exception) = input.fail(ScreenErrors.of(failure))
            }
            capture = ScreenCapture(app, projection(), wanted, parts ?: platformParts(codec), listener)
        }

        override fun setTarget(target: VideoTarget) = synchronized(this@AndroidScreen) { capture?.follow(target) ?: Unit }

        override fun requestKeyFrame() = synchronized(this@AndroidScreen) { capture?.requestKeyFrame() ?: Unit }

        override fun stop() = synchronized(this@AndroidScreen) {
            capture?.close()
            capture = null
        }
    }

    private fun projection(): MediaProjection {
        val (code, data) = permission ?: throw ScreenErrors.notPermitted()
        permission = null
        return try {
            manager.getMediaProjection(code, data) ?: throw ScreenErrors.notPermitted()
        } catch (refused: SecurityException) {
            throw ScreenErrors.noService(refused)
        }
    }
}

/** Why the screen can't be shared, as the screen share error reports it. */
internal object ScreenErrors {
    private fun of(kind: DeviceErrorKind, message: String, cause: Throwable? = null) =
        RtviException(ErrorKind.DEVICE, message, device = kind, cause = cause)

    fun notPermitted() = of(DeviceErrorKind.PERMISSIONS, "the user has not permitted to share the screen: call permit() with the result of the request")

    fun noService(cause: Throwable? = null) =
        of(DeviceErrorKind.PERMISSIONS, "Android shares the screen only while CallService runs with a screen", cause)

    fun ended() = of(DeviceErrorKind.PERMISSIONS, "the user has ended the sharing of the screen")

    fun of(thrown: Exception): RtviException =
        thrown as? RtviException ?: of(DeviceErrorKind.UNKNOWN, "the screen can't be shared any more", thrown)
}
