package ai.rtvi.client

import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Options as text, which apps put into logs: without what is secret. */
class SecrecyTest {
    private val request = APIRequest(
        "https://me:secret@bots.example/start?token=secret#secret",
        Value.Object("key" to Value.Str("secret")),
        mapOf("Authorization" to "Bearer secret"),
    )

    private fun assertShows(options: Any, vararg parts: String) {
        val text = "$options"
        assertTrue("secret" !in text, text)
        for (part in parts) assertTrue(part in text, text)
    }

    @Test
    fun requestsShowWhereTheyGo() = assertShows(request, "https://bots.example/start,", "[Authorization]")

    @Test
    fun transportsShowHowTheyConnect() {
        val ice = IceServer(listOf("turn:relay.example:3478?transport=udp"), "secret", "secret")
        assertShows(SmallWebRTCTransport(request, iceServers = listOf(ice)), "https://bots.example/start", "turn:relay.example:3478")
        val headers = mapOf("X-Key" to "secret")
        assertShows(WebSocketTransport("wss://secret@bots.example/ws?secret", headers), "wss://bots.example/ws,", "[X-Key]")
    }
}
