// The conversation with a bot: what a window shows, and what its buttons do.
#pragma once

#include <rtvi/rtvi.hpp>

#include <optional>
#include <string>

#include "devices.hpp"
#include "transcript.hpp"
#include "video.hpp"

/// How to talk. Another way needs another client.
struct Way {
    /// Over WebRTC, not a WebSocket. Video goes over WebRTC only.
    bool webrtc = false;
    /// The bot hears the microphone only while a button is pressed.
    bool push_to_talk = false;

    bool operator==(const Way& other) const { return webrtc == other.webrtc && push_to_talk == other.push_to_talk; }
    bool operator!=(const Way& other) const { return !(*this == other); }
};

/// One conversation after another. Everything, callbacks too, happens on the thread of the window's
/// loop, where the executor runs functions: there are no locks.
class Conversation {
public:
    /// Looks for the devices at once.
    Conversation(rtvi::Executor executor, Way way, VideoChoice video);

    /// Asks a start endpoint for a bot and connects to it, instead of the conversation before.
    void connect(const std::string& endpoint, Way way);
    void disconnect();
    void send(const std::string& text);
    void mute(bool muted);
    /// Presses or releases the button of push-to-talk.
    void talk(bool is_pressed);
    /// Uses another device, in the middle of a conversation too.
    void choose_microphone(const std::string& id);
    void choose_speaker(const std::string& id);
    /// Turns the camera or the screen on or off.
    void show_camera(bool on);
    void share_screen(bool on);
    /// Adds a line of our own.
    void note(const std::string& text) { transcript_.note(text); }

    rtvi::TransportState state() const { return client_ ? client_->state() : rtvi::TransportState::Disconnected; }
    const Transcript& transcript() const { return transcript_; }
    const Devices& microphones() const { return microphones_; }
    const Devices& speakers() const { return speakers_; }
    float microphone_level() const { return microphone_level_; }
    float bot_level() const { return bot_level_; }
    const VideoChoice& video() const { return video_; }
    /// The bot's pictures and the user's own.
    Pictures& pictures() { return pictures_; }
    bool is_camera_on() const { return is_camera_on_; }
    bool is_screen_on() const { return is_screen_on_; }
    bool is_muted() const { return muted_; }
    /// How many times the bot has spoken to its end.
    int answers() const { return answers_; }
    /// Whether something that was begun has not ended yet.
    bool is_busy() const { return busy_ > 0 || is_looking_; }
    /// How many times an attempt or a conversation has failed.
    int failures() const { return failures_; }

private:
    /// Makes a client for this way, instead of the one before.
    void make_client(Way way);
    /// Begins the conversation that is wanted, if one is.
    void start();
    rtvi::EventHandlers handlers();
    void add_device_handlers(rtvi::EventHandlers& handlers);
    /// Carries out a call; `what` is told when it fails.
    template <class T>
    void begin(const char* what, rtvi::Call<T> call) {
        ++busy_;
        std::move(call).then([this, what](auto result) {
            --busy_;
            if (!result.ok()) fail(what, result.error());
        });
    }
    void fail(const std::string& what, const rtvi::Error& error);

    rtvi::Executor executor_;
    Way way_;
    VideoChoice video_;
    Pictures pictures_;
    bool is_camera_on_ = true;
    bool is_screen_on_ = true;
    /// Whether the devices are being looked for; a conversation begins after that.
    bool is_looking_ = false;
    /// The start endpoint of the conversation that is to begin.
    std::optional<std::string> wanted_;
    /// How many clients have been made.
    int clients_ = 0;
    Devices microphones_;
    Devices speakers_;
    Transcript transcript_;
    float microphone_level_ = 0;
    float bot_level_ = 0;
    bool muted_ = false;
    int answers_ = 0;
    int busy_ = 0;
    int failures_ = 0;
    // Last, so that it goes first.
    std::optional<rtvi::PipecatClient> client_;
};
