/// \file
/// The options of a client.
///
/// Depends on audio.hpp, event.hpp, plain_options.hpp, transport.hpp and video_devices.hpp. Values
/// only.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "audio.hpp"
#include "event.hpp"
#include "plain_options.hpp"
#include "transport.hpp"
#include "video_devices.hpp"

RTVI_NAMESPACE_BEGIN

/// All options of a client.
struct PipecatClientOptions : ClientOptions {
    /// How to reach bots: `websocket`, `small-webrtc`, `livekit`, `phone`, or `auto`, which chooses
    /// one of the first three by the connect parameters. Default: `websocket`.
    std::string transport = "websocket";
    /// Options of that transport: the result of to_json() of its struct, such as
    /// WebSocketTransportOptions. Default: none.
    Json transport_options;
    /// A transport of the app's own, instead of a named one.
    std::shared_ptr<Transport> custom_transport;
    /// The source of the user's audio.
    Microphone microphone;
    /// The destination of the bot's audio.
    Speaker speaker;
    /// The camera.
    VideoFeed camera;
    /// The screen to share.
    VideoFeed screen;
    /// The destination of the bot's video.
    VideoDisplay display;
    /// Receives every event. If empty, the app takes events with PipecatClient::next_event.
    std::function<void(const Event&)> on_event;
    /// Where callbacks run; empty means the client's own thread.
    Executor executor;
    /// Receives exceptions from callbacks, the executor, audio and video sources and sinks, and the
    /// custom transport, on any thread. If empty, they go to stderr, as they do once the client is
    /// destroyed. A handler that is already running on another thread may outlast the client.
    ExceptionHandler on_exception;
};

/// A request that starts a session of an agent on Pipecat Cloud, as created by pipecat_cloud(). An
/// empty endpoint means that of Pipecat Cloud.
struct PipecatCloudRequest : APIRequest {
    explicit PipecatCloudRequest() = default;

    /// The name of the agent.
    std::string agent;
    /// Its public key, `pk_…`. Sent as a header, never shown.
    std::string public_key;
};

/// A request that starts a session of an agent on Pipecat Cloud. `data` is an object: `transport`
/// is `webrtc` or `websocket`; `body` may hold 1 MiB, or 4 KiB for `websocket`. Sending the request
/// reports an unusable name or key.
inline PipecatCloudRequest pipecat_cloud(std::string agent, std::string public_key, Json data = {}) {
    PipecatCloudRequest request;
    request.agent = std::move(agent);
    request.public_key = std::move(public_key);
    request.request_data = std::move(data);
    return request;
}

/// The answer of the bot's endpoint to PipecatClient::session_request.
struct SessionAnswer {
    /// The HTTP status, 200 to 299.
    int status = 0;
    /// The JSON of the answer; null if there is none.
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

/// The values in the form of rtvi.h; texts refer to `options` and `plain`.
inline rtvi_client_options to_c(const PipecatClientOptions& options, const Json& plain) {
    rtvi_client_options c;
    rtvi_client_options_init(&c, sizeof c);
    c.transport = view(options.transport);
    c.transport_options = view(options.transport_options.text());
    c.options = view(plain.text());
    return c;
}

}  // namespace detail
RTVI_NAMESPACE_END
