package ai.rtvi.client

import ai.rtvi.ffi.FfiClient
import ai.rtvi.ffi.uniffiRustFutureContinuationCallbackImpl
import com.sun.jna.CallbackThreadInitializer
import com.sun.jna.Native
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
private const val BATCH = 256u

/** The maximum number of callbacks in a row, so that a burst leaves a UI thread time for its own work. */
private const val CALLBACKS = 16

/** Keeps the core's threads attached to the JVM: attaching a thread for each wake-up costs more than the work it wakes. */
private object CoreThreads {
    init {
        Native.setCallbackThreadInitializer(uniffiRustFutureContinuationCallbackImpl, CallbackThreadInitializer(true, false, "rtvi"))
    }
}

/** Passes the events from now on to [take] in batches, until the core's events end. */
private suspend inline fun batches(core: FfiClient, take: (List<RtviEvent>) -> Unit) {
    val stream = calling { core.events() }
    try {
        while (true) {
            val batch = calling { stream.nextEvents(BATCH) }
            if (batch.isEmpty()) break
            take(batch)
        }
    } finally {
        stream.stop()
        stream.close()
    }
}

/** The core's state at this moment. */
internal fun FfiClient.state(): TransportState = TransportState.entries[stateIndex().toInt()]

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

    /** The events from the moment of collecting on. */
    val events: Flow<RtviEvent> = flow {
        batches(core) { batch ->
            for (event in batch) {
                follow(event)
                emit(event)
            }
        }
    }

    @Volatile
    private var isClosed = false

    init {
        CoreThreads
        // Undispatched, so that callbacks subscribe before anything can happen; two, so that a
        // callback never delays the state.
        val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default + CoroutineExceptionHandler { _, thrown -> report(thrown) })
        scope.launch(start = CoroutineStart.UNDISPATCHED) { followState() }
        options.callbacks?.let { scope.launch(start = CoroutineStart.UNDISPATCHED) { tellAll(it) } }
    }

    /** Stops further callbacks, except one that is running. */
    fun close() {
        isClosed = true
    }

    private suspend fun followState() {
        var known = state.refresh()
        while (true) {
            known = core.stateAfter(known) ?: break
            state.refresh()
        }
    }

    /** Called with every event before anybody sees it, so that collectors of [state] do not lag far behind. */
    private fun follow(event: RtviEvent) {
        if (event is RtviEvent.TransportStateChanged) state.refresh()
    }

    private suspend fun tellAll(callbacks: PipecatEventCallbacks) = try {
        batches(core) { batch ->
            for (events in batch.chunked(CALLBACKS)) {
                withContext(options.callbackDispatcher) { events.forEach { tell(callbacks, it) } }
            }
        }
    } catch (gone: CancellationException) {
        // The dispatcher was shut down: there is nowhere left to call.
        report(gone)
    }

    private fun tell(callbacks: PipecatEventCallbacks, event: RtviEvent) {
        follow(event)
        if (isClosed) return
        try {
            callbacks.tell(event)
        } catch (thrown: Throwable) {
            report(thrown)
        }
    }

    private fun report(thrown: Throwable) = try {
        options.onCallbackException(thrown)
    } catch (another: Throwable) {
        another.printStackTrace()
    }
}
