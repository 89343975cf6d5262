package ai.rtvi.client

import java.util.Collections
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executors
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.ThreadPoolExecutor
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import kotlin.coroutines.cancellation.CancellationException
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Sessions with a bot, the demo bot or a real one: what an app does. */
class SessionTest {
    private suspend fun session(
        options: PipecatClientOptions = PipecatClientOptions(),
        act: suspend CoroutineScope.(PipecatClient) -> Unit,
    ) = coroutineScope {
        PipecatClient(WebSocketTransport(), options).use { client ->
            client.connect(Bot.params)
            act(client)
            client.disconnect()
        }
    }

    @Test
    fun stateAndBotFollowTheSession() = test {
        PipecatClient(WebSocketTransport()).use { client ->
            assertEquals(TransportState.DISCONNECTED, client.state.value)
            assertNull(client.bot)
            val ready = client.startBotAndConnect(Bot.request())
            assertEquals(TransportState.READY, client.state.value)
            assertEquals(ready, client.bot)
            assertNotNull(ready.version)
            client.disconnect()
            assertEquals(TransportState.DISCONNECTED, client.state.value)
        }
    }

    @Test
    fun startsThenConnectsOverWebRTC() = test {
        PipecatClient(SmallWebRTCTransport()).use { client ->
            client.connect(client.startBot(Bot.request("webrtc")))
            assertEquals(TransportState.READY, client.state.first { it == TransportState.READY })
            assertEquals(Value.Str("there"), client.sendClientRequest("echo", Value.Str("there")))
        }
    }

    @Test
    fun aRequestWithTheArgumentsOfTheAndroidSdk() = test {
        val data = Value.Object("transport" to Value.Str("websocket"))
        val request = APIRequest(endpoint = Bot.start, requestData = data, headers = mapOf("X-Test" to "a"), timeoutMs = 30_000)
        assertEquals(APIRequest(Bot.start) {
            headers = listOf(Header("X-Test", "a"))
            requestData = data
            timeout = 30.seconds
        }.toValue(), request.toValue())
        PipecatClient(WebSocketTransport()).use { it.startBotAndConnect(request) }
    }

    @Test
    fun requestsKeepEveryDigit() = test {
        session { client ->
            val data = Value.parse("""{"big":18446744073709551615,"n":9007199254740993,"x":null,"y":[true,0.5,"ü"]}""")
            assertEquals(data.toJson(), client.sendClientRequest("echo", data)!!.toJson())
            val none = runCatching { client.sendClientRequest("never", timeout = 20.milliseconds) }.exceptionOrNull()
            assertEquals(ErrorKind.TIMEOUT, (none as RtviException).kind)
            assertEquals(Phase.REQUEST, none.phase)
        }
    }

    @Test
    fun errorsTellEverything() = test {
        PipecatClient(WebSocketTransport()).use { client ->
            val noSuchBot = APIRequest(Bot.start.replace("/start", "/nothing"))
            val failed = runCatching { client.startBot(noSuchBot) }.exceptionOrNull() as RtviException
            assertEquals(Triple(ErrorKind.START_BOT_FAILED, Phase.START_REQUEST, 404), Triple(failed.kind, failed.phase, failed.status))
            val early = runCatching { client.sendText("hello") }.exceptionOrNull() as RtviException
            assertEquals(ErrorKind.NOT_READY, early.kind)
            client.close()
            val late = runCatching { client.initDevices() }.exceptionOrNull() as RtviException
            assertEquals(ErrorKind.INVALID_STATE, late.kind)
        }
    }

