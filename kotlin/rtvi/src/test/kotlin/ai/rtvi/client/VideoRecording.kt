package ai.rtvi.client

import java.io.File
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.Executors
import java.util.concurrent.ScheduledFuture
import java.util.concurrent.TimeUnit

/** Encoded frames, and whether each is a key frame. */
internal class VideoRecording(val codec: VideoCodec, val frames: List<Pair<ByteArray, Boolean>>) {
    companion object {
        /** Frames of VP8 that look right from outside: nobody decodes them. Each has its number in it. */
        fun ofNumbers(count: Int = 240, keyEvery: Int = 12) = VideoRecording(
            VideoCodec.VP8,
            List(count) { number ->
                val isKey = number % keyEvery == 0
                val header = if (isKey) byteArrayOf(0x10, 0, 0, 0x9D.toByte(), 1, 0x2A, 0x80.toByte(), 2, 0xE0.toByte(), 1) else byteArrayOf(0x11, 0, 0)
                Pair(header + ByteArray(900) { (number + it).toByte() }, isKey)
            },
        )

        /** A file in the form IVF. */
        fun read(file: File): VideoRecording {
            val data = ByteBuffer.wrap(file.readBytes()).order(ByteOrder.LITTLE_ENDIAN)
            val codec = if (data.get(8) == 'H'.code.toByte()) VideoCodec.H264 else VideoCodec.VP8
            data.position(32)
            val frames = mutableListOf<Pair<ByteArray, Boolean>>()
            while (data.hasRemaining()) {
                val frame = ByteArray(data.getInt())
                data.getLong()
                data.get(frame)
                frames += Pair(frame, isKey(codec, frame))
            }
            return VideoRecording(codec, frames)
        }

        private fun isKey(codec: VideoCodec, frame: ByteArray): Boolean {
            if (codec == VideoCodec.VP8) return frame[0].toInt() and 1 == 0
            val starts = (0..frame.size - 4).filter { frame[it].toInt() == 0 && frame[it + 1].toInt() == 0 && frame[it + 2].toInt() == 1 }
            return starts.any { frame[it + 3].toInt() and 0x1F == 5 }
        }

        /** Writes frames in the form IVF. */
        fun write(file: File, frames: List<EncodedVideoFrame>) {
            val size = 32 + frames.sumOf { 12 + it.data.size }
            val data = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN)
            val codec = if (frames.firstOrNull()?.codec == VideoCodec.H264) "H264" else "VP80"
            data.put("DKIF".toByteArray()).putShort(0).putShort(32).put(codec.toByteArray()).position(32)
            frames.forEachIndexed { number, frame -> data.putInt(frame.data.size).putLong(number.toLong()).put(frame.data) }
            file.writeBytes(data.array())
        }
    }
}

/** A camera or a screen that plays a recording in a loop, at the rate of its target. */
internal class PlayedVideo(private val recording: VideoRecording, hasDevices: Boolean = false) : VideoInputControl {
    val input = VideoInput(recording.codec, hasDevices, this)

    /** The calls it received. */
    val told = CopyOnWriteArrayList<String>()

    /** The frames that the client took. */
    val taken = CopyOnWriteArrayList<ByteArray>()

    /** What the next start throws. */
    @Volatile
    var refusal: RtviException? = null
    private val timer = Executors.newSingleThreadScheduledExecutor { Thread(it, "camera").apply { isDaemon = true } }
    private var playing: ScheduledFuture<*>? = null
    private var at = 0

    @Volatile
    private var wantsKeyFrame = false

    override fun start(wanted: VideoFormat) {
        told += "start ${wanted.width}x${wanted.height}@${wanted.frameRate}"
        refusal?.let { throw it }
        wantsKeyFrame = true
        val period = 1_000_000L / wanted.frameRate.toLong()
        playing = timer.scheduleAtFixedRate(::play, 0, period, TimeUnit.MICROSECONDS)
    }

    private fun play() {
        if (wantsKeyFrame) while (!recording.frames[at % recording.frames.size].second) at++
        wantsKeyFrame = false
        val (data, isKey) = recording.frames[at++ % recording.frames.size]
        val frame = EncodedVideoFrame(recording.codec, data, isKey, 640u, 480u, (System.nanoTime() / 1_000).toULong())
        if (input.push(frame)) taken += data
    }

    override fun setTarget(target: VideoTarget) {
        told += "target ${target.format.width}x${target.format.height}"
    }

    override fun requestKeyFrame() {
        wantsKeyFrame = true
    }

    override fun select(deviceId: String) {
        told += "select $deviceId"
        if (deviceId == "broken") error("it is broken")
        input.deviceUsed(MediaDevice(deviceId, deviceId.uppercase()))
    }

    override fun stop() {
        told += "stop"
        playing?.cancel(false)
    }
}

/** A display that keeps the bot's frames. */
internal class KeptVideo(override val codecs: List<VideoCodec>) : VideoDisplay {
    val frames = CopyOnWriteArrayList<EncodedVideoFrame>()

    @Volatile
    var stops = 0

    /** Whether it asks for a key frame after the next frame. */
    @Volatile
    var loses = false

    /** How many frames there were when it asked. */
    @Volatile
    var lostAt: Int? = null

    override fun write(frame: EncodedVideoFrame) {
        frames += frame
    }

    override fun needsKeyFrame(): Boolean {
        if (!loses) return false
        loses = false
        lostAt = frames.size
        return true
    }

    override fun stop() {
        stops++
    }
}
