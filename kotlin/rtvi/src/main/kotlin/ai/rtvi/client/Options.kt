package ai.rtvi.client

import ai.rtvi.ffi.FfiAbout
import ai.rtvi.ffi.FfiClientOptions
import ai.rtvi.ffi.FfiReconnect
import ai.rtvi.ffi.FfiStartRequest
import ai.rtvi.ffi.FfiTimeouts
import ai.rtvi.ffi.pipecatCloudRequest
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers

/**
 * What an app chooses when it makes a client; what is `null` has the core's default.
 *
 * @property callbacks told everything that happens, from the first event on.
 * @property enableMic whether the microphone is on from the start.
 * @property enableCam whether the camera is on from the start; no transport carries video.
 * @property microphone where the user's audio comes from; without it no audio is sent.
 * @property speaker where the bot's audio goes; without it, it is played into nothing in real time.
 * @property disconnectOnBotDisconnect whether the session ends when the bot leaves a room that outlives it.
 * @property tls whom to trust of start endpoints.
 * @property voice how voices are treated.
 * @property callbackDispatcher where callbacks and function-call handlers run. With several threads, callbacks still come one at a time.
 * @property onCallbackException gets what a callback throws; prints it by default.
 */
public data class PipecatClientOptions(
    public val callbacks: PipecatEventCallbacks? = null,
    public val enableMic: Boolean = true,
    public val enableCam: Boolean = false,
    public val microphone: Microphone? = null,
    public val speaker: Speaker? = null,
    public val disconnectOnBotDisconnect: Boolean = true,
    public val timeouts: Timeouts = Timeouts(),
    public val reconnect: ReconnectPolicy = ReconnectPolicy(),
    public val tls: TlsOptions = TlsOptions(),
    public val voice: VoiceOptions = VoiceOptions(),
    public val about: AboutClient = AboutClient(),
    public val callbackDispatcher: CoroutineDispatcher = Dispatchers.Default,
    public val onCallbackException: (Throwable) -> Unit = Throwable::printStackTrace,
) {
    internal fun ffi(transport: Transport) = FfiClientOptions(
        transport = transport.ffi(),
        microphone = microphone?.ffi(),
        speaker = speaker?.ffi(),
        enableMic = enableMic,
        enableCam = enableCam,
        disconnectOnBotDisconnect = disconnectOnBotDisconnect,
        timeouts = timeouts.ffi(),
        reconnect = reconnect.ffi(),
        tls = tls.ffi(),
        voice = Value.parse(voice.toJson()),
        about = about.ffi(),
    )
}

/** The deadlines of a session. */
public data class Timeouts(
    /** Opening microphone and speaker; 10 s by default. */
    public val devices: Duration? = null,
    /** The start request; 30 s by default. */
    public val start: Duration? = null,
    /**
     * Opening the transport, while the client is [TransportState.CONNECTING]; 15 s by default, and 60 s after a start request to Pipecat
     * Cloud, whose agents take up to 40 s to start.
     */
    public val open: Duration? = null,
    /** Until the bot is ready; 30 s by default, and 60 s after a start request to Pipecat Cloud. */
    public val botReady: Duration? = null,
    /** A function of the app; 30 s by default. */
    public val functionCall: Duration? = null,
) {
    internal fun ffi() = FfiTimeouts(devices.millis(), start.millis(), open.millis(), botReady.millis(), functionCall.millis())
}

/** How a lost connection is restored. */
public data class ReconnectPolicy(
    /** How many attempts are made; 0 turns it off; 3 by default. */
    public val maxAttempts: Int? = null,
    /** The wait before the first attempt, doubled for each further one; 250 ms by default. */
    public val firstDelay: Duration? = null,
    /** The longest wait; 5 s by default. */
    public val maxDelay: Duration? = null,
) {
    internal fun ffi() = FfiReconnect(maxAttempts?.coerceAtLeast(0)?.toUInt(), firstDelay.millis(), maxDelay.millis())
}

/** Who the client says it is, to the bot. */
public data class AboutClient(
    public val library: String = "rtvi-kotlin",
    public val libraryVersion: String? = null,
    public val platform: String? = null,
    public val platformVersion: String? = null,
    /** Anything else; an object. */
    public val platformDetails: Value? = null,
) {
    internal fun ffi() = FfiAbout(library, libraryVersion, platform, platformVersion, platformDetails)
}

/**
 * A request to an HTTP endpoint that starts a bot, or that takes an offer.
 *
 * @property endpoint an `http` or `https` URL.
 * @property requestData the JSON body; no body when `null`.
 * @property headers extra headers, used again for requests that belong to the same session.
 * @property timeout how long the whole request may take; [Timeouts.start] when `null`.
 */
public data class APIRequest(
    public val endpoint: String,
    public val requestData: Value? = null,
    public val headers: Map<String, String> = emptyMap(),
    public val timeout: Duration? = null,
) {
    /** Without what may be secret: user and query of the endpoint, values of headers, and the body. */
    override fun toString(): String = "APIRequest(endpoint=${shown(endpoint)}, headers=${headers.keys}, timeout=$timeout)"

    internal fun ffi() = FfiStartRequest(endpoint, headers, requestData, timeout.millis())

    public companion object {
        /**
         * A request that starts a session of an agent on Pipecat Cloud with a public key (`pk_…`), which is sent as a header and never shown.
         *
         * @param requestData what to ask for, an object: `transport`, `webrtc` or `websocket`, and in `body` what the bot gets as its arguments, at
         *   most 1 MiB of JSON, for WebSockets 4 KiB.
         * @throws RtviException for a name or key that can't be used.
         */
        public fun pipecatCloud(agent: String, publicKey: String, requestData: Value? = null): APIRequest =
            of(calling { pipecatCloudRequest(agent, publicKey) }).copy(requestData = requestData)

        internal fun of(request: FfiStartRequest) = APIRequest(
            request.endpoint,
            request.requestData,
            request.headers,
            request.timeoutMs?.toLong()?.milliseconds,
        )
    }
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
