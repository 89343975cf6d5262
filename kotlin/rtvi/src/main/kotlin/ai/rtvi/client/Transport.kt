package ai.rtvi.client

import ai.rtvi.ffi.FfiIceServer
import ai.rtvi.ffi.FfiSmallWebRtcOptions
import ai.rtvi.ffi.FfiTransportChoice
import ai.rtvi.ffi.FfiWebSocketOptions
import kotlin.time.Duration

/** How to reach bots: [SmallWebRTCTransport], [WebSocketTransport] or a [CustomTransport] of the app's own. */
public sealed interface Transport

internal fun Transport.ffi(): FfiTransportChoice = when (this) {
    is WebSocketTransport -> ffi()
    is SmallWebRTCTransport -> ffi()
    is CustomTransport -> FfiTransportChoice.Custom(facts.ffi(), CustomTransportBridge(this))
}

/**
 * WebRTC without a room, as Pipecat's SmallWebRTC transport. What apps should use.
 *
 * Making a client fails as [ErrorKind.UNSUPPORTED_FEATURE] where the native library was built without it.
 *
 * @property offer the offer request to make when the connect parameters hold none.
 * @property offerUrlTemplate where offers go after a start request, with `:sessionId` in the session's place; relative to the start URL
 *   or absolute.
 * @property iceServers used unless the connect parameters bring their own.
 * @property relayOnly whether to connect through TURN servers only.
 * @property waitForICEGathering whether the offer waits until all network candidates are known.
 * @property tls whom to trust.
 * @property stallTimeout how long a server may give no sign of life; 5.75 s when `null`.
 */
public data class SmallWebRTCTransport(
    public val offer: APIRequest? = null,
    public val offerUrlTemplate: String? = null,
    public val iceServers: List<IceServer> = emptyList(),
    public val relayOnly: Boolean = false,
    public val waitForICEGathering: Boolean = false,
    public val tls: TlsOptions = TlsOptions(),
    public val stallTimeout: Duration? = null,
) : Transport {
    internal fun ffi() = FfiTransportChoice.SmallWebRtc(
        FfiSmallWebRtcOptions(
            offer?.ffi(),
            offerUrlTemplate,
            iceServers.map { FfiIceServer(it.urls, it.username, it.credential) },
            relayOnly,
            waitForICEGathering,
            tls.ffi(),
            stallTimeout.millis(),
        ),
    )
}

/** A STUN or TURN server: its URLs, `stun:host:port` or `turn:host:port`, and who the user is there. */
public data class IceServer(
    public val urls: List<String>,
    public val username: String = "",
    public val credential: String = "",
) {
    /** Without what may be secret: user and credential. */
    override fun toString(): String = "IceServer(urls=${urls.map(::shown)})"
}

/**
 * WebSocket with Pipecat's protobuf framing: for prototypes and for networks without UDP.
 *
 * @property url used when the connect parameters hold none.
 * @property headers headers of every upgrade request; those in the connect parameters replace ones of the same name.
 * @property sampleRate of the audio that is sent, in Hz; 16,000 when `null`.
 * @property tls whom to trust.
 * @property stallTimeout how long a server may give no sign of life; 5.5 s when `null`.
 */
public data class WebSocketTransport(
    public val url: String? = null,
    public val headers: Map<String, String> = emptyMap(),
    public val sampleRate: Int? = null,
    public val tls: TlsOptions = TlsOptions(),
    public val stallTimeout: Duration? = null,
) : Transport {
    /** Without what may be secret: user and query of the URL, and values of headers. */
    override fun toString(): String =
        "WebSocketTransport(url=${url?.let(::shown)}, headers=${headers.keys}, sampleRate=$sampleRate, stallTimeout=$stallTimeout)"

    internal fun ffi() = FfiTransportChoice.WebSocket(
        FfiWebSocketOptions(url, headers, sampleRate?.toUInt(), tls.ffi(), stallTimeout.millis()),
    )
}
