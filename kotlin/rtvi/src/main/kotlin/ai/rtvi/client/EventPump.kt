package ai.rtvi.client

import ai.rtvi.ffi.FfiClient
import kotlin.coroutines.cancellation.CancellationException
import kotlinx.coroutines.CoroutineExceptionHandler
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalForInheritanceCoroutinesApi
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext

/** The maximum number of events that cross from the core at a time. */
private const val BATCH = 128u

/** The events from the start of collecting. */
internal fun eventsOf(core: FfiClient): Flow<RtviEvent> = flow {
    val stream = calling { core.events() }
    try {
        while (true) {
            val batch = calling { stream.nextEvents(BATCH) }.ifEmpty { break }
            for (event in batch) emit(event)
        }
    } finally {
        stream.stop()
        stream.close()
    }
}

/**
 * The core's state. Reading it always asks the core, so that it is never older than what the app
 * knows; [refresh] updates collectors.
 */
@OptIn(ExperimentalForInheritanceCoroutinesApi::class)
internal class LiveState private constructor(
    private val core: FfiClient,
    private val told: MutableStateFlow<TransportState>,
) : StateFlow<TransportState> by told {
    constructor(core: FfiClient) : this(core, MutableStateFlow(core.state()))

    override val value: TransportState get() = refresh()

    override val replayCache: List<TransportState> get() = listOf(value)

    /**
     * Updates collectors with the core's current state and returns it. Takes no lock: collectors
     * may run in here.
     */
    fun refresh(): TransportState {
        while (true) {
            val shown = told.value
            val present = core.state()
            if (shown == present) return present
            told.compareAndSet(shown, present)
        }
    }
}

/** Keeps a client's state up to date and calls its callbacks until the core's events end. */
internal class EventPump(private val core: FfiClient, private val options: PipecatClientOptions) {
    val state = LiveState(core)

    @Volatile
    private var isClosed = false

    init {
        // Undispatched, so that both subscribe before anything can happen; two, so that a callback
        // never delays the state.
        val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default + CoroutineExceptionHandler { _, thrown -> report(thrown) })
        scope.launch(start = CoroutineStart.UNDISPATCHED) { eventsOf(core).collect(::follow) }
        options.callbacks?.let { scope.launch(start = CoroutineStart.UNDISPATCHED) { tellAll(it) } }
    }

    /** Stops further callbacks, except one that is running. */
    fun close() {
        isClosed = true
    }

    /**
     * Call it with every event before anybody sees the event, so that collectors of [state] do not
     * lag far behind.
     */
    fun follow(event: RtviEvent) {
        if (event is RtviEvent.TransportStateChanged) state.refresh()
    }

    private suspend fun tellAll(callbacks: PipecatEventCallbacks) = try {
        eventsOf(core).collect { event ->
            follow(event)
            withContext(options.callbackDispatcher) { if (!isClosed) tell(callbacks, event) }
        }
    } catch (gone: CancellationException) {
        // The dispatcher was shut down: there is nowhere left to call.
        report(gone)
    }

    private fun tell(callbacks: PipecatEventCallbacks, event: RtviEvent) = try {
        callbacks.tell(event)
    } catch (thrown: Throwable) {
        report(thrown)
    }

    private fun report(thrown: Throwable) = try {
        options.onCallbackException(thrown)
    } catch (another: Throwable) {
        another.printStackTrace()
    }
}
