package ai.rtvi.example.android

import android.Manifest
import android.os.Bundle
import androidx.activity.ComponentActivity
import androidx.activity.compose.setContent
import androidx.activity.result.contract.ActivityResultContracts.RequestMultiplePermissions

/** The one screen. A call goes on while it is turned or left. */
class MainActivity : ComponentActivity() {
    private var wanted = ""
    private val permissions = registerForActivityResult(RequestMultiplePermissions()) { granted ->
        if (granted[Manifest.permission.RECORD_AUDIO] == true) {
            call().start(wanted)
        } else {
            call().refused("A call needs the microphone. You can permit it in the system's settings of this app.")
        }
    }

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        setContent {
            CallScreen(call(), ::start)
        }
    }

    private fun start(endpoint: String) {
        wanted = endpoint
        // A call needs the microphone. A notification shows that it goes on while the app is not on
        // the screen.
        permissions.launch(arrayOf(Manifest.permission.RECORD_AUDIO, Manifest.permission.POST_NOTIFICATIONS))
    }

    private fun call() = present ?: Call(applicationContext, getString(R.string.app_name), android.R.drawable.sym_action_call)
        .also { present = it }

    private companion object {
        var present: Call? = null
    }
}
