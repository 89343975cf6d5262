package ai.rtvi.client

import ai.rtvi.ffi.FfiCancellation
import ai.rtvi.ffi.FfiClient
import kotlin.time.Duration
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext

/**
 * A client of a Pipecat bot.
 *
 * Every function may be called from every thread, in callbacks, and while others run. Suspending ones wait for the network without
 * blocking; cancelling their coroutine gives up the call, and undoes what [startBot] or [connect] has begun. All that fails throws
 * [RtviException].
 *
 * A client holds native resources: [close] it when it is not needed any more.
 *
 * @throws RtviException if an option can't be used. Microphone and speaker of the options are used up all the same.
 */
public class PipecatClient(
    transport: Transport,
    private val options: PipecatClientOptions = PipecatClientOptions(),
) : AutoCloseable {
    private val core: FfiClient = calling { FfiClient(options.ffi(transport)) }
    private val pump = EventPump(core, options)

    /**
     * The present state. Its `value` is never older than what was reported to the app, by a call that has returned, an event, a callback or its
     * own transport; its collectors may skip states that pass quickly, callbacks get them all.
     */
    public val state: StateFlow<TransportState> get() = pump.state

    /**
     * What happens from the moment of collecting on, in order and without gaps; ends when the client is closed. Every collector has a stream
     * of its own. Collect before connecting: `launch(start = CoroutineStart.UNDISPATCHED) { client.events.collect { … } }`.
     *
     * Holds 512 events. While it is nearly full, the client reads no further messages from the server; a collector that leaves it so for ten
     * seconds ends the session ([ErrorKind.CONSUMER_STALLED]).
     */
    public val events: Flow<RtviEvent> get() = eventsOf(core).onEach(pump::follow)

    /** Opens microphone and speaker. The other calls do it when needed. */
    public suspend fun initDevices(): Unit = call { core.initDevices(null) }

    /** Asks the start endpoint for a bot and gives its answer, for [connect]. */
    public suspend fun startBot(request: APIRequest): Value = begin { core.startBot(request.toValue().toJson(), it) }

    /** Connects to a bot and waits until it is ready. `params` are what the transport needs, an object: usually the start endpoint's answer. */
    public suspend fun connect(params: Value = Value.Object()): BotReadyData = begin { core.connect(params, it) }

    /** [startBot], then [connect] with its answer. */
    public suspend fun startBotAndConnect(request: APIRequest): BotReadyData =
        begin { core.startBotAndConnect(request.toValue().toJson(), it) }

    /** Ends the session gracefully, within two seconds. Possible in every state, any number of times. */
    public suspend fun disconnect(): Unit = call { core.disconnect(null) }

    /** Asks the bot to leave. The session ends when it has left. */
    public suspend fun disconnectBot(): Unit = call { core.disconnectBot(null) }

    /**
     * Tells the client that the device moved to another network, so that a session which that broke is restored at once instead of when the
     * silence was noticed. Events as for a lost connection. Without a session nothing is done.
     */
    public suspend fun networkChanged(): Unit = call { core.networkChanged(null) }

    /** Sends a message of the app's own kind; the bot need not answer. */
    public suspend fun sendClientMessage(type: String, data: Value? = null): Unit =
        call { core.sendClientMessage(type, data, null) }

    /** Sends a request of the app's own kind and gives the data of the answer, `null` if it has none. Waits 10 s unless told otherwise. */
    public suspend fun sendClientRequest(type: String, data: Value? = null, timeout: Duration? = null): Value? =
        call { core.sendClientRequest(type, data, timeout.millis(), null) }

    /**
     * Asks an HTTP endpoint of the bot itself, within the session: [path] below the URL of the session, which a start request began, with that
     * request's headers. Pipecat Cloud calls this its session API.
     *
     * [method] is GET, POST, PUT, PATCH, DELETE, OPTIONS or HEAD; [path] may have a query and can't lead out of the session. Waits 10 s unless
     * told otherwise. Needs no bot that is ready, but a session: fails as [ErrorKind.INVALID_STATE] without one, and as
     * [ErrorKind.REQUEST_FAILED] with status and code when the bot refuses.
     */
    public suspend fun sessionRequest(method: String, path: String, body: Value? = null, timeout: Duration? = null): SessionAnswer =
        call { core.sessionRequest(method, path, body, timeout.millis(), null) }

    /** Sends text of the user as if it had been said. */
    public suspend fun sendText(content: String, options: SendTextOptions = SendTextOptions()): Unit =
        call { core.sendText(content, options.runImmediately, options.audioResponse, null) }

    /** Sends a file: the data of the message `send-file`, an object with `content`, `file` and perhaps `options`. */
    public suspend fun sendFile(file: Value): Unit = call { core.sendFile(file, null) }

    /** Presses the keys of a telephone: `0` to `9`, `*` and `#`, at least one. */
    public suspend fun sendDTMF(keys: String): Unit = call { core.sendDtmf(keys, null) }

    /** Reports an event of the app's user interface. */
    public suspend fun sendUIEvent(event: String, payload: Value? = null): Unit =
        call { core.sendUiEvent(event, payload, null) }

    /** Sends a snapshot of the app's user interface: the data of the message `ui-snapshot`, an object with `tree`. */
    public suspend fun sendUISnapshot(snapshot: Value): Unit = call { core.sendUiSnapshot(snapshot, null) }

    /** Asks the bot to cancel a group of jobs. */
    public suspend fun cancelUIJobGroup(jobId: String, reason: String? = null): Unit =
        call { core.cancelUiJobGroup(jobId, reason, null) }

    /** Adds a message to the bot's context: an object with `role`, `content` and perhaps `run_immediately`. */
    @Deprecated("Current servers refuse it. Send a text that does not run immediately.", ReplaceWith("sendText"))
    public suspend fun appendToContext(message: Value): Unit = call { core.appendToContext(message, null) }

    /**
     * Lets the bot call a function of the app, until it is unregistered or the client closed; a second handler of the same name replaces the first.
     *
     * The handler runs on [PipecatClientOptions.callbackDispatcher]. What it returns is the result, what it throws the error that the bot gets.
     * Its coroutine is cancelled when the server cancels the call, at the deadline for functions, and when the session ends.
     */
    public fun registerFunctionCallHandler(functionName: String, handler: suspend (FunctionCall) -> Value): Unit =
        calling { core.registerFunction(functionName, FunctionBridge(options.callbackDispatcher, handler)) }

    /** Removes a function; says whether there was one. A call that runs is not disturbed. */
    public fun unregisterFunctionCallHandler(functionName: String): Boolean = calling { core.unregisterFunction(functionName) }

    /** Removes all functions. */
    public fun unregisterAllFunctionCallHandlers(): Unit = calling { core.unregisterAllFunctions() }

    /** Turns the microphone on or off, in any state. */
    public suspend fun enableMic(enable: Boolean): Unit = call { core.enableMic(enable, null) }

    /** Drops what the bot has said and was not played yet, with a short fade. */
    public suspend fun flushBotAudio(): Unit = call { core.flushBotAudio(null) }

    /** Drops what the bot has said and was not played yet, fading out within [fade], at most 100 ms. */
    public suspend fun fadeOutBotAudio(fade: Duration): Unit = call { core.fadeOutBotAudio(fade.millis() ?: 0u, null) }

    /** Makes the bot louder or quieter from now on, without a click: its samples are multiplied by `gain`, 0 to 4, and limited. */
    public fun setBotGain(gain: Float): Unit = calling { core.setBotGain(gain) }

    /** Switches what the microphone's audio is cleaned of; what stays on keeps what it has learned. */
    public suspend fun updateAudioProcessing(stages: AudioProcessing): Unit =
        call { core.updateAudioProcessing(stages.toValue(), null) }

    /** How the cleaning does, as of the last report of levels. */
    public val processingStats: ProcessingStats
        get() = calling { core.processingStats() }

    /**
     * Presses the button of push-to-talk: what the user says from just before now on is sent. Does nothing unless the option
     * [VoiceOptions.pushToTalk] is set. A disabled microphone stays silent.
     */
    public suspend fun pressToTalk(): Unit = call { core.pressToTalk(null) }

    /** Releases the button of push-to-talk. Silence is sent for a few seconds, so that the bot notices the end of the turn. */
    public suspend fun releaseToTalk(): Unit = call { core.releaseToTalk(null) }

    /**
     * Records the conversation from now on in a stereo WAV file of 24 kHz: left the user as sent, right the bot as played, aligned in time.
     * Time without a session is not recorded. A present recording is completed first.
     */
    public suspend fun startRecording(path: String): Unit = call { core.startRecording(path, null) }

    /** Completes the recording and says how long it is; zero if there was none. */
    public suspend fun stopRecording(): Duration = call { core.stopRecording(null) }

    /** Turns the camera on or off: on fails as [ErrorKind.UNSUPPORTED_FEATURE]. */
    public fun enableCam(enable: Boolean): Unit = calling { core.enableCam(enable) }

    /** Shares the screen or stops to: sharing fails as [ErrorKind.UNSUPPORTED_FEATURE]. */
    public fun enableScreenShare(enable: Boolean): Unit = calling { core.enableScreenShare(enable) }

    /** Whether the microphone is on, or will be when a session begins. */
    public val isMicEnabled: Boolean get() = core.isMicEnabled()

    /** Whether the camera is on. */
    public val isCamEnabled: Boolean get() = core.isCamEnabled()

    /** Whether the screen is shared. */
    public val isSharingScreen: Boolean get() = core.isSharingScreen()

    /** What the bot said when it became ready; `null` without a session. */
    public val bot: BotReadyData? get() = calling { core.bot() }

    /** What the devices are doing. */
    public val mediaState: MediaState get() = calling { core.mediaState() }

    /** The audio that flows now. */
    public val tracks: List<Track> get() = calling { core.tracks() }

    /** How much audio has been moved. */
    public val audioStats: AudioStats get() = calling { core.audioStats() }

    /**
     * The trace of the present session, or of the last one, for a bug report: what happened and when, as JSON
     * Lines that `rtvi trace` shows. It holds no token, header, URL or address and nothing that was said or sent.
     * Possible in every state.
     */
    public fun sessionTrace(): String = calling { core.sessionTrace() }

    /** The microphones to choose from. */
    public fun getAllMics(): List<MediaDevice> = calling { core.allMics() }

    /** The speakers to choose from. */
    public fun getAllSpeakers(): List<MediaDevice> = calling { core.allSpeakers() }

    /** The cameras to choose from. */
    public fun getAllCams(): List<MediaDevice> = calling { core.allCams() }

    /** The microphone in use. */
    public val selectedMic: MediaDevice? get() = calling { core.selectedMic() }

    /** The speaker in use. */
    public val selectedSpeaker: MediaDevice? get() = calling { core.selectedSpeaker() }

    /** The camera in use. */
    public val selectedCam: MediaDevice? get() = calling { core.selectedCam() }

    /** Uses the microphone with this [MediaDevice.deviceId]. */
    public fun updateMic(deviceId: String): Unit = calling { core.updateMic(deviceId) }

    /** Uses the speaker with this [MediaDevice.deviceId]. */
    public fun updateSpeaker(deviceId: String): Unit = calling { core.updateSpeaker(deviceId) }

    /** Uses the camera with this [MediaDevice.deviceId]. */
    public fun updateCam(deviceId: String): Unit = calling { core.updateCam(deviceId) }

    /**
     * Closes the client for good, at once and without waiting: the session ends, calls under way fail as [ErrorKind.CANCELLED], flows end after
     * what they hold, and no callback comes any more. [disconnect] first for a graceful end. Later calls fail as [ErrorKind.INVALID_STATE].
     */
    override fun close() {
        pump.close()
        core.shutdown()
        pump.state.refresh()
    }

    /** A call after which collectors of [state] get the present one, however it ends. */
    private suspend inline fun <T> call(body: () -> T): T = try {
        calling(body)
    } finally {
        pump.state.refresh()
    }

    /**
     * A call that begins something, and is given up when its coroutine is cancelled. If it has succeeded just then, nobody will ever know: what
     * it has begun is undone.
     */
    private suspend fun <T> begin(body: suspend (FfiCancellation) -> T): T = FfiCancellation().use { cancellation ->
        var hasBegun = false
        try {
            coroutineScope {
                val watch = launch(Dispatchers.Unconfined, CoroutineStart.UNDISPATCHED) { cancellation.follow() }
                withContext(NonCancellable) { call { body(cancellation) }.also { hasBegun = true } }.also { watch.cancel() }
            }
        } catch (failed: Exception) {
            if (hasBegun) withContext(NonCancellable) { runCatching { disconnect() } }
            currentCoroutineContext().ensureActive()
            throw failed
        }
    }

    /** Gives calls up when this coroutine is cancelled. */
    private suspend fun FfiCancellation.follow(): Nothing = try {
        awaitCancellation()
    } finally {
        cancel()
    }
}
