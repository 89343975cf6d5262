package ai.rtvi.client

import ai.rtvi.ffi.FfiTransportChoice

/**
 * How to reach bots: [SmallWebRTCTransport], [WebSocketTransport], [LiveKitTransport],
 * [AutoTransport], which chooses one of them, [PhoneTransport], or a [CustomTransport] of the app's
 * own.
 */
public sealed interface Transport

internal fun Transport.ffi(): FfiTransportChoice = when (this) {
    is WebSocketTransport -> named("websocket", this)
    is SmallWebRTCTransport -> named("small-webrtc", this)
    is LiveKitTransport -> named("livekit", this)
    is PhoneTransport -> named("phone", this)
    is AutoTransport -> named("auto", this)
    is CustomTransport -> FfiTransportChoice.Custom(capabilities.ffi(), CustomTransportBridge(this))
}

private fun named(name: String, options: OptionObject) = FfiTransportChoice.Named(name, options.toValue().toJson())