    @Test
    fun callbacksComeInOrderAndEventsAreTheSame() = test {
        val told = Collections.synchronizedList(mutableListOf<RtviEvent>())
        val words = CompletableDeferred<String>()
        val callbacks = object : PipecatEventCallbacks() {
            override fun onEvent(event: RtviEvent) {
                told += event
            }

            override fun onBotOutput(data: BotOutputData) {
                if (data.text.isNotEmpty()) words.complete(data.text)
            }
        }
        val collected = Collections.synchronizedList(mutableListOf<RtviEvent>())
        session(PipecatClientOptions(callbacks)) { client ->
            launch(start = CoroutineStart.UNDISPATCHED) { client.events.collect(collected::add) }
            client.sendText("Good morning")
            assertTrue(words.await().isNotEmpty())
            until { collected.any { it is RtviEvent.BotStoppedSpeaking } }
            client.disconnect()
            until { told.any { it is RtviEvent.Disconnected } && collected.any { it is RtviEvent.Disconnected } }
        }
        // Levels may be skipped, each reader's own.
        val ours = collected.filterNot(::isLevel)
        assertEquals(ours, told.filterNot(::isLevel).takeLast(ours.size))
        assertEquals(RtviEvent.TransportStateChanged(TransportState.INITIALIZING), told.first())
        assertEquals(RtviEvent.Disconnected(DisconnectReason.Requested), told.last())
    }

    private fun isLevel(event: RtviEvent) =
        event is RtviEvent.RemoteAudioLevel || event is RtviEvent.LocalAudioLevel || event is RtviEvent.TransportStats

    @Test
    fun callbacksRunWhereTheAppWants() = test {
        val thread = CompletableDeferred<String>()
        val callbacks = object : PipecatEventCallbacks() {
            override fun onBotReady(data: BotReadyData) {
                thread.complete(Thread.currentThread().name)
            }
        }
        Executors.newSingleThreadExecutor { Thread(it, "app's thread") }.asCoroutineDispatcher().use {
            session(PipecatClientOptions(callbacks) { callbackDispatcher = it }) {
                assertTrue(thread.await().startsWith("app's thread"), thread.await())
            }
        }
    }

    @Test
    fun callbacksThatThrowChangeNothing() = test {
        val thrown = Collections.synchronizedList(mutableListOf<Throwable>())
        val callbacks = object : PipecatEventCallbacks() {
            override fun onEvent(event: RtviEvent) = throw IllegalStateException("the app is broken")
        }
        session(PipecatClientOptions(callbacks) { onCallbackException = { thrown.add(it) } }) { client ->
            assertEquals(Value.Str("x"), client.sendClientRequest("echo", Value.Str("x")))
            until { thrown.size > 5 }
        }
        assertTrue(thrown.all { it.message == "the app is broken" })
    }

    @Test
    fun aHandlerOfExceptionsThatThrowsChangesNothing() = test {
        val thrown = AtomicInteger()
        val callbacks = object : PipecatEventCallbacks() {
            override fun onEvent(event: RtviEvent) = throw IllegalStateException("the app is broken")
        }
        val options = PipecatClientOptions(callbacks) {
            onCallbackException = { error("and its handler is too: ${thrown.incrementAndGet()}") }
        }
        session(options) { until { thrown.get() > 5 } }
    }

    @Test
    fun theStateDoesNotWaitForCallbacks() = test {
        val entered = CompletableDeferred<Unit>()
        val isFree = CountDownLatch(1)
        val callbacks = object : PipecatEventCallbacks() {
            override fun onBotReady(data: BotReadyData) = entered.complete(Unit).let { isFree.await() }
        }
        val bot = ScriptedBot()
        PipecatClient(bot, PipecatClientOptions(callbacks)).use { client ->
            client.connect()
            entered.await()
            bot.connection().botLeft()
            client.state.first { it == TransportState.DISCONNECTED }
            isFree.countDown()
        }
    }

