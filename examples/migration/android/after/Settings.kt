package com.example.voicechat

import android.content.Context

/** What the app remembers. */
class Settings(context: Context) {
    private val stored = context.getSharedPreferences("settings", Context.MODE_PRIVATE)

    var endpoint: String
        get() = stored.getString("endpoint", null) ?: "http://10.0.2.2:7860/start"
        set(value) = stored.edit().putString("endpoint", value).apply()

    var startsMuted: Boolean
        get() = stored.getBoolean("startsMuted", false)
        set(value) = stored.edit().putBoolean("startsMuted", value).apply()
}
