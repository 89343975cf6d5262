package ai.rtvi.client

import ai.rtvi.ffi.FfiTransportChoice
import kotlin.time.Duration.Companion.milliseconds
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** What the core is told of a transport. */
class TransportTest {
    @Test
    fun anOfferIsAWholeRequest() {
        val offer = APIRequest("https://bots.example/offer") {
            requestData = Value.Object("bot" to Value.Number(7))
            headers = listOf(Header("B", "1"), Header("A", "2"), Header("B", "3"))
            timeout = 1500.milliseconds
        }
        val named = SmallWebRTCTransport { this.offer = offer }.ffi() as FfiTransportChoice.Named
        val headers = """[{"name":"B","value":"1"},{"name":"A","value":"2"},{"name":"B","value":"3"}]"""
        val request = """{"endpoint":"https://bots.example/offer","headers":$headers,"requestData":{"bot":7},"timeoutMs":1500}"""
        assertEquals(Value.parse(request), Value.parse(named.optionsJson)["offer"])
        PipecatClient(SmallWebRTCTransport { this.offer = offer }).close()
    }

    @Test
    fun aLiveKitRoomHasOptionsOfItsOwn() {
        val transport = LiveKitTransport { url = "wss://rooms.example"; token = "secret"; resumeTimeout = 2000.milliseconds }
        val named = transport.ffi() as FfiTransportChoice.Named
        val options = """{"url":"wss://rooms.example","token":"secret","resumeTimeoutMs":2000}"""
        assertEquals("livekit" to Value.parse(options), named.name to Value.parse(named.optionsJson))
        assertTrue("rooms.example" in "$transport" && "secret" !in "$transport", "$transport")
        PipecatClient(transport).close()
    }

    @Test
    fun aPhoneCallTakesKeysAndRefusesRequests() = test {
        val transport = PhoneTransport {
            provider = "telnyx"
            from = "+15550100"
            parameters = Value.Object("plan" to Value.Str("gold"))
        }
        val named = transport.ffi() as FfiTransportChoice.Named
        val options = """{"provider":"telnyx","from":"+15550100","parameters":{"plan":"gold"}}"""
        assertEquals("phone" to Value.parse(options), named.name to Value.parse(named.optionsJson))
        assertTrue("telnyx" in "$transport" && "555" !in "$transport" && "gold" !in "$transport", "$transport")
        PipecatClient(transport).use { client ->
            client.connect(Bot.params)
            client.sendDTMF("12#")
            val error = runCatching { client.sendClientRequest("x") }.exceptionOrNull() as RtviException
            assertTrue("a call over Telnyx does not take" in error.message, error.message)
            client.disconnect()
        }
        val unknown = runCatching { PipecatClient(PhoneTransport { provider = "pigeon" }) }.exceptionOrNull()
        assertEquals(ErrorKind.INVALID_ARGUMENT, (unknown as RtviException).kind)
    }

    @Test
    fun theParametersChooseTheTransport() = test {
        PipecatClient(AutoTransport { websocket.sampleRate = 8_000 }).use { client ->
            client.connect(Bot.params)
            client.disconnect()
            client.connect(Value.Object("webrtcRequestParams" to Value.Object("endpoint" to Value.Str(Bot.offer))))
            client.disconnect()
        }
    }

    @Test
    fun anOfferWithoutConnectParameters() = test {
        PipecatClient(SmallWebRTCTransport { offer = APIRequest(Bot.offer) }).use { client ->
            client.connect()
            client.disconnect()
        }
    }
}
