package com.example.voicechat

import ai.rtvi.android.androidOptions
import ai.rtvi.client.APIRequest
import ai.rtvi.client.BotOutputData
import ai.rtvi.client.BotReadyData
import ai.rtvi.client.ErrorKind
import ai.rtvi.client.MetricsData
import ai.rtvi.client.Participant
import ai.rtvi.client.PipecatClient
import ai.rtvi.client.PipecatEventCallbacks
import ai.rtvi.client.RtviException
import ai.rtvi.client.SendTextOptions
import ai.rtvi.client.SmallWebRTCTransport
import ai.rtvi.client.SpokenStatus
import ai.rtvi.client.TranscriptData
import ai.rtvi.client.TransportState
import ai.rtvi.client.Value
import android.app.Application
import android.util.Log
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableFloatStateOf
import androidx.compose.runtime.mutableStateListOf
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.lifecycle.AndroidViewModel
import androidx.lifecycle.viewModelScope
import kotlinx.coroutines.CoroutineExceptionHandler
import kotlinx.coroutines.launch

/** One line of the transcript. */
data class ChatLine(val speaker: String, val text: String)

/** A voice chat with a bot: its state for the screen, and what the user can do. */
class ChatViewModel(app: Application) : AndroidViewModel(app) {
    var status by mutableStateOf(TransportState.DISCONNECTED.name)
        private set
    var isActive by mutableStateOf(false)
        private set
    var isBotReady by mutableStateOf(false)
        private set
    var isBotSpeaking by mutableStateOf(false)
        private set
    var isMicEnabled by mutableStateOf(true)
        private set
    var userLevel by mutableFloatStateOf(0f)
        private set
    var botLevel by mutableFloatStateOf(0f)
        private set
    var problem by mutableStateOf<String?>(null)
        private set
    val lines = mutableStateListOf<ChatLine>()

    val settings = Settings(app)

    private var client: PipecatClient? = null

    fun call() {
        if (client != null) return
        problem = null
        lines.clear()
        isMicEnabled = !settings.startsMuted
        val options = androidOptions(getApplication(), callbacks = Callbacks(), enableMic = isMicEnabled)
        val client = PipecatClient(SmallWebRTCTransport(), options)
        client.registerFunctionCallHandler("get_weather") { call ->
            val city = call.arguments["city"]?.string.orEmpty()
            Value.Object("city" to Value.Str(city), "conditions" to Value.Str("sunny"), "celsius" to Value.Number(21.0))
        }
        this.client = client
        isActive = true
        val request = APIRequest(
            endpoint = settings.endpoint,
            requestData = Value.Object("transport" to Value.Str("webrtc"), "enableDefaultIceServers" to Value.Bool(true)),
            timeoutMs = 30_000,
        )
        viewModelScope.launch {
            try {
                client.startBotAndConnect(request)
            } catch (failed: RtviException) {
                show(failed.message)
                end()
            }
        }
    }

    fun hangUp() {
        showErrors { client?.disconnect() }
    }

    fun toggleMic() {
        val enable = !isMicEnabled
        showErrors { client?.enableMic(enable) }
        isMicEnabled = enable
    }

    fun send(text: String) {
        showErrors { client?.sendText(text, SendTextOptions(audioResponse = true)) }
        lines.add(ChatLine("You", text))
    }

    /** Asks the server's app, not the bot. */
    fun askForTime() {
        val client = client ?: return
        viewModelScope.launch {
            try {
                val answer = client.sendClientRequest("time", Value.Object("zone" to Value.Str("Europe/Berlin")))
                lines.add(ChatLine("App", answer?.string.orEmpty()))
            } catch (failed: RtviException) {
                show(if (failed.kind == ErrorKind.TIMEOUT) "The server does not tell the time" else failed.message)
            }
        }
    }

    fun refuse() = show("A call needs the microphone")

    fun dismissProblem() {
        problem = null
    }

    override fun onCleared() = end()

    private fun end() {
        client?.close()
        client = null
        isActive = false
        isBotReady = false
        isBotSpeaking = false
        userLevel = 0f
        botLevel = 0f
    }

    private fun show(message: String) {
        Log.w(TAG, message)
        problem = message
    }

    private val shows = CoroutineExceptionHandler { _, failed -> show(failed.message.orEmpty()) }

    private fun showErrors(call: suspend () -> Unit) = viewModelScope.launch(shows) { call() }

    private inner class Callbacks : PipecatEventCallbacks() {
        override fun onTransportStateChanged(state: TransportState) {
            status = state.name
        }

        override fun onConnected() {
            isMicEnabled = client?.isMicEnabled ?: false
        }

        override fun onBotReady(data: BotReadyData) {
            isBotReady = true
            lines.add(ChatLine("App", "The bot is ready (RTVI ${data.version})"))
        }

        override fun onBackendError(message: String) {
            show(message)
        }

        override fun onBotDisconnected(participant: Participant) {
            hangUp()
        }

        override fun onDisconnected() {
            end()
        }

        override fun onBotStartedSpeaking() {
            isBotSpeaking = true
        }

        override fun onBotStoppedSpeaking() {
            isBotSpeaking = false
        }

        override fun onUserStartedSpeaking() {
            Log.i(TAG, "the user speaks")
        }

        override fun onUserAudioLevel(level: Float) {
            userLevel = level
        }

        override fun onRemoteAudioLevel(level: Float) {
            botLevel = level
        }

        override fun onUserTranscript(data: TranscriptData) {
            if (data.isFinal) lines.add(ChatLine("You", data.text))
        }

        override fun onBotOutput(data: BotOutputData) {
            if (data.spokenStatus == SpokenStatus.Completed) lines.add(ChatLine("Bot", data.text))
        }

        override fun onServerMessage(data: Value?) {
            val title = data?.get("title")?.string ?: return
            lines.add(ChatLine("App", title))
        }

        override fun onMetrics(data: MetricsData) {
            Log.i(TAG, "metrics: $data")
        }
    }

    private companion object {
        const val TAG = "VoiceChat"
    }
}
