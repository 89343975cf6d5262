package ai.rtvi.android

import android.content.Context
import java.io.File
import java.lang.reflect.Modifier
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner

/** What gives the core the app's context, as far as it can be seen without a device. */
@RunWith(RobolectricTestRunner::class)
class TlsProviderTest {
    /** A file of the repository. */
    private fun text(path: String) = File(System.getProperty("rtvi.tests"), "../$path").readText()

    @Test
    fun anAppWithoutTheNativeLibraryStarts() {
        assertTrue(Robolectric.buildContentProvider(TlsProvider::class.java).create().get().onCreate())
    }

    @Test
    fun theNativeLibraryAndTheSystemFindItByItsName() {
        val method = TlsProvider::class.java.getDeclaredMethod("useContext", Context::class.java)
        assertTrue(Modifier.isNative(method.modifiers))
        val rust = text("bindings/uniffi/src/android.rs")
        assertTrue(rust, "#[jni_mangle(\"${TlsProvider::class.java.name}\")]\npub fn use_context<" in rust)
        val manifest = text("kotlin/rtvi-android/src/main/AndroidManifest.xml")
        assertTrue(manifest, "android:name=\".TlsProvider\"" in manifest)
    }
}