    @Test
    fun callbacksThatCanRunNowhereAreToldOnce() = test {
        val told = CompletableDeferred<Throwable>()
        val bot = ScriptedBot()
        val dispatcher = Executors.newSingleThreadExecutor().asCoroutineDispatcher()
        val options = PipecatClientOptions(PipecatEventCallbacks()) {
            callbackDispatcher = dispatcher
            onCallbackException = { told.complete(it) }
        }
        PipecatClient(bot, options).use { client ->
            client.connect()
            dispatcher.close()
            bot.connection().botLeft()
            assertTrue(told.await() is CancellationException, "${told.await()}")
            client.state.first { it == TransportState.DISCONNECTED }
        }
    }

    @Test
    fun aCallbackMayCloseTheClient() = test {
        val closed = CompletableDeferred<Unit>()
        var after = 0
        lateinit var client: PipecatClient
        val callbacks = object : PipecatEventCallbacks() {
            override fun onConnected() {
                client.close()
                closed.complete(Unit)
            }

            override fun onEvent(event: RtviEvent) {
                if (closed.isCompleted) after++
            }
        }
        client = PipecatClient(WebSocketTransport(), PipecatClientOptions(callbacks))
        // It may be done before the callback is called.
        val failed = runCatching { client.connect(Bot.params) }.exceptionOrNull() as RtviException?
        assertTrue(failed == null || failed.kind == ErrorKind.CANCELLED || failed.kind == ErrorKind.INVALID_STATE, "$failed")
        closed.await()
        assertEquals(TransportState.DISCONNECTED, client.state.value)
        assertEquals(ErrorKind.INVALID_STATE, (runCatching { client.connect(Bot.params) }.exceptionOrNull() as RtviException).kind)
        assertEquals(0, after)
    }

    @Test
    fun aCancelledCoroutineGivesTheCallUp() = test {
        // The transport never opens: without the cancellation it would wait for its deadline of 15
        // s.
        val opening = CompletableDeferred<Unit>()
        val gone = CompletableDeferred<Unit>()
        val transport = object : CustomTransport {
            override suspend fun run(connection: TransportConnection): ConnectionEnd = try {
                opening.complete(Unit)
                awaitCancellation()
            } finally {
                gone.complete(Unit)
            }
        }
        PipecatClient(transport).use { client ->
            val connecting = launch { client.connect() }
            opening.await()
            assertEquals(TransportState.CONNECTING, client.state.value)
            connecting.cancel()
            gone.await()
            client.state.first { it == TransportState.DISCONNECTED }
            assertTrue(connecting.isCancelled)
        }
    }

    @Test
    fun theStateIsTheCoresWhateverIsHeldUp() = test {
        val bot = ScriptedBot()
        PipecatClient(bot).use { client ->
            client.connect()
            val threads = maxOf(2, Runtime.getRuntime().availableProcessors())
            val areHeld = CountDownLatch(threads)
            val isFree = CountDownLatch(1)
            repeat(threads) { launch(Dispatchers.Default) { areHeld.countDown().also { isFree.await() } } }
            areHeld.await()
            try {
                // No event reaches anybody in Kotlin now; the core ends the session all the same.
                bot.connection().botLeft()
                until { "session ended" in client.sessionTrace() }
                assertEquals(TransportState.DISCONNECTED, client.state.value)
            } finally {
                isFree.countDown()
            }
        }
    }

    @Test
    fun theStateIsNeverOlderThanWhatIsKnown() = test {
        // Whoever learns something looks at once, before anything else had time to run. Each round
        // has a client of its own, as a callback may still run when the next round begins.
        val late = Collections.synchronizedList(mutableListOf<String>())
        repeat(50) {
            lateinit var client: PipecatClient
            fun look(what: String, vararg possible: TransportState) {
                val state = client.state.value
                if (state !in possible) late += "$what: $state"
            }
            val callbacks = object : PipecatEventCallbacks() {
                override fun onBotReady(data: BotReadyData) =
                    look("bot ready", TransportState.READY, TransportState.DISCONNECTING, TransportState.DISCONNECTED)

                override fun onDisconnected(reason: DisconnectReason) = look("disconnected", TransportState.DISCONNECTED)
            }
            val transport = object : CustomTransport {
                override suspend fun run(connection: TransportConnection): ConnectionEnd {
                    look("transport opens", TransportState.CONNECTING)
                    return ScriptedBot().run(connection)
                }
            }
            client = PipecatClient(transport, PipecatClientOptions(callbacks))
            client.connect()
            look("connect has returned", TransportState.READY)
            client.disconnect()
            look("disconnect has returned", TransportState.DISCONNECTED)
            client.close()
        }
        assertEquals(emptyList<String>(), late)
    }

