/// \file
/// How the user's and the bot's voices are treated.
///
/// Depends on json.hpp. Values only.
#pragma once

#include <chrono>
#include <cmath>
#include <optional>
#include <string>

#include "json.hpp"

namespace rtvi {

/// What the microphone's audio is cleaned of before it is sent.
struct AudioProcessing {
    /// Of what the microphone hears of the bot.
    bool echo_cancellation = false;
    /// Of steady noise.
    bool noise_suppression = false;
    /// Brings speech to the usual loudness.
    bool gain_control = false;
    /// Of rumble and hum.
    bool high_pass = false;

    /// Everything, as for the plain microphone of a device.
    static AudioProcessing all() noexcept { return {true, true, true, true}; }

    /// As rtvi.h takes it.
    Json json() const {
        const auto flag = [](bool on) { return on ? "true" : "false"; };
        return Json(std::string("{\"echoCancellation\":") + flag(echo_cancellation) + ",\"noiseSuppression\":" +
                    flag(noise_suppression) + ",\"gainControl\":" + flag(gain_control) + ",\"highPass\":" + flag(high_pass) + '}');
    }
};

/// Reports when the user speaks, as heard here.
struct VoiceActivity {
    /// From which likelihood on a moment counts as speech, 0 to 1.
    float threshold = 0.5F;
    /// How long there must be speech until it has begun.
    std::chrono::milliseconds start_after{64};
    /// How long there must be none until it has ended.
    std::chrono::milliseconds stop_after{500};
};

/// How the bot's audio is buffered and played.
struct Playout {
    /// How much audio must be there before playing begins.
    std::chrono::milliseconds target_delay{40};
    /// The most that it grows to.
    std::chrono::milliseconds max_delay{400};
    /// How long audio that is cut off takes to fade out, at most 100 ms.
    std::chrono::milliseconds fade{5};
    /// What the bot's samples are multiplied by at first, 0 to 4.
    float gain = 1;
};

/// What an app chooses about voices; what is not set has the default that rtvi.h tells, except for mic_release_after.
struct VoiceOptions {
    /// How long the microphone stays open after it was muted; zero closes it at once, none keeps it open until the session ends. With
    /// push-to-talk an enabled microphone is open whether the button is pressed or not.
    std::optional<std::chrono::milliseconds> mic_release_after = std::chrono::seconds(10);
    /// Not set: everything for a microphone of this machine, nothing for others.
    std::optional<AudioProcessing> audio_processing;
    std::optional<VoiceActivity> voice_activity;
    /// Sends only while the button is pressed, and so much of what was said before the press.
    std::optional<std::chrono::milliseconds> push_to_talk_pre_roll;
    /// What the bot's samples are multiplied by while the user speaks.
    std::optional<float> ducking_gain;
    /// How much of what is said before the bot is ready is kept for it.
    std::optional<std::chrono::milliseconds> pre_connect_audio;
    std::optional<Playout> playout;
    /// How often levels are reported.
    std::optional<std::chrono::milliseconds> level_period;

    /// As rtvi.h takes it.
    Json json() const;
};

namespace detail {

/// A JSON object that grows.
class JsonObject {
public:
    void add(const char* name, const std::string& value) {
        text_ += text_.size() > 1 ? ",\"" : "\"";
        text_ += name;
        text_ += "\":" + value;
    }
    void add(const char* name, std::chrono::milliseconds time) { add(name, std::to_string(time.count())); }
    /// In thousandths: whatever the locale, without a decimal point.
    void add(const char* name, float value) { add(name, std::to_string(std::lround(value * 1000)) + "e-3"); }
    std::string text() const { return text_ + '}'; }

private:
    std::string text_ = "{";
};

}  // namespace detail

inline Json VoiceOptions::json() const {
    detail::JsonObject voice;
    voice.add("micReleaseAfterMs", mic_release_after ? std::to_string(mic_release_after->count()) : "null");
    if (audio_processing) voice.add("audioProcessing", audio_processing->json().text());
    if (voice_activity) {
        detail::JsonObject activity;
        activity.add("threshold", voice_activity->threshold);
        activity.add("startAfterMs", voice_activity->start_after);
        activity.add("stopAfterMs", voice_activity->stop_after);
        voice.add("voiceActivity", activity.text());
    }
    if (push_to_talk_pre_roll) {
        detail::JsonObject button;
        button.add("preRollMs", *push_to_talk_pre_roll);
        voice.add("pushToTalk", button.text());
    }
    if (ducking_gain) {
        detail::JsonObject ducking;
        ducking.add("gain", *ducking_gain);
        voice.add("ducking", ducking.text());
    }
    if (pre_connect_audio) voice.add("preConnectAudioMs", *pre_connect_audio);
    if (playout) {
        detail::JsonObject play;
        play.add("targetDelayMs", playout->target_delay);
        play.add("maxDelayMs", playout->max_delay);
        play.add("fadeMs", playout->fade);
        play.add("gain", playout->gain);
        voice.add("playout", play.text());
    }
    if (level_period) voice.add("levelPeriodMs", *level_period);
    return Json(voice.text());
}

}  // namespace rtvi
