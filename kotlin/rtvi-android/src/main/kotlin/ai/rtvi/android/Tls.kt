package ai.rtvi.android

import android.content.Context
import android.util.Log

/**
 * Certificate checks by Android itself. [androidOptions] and [RtviCall] prepare them; an app whose
 * first client has other options calls [use] before it creates the client.
 */
public object Tls {
    private var isDone = false

    /** Passes the app's context to the core, once in each process. */
    @Synchronized
    public fun use(context: Context) {
        if (isDone) return
        try {
            System.loadLibrary("rtvi_uniffi")
            useContext(context.applicationContext)
            isDone = true
        } catch (absent: UnsatisfiedLinkError) {
            // In tests on a desktop, and on a device with an unsupported processor, where no client
            // can be created either.
            Log.w("rtvi", "the native library is not available: ${absent.message}")
        } catch (failed: RuntimeException) {
            // A connection with TLS fails then, and says why.
            Log.e("rtvi", "Android's certificate checks can't be used", failed)
        }
    }

    /** In the native library: bindings/uniffi/src/android.rs. */
    private external fun useContext(context: Context)
}
