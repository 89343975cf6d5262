package ai.rtvi.android

import ai.rtvi.client.APIRequest
import ai.rtvi.client.BotReadyData
import ai.rtvi.client.CallState
import ai.rtvi.client.ErrorKind
import ai.rtvi.client.PipecatClient
import ai.rtvi.client.PipecatClientOptions
import ai.rtvi.client.PipecatEventCallbacks
import ai.rtvi.client.RtviException
import ai.rtvi.client.SmallWebRTCTransport
import ai.rtvi.client.Transport
import ai.rtvi.client.TransportState
import ai.rtvi.client.Value
import android.content.Context
import android.content.Intent
import android.util.Log
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext

/**
 * What surrounds a call's session on the device.
 *
 * @property isActive whether a call is going on, from its start request to its end.
 * @property isHeld whether another call or app has the audio: the bot is silent and the microphone
 *   off until it is over.
 * @property isMuted whether the user has turned the microphone off.
 * @property isSilenced whether the system silences the microphone: another app records, or the user
 *   has switched microphones off for all apps.
 * @property routes where the audio can play now.
 * @property route where it plays.
 */
public class CallStatus internal constructor(
    public val isActive: Boolean = false,
    public val isHeld: Boolean = false,
    public val isMuted: Boolean = false,
    public val isSilenced: Boolean = false,
    public val routes: List<AudioRoute> = emptyList(),
    public val route: AudioRoute? = null,
) {
    internal fun with(
        isActive: Boolean = this.isActive,
        isHeld: Boolean = this.isHeld,
        isMuted: Boolean = this.isMuted,
        isSilenced: Boolean = this.isSilenced,
        routes: List<AudioRoute> = this.routes,
        route: AudioRoute? = this.route,
    ) = CallStatus(isActive, isHeld, isMuted, isSilenced, routes, route)
}

/**
 * A call with a bot on an Android device: the client, and around each session audio mode and focus,
 * routing, the network watcher and, with a [notification], the service that keeps the call alive.
 *
 * While another app has the audio focus, the bot is silent and the microphone is off. When it takes
 * the focus permanently, or the user hangs up outside the app's screens, the call ends.
 *
 * Create it where it outlives the screen that shows it, and [close] it when you no longer need it.
 * Every function may be called from any thread.
 *
 * @param notification what the user sees while the call goes on in the background; `null` for no
 *   service: the microphone is then silent in the background, and the screen can't be shared.
 * @param configure sets further options of the client, such as its display and camera.
 */
