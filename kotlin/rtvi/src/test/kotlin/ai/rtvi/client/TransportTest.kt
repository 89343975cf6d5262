package ai.rtvi.client

import kotlin.time.Duration.Companion.milliseconds
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

/** What the core is told of a transport. */
class TransportTest {
    @Test
    fun anOfferIsAWholeRequest() {
        val data = Value.Object("bot" to Value.Number(7))
        val offer = APIRequest("https://bots.example/offer", data, mapOf("authorization" to "Bearer x"), 1500.milliseconds)
        assertEquals(offer, APIRequest.of(SmallWebRTCTransport(offer).ffi().options.offer!!))
    }

    @Test
    fun anOfferWithoutConnectParameters() = test {
        PipecatClient(SmallWebRTCTransport(APIRequest(Bot.offer))).use { client ->
            client.connect()
            client.disconnect()
        }
    }
}
