package ai.rtvi.android

import android.content.Context
import java.io.File
import java.lang.reflect.Modifier
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner

/** What gives the core the app's context, as far as it can be seen without a device. */
@RunWith(RobolectricTestRunner::class)
class TlsTest {
    /** A file of the repository. */
    private fun text(path: String) = File(System.getProperty("rtvi.tests"), "../$path").readText()

    @Test
    fun anAppWithoutTheNativeLibraryGoesOn() = repeat(2) { Tls.use(app) }

    @Test
    fun theNativeLibraryFindsItByItsName() {
        val method = Tls::class.java.getDeclaredMethod("useContext", Context::class.java)
        assertTrue(Modifier.isNative(method.modifiers))
        val rust = text("bindings/uniffi/src/android.rs")
        assertTrue(rust, "#[jni_mangle(\"${Tls::class.java.name}\")]\npub fn use_context<" in rust)
    }

    @Test
    fun nothingRunsWhenAnAppStarts() {
        val manifest = text("kotlin/rtvi-android/src/main/AndroidManifest.xml")
        val application = manifest.substringAfter("<application>").substringBefore("</application>")
        assertEquals(listOf("<service"), Regex("<[a-z]+").findAll(application).map { it.value }.toList())
        assertFalse("androidx.startup" in manifest)
    }
}
