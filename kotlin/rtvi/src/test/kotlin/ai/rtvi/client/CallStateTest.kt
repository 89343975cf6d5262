package ai.rtvi.client

import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.plus
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** What a user interface shows of a call with the demo bot. */
class CallStateTest {
    @Test
    fun aConversationIsShownWhileItHappens() = test {
        PipecatClient(WebSocketTransport()).use { client ->
            val call = CallState(client, this + Dispatchers.Default)
            client.connect(Bot.params)
            // At once in the thread that changes it: the bot is fast, and may be silent again soon.
            val spoke = async(Dispatchers.Unconfined, CoroutineStart.UNDISPATCHED) { call.bot.first { it.isSpeaking } }
            client.sendText("Good morning")
            val turns = call.turns.first { turns -> turns.any { it.heardText.orEmpty().contains("You said: Good morning.") } }
            assertEquals(turns.size, call.turns.value.size)
            spoke.await()
            call.bot.first { it.level > 0 }
            call.bot.first { !it.isSpeaking }
            assertEquals(null, call.problem.value)
            client.disconnect()
            call.bot.first { it == Speaking() }
            assertEquals(turns.size, call.turns.value.size, "the turns stay")
            call.clear()
            assertEquals(emptyList<Turn>(), call.turns.value)
        }
    }

    @Test
    fun aScreenThatCanNotBeSharedIsAProblem() = test {
        val screen = PlayedVideo(VideoRecording.ofNumbers())
        screen.refusal = RtviException(ErrorKind.DEVICE, "the user said no", device = DeviceErrorKind.PERMISSIONS)
        PipecatClient(SmallWebRTCTransport(), PipecatClientOptions { this.screen = screen.input }).use { client ->
            val call = CallState(client, this + Dispatchers.Default)
            client.startBotAndConnect(Bot.request("webrtc"))
            client.enableScreenShare(true)
            assertEquals("the user said no", call.problem.first { it != null }?.message)
            client.disconnect()
        }
    }

    @Test
    fun aProblemIsShownUntilTheNextSession() = test {
        val (input, options) = PcmInput(48_000).let { it to PipecatClientOptions { microphone = Microphone.Pcm(it) } }
        PipecatClient(WebSocketTransport(), options).use { client ->
            val call = CallState(client, this + Dispatchers.Default)
            client.connect(Bot.params)
            input.fail(RtviException(ErrorKind.DEVICE, "it was unplugged", device = DeviceErrorKind.NOT_FOUND))
            assertEquals(DeviceErrorKind.NOT_FOUND, call.problem.first { it != null }?.device)
            assertTrue(client.state.value == TransportState.READY)
            assertFalse(call.user.value.isSpeaking)
            client.disconnect()
            client.connect(Bot.params)
            call.problem.first { it == null }
        }
    }
}
