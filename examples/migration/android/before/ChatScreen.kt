package com.example.voicechat

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.foundation.lazy.rememberLazyListState
import androidx.compose.material3.Button
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedButton
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Surface
import androidx.compose.material3.Switch
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp

/** The only screen: where to call, what is said, and what the user can do. */
@Composable
fun ChatScreen(chat: ChatViewModel, call: () -> Unit) {
    MaterialTheme {
        Surface(Modifier.fillMaxSize()) {
            Column(Modifier.padding(16.dp), Arrangement.spacedBy(12.dp)) {
                if (chat.isActive) Controls(chat) else Starter(chat, call)
                chat.problem?.let { Problem(it, chat::dismissProblem) }
                Lines(chat.lines, Modifier.weight(1f).fillMaxWidth())
                if (chat.isBotReady) Typing(chat)
            }
        }
    }
}

@Composable
private fun Starter(chat: ChatViewModel, call: () -> Unit) {
    var endpoint by rememberSaveable { mutableStateOf(chat.settings.endpoint) }
    var startsMuted by rememberSaveable { mutableStateOf(chat.settings.startsMuted) }
    OutlinedTextField(
        value = endpoint,
        onValueChange = {
            endpoint = it
            chat.settings.endpoint = it
        },
        modifier = Modifier.fillMaxWidth(),
        label = { Text("Start endpoint") },
        singleLine = true,
    )
    Row(verticalAlignment = Alignment.CenterVertically) {
        Text("Start muted", Modifier.weight(1f))
        Switch(
            checked = startsMuted,
            onCheckedChange = {
                startsMuted = it
                chat.settings.startsMuted = it
            },
        )
    }
    Button(call, Modifier.fillMaxWidth(), enabled = endpoint.isNotBlank()) { Text("Call") }
}

@Composable
private fun Controls(chat: ChatViewModel) {
    Text(if (chat.isBotSpeaking) "The bot speaks" else chat.status)
    Level(chat.userLevel)
    Level(chat.botLevel)
    Row(horizontalArrangement = Arrangement.spacedBy(12.dp)) {
        Button(chat::hangUp) { Text("Hang up") }
        OutlinedButton(chat::toggleMic) { Text(if (chat.isMicEnabled) "Mute" else "Unmute") }
        OutlinedButton(chat::askForTime, enabled = chat.isBotReady) { Text("Time?") }
    }
}

/** How loud a voice is, from 0 to 1. */
@Composable
private fun Level(level: Float) {
    Box(Modifier.fillMaxWidth().height(4.dp).background(MaterialTheme.colorScheme.surfaceVariant)) {
        Box(
            Modifier
                .fillMaxWidth(level.coerceIn(0f, 1f))
                .height(4.dp)
                .background(MaterialTheme.colorScheme.primary)
        )
    }
}

@Composable
private fun Problem(text: String, dismiss: () -> Unit) {
    Row(verticalAlignment = Alignment.CenterVertically) {
        Text(text, Modifier.weight(1f), color = MaterialTheme.colorScheme.error)
        OutlinedButton(dismiss) { Text("OK") }
    }
}

@Composable
private fun Lines(lines: List<ChatLine>, modifier: Modifier) {
    val list = rememberLazyListState()
    LaunchedEffect(lines.size) {
        if (lines.isNotEmpty()) list.animateScrollToItem(lines.size - 1)
    }
    LazyColumn(modifier, list, verticalArrangement = Arrangement.spacedBy(8.dp)) {
        items(lines) { line ->
            Column(Modifier.fillMaxWidth()) {
                Text(line.speaker, style = MaterialTheme.typography.labelSmall)
                Text(line.text)
            }
        }
    }
}

@Composable
private fun Typing(chat: ChatViewModel) {
    var text by rememberSaveable { mutableStateOf("") }
    Row(horizontalArrangement = Arrangement.spacedBy(12.dp)) {
        OutlinedTextField(text, { text = it }, Modifier.weight(1f), singleLine = true)
        Button({ chat.send(text).also { text = "" } }, enabled = text.isNotBlank()) { Text("Send") }
    }
}
