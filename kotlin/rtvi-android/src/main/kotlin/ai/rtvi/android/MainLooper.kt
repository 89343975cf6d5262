package ai.rtvi.android

import ai.rtvi.client.AudioProcessing
import ai.rtvi.client.PipecatClientOptions
import ai.rtvi.client.PipecatEventCallbacks
import ai.rtvi.client.VoiceOptions
import android.content.Context
import android.media.audiofx.AcousticEchoCanceler
import android.os.Handler
import android.os.Looper
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Runnable

/** Runs callbacks on the app's main thread: at once if that is where they come from. */
public object MainLooper : CoroutineDispatcher() {
    private val handler by lazy { Handler(Looper.getMainLooper()) }
    private val isHere get() = Looper.myLooper() == Looper.getMainLooper()

    override fun isDispatchNeeded(context: CoroutineContext): Boolean = !isHere

    override fun dispatch(context: CoroutineContext, block: Runnable) {
        handler.post(block)
    }

    /** Does something on the main thread: at once if this is it. */
    internal fun run(work: () -> Unit) {
        if (isHere) work() else handler.post(work)
    }
}

/**
 * Options for a client on an Android device: its microphone, its speaker as in a telephone call,
 * and callbacks on the main thread by default. For one client. Set the other options with `apply`.
 *
 * Unless the app begins a [CallAudio] of its own, the audio plays on headsets or the loudspeaker
 * while a session runs. Where the device cancels no echo, the core does. [RtviCall] also brings
 * audio focus, the network watcher and the service.
 */
public fun androidOptions(
    context: Context,
    callbacks: PipecatEventCallbacks? = null,
    enableMic: Boolean = true,
    callbackDispatcher: CoroutineDispatcher = MainLooper,
): PipecatClientOptions = androidOptions(AndroidMicrophone(context), context, callbacks, enableMic, callbackDispatcher)

internal fun androidOptions(
    microphone: AndroidMicrophone,
    context: Context,
    callbacks: PipecatEventCallbacks?,
    enableMic: Boolean = true,
    callbackDispatcher: CoroutineDispatcher = MainLooper,
): PipecatClientOptions {
    Tls.use(context)
    return PipecatClientOptions(callbacks) {
        this.enableMic = enableMic
        this.microphone = microphone.microphone
        speaker = AndroidSpeaker(context).speaker
        this.callbackDispatcher = callbackDispatcher
        if (!AcousticEchoCanceler.isAvailable()) {
            voice = VoiceOptions { audioProcessing = AudioProcessing { echoCancellation = true } }
        }
    }
}
