package ai.rtvi.example.android

import ai.rtvi.android.CallNotification
import ai.rtvi.android.CallStatus
import ai.rtvi.android.MainLooper
import ai.rtvi.android.RtviCall
import ai.rtvi.client.APIRequest
import ai.rtvi.client.Conversation
import ai.rtvi.client.PipecatEventCallbacks
import ai.rtvi.client.RtviError
import ai.rtvi.client.RtviEvent
import ai.rtvi.client.RtviException
import ai.rtvi.client.TransportState
import ai.rtvi.client.Turn
import ai.rtvi.client.Value
import android.content.Context
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** What the screen shows of a conversation, beside the status of the call. */
data class Shown(
    val state: TransportState = TransportState.DISCONNECTED,
    val botLevel: Float = 0f,
    val turns: List<Turn> = emptyList(),
    val problem: String? = null,
)

/** A conversation with a bot. Used on the main thread. */
class Call(context: Context, title: String, icon: Int) : PipecatEventCallbacks() {
    private val now = MutableStateFlow(Shown())
    private val scope = CoroutineScope(SupervisorJob() + MainLooper)
    private val conversation = Conversation()
    private val call = RtviCall(context, callbacks = this, notification = CallNotification(title, icon))
    private var calling: Job? = null

    val shown: StateFlow<Shown> = now.asStateFlow()
    val status: StateFlow<CallStatus> = call.status

    fun start(endpoint: String) {
        conversation.clear()
        now.value = Shown()
        val request = APIRequest(endpoint) { requestData = Value.Object("transport" to Value.Str("webrtc")) }
        calling = attempt { call.startBotAndConnect(request) }
    }

    fun end() {
        calling?.cancel()
        attempt { call.hangUp() }
    }

    fun toggleMute() {
        attempt { call.setMuted(!status.value.isMuted) }
    }

    fun send(text: String) {
        attempt { call.client.sendText(text) }
    }

    /** Says why there is no call. */
    fun refused(problem: String) = now.update { it.copy(problem = problem) }

    private fun attempt(act: suspend () -> Unit): Job = scope.launch {
        try {
            act()
        } catch (failed: RtviException) {
            now.update { it.copy(problem = failed.message) }
        }
    }

    override fun onEvent(event: RtviEvent) {
        val change = conversation.apply(event) ?: return
        val first = change.first.toInt()
        now.update { it.copy(turns = it.turns.drop(change.dropped.toInt()).take(first) + conversation.turns(first)) }
    }

    override fun onTransportStateChanged(state: TransportState) = now.update { it.copy(state = state) }

    override fun onRemoteAudioLevel(level: Float) = now.update { it.copy(botLevel = level) }

    override fun onDeviceError(error: RtviError) = now.update { it.copy(problem = error.message) }

    override fun onReconnecting(attempt: UInt, maxAttempts: UInt, reason: RtviError) =
        now.update { it.copy(problem = "The connection was lost; attempt $attempt of $maxAttempts.") }
}
