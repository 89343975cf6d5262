package ai.rtvi.client

import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Options as text, which apps put into logs: without what is secret. */
class SecrecyTest {
    private val request = APIRequest("https://me:secret@bots.example/start?token=secret#secret") {
        requestData = Value.Object("key" to Value.Str("secret"))
        headers = listOf(Header("Authorization", "Bearer secret"))
    }

    private fun assertShows(options: Any, vararg parts: String) {
        val text = "$options"
        assertTrue("secret" !in text, text)
        for (part in parts) assertTrue(part in text, text)
    }

    @Test
    fun requestsShowWhereTheyGo() = assertShows(request, "https://bots.example/start,", "name=Authorization")

    @Test
    fun transportsShowHowTheyConnect() {
        val ice = IceServer(listOf("turn:relay.example:3478?transport=udp")) {
            username = "secret"
            credential = "secret"
        }
        val webRtc = SmallWebRTCTransport {
            offer = request
            iceServers = listOf(ice)
        }
        assertShows(webRtc, "https://bots.example/start", "turn:relay.example:3478")
        val webSocket = WebSocketTransport {
            url = "wss://secret@bots.example/ws?secret"
            headers = listOf(Header("X-Key", "secret"))
        }
        assertShows(webSocket, "wss://bots.example/ws)", "name=X-Key")
    }
}
