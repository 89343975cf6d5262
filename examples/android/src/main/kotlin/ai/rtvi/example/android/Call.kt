package ai.rtvi.example.android

import ai.rtvi.android.AudioFocus
import ai.rtvi.android.CallAudio
import ai.rtvi.android.CallService
import ai.rtvi.android.MainLooper
import ai.rtvi.android.NetworkWatcher
import ai.rtvi.android.androidOptions
import ai.rtvi.client.APIRequest
import ai.rtvi.client.Conversation
import ai.rtvi.client.PipecatClient
import ai.rtvi.client.PipecatEventCallbacks
import ai.rtvi.client.RtviError
import ai.rtvi.client.RtviEvent
import ai.rtvi.client.RtviException
import ai.rtvi.client.SmallWebRTCTransport
import ai.rtvi.client.TransportState
import ai.rtvi.client.Turn
import ai.rtvi.client.Value
import android.content.Context
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext

/** What the screen shows of a call. */
data class Shown(
    val state: TransportState = TransportState.DISCONNECTED,
    val isActive: Boolean = false,
    val isMuted: Boolean = false,
    val botLevel: Float = 0f,
    val turns: List<Turn> = emptyList(),
    val problem: String? = null,
)

/** A conversation with a bot. Used on the main thread. */
class Call(private val context: Context, private val title: String, private val icon: Int) : PipecatEventCallbacks() {
    private val now = MutableStateFlow(Shown())
    private val scope = CoroutineScope(SupervisorJob() + MainLooper)
    private val conversation = Conversation()
    private var client: PipecatClient? = null
    private var calling: Job? = null

    /** Whether another app has the audio for a while. */
    private var isHeld = false
    private val isHeard get() = !now.value.isMuted && !isHeld

    val shown: StateFlow<Shown> = now.asStateFlow()

    fun start(endpoint: String) {
        if (now.value.isActive) return
        isHeld = false
        conversation.clear()
        now.update { Shown(isActive = true, isMuted = it.isMuted) }
        calling = scope.launch { call(endpoint) }
    }

    fun end() {
        calling?.cancel()
    }

    /** All of a call: it ends with the session, or when it is cancelled. */
    private suspend fun call(endpoint: String) {
        try {
            CallService.start(context, title, icon)
            CallAudio(context, ::focusChanged).use { audio ->
                audio.begin()
                val options = androidOptions(context, this, enableMic = !now.value.isMuted)
                PipecatClient(SmallWebRTCTransport(), options).use { talk(it, endpoint) }
            }
        } catch (failed: RtviException) {
            now.update { it.copy(problem = failed.message) }
        } finally {
            client = null
            CallService.stop(context)
            now.update { it.copy(isActive = false, botLevel = 0f) }
        }
    }

    private suspend fun talk(client: PipecatClient, endpoint: String) = NetworkWatcher(context, client).use {
        this.client = client
        client.startBotAndConnect(APIRequest(endpoint) { requestData = Value.Object("transport" to Value.Str("webrtc")) })
        try {
            client.state.first { it == TransportState.DISCONNECTED }
        } finally {
            withContext(NonCancellable) { client.disconnect() }
        }
    }

    fun toggleMute() {
        now.update { it.copy(isMuted = !it.isMuted) }
        whileConnected { it.enableMic(isHeard) }
    }

    /** What other apps play, or another call, comes first. */
    private fun focusChanged(focus: AudioFocus) {
        isHeld = focus == AudioFocus.LostForNow
        when (focus) {
            AudioFocus.Lost -> end()
            AudioFocus.LostForNow -> play(gain = 0f)
            AudioFocus.Duck -> play(gain = 0.2f)
            AudioFocus.Regained -> play(gain = 1f)
        }
    }

    private fun play(gain: Float) = whileConnected {
        it.setBotGain(gain)
        it.enableMic(isHeard)
    }

    fun send(text: String) = whileConnected { it.sendText(text) }

    private fun whileConnected(act: suspend (PipecatClient) -> Unit) {
        val client = client ?: return
        scope.launch {
            try {
                act(client)
            } catch (failed: RtviException) {
                now.update { it.copy(problem = failed.message) }
            }
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
