package ai.rtvi.example.android

import ai.rtvi.android.CallStatus
import ai.rtvi.client.TurnContent
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawingPadding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.material3.Button
import androidx.compose.material3.LinearProgressIndicator
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedButton
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp

/** A bot on the machine that runs the emulator. */
private const val HOST = "http://10.0.2.2:7860/start"

/** The call, and what the user can do in it. */
@Composable
fun CallScreen(shown: Shown, status: CallStatus, start: (String) -> Unit, end: () -> Unit, toggleMute: () -> Unit, send: (String) -> Unit) {
    MaterialTheme {
        Surface(Modifier.fillMaxSize()) {
            Column(Modifier.safeDrawingPadding().padding(16.dp), Arrangement.spacedBy(12.dp)) {
                if (status.isActive) Controls(shown, status, end, toggleMute) else Starter(start)
                shown.problem?.let { Text(it, color = MaterialTheme.colorScheme.error) }
                LazyColumn(Modifier.weight(1f).fillMaxWidth()) {
                    items(shown.turns, key = { it.id.toLong() }) { turn ->
                        Text(if (turn.content is TurnContent.User) "You: ${turn.text}" else "Bot: ${turn.text}")
                    }
                }
                if (status.isActive) Typing(send)
            }
        }
    }
}

@Composable
private fun Starter(start: (String) -> Unit) {
    var endpoint by rememberSaveable { mutableStateOf(HOST) }
    OutlinedTextField(endpoint, { endpoint = it }, Modifier.fillMaxWidth(), label = { Text("Start endpoint") }, singleLine = true)
    Button({ start(endpoint) }) { Text("Call") }
}

@Composable
private fun Controls(shown: Shown, status: CallStatus, end: () -> Unit, toggleMute: () -> Unit) {
    Text(if (status.isHeld) "On hold" else shown.state.name)
    Row(horizontalArrangement = Arrangement.spacedBy(12.dp)) {
        Button(end) { Text("Hang up") }
        OutlinedButton(toggleMute) { Text(if (status.isMuted) "Unmute" else "Mute") }
    }
    LinearProgressIndicator({ shown.botLevel }, Modifier.fillMaxWidth())
}

@Composable
private fun Typing(send: (String) -> Unit) {
    var text by rememberSaveable { mutableStateOf("") }
    Row(horizontalArrangement = Arrangement.spacedBy(12.dp)) {
        OutlinedTextField(text, { text = it }, Modifier.weight(1f), singleLine = true)
        Button({ send(text).also { text = "" } }, enabled = text.isNotBlank()) { Text("Send") }
    }
}
