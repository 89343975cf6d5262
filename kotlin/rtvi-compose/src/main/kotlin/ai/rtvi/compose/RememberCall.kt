package ai.rtvi.compose

import ai.rtvi.android.CallNotification
import ai.rtvi.android.RtviCall
import ai.rtvi.client.PipecatClientOptions
import ai.rtvi.client.SmallWebRTCTransport
import ai.rtvi.client.Transport
import androidx.compose.runtime.Composable
import androidx.compose.runtime.DisposableEffect
import androidx.compose.runtime.remember
import androidx.compose.ui.platform.LocalContext

/**
 * A call that lives as long as this part of the user interface: it ends when the part is left or the
 * screen is turned. A call that is to go on belongs into a `ViewModel` or the app's own object instead.
 */
@Composable
public fun rememberRtviCall(
    transport: () -> Transport = { SmallWebRTCTransport() },
    notification: CallNotification? = null,
    configure: PipecatClientOptions.() -> Unit = {},
): RtviCall {
    val context = LocalContext.current
    val call = remember { RtviCall(context, transport(), notification = notification, configure = configure) }
    DisposableEffect(call) { onDispose { call.close() } }
    return call
}
