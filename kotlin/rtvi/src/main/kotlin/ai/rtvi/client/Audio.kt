package ai.rtvi.client

import ai.rtvi.ffi.FfiMicrophone
import ai.rtvi.ffi.FfiMicrophoneControl
import ai.rtvi.ffi.FfiPcmInput
import ai.rtvi.ffi.FfiPcmOutput
import ai.rtvi.ffi.FfiSpeaker
import ai.rtvi.ffi.FfiSpeakerControl
import java.nio.ByteBuffer
import java.nio.ByteOrder

/** Where the user's audio comes from. */
public sealed interface Microphone {
    /**
     * A microphone of a desktop machine by its [MediaDevice.deviceId], or the system's default; it need not be there yet, and
     * [PipecatClient.updateMic] chooses another. Making a client fails as [ErrorKind.UNSUPPORTED_FEATURE] on Android.
     */
    public data class Device(public val id: String = "default") : Microphone

    /** What the app pushes. An input is used up by its client. */
    public data class Pcm(public val input: PcmInput) : Microphone

    /** A WAV file; begins anew at its end, or silence follows. */
    public data class Wav(public val path: String, public val repeat: Boolean = false) : Microphone
}

/** Where the bot's audio goes. */
public sealed interface Speaker {
    /** A speaker of a desktop machine, chosen as [Microphone.Device] is. */
    public data class Device(public val id: String = "default") : Speaker

    /** What the app pulls. An output is used up by its client. */
    public data class Pcm(public val output: PcmOutput) : Speaker

    /** A recording, complete when the client is closed. Makes the file, or empties the one that is there. */
    public data class Wav(
        public val path: String,
        public val sampleRate: Int = 24_000,
        public val channels: Int = 1,
    ) : Speaker
}

/**
 * The device behind a [PcmInput], so that it is open only while it is wanted.
 *
 * Called on a thread of the SDK, one call at a time; a call must return at once.
 */
public interface MicrophoneControl {
    /** The microphone is wanted: begin to push. What it throws is why the device failed. May come again after [stop]. */
    public fun start()

    /** It is not wanted any more: release the device. */
    public fun stop()
}

/** The device behind a [PcmOutput]; called as [MicrophoneControl] is. */
public interface SpeakerControl {
    /** The speaker is wanted: begin to pull. What it throws is why the device failed. May come again after [stop]. */
    public fun start()

    /** The bot was interrupted: drop what was pulled and is not heard yet. */
    public fun flush()

    /** It is not wanted any more: release the device. */
    public fun stop()
}

/**
 * Where the app pushes the user's samples: 16-bit PCM, channels interleaved.
 *
 * Takes 1,000 to 384,000 Hz and 1 to 8 channels. With `paced` false the app pushes in real time, as from a device of its own; with true
 * whenever there is room, and the client takes it in real time.
 *
 * @throws RtviException if rate or channels are not possible.
 */
public class PcmInput(
    sampleRate: Int,
    channels: Int = 1,
    paced: Boolean = false,
    control: MicrophoneControl? = null,
) {
    internal val core: FfiPcmInput = calling {
        FfiPcmInput(sampleRate.toUInt(), channels.toUShort(), paced, control?.let(::MicrophoneBridge))
    }
    private var scratch: ByteBuffer = direct(0)

    /**
     * Puts the samples of a direct buffer, little-endian, behind those that wait, and says how many bytes were taken: fewer than given when two
     * seconds wait already. Never waits. For one thread at a time.
     */
    public fun push(pcm: ByteBuffer): Int = core.push(pcm).toInt()

    /** Puts samples behind those that wait, and says how many were taken. Otherwise as the other. */
    @Synchronized
    public fun push(samples: ShortArray, offset: Int = 0, count: Int = samples.size - offset): Int {
        if (scratch.capacity() < count * 2) scratch = direct(count * 2)
        val buffer = scratch.duplicate().order(ByteOrder.LITTLE_ENDIAN)
        buffer.asShortBuffer().put(samples, offset, count)
        buffer.limit(count * 2)
        return core.push(buffer).toInt() / 2
    }

    /** How many bytes there is room for. */
    public val freeSpace: Int get() = core.freeSpace().toInt()

    /** Ends the audio: silence follows what was pushed. */
    public fun end(): Unit = core.end()
}

/**
 * Where the app pulls the bot's samples: 16-bit little-endian PCM, channels interleaved.
 *
 * Takes 1,000 to 384,000 Hz and 1 to 8 channels. It is paced by the app: 100 ms are kept ready.
 *
 * @throws RtviException if rate or channels are not possible.
 */
public class PcmOutput(sampleRate: Int, channels: Int = 1, control: SpeakerControl? = null) {
    internal val core: FfiPcmOutput = calling {
        FfiPcmOutput(sampleRate.toUInt(), channels.toUShort(), control?.let(::SpeakerBridge))
    }

    /**
     * Gives up to `maxBytes` bytes, at most 1 MiB: fewer when the client has no more or is not connected; play silence for the rest. Never waits.
     * For one thread at a time.
     */
    public fun pull(maxBytes: Int): ByteArray = core.pull(maxBytes.coerceAtLeast(0).toUInt())
}

private fun direct(bytes: Int): ByteBuffer = ByteBuffer.allocateDirect(bytes)

internal fun Microphone.ffi(): FfiMicrophone = when (this) {
    is Microphone.Device -> FfiMicrophone.Device(id)
    is Microphone.Pcm -> FfiMicrophone.Pcm(input.core)
    is Microphone.Wav -> FfiMicrophone.Wav(path, repeat)
}

internal fun Speaker.ffi(): FfiSpeaker = when (this) {
    is Speaker.Device -> FfiSpeaker.Device(id)
    is Speaker.Pcm -> FfiSpeaker.Pcm(output.core)
    is Speaker.Wav -> FfiSpeaker.Wav(path, sampleRate.toUInt(), channels.toUShort())
}

private class MicrophoneBridge(private val control: MicrophoneControl) : FfiMicrophoneControl {
    override fun start() = answering(ErrorKind.DEVICE) { control.start() }
    override fun stop() = answering(ErrorKind.DEVICE) { control.stop() }
}

private class SpeakerBridge(private val control: SpeakerControl) : FfiSpeakerControl {
    override fun start() = answering(ErrorKind.DEVICE) { control.start() }
    override fun flush() = answering(ErrorKind.DEVICE) { control.flush() }
    override fun stop() = answering(ErrorKind.DEVICE) { control.stop() }
}
