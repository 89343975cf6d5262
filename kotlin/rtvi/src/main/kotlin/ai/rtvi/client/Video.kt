package ai.rtvi.client

import ai.rtvi.ffi.FfiVideoControl
import ai.rtvi.ffi.FfiVideoDisplay
import ai.rtvi.ffi.FfiVideoInput

/**
 * The camera or the screen behind a [VideoInput], and its encoder. It is on only while the client
 * needs pictures.
 *
 * The SDK calls it on one of its threads, one call at a time. A call must return at once, but for
 * [start] and [stop], which may take as long as the device does.
 */
public interface VideoInputControl {
    /**
     * The client needs pictures: begin to push, with a key frame and as close to `wanted` as
     * possible. Throw the reason if the device fails. May be called again after [stop].
     */
    public fun start(wanted: VideoFormat)

    /** The frames must meet this target from now on. Also called when the first ones are needed. */
    public fun setTarget(target: VideoTarget)

    /** The next frame must be a key frame. */
    public fun requestKeyFrame()

    /**
     * The app selects another device: report it with [VideoInput.deviceUsed], or throw why it can't
     * be used. Only called for an input that has devices.
     */
    public fun select(deviceId: String) {}

    /** The client no longer needs pictures: release the device. */
    public fun stop()
}

/**
 * A camera or a screen of the app, which compresses its pictures itself. The app pushes the frames
 * here, and any thread may do so; nothing waits. For [PipecatClientOptions.camera] or
 * [PipecatClientOptions.screen] of one client.
 *
 * H.264 frames are access units in Annex B form, and a key frame begins with its parameter sets.
 * Pictures are upright: servers don't rotate them.
 *
 * @param hasDevices whether there are several devices to select from, which [devicesChanged] names.
 */
public class VideoInput(public val codec: VideoCodec, hasDevices: Boolean = false, control: VideoInputControl) {
    internal val core: FfiVideoInput = FfiVideoInput(codec, hasDevices, VideoBridge(control))

    /**
     * Passes a frame to the client. Returns `false` if it was dropped, because the client needs no
     * pictures now, or because the frame does not continue the ones before. Eight frames wait: a
     * ninth drops them, and the frames up to the next key frame, which the client requests.
     *
     * @throws RtviException as [ErrorKind.INVALID_ARGUMENT] for another codec, and for a size that is
     *   not supported.
     */
    public fun push(frame: EncodedVideoFrame): Boolean = calling { core.push(frame) }

    /**
     * Reports that the device failed. The client reports a `deviceError`, for a screen a
     * `screenShareError`, and starts the device again when the app enables it again.
     */
    public fun fail(error: RtviException): Unit = core.fail(error.error)

    /** Reports which devices there are, at first and after every change. */
    public fun devicesChanged(devices: List<MediaDevice>): Unit = core.devicesChanged(devices)

    /** Reports the device that is used from now on. */
    public fun deviceUsed(device: MediaDevice): Unit = core.deviceUsed(device)
}

/**
 * Shows the bot's video, for [PipecatClientOptions.display]. It decodes the frames itself.
 *
 * The SDK calls it on one of its threads, one call at a time. If [write] or [needsKeyFrame] throws,
 * the client reports a `deviceError` and shows nothing more.
 */
public interface VideoDisplay {
    /** The codecs that it can decode, the preferred one first. The client reads it once. */
    public val codecs: List<VideoCodec>

    /**
     * Takes a frame to decode and show now. The first one, and the first one after a gap, is a key
     * frame. May block for less than the time of a frame.
     */
    public fun write(frame: EncodedVideoFrame)

    /**
     * Whether it can't continue without a key frame. The client asks after each frame; it then
     * writes nothing before the next key frame, and requests one from the bot.
     */
    public fun needsKeyFrame(): Boolean = false

    /** The bot's video has ended. Other video may follow. */
    public fun stop()
}

private class VideoBridge(private val control: VideoInputControl) : FfiVideoControl {
    override fun start(wanted: VideoFormat) = answering(ErrorKind.DEVICE) { control.start(wanted) }
    override fun setTarget(target: VideoTarget) = answering(ErrorKind.DEVICE) { control.setTarget(target) }
    override fun requestKeyFrame() = answering(ErrorKind.DEVICE) { control.requestKeyFrame() }
    override fun select(deviceId: String) = answering(ErrorKind.DEVICE) { control.select(deviceId) }
    override fun stop() = answering(ErrorKind.DEVICE) { control.stop() }
}

internal class DisplayBridge(private val display: VideoDisplay) : FfiVideoDisplay {
    override fun codecs() = answering(ErrorKind.DEVICE) { display.codecs }
    override fun write(frame: EncodedVideoFrame) = answering(ErrorKind.DEVICE) { display.write(frame) }
    override fun needsKeyFrame() = answering(ErrorKind.DEVICE) { display.needsKeyFrame() }
    override fun stop() = answering(ErrorKind.DEVICE) { display.stop() }
}