    @Test
    fun aCallThatIsCancelledAsItSucceedsLeavesNoSession() = test {
        val bot = ScriptedBot()
        val thread = ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, LinkedBlockingQueue())
        val isBusy = CompletableDeferred<Unit>()
        val isFree = CountDownLatch(1)
        // Before the bot says that it is ready, the only thread that could take the call's result
        // is busy: the call waits for it.
        val transport = object : CustomTransport {
            override suspend fun run(connection: TransportConnection): ConnectionEnd {
                thread.execute { isBusy.complete(Unit).also { isFree.await() } }
                isBusy.await()
                return bot.run(connection)
            }
        }
        PipecatClient(transport).use { client ->
            val connecting = launch(thread.asCoroutineDispatcher()) { client.connect() }
            client.state.first { it == TransportState.READY }
            until { thread.queue.isNotEmpty() }
            connecting.cancel()
            isFree.countDown()
            connecting.join()
            client.state.first { it == TransportState.DISCONNECTED }
        }
        thread.shutdown()
    }

    @Test
    fun aChangeOfTheNetworkReachesTheTransport() = test {
        val bot = ScriptedBot()
        PipecatClient(bot).use { client ->
            client.networkChanged()
            client.connect()
            client.networkChanged()
            assertEquals(1, bot.moved())
        }
    }

    @Test
    fun aTraceIsThereDuringTheSessionAndAfterIt() = test {
        PipecatClient(ScriptedBot()).use { client ->
            assertTrue(client.sessionTrace().startsWith("{\"rtviTrace\":1,"))
            client.connect()
            client.sendText("a secret")
            val trace = client.sessionTrace()
            assertTrue("send-text" in trace && "secret" !in trace, trace)
            client.disconnect()
            assertTrue("session ended: requested" in client.sessionTrace())
        }
    }

    @Test
    fun manyThreadsUseOneClient() = test {
        session { client ->
            val answers = List(8) { worker ->
                async(Dispatchers.Default) {
                    List(25) { client.sendClientRequest("echo", Value.Number(worker * 100 + it))!!.long!! }
                }
            }.awaitAll()
            answers.forEachIndexed { worker, got -> assertEquals(List(25) { worker * 100L + it }, got) }
        }
    }

    @Test
    fun microphoneAndDevicesAreAsked() = test {
        session { client ->
            assertTrue(client.isMicEnabled)
            client.enableMic(false)
            assertEquals(false, client.isMicEnabled)
            assertTrue(client.tracks.all { it.kind == TrackKind.AUDIO })
            assertEquals(emptyList<MediaDevice>(), client.getAllCams())
            // The app's own audio is the only choice.
            assertEquals(listOfNotNull(client.selectedMic), client.getAllMics())
            assertEquals(listOfNotNull(client.selectedSpeaker), client.getAllSpeakers())
            assertNull(client.selectedCam)
            for (update in listOf(client::updateMic, client::updateSpeaker)) {
                assertEquals(ErrorKind.DEVICE, (runCatching { update("none") }.exceptionOrNull() as RtviException).kind)
            }
            assertEquals(ErrorKind.UNSUPPORTED_FEATURE, (runCatching { client.enableCam(true) }.exceptionOrNull() as RtviException).kind)
            assertTrue(client.audioStats.sent >= Duration.ZERO)
            client.flushBotAudio()
        }
    }
}