public class RtviCall(
    context: Context,
    transport: Transport = SmallWebRTCTransport(),
    callbacks: PipecatEventCallbacks? = null,
    private val notification: CallNotification? = null,
    configure: PipecatClientOptions.() -> Unit = {},
) : AutoCloseable {
    private val app = context.applicationContext
    private val scope = CoroutineScope(SupervisorJob() + MainLooper)
    private val now = MutableStateFlow(CallStatus())
    private val microphone = AndroidMicrophone(app) { isSilenced -> now.update { it.with(isSilenced = isSilenced) } }
    private val options = androidOptions(microphone, app, callbacks).apply(configure)
    private val audio = CallAudio(app, ::focusChanged, ::routesChanged)
    private var watcher: NetworkWatcher? = null
    private var ending: Job? = null

    /** Held while microphone and bot's volume change, so that the changes happen one after another. */
    private val changes = Mutex()

    /** The bot's volume that the audio focus allows. */
    private var gain = 1f

    /** While the call is held: whether the microphone is to be on afterwards. */
    private var micAfterHold: Boolean? = null

    /** The client of the call. [startBotAndConnect] and [connect] begin a session; don't use the client's own. */
    public val client: PipecatClient = PipecatClient(transport, options)

    /** The conversation, who speaks, and the last problem, for the user interface. */
    public val shown: CallState = CallState(client, scope)

    /** What surrounds the session. [PipecatClient.state] is the session's own state. */
    public val status: StateFlow<CallStatus> = now.asStateFlow()

    /** Starts a bot and calls it, as [PipecatClient.startBotAndConnect]. */
    public suspend fun startBotAndConnect(request: APIRequest): BotReadyData = call { client.startBotAndConnect(request) }

    /** Calls a bot, as [PipecatClient.connect]. */
    public suspend fun connect(params: Value = Value.Object()): BotReadyData = call { client.connect(params) }

    private suspend fun <T> call(begin: suspend () -> T): T = withContext(MainLooper) {
        // A hold that ended with the last call may not have turned the microphone on again.
        changes.withLock { begun() }
        try {
            begin()
        } finally {
            ending?.cancel()
            ending = scope.launch { endWithSession() }
        }
    }

    private fun begun() {
        if (now.value.isActive) return
        now.update { CallStatus(isActive = true, isMuted = !client.isMicEnabled) }
        startService()
        audio.begin()
        watcher = NetworkWatcher(app, client)
        CallService.onHangUp = { scope.launch { hangUp() } }
    }

    /** A service may not be started from the background; the call goes on without it. */
    private fun startService() {
        try {
            notification?.let { CallService.start(app, it) }
        } catch (refused: RuntimeException) {
            Log.w("rtvi", "the call service can't be started", refused)
        }
    }

    private suspend fun endWithSession() {
        client.state.first { it == TransportState.DISCONNECTED }
        ended()
    }

    private fun ended() {
        if (!now.value.isActive) return
        ending?.cancel()
        watcher?.close()
        watcher = null
        audio.close()
        CallService.onHangUp = null
        if (notification != null) CallService.stop(app)
        // The next call does not begin silent.
        if (gain != 1f) play(gain = 1f, isHeld = false)
        now.update { CallStatus(isMuted = it.isMuted) }
    }

    /** Ends the call gracefully, within two seconds. */
    public suspend fun hangUp(): Unit = withContext(MainLooper) {
        client.disconnect()
        ended()
    }

    /** Turns the microphone off or on. While the call is held it stays off. */
    public suspend fun setMuted(muted: Boolean): Unit = withContext(MainLooper) {
        now.update { it.with(isMuted = muted) }
        changes.withLock {
            if (micAfterHold == null) {
                client.enableMic(!muted)
            } else {
                micAfterHold = !muted
            }
        }
    }

    /** Selects where the audio plays; returns whether there is such a device. */
    public suspend fun select(route: AudioRoute): Boolean = withContext(MainLooper) { audio.select(route) }

    /**
     * Shares the screen, with the result of the user's permission
     * ([AndroidScreen.permissionRequest]). The client's options must have the screen. Waits until the
     * service has started, because Android shares the screen only while it runs.
     *
     * Fails as [ErrorKind.INVALID_STATE] without a notification, and as a
     * [device error][ErrorKind.DEVICE] if the system refuses the service.
     */
    public suspend fun shareScreen(screen: AndroidScreen, resultCode: Int, data: Intent?): Unit = withContext(MainLooper) {
        val notification = notification
            ?: throw RtviException(ErrorKind.INVALID_STATE, "the screen is shared only by a call with a notification")
        screen.permit(resultCode, data)
        // Without the user's permission the service may not start, and the client reports the error.
        if (data != null) CallService.startWithScreen(app, notification)
        client.enableScreenShare(true)
    }

    private fun focusChanged(focus: AudioFocus) {
        // A notification from before the end may arrive after it.
        if (!now.value.isActive) return
        when (focus) {
            AudioFocus.Lost -> scope.launch { hangUp() }
            AudioFocus.LostForNow -> play(gain = 0f, isHeld = true)
            AudioFocus.Duck -> play(gain = 0.2f, isHeld = false)
            AudioFocus.Regained -> play(gain = 1f, isHeld = false)
        }
    }

    private fun play(gain: Float, isHeld: Boolean) {
        now.update { it.with(isHeld = isHeld) }
        this.gain = gain
        scope.launch {
            try {
                changes.withLock {
                    client.setBotGain(gain)
                    if (isHeld) hold() else endHold()
                }
            } catch (closed: RtviException) {
                Log.w("rtvi", "the call can't be held: ${closed.message}")
            }
        }
    }

    private suspend fun hold() {
        if (micAfterHold != null) return
        micAfterHold = client.isMicEnabled
        client.enableMic(false)
    }

    /** Leaves the microphone off if the user or the app had turned it off. */
    private suspend fun endHold() {
        val isOn = micAfterHold ?: return
        micAfterHold = null
        client.enableMic(isOn)
    }

    private fun routesChanged() {
        now.update { it.with(routes = audio.routes, route = audio.route) }
    }

    /** Closes the client permanently, at once; a call ends. */
    override fun close() {
        client.close()
        MainLooper.run(::ended)
        scope.cancel()
    }
}
