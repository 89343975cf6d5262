package ai.rtvi.client

import ai.rtvi.ffi.FfiMicrophone
import ai.rtvi.ffi.FfiMicrophoneControl
import ai.rtvi.ffi.FfiPcmInput
import ai.rtvi.ffi.FfiPcmOutput
import ai.rtvi.ffi.FfiSpeaker
import ai.rtvi.ffi.FfiSpeakerControl
import java.nio.ByteBuffer
import java.nio.ByteOrder

/** The source of the user's audio. */
public sealed interface Microphone {
    /**
     * A desktop machine's microphone by its [MediaDevice.deviceId], or the system's default. It
     * need not exist yet; [PipecatClient.updateMic] selects another one. Creating a client fails as
     * [ErrorKind.UNSUPPORTED_FEATURE] on Android.
     */
    public data class Device(public val id: String = "default") : Microphone

    /** The samples that the app pushes. One client consumes the input. */
    public data class Pcm(public val input: PcmInput) : Microphone

    /** A WAV file. It repeats at its end, or silence follows. */
    public data class Wav(public val path: String, public val repeat: Boolean = false) : Microphone

    /**
     * An endless tone, mono.
     *
     * @property frequency in Hz, at most half the sample rate; creating a client fails as
     *   [ErrorKind.INVALID_ARGUMENT] otherwise.
     * @property amplitude its peaks, 0 to 1 of full scale.
     * @property sampleRate in Hz.
     */
    public data class Tone(
        public val frequency: Double,
        public val amplitude: Double = 0.3,
        public val sampleRate: Int = 16_000,
    ) : Microphone

    /** Endless silence, as from a microphone in a quiet room. Without a microphone, no audio is sent at all. */
    public data object Silence : Microphone
}

/** The destination of the bot's audio. */
public sealed interface Speaker {
    /** A desktop machine's speaker, selected like a [Microphone.Device]. */
    public data class Device(public val id: String = "default") : Speaker

    /** The app pulls the samples. One client consumes the output. */
    public data class Pcm(public val output: PcmOutput) : Speaker

    /**
     * A recording, complete when the client is closed. Creates the file, or truncates an existing
     * one.
     */
    public data class Wav(
        public val path: String,
        public val sampleRate: Int = 24_000,
        public val channels: Int = 1,
    ) : Speaker
}

/**
 * The device behind a [PcmInput], which opens only while the client needs it.
 *
 * The SDK calls it on one of its threads, one call at a time. A call must return at once.
 */
public interface MicrophoneControl {
    /**
     * The client needs the microphone: begin to push. Throw the reason if the device fails. May be
     * called again after [stop].
     */
    public fun start()

    /** The client no longer needs the device: release it. */
    public fun stop()
}

/** The device behind a [PcmOutput]; called like a [MicrophoneControl]. */
public interface SpeakerControl {
    /**
     * The client needs the speaker: begin to pull. Throw the reason if the device fails. May be
     * called again after [stop].
     */
    public fun start()

    /** The user interrupted the bot: drop audio that was pulled but not heard yet. */
    public fun flush()

    /** The client no longer needs the device: release it. */
    public fun stop()
}

/**
 * The app pushes the user's samples here: 16-bit PCM, channels interleaved.
 *
 * It accepts 1,000 to 384,000 Hz and 1 to 8 channels. With `paced` false, the app pushes in real
 * time, as from a device of its own. With `paced` true, it pushes whenever there is room, and the
 * client takes the audio in real time.
 *
 * @throws RtviException if rate or channels are not supported.
 */
public class PcmInput(
    sampleRate: Int,
    channels: Int = 1,
    paced: Boolean = false,
    control: MicrophoneControl? = null,
) {
    internal val core: FfiPcmInput = calling {
        FfiPcmInput(sampleRate.clampedUInt(), channels.clampedUShort(), paced, control?.let(::MicrophoneBridge))
    }
    private var scratch: ByteBuffer = direct(0)

    /**
     * Queues the samples of a direct buffer, little-endian, and returns how many bytes were taken:
     * fewer than given when two seconds are already waiting. Never waits. For one thread at a time.
     */
    public fun push(pcm: ByteBuffer): Int = core.push(pcm).toInt()

    /** Queues samples and returns how many were taken. Otherwise like the other overload. */
    @Synchronized
    public fun push(samples: ShortArray, offset: Int = 0, count: Int = samples.size - offset): Int {
        if (scratch.capacity() < count * 2) scratch = direct(count * 2)
        val buffer = scratch.duplicate().order(ByteOrder.LITTLE_ENDIAN)
        buffer.asShortBuffer().put(samples, offset, count)
        buffer.limit(count * 2)
        return core.push(buffer).toInt() / 2
    }

    /** The free space in bytes. */
    public val freeSpace: Int get() = core.freeSpace().toInt()

    /**
     * Reports that the device failed while it was in use. The client reports a `deviceError`, sends
     * silence, and starts the device again in the next session, or when the microphone is enabled
     * after it was released.
     */
    public fun fail(error: RtviException): Unit = core.fail(error.error)

    /** Ends the audio: silence follows the pushed samples. */
    public fun end(): Unit = core.end()
}

/**
 * The app pulls the bot's samples here: 16-bit little-endian PCM, channels interleaved.
 *
 * It accepts 1,000 to 384,000 Hz and 1 to 8 channels. The app sets the pace: the client keeps 100
 * ms ready.
 *
 * @throws RtviException if rate or channels are not supported.
 */
public class PcmOutput(sampleRate: Int, channels: Int = 1, control: SpeakerControl? = null) {
    internal val core: FfiPcmOutput = calling {
        FfiPcmOutput(sampleRate.clampedUInt(), channels.clampedUShort(), control?.let(::SpeakerBridge))
    }

    /**
     * Returns up to `maxBytes` bytes, at most 1 MiB. If the client has no more or is not connected,
     * it returns fewer; play silence for the rest. Never waits. For one thread at a time.
     */
    public fun pull(maxBytes: Int): ByteArray = core.pull(maxBytes.coerceAtLeast(0).toUInt())

    /**
     * Reports that the device failed while it was in use. The client reports a `deviceError`,
     * discards the bot's audio, and starts the device again in the next session.
     */
    public fun fail(error: RtviException): Unit = core.fail(error.error)
}

private fun direct(bytes: Int): ByteBuffer = ByteBuffer.allocateDirect(bytes)

internal fun Microphone.ffi(): FfiMicrophone = when (this) {
    is Microphone.Device -> FfiMicrophone.Device(id)
    is Microphone.Pcm -> FfiMicrophone.Pcm(input.core)
    is Microphone.Wav -> FfiMicrophone.Wav(path, repeat)
    is Microphone.Tone -> FfiMicrophone.Tone(frequency, amplitude, sampleRate.clampedUInt())
    Microphone.Silence -> FfiMicrophone.Silence
}

internal fun Speaker.ffi(): FfiSpeaker = when (this) {
    is Speaker.Device -> FfiSpeaker.Device(id)
    is Speaker.Pcm -> FfiSpeaker.Pcm(output.core)
    is Speaker.Wav -> FfiSpeaker.Wav(path, sampleRate.clampedUInt(), channels.clampedUShort())
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
