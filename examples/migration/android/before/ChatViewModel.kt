package com.example.voicechat

import ai.pipecat.client.PipecatClient
import ai.pipecat.client.PipecatClientOptions
import ai.pipecat.client.PipecatEventCallbacks
import ai.pipecat.client.result.Future
import ai.pipecat.client.result.RTVIError
import ai.pipecat.client.result.RTVIException
import ai.pipecat.client.small_webrtc_transport.PipecatClientSmallWebRTC
import ai.pipecat.client.small_webrtc_transport.SmallWebRTCTransport
import ai.pipecat.client.types.APIRequest
import ai.pipecat.client.types.BotOutputData
import ai.pipecat.client.types.BotReadyData
import ai.pipecat.client.types.Participant
import ai.pipecat.client.types.PipecatMetrics
import ai.pipecat.client.types.SendTextOptions
import ai.pipecat.client.types.Transcript
import ai.pipecat.client.types.TransportState
import ai.pipecat.client.types.Value
import android.app.Application
import android.util.Log
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableFloatStateOf
import androidx.compose.runtime.mutableStateListOf
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.lifecycle.AndroidViewModel
import androidx.lifecycle.viewModelScope
import kotlinx.coroutines.launch
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive

/** One line of the transcript. */
data class ChatLine(val speaker: String, val text: String)

/** A voice chat with a bot: its state for the screen, and what the user can do. */
class ChatViewModel(app: Application) : AndroidViewModel(app) {
    var status by mutableStateOf(TransportState.Disconnected.name)
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

    private var client: PipecatClientSmallWebRTC? = null

    fun call() {
        if (client != null) return
        problem = null
        lines.clear()
        isMicEnabled = !settings.startsMuted
        val options = PipecatClientOptions(callbacks = Callbacks(), enableMic = isMicEnabled)
        val client = PipecatClient(SmallWebRTCTransport(getApplication()), options)
        client.registerFunctionCallHandler("get_weather") { call, onResult ->
            val city = call.args.jsonObject["city"]?.jsonPrimitive?.content.orEmpty()
            onResult(Value.Object("city" to Value.Str(city), "conditions" to Value.Str("sunny"), "celsius" to Value.Number(21.0)))
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
                client.startBotAndConnect(request).await()
            } catch (failed: RTVIException) {
                show(failed.error.description)
                end()
            }
        }
    }

    fun hangUp() {
        client?.disconnect()?.showErrors()
    }

    fun toggleMic() {
        val enable = !isMicEnabled
        client?.enableMic(enable)?.showErrors()
        isMicEnabled = enable
    }

    fun send(text: String) {
        client?.sendText(text, SendTextOptions(audioResponse = true))?.showErrors()
        lines.add(ChatLine("You", text))
    }

    /** Asks the server's app, not the bot. */
    fun askForTime() {
        val client = client ?: return
        viewModelScope.launch {
            try {
                val answer = client.sendClientRequest("time", Value.Object("zone" to Value.Str("Europe/Berlin"))).await()
                lines.add(ChatLine("App", answer.data.jsonPrimitive.content))
            } catch (failed: RTVIException) {
                show(if (failed.error is RTVIError.Timeout) "The server does not tell the time" else failed.error.description)
            }
        }
    }

    fun refuse() = show("A call needs the microphone")

    fun dismissProblem() {
        problem = null
    }

    override fun onCleared() = end()

    private fun end() {
        client?.release()
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

    private fun <T> Future<T, RTVIError>.showErrors() = withErrorCallback { show(it.description) }

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

        override fun onRemoteAudioLevel(level: Float, participant: Participant) {
            botLevel = level
        }

        override fun onUserTranscript(data: Transcript) {
            if (data.final) lines.add(ChatLine("You", data.text))
        }

        override fun onBotOutput(data: BotOutputData) {
            if (data.spokenStatus == BotOutputData.SpokenStatus.Completed) lines.add(ChatLine("Bot", data.text))
        }

        override fun onServerMessage(data: Value) {
            val title = ((data as? Value.Object)?.value?.get("title") as? Value.Str)?.value ?: return
            lines.add(ChatLine("App", title))
        }

        override fun onMetrics(data: PipecatMetrics) {
            Log.i(TAG, "metrics: $data")
        }
    }

    private companion object {
        const val TAG = "VoiceChat"
    }
}
