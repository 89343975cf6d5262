package ai.rtvi.client

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.filterNotNull
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.takeWhile
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** A transport in Kotlin behind which a bot of the test's own is ready, and records what it is sent. */
internal class ScriptedBot(
    private val version: String = "2.2.0",
    override val capabilities: TransportCapabilities = TransportCapabilities(),
    private val keeps: Boolean = true,
) : CustomTransport {
    private val connection = MutableStateFlow<TransportConnection?>(null)
    private val messages = MutableStateFlow(emptyList<Value>())
    private val moves = MutableStateFlow(0)
    private val loss = CompletableDeferred<Unit>()

    /** All it was sent, client-ready first. */
    val sent: List<Value> get() = messages.value

    override suspend fun run(connection: TransportConnection): ConnectionEnd = coroutineScope {
        this@ScriptedBot.connection.value = connection
        connection.opened(Participant("bot", "Bot"))
        val watch = launch { if (connection.attempt == 0) loss.await().also { error("lost") } }
        connection.commands.takeWhile { it != TransportCommand.Close }.collect { command ->
            if (command is TransportCommand.Send) take(Value.parse(command.message), connection)
            if (command is TransportCommand.NetworkChanged) moves.update { it + 1 }
        }
        watch.cancel()
        ConnectionEnd.Requested
    }

    /** Loses the first connection. */
    fun lose() = loss.complete(Unit)

    private suspend fun take(message: Value, connection: TransportConnection) {
        check(message["label"] == Value.Str("rtvi-ai"))
        if (keeps) messages.update { it + message }
        if (message["type"]?.string != "client-ready") return
        val data = Value.Object("version" to Value.Str(version))
        connection.message(envelope("bot-ready", data, message["id"]).toJson())
    }

    suspend fun connection(): TransportConnection = connection.filterNotNull().first()

    suspend fun say(message: String) = connection().message(message)

    suspend fun say(type: String, data: Value) = say(envelope(type, data).toJson())

    /** Waits until it was told that the network changed. */
    suspend fun moved() = moves.first { it > 0 }

    /** Waits until so many messages were sent. */
    suspend fun sent(count: Int): List<Value> = messages.first { it.size >= count }

    private fun envelope(type: String, data: Value, id: Value? = Value.Str("1")) = Value.Object(
        "label" to Value.Str("rtvi-ai"),
        "type" to Value.Str(type),
        "id" to (id ?: Value.Null),
        "data" to data,
    )
}
