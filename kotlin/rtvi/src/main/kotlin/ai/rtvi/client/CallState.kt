package ai.rtvi.client

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch

/**
 * What a user interface shows of a client's sessions: the conversation, who speaks, and the last
 * problem. The state of the session itself is [PipecatClient.state].
 *
 * It follows the client's events from its creation until the scope is cancelled or the client is
 * closed: create it before connecting. Every property may be read, and every function called, from any
 * thread.
 *
 * ```
 * val call = CallState(client, viewModelScope)
 * call.turns.collect { turns -> show(turns) }
 * ```
 *
 * @param limits how much of the conversation it keeps; `null` means 1000 turns with 64 KiB of text
 *   each.
 */
public class CallState(client: PipecatClient, scope: CoroutineScope, limits: ConversationLimits? = null) {
    private val conversation = Conversation(limits)
    private val shownTurns = MutableStateFlow(emptyList<Turn>())
    private val shownUser = MutableStateFlow(Speaking())
    private val shownBot = MutableStateFlow(Speaking())
    private val shownProblem = MutableStateFlow<RtviError?>(null)

    /** All turns, oldest first. They stay when a session ends, and the next session adds to them. */
    public val turns: StateFlow<List<Turn>> = shownTurns.asStateFlow()

    /** The user's voice. */
    public val user: StateFlow<Speaking> = shownUser.asStateFlow()

    /** The bot's voice. */
    public val bot: StateFlow<Speaking> = shownBot.asStateFlow()

    /** The last error, lost connection, failed device or refused screen of the session; `null` if there was none. */
    public val problem: StateFlow<RtviError?> = shownProblem.asStateFlow()

    init {
        scope.launch(start = CoroutineStart.UNDISPATCHED) { client.events.collect(::apply) }
    }

    /** Removes all turns. A running session continues with the next turn. */
    @Synchronized
    public fun clear() {
        conversation.clear()
        shownTurns.value = emptyList()
    }

    private fun apply(event: RtviEvent) {
        when (event) {
            is RtviEvent.LocalAudioLevel -> shownUser.value = shownUser.value.copy(level = event.level)
            is RtviEvent.RemoteAudioLevel -> shownBot.value = shownBot.value.copy(level = event.level)
            is RtviEvent.UserStartedSpeaking -> shownUser.value = shownUser.value.copy(isSpeaking = true)
            is RtviEvent.UserStoppedSpeaking -> shownUser.value = shownUser.value.copy(isSpeaking = false)
            is RtviEvent.BotStartedSpeaking -> shownBot.value = shownBot.value.copy(isSpeaking = true)
            is RtviEvent.BotStoppedSpeaking -> shownBot.value = shownBot.value.copy(isSpeaking = false)
            is RtviEvent.BotReady -> shownProblem.value = null
            is RtviEvent.Error -> shownProblem.value = event.error
            is RtviEvent.DeviceError -> shownProblem.value = event.error
            is RtviEvent.ScreenShareError -> shownProblem.value = event.error
            is RtviEvent.Reconnecting -> shownProblem.value = event.reason
            is RtviEvent.Disconnected -> silence()
            else -> {}
        }
        turn(event)
    }

    private fun silence() {
        shownUser.value = Speaking()
        shownBot.value = Speaking()
    }

    @Synchronized
    private fun turn(event: RtviEvent) {
        val change = conversation.apply(event) ?: return
        val first = change.first.toInt()
        shownTurns.value = shownTurns.value.drop(change.dropped.toInt()).take(first) + conversation.turns(first)
    }
}

/**
 * The voice of one side.
 *
 * @property isSpeaking whether it speaks, as the bot reports it.
 * @property level how loud its audio is now, 0 to 1.
 */
public class Speaking internal constructor(public val isSpeaking: Boolean = false, public val level: Float = 0f) {
    internal fun copy(isSpeaking: Boolean = this.isSpeaking, level: Float = this.level) = Speaking(isSpeaking, level)

    override fun equals(other: Any?): Boolean =
        other is Speaking && other.isSpeaking == isSpeaking && other.level == level

    override fun hashCode(): Int = 31 * isSpeaking.hashCode() + level.hashCode()
}
