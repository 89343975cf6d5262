package ai.rtvi.client

import java.nio.ByteBuffer
import java.util.Collections
import java.util.concurrent.atomic.AtomicInteger
import kotlin.math.abs
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Samples of the app's own, both ways, and the devices behind them. */
class AudioTest {
    @Test
    fun samplesAreSentAndPlayedExactly() = test {
        val facts = TransportFacts(captureSampleRate = 16_000)
        val bot = ScriptedBot(facts = facts)
        val input = PcmInput(16_000, paced = true)
        val output = PcmOutput(16_000)
        val options = PipecatClientOptions(microphone = Microphone.Pcm(input), speaker = Speaker.Pcm(output))
        PipecatClient(bot, options).use { client ->
            client.connect()
            val samples = ShortArray(320) { (it * 50 + 1).toShort() }
            val bytes = ByteArray(640) { i -> (samples[i / 2].toInt() shr (8 * (i % 2))).toByte() }
            assertEquals(320, input.push(samples))
            val heard = bot.connection().audio.first { piece -> piece.any { it != 0.toByte() } }
            assertTrue(heard.size == 640)
            val pcm = ByteBuffer.allocateDirect(640).put(bytes)
            pcm.flip()
            bot.connection().audio(16_000, 1, pcm)
            assertTrue(loudest { output.pull(640) } > 10_000)
            assertTrue(client.audioStats.receivedMs >= 20)
        }
    }

    private suspend fun loudest(pull: () -> ByteArray): Int {
        while (true) {
            val pcm = pull()
            val samples = pcm.toList().chunked(2) { (low, high) -> (low.toInt() and 0xff) or (high.toInt() shl 8) }
            val loudest = samples.maxOfOrNull(::abs) ?: 0
            if (loudest > 10_000) return loudest
            delay(5)
        }
    }

    @Test
    fun theBotIsHeard() = test {
        val output = PcmOutput(24_000)
        val options = PipecatClientOptions(speaker = Speaker.Pcm(output))
        PipecatClient(SmallWebRTCTransport(), options).use { client ->
            client.startBotAndConnect(Bot.request("webrtc"))
            client.sendText("Good morning")
            var bytes = 0
            while (bytes < 4_800) {
                bytes += output.pull(960).count { it != 0.toByte() }
                delay(10)
            }
            client.disconnect()
        }
    }

    @Test
    fun devicesAreOpenOnlyWhileTheyAreWanted() = test {
        val open = AtomicInteger()
        val control = object : MicrophoneControl {
            override fun start() {
                open.incrementAndGet()
            }

            override fun stop() {
                open.decrementAndGet()
            }
        }
        val input = PcmInput(16_000, control = control)
        val bot = ScriptedBot(facts = TransportFacts(captureSampleRate = 16_000))
        PipecatClient(bot, PipecatClientOptions(microphone = Microphone.Pcm(input))).use { client ->
            assertEquals(0, open.get())
            client.connect()
            until { open.get() == 1 }
            client.disconnect()
            until { open.get() == 0 }
        }
    }

    @Test
    fun aMicrophoneThatMayNotBeUsedIsADeviceError() = test {
        val control = object : MicrophoneControl {
            override fun start() = throw RtviException(ErrorKind.Device, "the app may not record")
            override fun stop() {}
        }
        val input = PcmInput(16_000, control = control)
        val bot = ScriptedBot(facts = TransportFacts(captureSampleRate = 16_000))
        PipecatClient(bot, PipecatClientOptions(microphone = Microphone.Pcm(input))).use { client ->
            val recorder = Recorder(this, client)
            runCatching { client.connect() }
            val error = (recorder.next("deviceError").typed() as RtviEvent.DeviceError).error
            assertEquals(ErrorKind.Device, error.kind)
            assertTrue(error.message.contains("may not record"), error.message)
        }
    }

    @Test
    fun anInputBelongsToOneClient() = test {
        val input = PcmInput(16_000)
        val options = PipecatClientOptions(microphone = Microphone.Pcm(input))
        PipecatClient(ScriptedBot(), options).use {
            val second = runCatching { PipecatClient(ScriptedBot(), options) }.exceptionOrNull() as RtviException
            assertEquals(ErrorKind.InvalidArgument, second.kind)
        }
        assertEquals(ErrorKind.InvalidArgument, (runCatching { PcmInput(1) }.exceptionOrNull() as RtviException).kind)
    }

    @Test
    fun aDeviceThatDoesNotCloseIsLogged() = test {
        val lines = Collections.synchronizedList(mutableListOf<String>())
        Rtvi.setLogLevel(LogLevel.Debug)
        Rtvi.setLog { level, line -> lines += "$level $line" }
        val control = object : MicrophoneControl {
            override fun start() {}
            override fun stop() = error("it is stuck")
        }
        val input = PcmInput(16_000, control = control)
        val bot = ScriptedBot(facts = TransportFacts(captureSampleRate = 16_000))
        PipecatClient(bot, PipecatClientOptions(microphone = Microphone.Pcm(input))).use { client ->
            client.connect()
            client.disconnect()
        }
        until { lines.any { it.startsWith("Warn") && it.contains("it is stuck") } }
        Rtvi.setLog(null)
        Rtvi.setLogLevel(LogLevel.Info)
    }
}
