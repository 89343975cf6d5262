package ai.rtvi.example.android

import ai.rtvi.android.CallStatus
import ai.rtvi.client.TurnContent
import ai.rtvi.compose.LevelMeter
import ai.rtvi.compose.Transcript
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawingPadding
import androidx.compose.material3.Button
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedButton
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
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
fun CallScreen(call: Call, start: (String) -> Unit) {
    val status by call.rtvi.status.collectAsState()
    val turns by call.rtvi.shown.turns.collectAsState()
    val failure by call.rtvi.shown.problem.collectAsState()
    val problem by call.problem.collectAsState()
    MaterialTheme {
        Surface(Modifier.fillMaxSize()) {
            Column(Modifier.safeDrawingPadding().padding(16.dp), Arrangement.spacedBy(12.dp)) {
                if (status.isActive) Controls(call, status) else Starter(start)
                (problem ?: failure?.message)?.let { Text(it, color = MaterialTheme.colorScheme.error) }
                Transcript(turns, Modifier.weight(1f).fillMaxWidth()) { turn ->
                    Text(if (turn.content is TurnContent.User) "You: ${turn.text}" else "Bot: ${turn.text}")
                }
                if (status.isActive) Typing(call::send)
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
private fun Controls(call: Call, status: CallStatus) {
    val state by call.rtvi.client.state.collectAsState()
    val bot by call.rtvi.shown.bot.collectAsState()
    Text(if (status.isHeld) "On hold" else state.name)
    Row(horizontalArrangement = Arrangement.spacedBy(12.dp)) {
        Button(call::end) { Text("Hang up") }
        OutlinedButton(call::toggleMute) { Text(if (status.isMuted) "Unmute" else "Mute") }
    }
    LevelMeter(bot, Modifier.fillMaxWidth().height(4.dp), MaterialTheme.colorScheme.primary)
}

@Composable
private fun Typing(send: (String) -> Unit) {
    var text by rememberSaveable { mutableStateOf("") }
    Row(horizontalArrangement = Arrangement.spacedBy(12.dp)) {
        OutlinedTextField(text, { text = it }, Modifier.weight(1f), singleLine = true)
        Button({ send(text).also { text = "" } }, enabled = text.isNotBlank()) { Text("Send") }
    }
}
