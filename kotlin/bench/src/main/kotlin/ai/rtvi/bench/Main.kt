package ai.rtvi.bench

import ai.rtvi.client.SmallWebRTCTransport
import ai.rtvi.client.Value
import ai.rtvi.client.WebSocketTransport
import kotlin.system.exitProcess
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking

/** `BENCHMARK [URL [COUNT]]`: what the SDK costs an app. `cargo xtask bench` builds and runs it; each figure is a line of JSON. */
public fun main(arguments: Array<String>): Unit = runBlocking(Dispatchers.Default) {
    val url = arguments.getOrElse(1) { "" }
    val total = arguments.getOrNull(2)?.toIntOrNull() ?: 0
    when (arguments.firstOrNull()) {
        "flow" -> flow(url, total)
        "callbacks" -> callbacks(url, total)
        "calls" -> calls()
        "connect" -> connect("kotlin-connect", { WebSocketTransport() }, params(url))
        "connect-webrtc" -> connect("kotlin-connect-webrtc", { SmallWebRTCTransport() }, offer(url))
        "push" -> push()
        "pull" -> pull(url)
        "memory" -> memory(url)
        else -> {
            println("usage: BENCHMARK [URL [COUNT]]")
            exitProcess(2)
        }
    }
    // The SDK's threads are daemons, but the runtime of coroutines takes its time.
    exitProcess(0)
}

private fun offer(url: String) = Value.Object("webrtcRequestParams" to Value.Object("endpoint" to Value.Str(url)))
