package ai.rtvi.client

import ai.rtvi.ffi.FfiConversation

/**
 * Who said what, turn by turn, with interruptions, function calls and what was really heard: made from a client's events.
 *
 * ```
 * override fun onEvent(event: RtviEvent) {
 *     val change = conversation.apply(event) ?: return
 *     val first = change.first.toInt()
 *     turns = turns.drop(change.dropped.toInt()).take(first) + conversation.turns(first)
 * }
 * ```
 *
 * Usable from any thread. It is independent of a client: the turns stay when a session ends, and the next session adds to them.
 *
 * @param limits how much it keeps; 1000 turns with 64 KiB of text each when `null`.
 */
public class Conversation(limits: ConversationLimits? = null) : AutoCloseable {
    private val core = FfiConversation(limits)

    /** All turns, oldest first. */
    public val turns: List<Turn> get() = turns(0)

    /** Takes the next event of a client, and says what it changed; `null` if that is nothing. Give it every event, in order. */
    public fun apply(event: RtviEvent): ConversationChange? = core.apply(event)

    /** The turns from the index [first] on, oldest first. */
    public fun turns(first: Int): List<Turn> = core.turns(first.toUInt())

    /** The turn at an index, if there is one. */
    public fun turn(index: Int): Turn? = core.turn(index.toUInt())

    /** Forgets all turns. A session that goes on begins with the next one. */
    public fun clear(): Unit = core.clear()

    /** Frees it; it must not be used any more. */
    override fun close(): Unit = core.close()
}
