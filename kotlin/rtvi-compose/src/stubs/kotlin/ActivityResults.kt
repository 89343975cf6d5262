@file:Suppress("UNUSED_PARAMETER", "PackageDirectoryMismatch")

package androidx.activity.result

public fun interface ActivityResultCallback<O> {
    public fun onActivityResult(result: O)
}

public abstract class ActivityResultLauncher<I> {
    public abstract fun launch(input: I)
}
