package com.example.voicechat

import android.Manifest
import android.os.Bundle
import androidx.activity.ComponentActivity
import androidx.activity.compose.setContent
import androidx.activity.result.contract.ActivityResultContracts.RequestPermission
import androidx.activity.viewModels

/** Asks for the microphone and shows the only screen. */
class MainActivity : ComponentActivity() {
    private val chat: ChatViewModel by viewModels()
    private val permission = registerForActivityResult(RequestPermission()) { granted ->
        if (granted) chat.call() else chat.refuse()
    }

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        setContent {
            ChatScreen(chat) { permission.launch(Manifest.permission.RECORD_AUDIO) }
        }
    }
}
