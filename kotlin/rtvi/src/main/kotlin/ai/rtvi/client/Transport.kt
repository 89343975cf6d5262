package ai.rtvi.client

import ai.rtvi.ffi.FfiTransportChoice

/** How to reach bots: [SmallWebRTCTransport], [WebSocketTransport] or a [CustomTransport] of the app's own. */
public sealed interface Transport

internal fun Transport.ffi(): FfiTransportChoice = when (this) {
    is WebSocketTransport -> named("websocket", this)
    is SmallWebRTCTransport -> named("small-webrtc", this)
    is CustomTransport -> FfiTransportChoice.Custom(facts.ffi(), CustomTransportBridge(this))
}

private fun named(name: String, options: OptionObject) = FfiTransportChoice.Named(name, options.toValue().toJson())
