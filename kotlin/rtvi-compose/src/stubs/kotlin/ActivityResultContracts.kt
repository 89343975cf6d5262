@file:Suppress("UNUSED_PARAMETER", "PackageDirectoryMismatch")

package androidx.activity.result.contract

public abstract class ActivityResultContract<I, O>

public class ActivityResultContracts private constructor() {
    public class RequestPermission : ActivityResultContract<String, Boolean>()
}
