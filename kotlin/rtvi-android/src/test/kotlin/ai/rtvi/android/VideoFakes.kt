package ai.rtvi.android

import ai.rtvi.client.EncodedVideoFrame
import ai.rtvi.client.VideoCodec
import ai.rtvi.client.VideoFormat
import ai.rtvi.client.VideoTarget
import android.graphics.SurfaceTexture
import android.os.Handler
import android.os.Looper
import android.view.Surface
import java.util.concurrent.CopyOnWriteArrayList

/** A graphics processor and encoders that only record the calls they receive. */
internal class FakeParts {
    var now = 0L
    val drawn = CopyOnWriteArrayList<Pair<Surface, PictureTurn>>()
    val encoders = CopyOnWriteArrayList<FakeEncoder>()

    /** How many of the next encoders can't be created. */
    var broken = 0

    /** Whether an encoder delivers a frame of VP8 for each picture. */
    var delivers = false

    @Volatile
    var renderer: FakeRenderer? = null

    val parts = PipeParts(
        renderers = { onPicture -> FakeRenderer(this, onPicture).also { renderer = it } },
        encoders = { setup, _, listener ->
            if (broken > 0) {
                broken--
                error("no encoder")
            }
            FakeEncoder(setup, listener).also { encoders += it }
        },
        clock = { if (delivers) System.nanoTime() else now },
    )

    /** The newest encoder. */
    val encoder get() = encoders.last()
}

internal fun surface() = Surface(SurfaceTexture(0))

internal class FakeRenderer(private val fake: FakeParts, val onPicture: () -> Unit) : PictureRenderer {
    override val input = surface()
    val sizes = CopyOnWriteArrayList<PictureSize>()
    val forgotten = CopyOnWriteArrayList<Surface>()

    @Volatile
    var isReleased = false

    override fun resize(size: PictureSize) {
        sizes += size
    }

    override fun takeNewest() = Unit

    private val handler = Looper.myLooper()?.let(::Handler)

    /** The camera has a picture. */
    fun capture() = handler?.post(onPicture)

    override fun draw(output: Surface, turn: PictureTurn, timeNanos: Long) {
        fake.drawn += Pair(output, turn)
        if (fake.delivers) fake.encoders.find { it.surface === output }?.encode()
    }

    override fun forget(output: Surface) {
        forgotten += output
    }

    override fun release() {
        isReleased = true
    }
}

internal class FakeEncoder(val setup: EncoderSetup, val listener: EncoderListener) : SurfaceEncoder {
    override val surface = surface()
    val bitrates = CopyOnWriteArrayList<Int>()

    @Volatile
    var keyFrames = 0

    @Volatile
    var isReleased = false

    override fun setBitrate(bitsPerSecond: Int) {
        bitrates += bitsPerSecond
    }

    override fun requestKeyFrame() {
        keyFrames++
    }

    override fun release() {
        isReleased = true
    }

    fun deliver(isKey: Boolean) = listener.onFrame(frame(isKey, setup.size))

    private var frames = 0

    /** A frame that looks right from outside. */
    fun encode() {
        val isKey = frames++ == 0 || keyFrames > 0
        keyFrames = 0
        val (width, height) = setup.size
        val sides = byteArrayOf(width.toByte(), (width shr 8).toByte(), height.toByte(), (height shr 8).toByte())
        val data = if (isKey) byteArrayOf(0x10, 0, 0, 0x9D.toByte(), 1, 0x2A) + sides else byteArrayOf(0x11, 0, 0)
        listener.onFrame(videoFrame(VideoCodec.VP8, data + ByteArray(500), isKey, setup.size, System.nanoTime() / 1_000))
    }
}

internal fun frame(isKey: Boolean, size: PictureSize = PictureSize(640, 480)) =
    EncodedVideoFrame(VideoCodec.H264, byteArrayOf(0, 0, 0, 1, if (isKey) 0x65 else 0x41), isKey, size.width.toUInt(), size.height.toUInt(), 0u)

internal fun target(width: Int, height: Int, bitrate: Int = 600_000, rate: Int = 24) =
    VideoTarget(VideoFormat(width.toUInt(), height.toUInt(), rate.toUInt()), bitrate.toUInt(), 150_000u)
