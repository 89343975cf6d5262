package ai.rtvi.bench

import ai.rtvi.client.PipecatClient
import ai.rtvi.client.PipecatClientOptions
import ai.rtvi.client.PipecatEventCallbacks
import ai.rtvi.client.RtviEvent
import ai.rtvi.client.Value
import ai.rtvi.client.WebSocketTransport
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.first

/** Counts the messages after bot-ready, up to the last. For one thread. */
private class Meter(private val total: Int) {
    private var count = 0
    private var elapsed = 0.0
    private var cpu = 0.0

    fun begin() {
        elapsed = Clock.elapsed
        cpu = Clock.cpu
    }

    /** Whether this was the last one. */
    fun isLast(): Boolean {
        if (elapsed > 0) count += 1
        return count == total
    }

    /** Prints the rates by the clock and by the work of the whole process. */
    fun print(name: String) {
        figure(name, total / (Clock.cpu - cpu), "events/CPU s", better = "higher")
        figure("$name-elapsed", total / (Clock.elapsed - elapsed), "events/s", goal = 200_000.0, better = "higher")
    }
}

internal fun params(url: String) = Value.Object("wsUrl" to Value.Str(url))

/** By collecting `events`. */
internal suspend fun flow(url: String, total: Int): Unit = coroutineScope {
    PipecatClient(WebSocketTransport()).use { client ->
        val meter = Meter(total)
        val last = async(start = CoroutineStart.UNDISPATCHED) {
            client.events.first { event ->
                when (event) {
                    is RtviEvent.TransportStateChanged -> false
                    is RtviEvent.BotReady -> false.also { meter.begin() }
                    else -> meter.isLast()
                }
            }
        }
        client.connect(params(url))
        last.await()
        meter.print("kotlin-flow")
    }
}

/** By callbacks. */
internal suspend fun callbacks(url: String, total: Int) {
    val meter = Meter(total)
    val last = CompletableDeferred<Unit>()
    val callbacks = object : PipecatEventCallbacks() {
        override fun onEvent(event: RtviEvent) {
            when (event) {
                is RtviEvent.TransportStateChanged -> {}
                is RtviEvent.BotReady -> meter.begin()
                else -> if (meter.isLast()) last.complete(Unit)
            }
        }
    }
    PipecatClient(WebSocketTransport(), PipecatClientOptions(callbacks)).use { client ->
        client.connect(params(url))
        last.await()
        meter.print("kotlin-callbacks")
    }
}
