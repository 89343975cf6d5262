package ai.rtvi.client

import java.nio.ByteBuffer
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.atomic.AtomicInteger
import kotlin.math.abs
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Samples of the app's own, both ways, and the devices behind them. */
class AudioTest {
    @Test
    fun samplesAreSentAndPlayedExactly() = test {
        val capabilities = TransportCapabilities(captureSampleRate = 16_000)
        val bot = ScriptedBot(capabilities = capabilities)
        val input = PcmInput(16_000, paced = true)
        val output = PcmOutput(16_000)
        val options = PipecatClientOptions {
            microphone = Microphone.Pcm(input)
            speaker = Speaker.Pcm(output)
        }
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
            assertTrue(client.audioStats.received >= 20.milliseconds)
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
        val options = PipecatClientOptions { speaker = Speaker.Pcm(output) }
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
        val bot = ScriptedBot(capabilities = TransportCapabilities(captureSampleRate = 16_000))
        PipecatClient(bot, PipecatClientOptions { microphone = Microphone.Pcm(input) }).use { client ->
            assertEquals(0, open.get())
            client.connect()
            until { open.get() == 1 }
            client.disconnect()
            until { open.get() == 0 }
        }
    }

    /** Counts how often a microphone was opened and closed, and may refuse. */
    private class Counting : MicrophoneControl {
        val starts = AtomicInteger()
        val stops = AtomicInteger()
        @Volatile
        var refuses = false

        override fun start() {
            starts.incrementAndGet()
            if (refuses) error("another app has it")
        }

        override fun stop() {
            stops.incrementAndGet()
        }

        val counts get() = Pair(starts.get(), stops.get())
    }

    private suspend fun withMicrophone(voice: VoiceOptions, act: suspend CoroutineScope.(Counting, PipecatClient) -> Unit) = coroutineScope {
        val control = Counting()
        val options = PipecatClientOptions {
            microphone = Microphone.Pcm(PcmInput(16_000, control = control))
            this.voice = voice
        }
        PipecatClient(ScriptedBot(capabilities = TransportCapabilities(captureSampleRate = 16_000)), options).use { client ->
            client.connect()
            until { control.counts == Pair(1, 0) }
            act(control, client)
            client.disconnect()
        }
    }

    @Test
    fun aMutedMicrophoneIsReleasedAndOpenedAgain() = test {
        for (after in listOf(0, 50)) {
            withMicrophone(VoiceOptions { micReleaseAfter = after?.milliseconds }) { control, client ->
                client.enableMic(false)
                until { control.counts == Pair(1, 1) }
                client.enableMic(true)
                until { control.counts == Pair(2, 1) }
                client.disconnect()
                until { control.counts == Pair(2, 2) }
            }
        }
    }

    @Test
    fun aMutedMicrophoneMayStayOpen() = test {
        for (after in listOf(null, 10_000)) {
            withMicrophone(VoiceOptions { micReleaseAfter = after?.milliseconds }) { control, client ->
                repeat(10) { client.enableMic(it % 2 == 1) }
                client.disconnect()
                until { control.counts == Pair(1, 1) }
            }
        }
    }

    @Test
    fun aMicrophoneThatCanNotBeOpenedAgainIsADeviceError() = test {
        withMicrophone(VoiceOptions { micReleaseAfter = Duration.ZERO }) { control, client ->
            val recorder = Recorder(this, client)
            control.refuses = true
            client.enableMic(false)
            client.enableMic(true)
            val error = (recorder.next("deviceError") as RtviEvent.DeviceError).error
            assertEquals(Pair(ErrorKind.DEVICE, "another app has it"), Pair(error.kind, error.message))
            assertEquals(TransportState.READY, client.state.value)
            control.refuses = false
            client.enableMic(false)
            client.enableMic(true)
            recorder.next("trackStarted")
            recorder.job.cancel()
        }
    }

    @Test
    fun aMicrophoneThatMayNotBeUsedIsADeviceError() = test {
        val control = object : MicrophoneControl {
            override fun start() = throw RtviException(ErrorKind.DEVICE, "the app may not record")
            override fun stop() {}
        }
        val input = PcmInput(16_000, control = control)
        val bot = ScriptedBot(capabilities = TransportCapabilities(captureSampleRate = 16_000))
        PipecatClient(bot, PipecatClientOptions { microphone = Microphone.Pcm(input) }).use { client ->
            val recorder = Recorder(this, client)
            runCatching { client.connect() }
            val error = (recorder.next("deviceError") as RtviEvent.DeviceError).error
            assertEquals(ErrorKind.DEVICE, error.kind)
            assertTrue(error.message.contains("may not record"), error.message)
        }
    }

    @Test
    fun anInputBelongsToOneClient() = test {
        val input = PcmInput(16_000)
        val options = PipecatClientOptions { microphone = Microphone.Pcm(input) }
        PipecatClient(ScriptedBot(), options).use {
            val second = runCatching { PipecatClient(ScriptedBot(), options) }.exceptionOrNull() as RtviException
            assertEquals(ErrorKind.INVALID_ARGUMENT, second.kind)
        }
        assertEquals(ErrorKind.INVALID_ARGUMENT, (runCatching { PcmInput(1) }.exceptionOrNull() as RtviException).kind)
    }

    @Test
    fun aDeviceThatDoesNotCloseIsLogged() = test {
        val lines = CopyOnWriteArrayList<String>()
        Rtvi.setLogLevel(LogLevel.DEBUG)
        Rtvi.setLog { level, line -> lines += "$level $line" }
        val control = object : MicrophoneControl {
            override fun start() {}
            override fun stop() = error("it is stuck")
        }
        val input = PcmInput(16_000, control = control)
        val bot = ScriptedBot(capabilities = TransportCapabilities(captureSampleRate = 16_000))
        PipecatClient(bot, PipecatClientOptions { microphone = Microphone.Pcm(input) }).use { client ->
            client.connect()
            client.disconnect()
        }
        until { lines.any { it.startsWith("WARN") && it.contains("it is stuck") } }
        Rtvi.setLog(null)
        Rtvi.setLogLevel(LogLevel.INFO)
    }
}
