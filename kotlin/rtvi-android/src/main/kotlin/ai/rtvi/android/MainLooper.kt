package ai.rtvi.android

import ai.rtvi.client.PipecatClientOptions
import ai.rtvi.client.PipecatEventCallbacks
import android.content.Context
import android.os.Handler
import android.os.Looper
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Runnable

/** Runs callbacks on the app's main thread. */
public object MainLooper : CoroutineDispatcher() {
    private val handler by lazy { Handler(Looper.getMainLooper()) }

    override fun dispatch(context: CoroutineContext, block: Runnable) {
        handler.post(block)
    }
}

/**
 * Options for a client on an Android device: its microphone, its speaker, and callbacks on the main
 * thread by default. For one client. Set the other options with `apply`.
 */
public fun androidOptions(
    context: Context,
    callbacks: PipecatEventCallbacks? = null,
    enableMic: Boolean = true,
    callbackDispatcher: CoroutineDispatcher = MainLooper,
): PipecatClientOptions = PipecatClientOptions(callbacks) {
    this.enableMic = enableMic
    microphone = AndroidMicrophone(context).microphone
    speaker = AndroidSpeaker().speaker
    this.callbackDispatcher = callbackDispatcher
}
