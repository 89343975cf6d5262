@file:Suppress("UNUSED_PARAMETER", "PackageDirectoryMismatch")

/** What only the Android edition of Compose declares, as far as the SDK uses it. For the compiler only. */
package androidx.compose.ui.platform

import android.content.Context
import androidx.compose.runtime.ProvidableCompositionLocal
import androidx.compose.runtime.staticCompositionLocalOf

public val LocalContext: ProvidableCompositionLocal<Context> = staticCompositionLocalOf { error("only declared") }
