package ai.rtvi.bench

import ai.rtvi.client.Microphone
import ai.rtvi.client.PcmInput
import ai.rtvi.client.PcmOutput
import ai.rtvi.client.PipecatClient
import ai.rtvi.client.PipecatClientOptions
import ai.rtvi.client.Speaker
import ai.rtvi.client.WebSocketTransport
import java.nio.ByteBuffer
import kotlinx.coroutines.delay

private const val RATE = 48_000

/** 20 ms in bytes. */
private const val PIECE = RATE / 50 * 2

/** Loud. */
private fun piece(): ByteBuffer = ByteBuffer.allocateDirect(PIECE).also { for (i in 1 until PIECE step 2) it.put(i, 16) }

/** 100 pieces are the two seconds that fit. The first half of the rounds is for the compiler. */
internal fun push() {
    val (rounds, pieces) = Pair(400, 100)
    val pcm = piece()
    val spent = List(rounds) {
        val input = PcmInput(RATE, paced = true)
        val start = Clock.threadCpu
        repeat(pieces) { input.push(pcm) }
        val time = Clock.threadCpu - start
        check(input.freeSpace == 0) { "not all was taken" }
        time
    }
    figure("kotlin-pcm-push", spent.drop(rounds / 2).sum() / (rounds / 2 * pieces) * 1e9, "CPU ns/20 ms")
}

/** In a call to a bot that sends back what it hears, with a microphone that gives a piece every 20 ms; `heard` gets what there is each time. */
private suspend fun call(url: String, pieces: Int, heard: (PcmOutput) -> Boolean) {
    val (input, output) = Pair(PcmInput(RATE), PcmOutput(RATE))
    val options = PipecatClientOptions {
            microphone = Microphone.Pcm(input)
            speaker = Speaker.Pcm(output)
        }
    val pcm = piece()
    PipecatClient(WebSocketTransport(), options).use { client ->
        client.connect(params(url))
        var count = 0
        while (count < pieces) {
            input.push(pcm)
            if (heard(output)) count += 1
            delay(20)
        }
        client.disconnect()
    }
}

internal suspend fun pull(url: String) {
    val pulls = 200
    val spent = mutableListOf<Double>()
    call(url, 2 * pulls) { output ->
        val start = Clock.threadCpu
        val pulled = output.pull(PIECE)
        val time = Clock.threadCpu - start
        (pulled.size == PIECE).also { isFull -> if (isFull) spent += time }
    }
    figure("kotlin-pcm-pull", spent.drop(pulls).average() * 1e9, "CPU ns/20 ms")
}

/** After five seconds. */
internal suspend fun memory(url: String) {
    var heard = 0
    call(url, 250) { output ->
        heard += output.pull(PIECE).size
        true
    }
    // A busy machine may hear less than all of it, but not next to nothing.
    check(heard > 2 * RATE) { "only $heard bytes were heard" }
    peakMegabytes()?.let { figure("kotlin-call-memory", it, "MB") }
}
