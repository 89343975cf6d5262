@file:Suppress("UNUSED_PARAMETER", "PackageDirectoryMismatch")

package androidx.activity

import android.app.Activity
import androidx.activity.result.ActivityResultCallback
import androidx.activity.result.ActivityResultLauncher
import androidx.activity.result.contract.ActivityResultContract
import androidx.lifecycle.ViewModel

public open class ComponentActivity : Activity() {
    public fun <I, O> registerForActivityResult(
        contract: ActivityResultContract<I, O>,
        callback: ActivityResultCallback<O>,
    ): ActivityResultLauncher<I> = error("only declared")
}

public inline fun <reified T : ViewModel> ComponentActivity.viewModels(): Lazy<T> = error("only declared")
