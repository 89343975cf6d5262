package ai.rtvi.client

import ai.rtvi.ffi.FfiClientOptions
import ai.rtvi.ffi.FfiStartRequest
import ai.rtvi.ffi.pipecatCloudRequest
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers

/**
 * What an app chooses when it makes a client. To be set before that, in the block or later.
 *
 * @param callbacks told everything that happens, from the first event on.
 */
public class PipecatClientOptions(
    callbacks: PipecatEventCallbacks? = null,
    configure: PipecatClientOptions.() -> Unit = {},
) : ClientOptions() {
    /** Told everything that happens, from the first event on. Default: none. */
    public var callbacks: PipecatEventCallbacks? = callbacks

    /** Where the user's audio comes from. Default: none, and then no audio is sent. */
    public var microphone: Microphone? = null

    /** Where the bot's audio goes. Default: none, and then it is played into nothing in real time. */
    public var speaker: Speaker? = null

    /** Where callbacks and function-call handlers run. With several threads, callbacks still come one at a time. Default: [Dispatchers.Default]. */
    public var callbackDispatcher: CoroutineDispatcher = Dispatchers.Default

    /** Gets what a callback throws. Default: prints it. */
    public var onCallbackException: (Throwable) -> Unit = Throwable::printStackTrace

    init {
        configure()
    }

    internal fun ffi(transport: Transport) =
        FfiClientOptions(transport.ffi(), microphone?.ffi(), speaker?.ffi(), toJson())

    /** With the name of this library where the app gives none. */
    private fun toJson(): String {
        val options = toValue().value
        val about = mapOf("library" to Value.Str("rtvi-kotlin")) + (options["about"] as? Value.Object)?.value.orEmpty()
        return Value.Object(options + ("about" to Value.Object(about))).toJson()
    }
}

/**
 * A request that starts a session of an agent on Pipecat Cloud with a public key (`pk_…`), which is sent as a header and never shown.
 *
 * @param requestData what to ask for, an object: `transport`, `webrtc` or `websocket`, and in `body` what the bot gets as its arguments, at
 *   most 1 MiB of JSON, for WebSockets 4 KiB.
 * @throws RtviException for a name or key that can't be used.
 */
public fun pipecatCloud(agent: String, publicKey: String, requestData: Value? = null): APIRequest =
    request(calling { pipecatCloudRequest(agent, publicKey) }).apply { this.requestData = requestData }

internal fun request(from: FfiStartRequest) = APIRequest(from.endpoint) {
    headers = from.headers.map { Header(it.name, it.value) }
    requestData = from.requestData
    timeout = from.timeoutMs?.toLong()?.milliseconds
}

/** How the bot treats a text; what is `null` is the server's default, true. */
public data class SendTextOptions(
    /** Whether to interrupt the bot and answer at once. */
    public val runImmediately: Boolean? = null,
    /** Whether to speak the answer. */
    public val audioResponse: Boolean? = null,
)

/** As the core takes it: what is negative is 0, what is too long the longest there is. */
internal fun Duration?.millis(): UInt? = this?.inWholeMilliseconds?.coerceIn(0, UInt.MAX_VALUE.toLong())?.toUInt()

/** A URL without what may be secret. */
internal fun shown(url: String): String = url.substringBefore('#').substringBefore('?').replace(USER, "//")

/** User and password of a URL. */
private val USER = Regex("//[^/]*@")
