package ai.rtvi.bench

import ai.rtvi.client.PipecatClient
import ai.rtvi.client.Transport
import ai.rtvi.client.TransportState
import ai.rtvi.client.Value
import ai.rtvi.client.WebSocketTransport

/** What the smallest calls cost, once they are compiled. */
internal suspend fun calls() {
    PipecatClient(WebSocketTransport()).use { client ->
        val looks = 1_000_000
        repeat(looks) { check(client.state.value == TransportState.DISCONNECTED) }
        var start = Clock.cpu
        repeat(looks) { check(client.state.value == TransportState.DISCONNECTED) }
        figure("kotlin-state", (Clock.cpu - start) / looks * 1e9, "CPU ns")
        val calls = 100_000
        repeat(calls) { client.enableMic(true) }
        start = Clock.cpu
        val began = Clock.elapsed
        repeat(calls) { client.enableMic(true) }
        figure("kotlin-call", (Clock.cpu - start) / calls * 1e6, "CPU us")
        figure("kotlin-call-elapsed", (Clock.elapsed - began) / calls * 1e6, "us")
    }
}

/** From `connect` to bot-ready, each with a new client; the median of 100. */
internal suspend fun connect(name: String, transport: () -> Transport, params: Value) {
    val times = List(100) {
        PipecatClient(transport()).use { client ->
            val start = Clock.elapsed
            client.connect(params)
            val time = Clock.elapsed - start
            client.disconnect()
            time * 1_000
        }
    }
    figure(name, median(times), "ms")
}
