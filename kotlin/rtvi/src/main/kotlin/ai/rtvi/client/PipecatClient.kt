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
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext

/**
 * A client of a Pipecat bot.
 *
 * You can call every function from any thread, in callbacks, and while others run. Suspending
 * functions wait for the network without blocking. Cancelling their coroutine cancels the call and
 * undoes what [startBot] or [connect] began. Every failure throws [RtviException].
 *
 * A client holds native resources: [close] it when you no longer need it.
 *
 * @throws RtviException if an option is unusable. The client consumes the ends of audio and video of
 *   the options even then.
 */
public class PipecatClient(
    transport: Transport,
    private val options: PipecatClientOptions = PipecatClientOptions(),
) : AutoCloseable {
    private val core: FfiClient = calling { FfiClient(options.ffi(transport)) }
    private val pump = EventPump(core, options)

    /**
     * The current state. Its `value` is never older than what was reported to the app by a
     * completed call, an event, a callback or its own transport. Its collectors may skip
     * short-lived states; callbacks receive them all.
     */
    public val state: StateFlow<TransportState> get() = pump.state

    /**
     * The events from the start of collecting, in order and without gaps; the flow ends when the
     * client is closed. Every collector has its own stream. Collect before connecting:
     * `launch(start = CoroutineStart.UNDISPATCHED) { client.events.collect { … } }`.
     *
     * It holds 512 events. While it is nearly full, the client reads no further messages from the
     * server. A collector that leaves it full for ten seconds ends the session
     * ([ErrorKind.CONSUMER_STALLED]).
     */
    public val events: Flow<RtviEvent> get() = pump.events

    /** Opens microphone and speaker. The other calls do so when needed. */
    public suspend fun initDevices(): Unit = call { core.initDevices(null) }

    /** Asks the start endpoint for a bot and returns its answer, for [connect]. */
    public suspend fun startBot(request: APIRequest): Value = begin { core.startBot(request.toValue().toJson(), it) }

    /**
     * Connects to a bot and waits until it is ready. `params` is an object with what the transport
     * needs: usually the start endpoint's answer.
     */
    public suspend fun connect(params: Value = Value.Object()): BotReadyData = begin { core.connect(params, it) }

    /** Calls [startBot], then [connect] with its answer. */
    public suspend fun startBotAndConnect(request: APIRequest): BotReadyData =
        begin { core.startBotAndConnect(request.toValue().toJson(), it) }

    /**
     * Ends the session gracefully, within two seconds. You can call it in every state, any number
     * of times.
     */
    public suspend fun disconnect(): Unit = call { core.disconnect(null) }

    /** Asks the bot to leave. The session ends when the bot has left. */
    public suspend fun disconnectBot(): Unit = call { core.disconnectBot(null) }

    /**
     * Tells the client that the device moved to another network. The client then restores a broken
     * session at once, instead of waiting until it detects the silence. The events are those of a
     * lost connection. Without a session, the call does nothing.
     */
    public suspend fun networkChanged(): Unit = call { core.networkChanged(null) }

    /** Sends a message of the app's own type. The bot need not answer. */
    public suspend fun sendClientMessage(type: String, data: Value? = null): Unit =
        call { core.sendClientMessage(type, data, null) }

    /**
     * Sends a request of the app's own type and returns the data of the answer, `null` if it has
     * none. Waits `timeout`, by default 10 s.
     */
    public suspend fun sendClientRequest(type: String, data: Value? = null, timeout: Duration? = null): Value? =
        call { core.sendClientRequest(type, data, timeout.millis(), null) }

    /**
     * Sends a request to an HTTP endpoint of the bot itself, within the session. [path] is relative
     * to the session's URL; the request carries the headers of the start request. Pipecat Cloud
     * calls this its session API.
     *
     * [method] is GET, POST, PUT, PATCH, DELETE, OPTIONS or HEAD; [path] may have a query and can't
     * leave the session. Waits `timeout`, by default 10 s. It needs a session that a start request
     * began, but no ready bot: it fails as [ErrorKind.INVALID_STATE] without such a session, and as
     * [ErrorKind.REQUEST_FAILED] with status and code when the bot refuses.
     */
    public suspend fun sessionRequest(method: String, path: String, body: Value? = null, timeout: Duration? = null): SessionAnswer =
        call { core.sessionRequest(method, path, body, timeout.millis(), null) }

    /** Sends text of the user, as if it had been spoken. */
    public suspend fun sendText(content: String, options: SendTextOptions = SendTextOptions()): Unit =
        call { core.sendText(content, options.runImmediately, options.audioResponse, null) }

    /**
     * Sends a file: the data of the message `send-file`, an object with `content`, `file` and
     * optionally `options`.
     */
    public suspend fun sendFile(file: Value): Unit = call { core.sendFile(file, null) }

    /** Sends keys of a telephone: `0` to `9`, `*` and `#`, at least one. */
    public suspend fun sendDTMF(keys: String): Unit = call { core.sendDtmf(keys, null) }

    /** Reports an event of the app's user interface. */
    public suspend fun sendUIEvent(event: String, payload: Value? = null): Unit =
        call { core.sendUiEvent(event, payload, null) }

    /** Sends a snapshot of the app's user interface: the data of the message `ui-snapshot`, an object with `tree`. */
    public suspend fun sendUISnapshot(snapshot: Value): Unit = call { core.sendUiSnapshot(snapshot, null) }

    /** Asks the bot to cancel a group of jobs. */
    public suspend fun cancelUIJobGroup(jobId: String, reason: String? = null): Unit =
        call { core.cancelUiJobGroup(jobId, reason, null) }

    /**
     * Adds a message to the bot's context: an object with `role`, `content` and optionally
     * `run_immediately`.
     */
    @Deprecated("Current servers refuse it. Send a text that does not run immediately.", ReplaceWith("sendText"))
    public suspend fun appendToContext(message: Value): Unit = call { core.appendToContext(message, null) }

    /**
     * Lets the bot call a function of the app until it is unregistered or the client is closed. A
     * second handler of the same name replaces the first.
     *
     * The handler runs on [PipecatClientOptions.callbackDispatcher]. The bot receives its return
     * value as the result, or its exception as an error. The client cancels its coroutine when the
     * server cancels the call, at the deadline for functions, and when the session ends.
     */
    public fun registerFunctionCallHandler(functionName: String, handler: suspend (FunctionCall) -> Value): Unit =
        calling { core.registerFunction(functionName, FunctionBridge(options.callbackDispatcher, handler)) }

    /** Removes a function and returns whether there was one. Running calls continue. */
    public fun unregisterFunctionCallHandler(functionName: String): Boolean = calling { core.unregisterFunction(functionName) }

    /** Removes all functions. */
    public fun unregisterAllFunctionCallHandlers(): Unit = calling { core.unregisterAllFunctions() }

    /** Turns the microphone on or off, in any state. */
    public suspend fun enableMic(enable: Boolean): Unit = call { core.enableMic(enable, null) }

    /** Drops bot audio that has not been played yet, with a short fade. */
    public suspend fun flushBotAudio(): Unit = call { core.flushBotAudio(null) }

    /** Drops bot audio that has not been played yet, fading out within [fade], at most 100 ms. */
    public suspend fun fadeOutBotAudio(fade: Duration): Unit = call { core.fadeOutBotAudio(fade.millis() ?: 0u, null) }

    /**
     * Changes the bot's volume without a click: multiplies its samples by `gain`, 0 to 4, and
     * limits them.
     */
    public fun setBotGain(gain: Float): Unit = calling { core.setBotGain(gain) }

    /**
     * Selects the processing stages of the microphone's audio. Stages that stay on keep what they
     * have learned.
     */
    public suspend fun updateAudioProcessing(stages: AudioProcessing): Unit =
        call { core.updateAudioProcessing(stages.toValue(), null) }

    /** The state of the processing as of the last level report. */
    public val processingStats: ProcessingStats get() = info.processingStats

    /**
     * Presses the push-to-talk button. The client sends what the user says, starting shortly before
     * the press. Does nothing unless the option [VoiceOptions.pushToTalk] is set. A disabled
     * microphone stays silent.
     */
    public suspend fun pressToTalk(): Unit = call { core.pressToTalk(null) }

    /**
     * Releases the push-to-talk button. The client then sends silence for a few seconds, so that
     * the bot detects the end of the turn.
     */
    public suspend fun releaseToTalk(): Unit = call { core.releaseToTalk(null) }

    /**
     * Starts recording the conversation to a stereo WAV file of 24 kHz. The left channel is the
     * user as sent, the right the bot as played, aligned in time. Time without a session is not
     * recorded. A running recording is completed first.
     */
    public suspend fun startRecording(path: String): Unit = call { core.startRecording(path, null) }

    /** Completes the recording and returns its length; zero if there was none. */
    public suspend fun stopRecording(): Duration = call { core.stopRecording(null) }

    /**
     * Turns the camera on or off, in any state. Turning it on fails as
     * [ErrorKind.UNSUPPORTED_FEATURE] without a camera in the options, or if the bot reports that it
     * takes no video.
     */
    public fun enableCam(enable: Boolean): Unit = calling { core.enableCam(enable) }

    /**
     * Starts or stops sharing the screen, in any state. Starting fails as
     * [ErrorKind.UNSUPPORTED_FEATURE] without a screen in the options, or if the bot reports that it
     * takes no screen.
     */
    public fun enableScreenShare(enable: Boolean): Unit = calling { core.enableScreenShare(enable) }

    /** Whether the microphone is on, or will be when the next session begins. */
    public val isMicEnabled: Boolean get() = core.isMicEnabled()

    /** Whether the camera is on, or will be when the next session begins. */
    public val isCamEnabled: Boolean get() = core.isCamEnabled()

    /** Whether pictures of the screen flow to the bot. */
    public val isSharingScreen: Boolean get() = core.isSharingScreen()

    /** What the client knows now of its bot, its devices and its audio. */
    public val info: ClientInfo get() = calling { core.info() }

    /** What the bot reported when it became ready; `null` without a session. */
    public val bot: BotReadyData? get() = info.bot

    /** The state of the devices. */
    public val mediaState: MediaState get() = info.mediaState

    /** The tracks of audio and video that are active now. */
    public val tracks: List<Track> get() = info.tracks

    /** How much audio was transferred. */
    public val audioStats: AudioStats get() = info.audioStats

    /**
     * The trace of the present session, or of the last one, for a bug report: what happened and
     * when, as JSON Lines that `rtvi trace` shows. It holds no token, header, URL or address and
     * nothing that was said or sent. Possible in every state.
     */
    public fun sessionTrace(): String = calling { core.sessionTrace() }

    /** The available microphones. */
    public fun getAllMics(): List<MediaDevice> = info.mics

    /** The available speakers. */
    public fun getAllSpeakers(): List<MediaDevice> = info.speakers

    /** The available cameras. */
    public fun getAllCams(): List<MediaDevice> = info.cams

    /** The microphone in use. */
    public val selectedMic: MediaDevice? get() = info.selectedMic

    /** The speaker in use. */
    public val selectedSpeaker: MediaDevice? get() = info.selectedSpeaker

    /** The camera in use. */
    public val selectedCam: MediaDevice? get() = info.selectedCam

    /** Selects the microphone with this [MediaDevice.deviceId]. */
    public fun updateMic(deviceId: String): Unit = calling { core.updateMic(deviceId) }

    /** Selects the speaker with this [MediaDevice.deviceId]. */
    public fun updateSpeaker(deviceId: String): Unit = calling { core.updateSpeaker(deviceId) }

    /** Selects the camera with this [MediaDevice.deviceId]. */
    public fun updateCam(deviceId: String): Unit = calling { core.updateCam(deviceId) }

    /**
     * Closes the client permanently, at once and without waiting. The session ends, running calls
     * fail as [ErrorKind.CANCELLED], flows end after the events they hold, and no further callback
     * runs. For a graceful end, call [disconnect] first. Later calls fail as
     * [ErrorKind.INVALID_STATE].
     */
    override fun close() {
        pump.close()
        core.shutdown()
        pump.state.refresh()
    }

    /** A call after which collectors of [state] receive the current state, however it ends. */
    private suspend inline fun <T> call(body: () -> T): T = try {
        calling(body)
    } finally {
        pump.state.refresh()
    }

    /**
     * A call that begins something; cancelling its coroutine cancels the call. If the call succeeds
     * at that very moment, nobody learns of it, so the client undoes what it began.
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

    /** Cancels calls when this coroutine is cancelled. */
    private suspend fun FfiCancellation.follow(): Nothing = try {
        awaitCancellation()
    } finally {
        cancel()
    }
}
