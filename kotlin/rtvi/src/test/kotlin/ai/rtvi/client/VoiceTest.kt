package ai.rtvi.client

import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** What an app does with voices, and with the machine's devices. */
class VoiceTest {
    private val everything = VoiceOptions {
        audioProcessing = AudioProcessing.all()
        voiceActivity = VoiceActivity {
            threshold = 0.25f
            stopAfter = 700.milliseconds
        }
        pushToTalk = PushToTalk { preRoll = 150.milliseconds }
        ducking = Ducking { gain = 0.5f }
        preConnectAudio = 2.seconds
        playout = Playout {
            targetDelay = 60.milliseconds
            maxDelay = 300.milliseconds
            fade = 10.milliseconds
            gain = 0.75f
        }
        levelPeriod = 50.milliseconds
        micReleaseAfter = 1500.milliseconds
    }

    private fun refusal(transport: Transport = ScriptedBot(), options: PipecatClientOptions = PipecatClientOptions()) =
        runCatching { PipecatClient(transport, options).close() }.exceptionOrNull() as RtviException?

    @Test
    fun optionsAreWrittenAsTheCoreReadsThem() {
        val json = Value.parse(everything.toValue().toJson())
        assertEquals(Value.Number(150), json["pushToTalk"]?.get("preRollMs"))
        assertEquals(Value.Number(1_500), json["micReleaseAfterMs"])
        assertEquals("{}", VoiceOptions().toValue().toJson())
        assertEquals("""{"micReleaseAfterMs":null}""", VoiceOptions { micReleaseAfter = null }.toValue().toJson())
        assertEquals("""{"pushToTalk":{}}""", VoiceOptions { pushToTalk = PushToTalk() }.toValue().toJson())
        assertEquals(null, refusal(options = PipecatClientOptions { voice = everything }))
    }

    @Test
    fun voiceInASession() = test {
        val input = PcmInput(16_000, paced = true)
        val options = PipecatClientOptions {
            microphone = Microphone.Pcm(input)
            voice.pushToTalk = PushToTalk { preRoll = 100.milliseconds }
        }
        PipecatClient(WebSocketTransport(), options).use { client ->
            val recorder = Recorder(this, client)
            input.push(ShortArray(16_000) { (it * 50 + 1).toShort() })
            client.pressToTalk()
            client.updateAudioProcessing(AudioProcessing.all())
            client.setBotGain(0.5f)
            assertEquals(Duration.ZERO, client.stopRecording())
            val file = temporary("conversation.wav")
            client.startRecording(file.path)
            client.connect(Bot.params)
            client.sendText("Please say something")
            val heard = recorder.next("botAudioHeard") as RtviEvent.BotAudioHeard
            assertTrue(heard.heard.received > Duration.ZERO)
            client.fadeOutBotAudio(20.milliseconds)
            client.releaseToTalk()
            client.processingStats
            assertTrue(client.stopRecording() > Duration.ZERO)
            assertTrue(file.length() > 1_000)
            client.disconnect()
            val refused = runCatching { client.startRecording("/no/such/folder/at.all") }.exceptionOrNull() as RtviException
            assertEquals(ErrorKind.INVALID_ARGUMENT, refused.kind)
        }
    }

    @Test
    fun aDeviceThatIsNotThereIsTold() = test {
        val options = PipecatClientOptions { microphone = Microphone.Device("no such microphone") }
        PipecatClient(WebSocketTransport(), options).use { client ->
            val recorder = Recorder(this, client)
            client.connect(Bot.params)
            val told = recorder.next("deviceError") as RtviEvent.DeviceError
            assertTrue(told.error.message.isNotEmpty())
            client.disconnect()
        }
        assertEquals(null, refusal(options = PipecatClientOptions { speaker = Speaker.Device() }))
    }

    @Test
    fun devicesThatComeAndGoAreTold() {
        val devices = listOf(MediaDevice("a", "A"), MediaDevice("b", "B"))
        val told = mutableListOf<List<MediaDevice>>()
        val callbacks = object : PipecatEventCallbacks() {
            override fun onAvailableMicsUpdated(mics: List<MediaDevice>) {
                told += mics
            }

            override fun onAvailableSpeakersUpdated(speakers: List<MediaDevice>) {
                told += speakers
            }
        }
        callbacks.tell(RtviEvent.AvailableMicsUpdated(devices))
        callbacks.tell(RtviEvent.AvailableSpeakersUpdated(devices))
        assertEquals(listOf(devices, devices), told)
    }

    @Test
    fun whomToTrust() = test {
        val short = TlsOptions { pinnedKeys = listOf("0f".repeat(20)) }
        for (transport in listOf(WebSocketTransport { tls = short }, SmallWebRTCTransport { tls = short })) {
            val refused = refusal(transport)
            assertEquals(ErrorKind.INVALID_ARGUMENT, refused?.kind)
        }
        assertEquals(ErrorKind.INVALID_ARGUMENT, refusal(options = PipecatClientOptions { tls = short })?.kind)
        val pinned = TlsOptions {
            pinnedKeys = listOf("0f".repeat(32))
            allowPlaintext = true
        }
        assertEquals(null, refusal(WebSocketTransport { tls = pinned }, PipecatClientOptions { tls = pinned }))
    }

    @Test
    fun plaintextIsForPrivateNetworksUnlessAllowed() = test {
        // No such host: only whether it is tried counts.
        val start = APIRequest("http://rtvi.invalid/start") { timeout = 1.seconds }
        suspend fun refusal(whom: TlsOptions) = PipecatClient(ScriptedBot(), PipecatClientOptions { tls = whom }).use {
            (runCatching { it.startBot(start) }.exceptionOrNull() as RtviException).kind
        }
        assertEquals(ErrorKind.TLS, refusal(TlsOptions()))
        assertNotEquals(ErrorKind.TLS, refusal(TlsOptions { allowPlaintext = true }))
    }
}
