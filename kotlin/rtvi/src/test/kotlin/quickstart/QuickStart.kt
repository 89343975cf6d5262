package quickstart

import ai.rtvi.client.*
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking

fun main() = runBlocking {
    val callbacks = object : PipecatEventCallbacks() {
        override fun onBotOutput(data: BotOutputData) {
            if (data.spokenStatus == SpokenStatus.Completed) println("bot: ${data.text}")
        }
    }
    val options = PipecatClientOptions(callbacks) {
        microphone = Microphone.Wav("hello.wav")
        speaker = Speaker.Wav("bot.wav")
    }
    PipecatClient(SmallWebRTCTransport(), options).use { client ->
        client.registerFunctionCallHandler("get_weather") { call ->
            Value.Object("city" to (call.arguments["city"] ?: Value.Null), "conditions" to Value.Str("sunny"))
        }
        client.startBotAndConnect(APIRequest("http://localhost:7860/start") { requestData = Value.Object("transport" to Value.Str("webrtc")) })
        val answered = async(start = CoroutineStart.UNDISPATCHED) {
            client.events.first { it is RtviEvent.BotStoppedSpeaking }
        }
        client.sendText("How is the weather in Berlin?")
        answered.await()
        client.disconnect()
    }
}
