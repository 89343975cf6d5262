/** A conversation with a Pipecat bot on the console: the user is a WAV file or types, the bot is recorded or not heard. */
package ai.rtvi.example

import ai.rtvi.client.APIRequest
import ai.rtvi.client.BotOutputData
import ai.rtvi.client.BotReadyData
import ai.rtvi.client.Microphone
import ai.rtvi.client.PipecatClient
import ai.rtvi.client.PipecatClientOptions
import ai.rtvi.client.PipecatEventCallbacks
import ai.rtvi.client.RtviException
import ai.rtvi.client.SmallWebRTCTransport
import ai.rtvi.client.Speaker
import ai.rtvi.client.SpokenStatus
import ai.rtvi.client.UserInputData
import ai.rtvi.client.Value
import ai.rtvi.client.WebSocketTransport
import kotlin.system.exitProcess
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeoutOrNull

/** How long the bot may take to answer. */
private val PATIENCE = 60.seconds

/** Prints who says what, and tells when the bot has finished. */
private class Printer : PipecatEventCallbacks() {
    val turns = Channel<Unit>(Channel.UNLIMITED)

    override fun onUserInput(data: UserInputData) {
        if (data.isFinal) println("you    ${data.text}")
    }

    override fun onBotOutput(data: BotOutputData) {
        if (data.spokenStatus == SpokenStatus.Completed || data.willBeSpoken == false) println("bot    ${data.text}")
    }

    override fun onBotStoppedSpeaking() {
        turns.trySend(Unit)
    }

    override fun onBackendError(message: String) = System.err.println("error  $message")
}

private suspend fun PipecatClient.connect(arguments: Arguments): BotReadyData {
    val transport = Value.Object("transport" to Value.Str("webrtc"))
    arguments.start?.let { return startBotAndConnect(APIRequest(it) { requestData = transport }) }
    val params = arguments.ws?.let { Value.Object("wsUrl" to Value.Str(it)) }
        ?: Value.Object("webrtcRequestParams" to Value.Object("endpoint" to Value.Str(arguments.offer!!)))
    return connect(params)
}

private suspend fun talk(arguments: Arguments) {
    val printer = Printer()
    val options = PipecatClientOptions(printer) {
        microphone = arguments.mic?.let { Microphone.Wav(it) }
        speaker = arguments.speaker?.let { Speaker.Wav(it) }
    }
    val transport = if (arguments.ws != null) WebSocketTransport() else SmallWebRTCTransport()
    PipecatClient(transport, options).use { client ->
        client.registerFunctionCallHandler("get_weather") { call ->
            Value.Object("city" to (call.arguments["city"] ?: Value.Null), "conditions" to Value.Str("sunny"))
        }
        println("ready  protocol ${client.connect(arguments).version}")
        suspend fun answer() = withTimeoutOrNull(PATIENCE) { printer.turns.receive() }
        if (arguments.mic != null) answer()
        val texts = arguments.texts.asSequence().ifEmpty { generateSequence(::readLine) }
        for (text in texts) {
            client.sendText(text)
            answer()
        }
        client.disconnect()
    }
}

fun main(args: Array<String>) {
    val arguments = Arguments.parse(args)
    if (arguments == null) {
        System.err.println(Arguments.USAGE)
        exitProcess(2)
    }
    try {
        runBlocking { talk(arguments) }
    } catch (failed: RtviException) {
        System.err.println("failed (${failed.kind}, ${failed.phase}, ${failed.status}): ${failed.message}")
        exitProcess(1)
    }
}
