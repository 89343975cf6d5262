package ai.rtvi.example.android

import ai.rtvi.android.CallNotification
import ai.rtvi.android.MainLooper
import ai.rtvi.android.RtviCall
import ai.rtvi.client.APIRequest
import ai.rtvi.client.RtviException
import ai.rtvi.client.Value
import android.content.Context
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch

/** What the user can do in a call. Used on the main thread. */
class Call(context: Context, title: String, icon: Int) {
    private val scope = CoroutineScope(SupervisorJob() + MainLooper)
    private val now = MutableStateFlow<String?>(null)
    private var calling: Job? = null

    val rtvi = RtviCall(context, notification = CallNotification(title, icon))

    /** Why something that the user wanted did not happen. */
    val problem: StateFlow<String?> = now.asStateFlow()

    fun start(endpoint: String) {
        rtvi.shown.clear()
        val request = APIRequest(endpoint) { requestData = Value.Object("transport" to Value.Str("webrtc")) }
        calling = attempt { rtvi.startBotAndConnect(request) }
    }

    fun end() {
        calling?.cancel()
        attempt { rtvi.hangUp() }
    }

    fun toggleMute() {
        attempt { rtvi.setMuted(!rtvi.status.value.isMuted) }
    }

    fun send(text: String) {
        attempt { rtvi.client.sendText(text) }
    }

    /** Says why there is no call. */
    fun refused(problem: String) {
        now.value = problem
    }

    private fun attempt(act: suspend () -> Unit): Job = scope.launch {
        now.value = null
        try {
            act()
        } catch (failed: RtviException) {
            now.value = failed.message
        }
    }
}
