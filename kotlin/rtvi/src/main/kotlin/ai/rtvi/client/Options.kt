package ai.rtvi.client

import ai.rtvi.ffi.FfiClientOptions
import ai.rtvi.ffi.FfiStartRequest
import ai.rtvi.ffi.pipecatCloudRequest
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers

/**
 * The options of a client. Set them before you create the client, in the block or later.
 *
 * @param callbacks receives all events, from the first one on.
 */
public class PipecatClientOptions(
    callbacks: PipecatEventCallbacks? = null,
    configure: PipecatClientOptions.() -> Unit = {},
) : ClientOptions() {
    /** Receives all events, from the first one on. Default: none. */
    public var callbacks: PipecatEventCallbacks? = callbacks

    /** The source of the user's audio. Default: none; the client then sends no audio. */
    public var microphone: Microphone? = null

    /**
     * The destination of the bot's audio. Default: none; the client then discards the audio at
     * real-time rate.
     */
    public var speaker: Speaker? = null

    /** The camera. Default: none. */
    public var camera: VideoInput? = null

    /** The screen to share. Default: none. */
    public var screen: VideoInput? = null

    /**
     * The destination of the bot's video. Default: none; the client then asks the bot for no video.
     */
    public var display: VideoDisplay? = null

    /**
     * Where callbacks and function-call handlers run. Even with several threads, callbacks run one
     * at a time. Default: [Dispatchers.Default].
     */
    public var callbackDispatcher: CoroutineDispatcher = Dispatchers.Default

    /** Receives exceptions from callbacks. Default: prints them. */
    public var onCallbackException: (Throwable) -> Unit = Throwable::printStackTrace

    init {
        configure()
    }

    internal fun ffi(transport: Transport) =
        FfiClientOptions(
            transport.ffi(),
            microphone?.ffi(),
            speaker?.ffi(),
            camera?.core,
            screen?.core,
            display?.let(::DisplayBridge),
            toJson(),
        )

    /** Adds the name of this library if the app sets none. */
    private fun toJson(): String {
        val options = toValue().value
        val about = mapOf("library" to Value.Str("rtvi-kotlin")) + (options["about"] as? Value.Object)?.value.orEmpty()
        return Value.Object(options + ("about" to Value.Object(about))).toJson()
    }
}

/**
 * A request that starts a session of an agent on Pipecat Cloud with a public key (`pk_…`). The key
 * is sent as a header and never shown.
 *
 * @param requestData an object. `transport` is `webrtc` or `websocket`; `body` holds the bot's
 *   arguments: at most 1 MiB of JSON, or 4 KiB for WebSockets.
 * @throws RtviException for an unusable name or key.
 */
public fun pipecatCloud(agent: String, publicKey: String, requestData: Value? = null): APIRequest =
    request(calling { pipecatCloudRequest(agent, publicKey) }).apply { this.requestData = requestData }

internal fun request(from: FfiStartRequest) = APIRequest(from.endpoint) {
    headers = from.headers.map { Header(it.name, it.value) }
    requestData = from.requestData
    timeout = from.timeoutMs?.toLong()?.milliseconds
}

/** How the bot treats a text. `null` uses the server's default, which is true. */
public data class SendTextOptions(
    /** Whether to interrupt the bot and answer at once. */
    public val runImmediately: Boolean? = null,
    /** Whether to speak the answer. */
    public val audioResponse: Boolean? = null,
)

/** The core's form: negative values become 0, excessive ones the maximum. */
internal fun Duration?.millis(): UInt? = this?.inWholeMilliseconds?.coerceIn(0, UInt.MAX_VALUE.toLong())?.toUInt()

/** The core's form: negative values become 0. */
internal fun Int.clampedUInt(): UInt = coerceAtLeast(0).toUInt()

/** The core's form: values out of range become the nearest end. */
internal fun Int.clampedUShort(): UShort = coerceIn(0, UShort.MAX_VALUE.toInt()).toUShort()

/** A URL without its potentially secret parts. */
internal fun shown(url: String): String = url.substringBefore('#').substringBefore('?').replace(USER, "//")

/** User and password of a URL. */
private val USER = Regex("//[^/]*@")
