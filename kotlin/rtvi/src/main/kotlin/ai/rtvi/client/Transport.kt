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
 * Making a client fails as [ErrorKind.UnsupportedFeature] where the native library was built without it.
 *
 * @property offerUrl where to send the offer when the connect parameters don't say.
 * @property offerHeaders headers of that request.
 * @property offerUrlTemplate where offers go after a start request, with `:sessionId` in the session's place; relative to the start URL
 *   or absolute.
 * @property iceServers used unless the connect parameters bring their own.
 * @property relayOnly whether to connect through TURN servers only.
 * @property waitForICEGathering whether the offer waits until all network candidates are known.
 * @property rootCertificates authorities to trust besides the system's, in PEM form.
 * @property stallTimeout how long a server may give no sign of life; 4 s when `null`.
 */
public data class SmallWebRTCTransport(
    public val offerUrl: String? = null,
    public val offerHeaders: Map<String, String> = emptyMap(),
    public val offerUrlTemplate: String? = null,
    public val iceServers: List<IceServer> = emptyList(),
    public val relayOnly: Boolean = false,
    public val waitForICEGathering: Boolean = false,
    public val rootCertificates: String? = null,
    public val stallTimeout: Duration? = null,
) : Transport {
    internal fun ffi() = FfiTransportChoice.SmallWebRtc(
        FfiSmallWebRtcOptions(
            offerUrl,
            offerHeaders,
            offerUrlTemplate,
            iceServers.map { FfiIceServer(it.urls, it.username, it.credential) },
            relayOnly,
            waitForICEGathering,
            rootCertificates,
            stallTimeout.millis(),
        ),
    )
}

/** A STUN or TURN server: its URLs, `stun:host:port` or `turn:host:port`, and who the user is there. */
public data class IceServer(
    public val urls: List<String>,
    public val username: String = "",
    public val credential: String = "",
)

/**
 * WebSocket with Pipecat's protobuf framing: for prototypes and for networks without UDP.
 *
 * @property url used when the connect parameters hold none.
 * @property headers headers of every upgrade request; those in the connect parameters replace ones of the same name.
 * @property sampleRate of the audio that is sent, in Hz; 16,000 when `null`.
 * @property rootCertificates authorities to trust besides the system's, in PEM form.
 * @property stallTimeout how long a server may give no sign of life; 3.5 s when `null`.
 */
public data class WebSocketTransport(
    public val url: String? = null,
    public val headers: Map<String, String> = emptyMap(),
    public val sampleRate: Int? = null,
    public val rootCertificates: String? = null,
    public val stallTimeout: Duration? = null,
) : Transport {
    internal fun ffi() = FfiTransportChoice.WebSocket(
        FfiWebSocketOptions(url, headers, sampleRate?.toUInt(), rootCertificates, stallTimeout.millis()),
    )
}
