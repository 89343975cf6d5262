/// \file
/// What an app chooses when it makes a client.
///
/// Depends on audio.hpp, event.hpp, start_request.hpp, transport.hpp and voice.hpp. Values only.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "audio.hpp"
#include "event.hpp"
#include "start_request.hpp"
#include "tls.hpp"
#include "transport.hpp"
#include "voice.hpp"

namespace rtvi {

/// Everything an app chooses when it makes a client; what is not set has the default that rtvi.h tells.
struct ClientOptions {
    /// How to reach bots.
    std::string transport = "websocket";
    /// Options of that transport, an object; see rtvi.h.
    Json transport_options;
    /// A transport of the app's own, instead of a named one.
    std::shared_ptr<Transport> custom_transport;
    /// Where the user's audio comes from.
    Microphone microphone;
    /// Where the bot's audio goes.
    Speaker speaker;
    /// How voices are treated.
    VoiceOptions voice;
    std::optional<bool> enable_mic;
    std::optional<bool> enable_cam;
    std::optional<bool> enable_screen_share;
    std::optional<bool> disconnect_on_bot_disconnect;
    std::optional<std::chrono::milliseconds> devices_timeout;
    std::optional<std::chrono::milliseconds> start_timeout;
    /// Not set or zero: 15 s, and 60 s after a start request to Pipecat Cloud, whose agents take up to 40 s to start.
    std::optional<std::chrono::milliseconds> open_timeout;
    /// Not set or zero: 30 s, and 60 s after a start request to Pipecat Cloud.
    std::optional<std::chrono::milliseconds> bot_ready_timeout;
    std::optional<std::chrono::milliseconds> function_call_timeout;
    /// Not set: 3; zero makes none.
    std::optional<std::uint32_t> reconnect_attempts;
    std::optional<std::chrono::milliseconds> reconnect_first_delay;
    std::optional<std::chrono::milliseconds> reconnect_max_delay;
    /// Whom to trust, for the start endpoint and the transport.
    TlsOptions tls;
    /// Who the client says it is, an object; see rtvi.h.
    Json about;
    /// Told of every event. Empty: the app takes them with PipecatClient::next_event.
    std::function<void(const Event&)> on_event;
    /// Where callbacks run; empty for the client's own thread.
    Executor executor;
    /// Told of exceptions that callbacks, the executor, audio sources and sinks, and the custom transport throw; on any thread. Empty for a
    /// line on stderr. Not called once the client is destroyed, and stderr has a line then too; but a call that runs already on another thread
    /// may outlast the client.
    ExceptionHandler on_exception;
};

/// What an endpoint of the bot answered to PipecatClient::session_request.
struct SessionAnswer {
    /// The HTTP status, 200 to 299.
    int status = 0;
    /// The JSON of the answer; null if it had none.
    Json body = {};
};

/// How the bot treats a text.
struct SendTextOptions {
    /// Interrupt the bot and answer at once.
    bool run_immediately = true;
    /// Speak the answer.
    bool audio_response = true;
};

namespace detail {

template <class T>
void set(T& to, const std::optional<T>& value) {
    if (value) to = *value;
}
inline void set(std::uint32_t& to, const std::optional<std::chrono::milliseconds>& value) {
    if (value) to = millis(*value);
}

/// The values as rtvi.h takes them; texts are those of `options`, `voice` and `tls`.
inline rtvi_client_options to_c(const ClientOptions& options, const Json& voice, const Json& tls) {
    rtvi_client_options c;
    rtvi_client_options_init(&c, sizeof c);
    c.transport = view(options.transport);
    c.transport_options = view(options.transport_options.text());
    set(c.enable_mic, options.enable_mic);
    set(c.enable_cam, options.enable_cam);
    set(c.enable_screen_share, options.enable_screen_share);
    set(c.disconnect_on_bot_disconnect, options.disconnect_on_bot_disconnect);
    set(c.devices_timeout_ms, options.devices_timeout);
    set(c.start_timeout_ms, options.start_timeout);
    set(c.open_timeout_ms, options.open_timeout);
    set(c.bot_ready_timeout_ms, options.bot_ready_timeout);
    set(c.function_call_timeout_ms, options.function_call_timeout);
    set(c.reconnect_attempts, options.reconnect_attempts);
    set(c.reconnect_first_delay_ms, options.reconnect_first_delay);
    set(c.reconnect_max_delay_ms, options.reconnect_max_delay);
    c.voice = view(voice.text());
    c.tls = view(tls.text());
    c.about = view(options.about.text());
    return c;
}

/// A JSON object of texts.
inline Json object_of(const std::map<std::string, std::string>& members) {
    std::string text = "{";
    for (const auto& [name, value] : members) {
        if (text.size() > 1) text += ',';
        text += Json::of_string(name).text() + ':' + Json::of_string(value).text();
    }
    return Json(text += '}');
}

}  // namespace detail
}  // namespace rtvi
