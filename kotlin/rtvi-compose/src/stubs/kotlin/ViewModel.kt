@file:Suppress("UNUSED_PARAMETER", "PackageDirectoryMismatch")

package androidx.lifecycle

import android.app.Application
import kotlinx.coroutines.CoroutineScope

public abstract class ViewModel {
    protected open fun onCleared() {}
}

public open class AndroidViewModel(private val application: Application) : ViewModel() {
    @Suppress("UNCHECKED_CAST")
    public open fun <T : Application> getApplication(): T = application as T
}

public val ViewModel.viewModelScope: CoroutineScope get() = error("only declared")
