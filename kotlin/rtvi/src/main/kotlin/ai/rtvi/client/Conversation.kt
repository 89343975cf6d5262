package ai.rtvi.client

import ai.rtvi.ffi.FfiConversation

/**
 * Builds the turns of a conversation from a client's events: who said what, interruptions, function
 * calls and what was really heard.
 *
 * ```
 * override fun onEvent(event: RtviEvent) {
 *     val change = conversation.apply(event) ?: return
 *     val first = change.first.toInt()
 *     turns = turns.drop(change.dropped.toInt()).take(first) + conversation.turns(first)
 * }
 * ```
 *
 * Usable from any thread. It does not depend on a client: the turns stay when a session ends, and
 * the next session adds to them.
 *
 * @param limits how much it keeps; `null` means 1000 turns with 64 KiB of text each.
 */
public class Conversation(limits: ConversationLimits? = null) : AutoCloseable {
    private val core = FfiConversation(limits)

    /** All turns, oldest first. */
    public val turns: List<Turn> get() = turns(0)

    /**
     * Applies the next event of a client and returns what it changed, or `null` if nothing. Pass
     * every event, in order.
     *
     * An event that the app made from JSON nested more than 127 deep, or from a number outside the
     * range of `Double`, changes nothing; it is logged as an error.
     */
    public fun apply(event: RtviEvent): ConversationChange? =
        orNull("a conversation ignores an event") { core.apply(event) }

    /** The turns starting at the index [first], oldest first. */
    public fun turns(first: Int): List<Turn> = core.turns(first.clampedUInt())

    /** The turn at an index, or `null`. */
    public fun turn(index: Int): Turn? = if (index < 0) null else core.turn(index.toUInt())

    /** Removes all turns. A running session continues with the next turn. */
    public fun clear(): Unit = core.clear()

    /** Frees the conversation. Do not use it afterwards. */
    override fun close(): Unit = core.close()
}
