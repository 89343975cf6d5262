package ai.rtvi.android

import android.content.ContentProvider
import android.content.ContentValues
import android.content.Context
import android.database.Cursor
import android.net.Uri
import android.util.Log

/**
 * Passes the app's context to the core when the app starts, so that Android itself checks the
 * certificates of servers.
 *
 * Provides no content. The system creates it in the app's main process: clients in another process
 * of the app have no TLS.
 */
internal class TlsProvider : ContentProvider() {
    override fun onCreate(): Boolean {
        try {
            System.loadLibrary("rtvi_uniffi")
            useContext(checkNotNull(context))
        } catch (absent: UnsatisfiedLinkError) {
            // In tests on a desktop, and on a device with an unsupported processor, where no client
            // can be created either.
            Log.w("rtvi", "the native library is not available: ${absent.message}")
        }
        return true
    }

    /** In the native library: bindings/uniffi/src/android.rs. */
    private external fun useContext(context: Context)

    override fun query(uri: Uri, names: Array<String>?, where: String?, values: Array<String>?, order: String?): Cursor? = null

    override fun getType(uri: Uri): String? = null

    override fun insert(uri: Uri, values: ContentValues?): Uri? = null

    override fun delete(uri: Uri, where: String?, values: Array<String>?): Int = 0

    override fun update(uri: Uri, new: ContentValues?, where: String?, values: Array<String>?): Int = 0
}
