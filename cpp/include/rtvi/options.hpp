/// \file
/// What an app chooses when it makes a client.
///
/// Depends on audio.hpp, event.hpp, plain_options.hpp and transport.hpp. Values only.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "audio.hpp"
#include "event.hpp"
#include "plain_options.hpp"
#include "transport.hpp"

namespace rtvi {

/// Everything an app chooses when it makes a client.
struct PipecatClientOptions : ClientOptions {
    /// How to reach bots: `websocket`, `small-webrtc` or `auto`, which is the one that the connect parameters are for. Default: `websocket`.
    std::string transport = "websocket";
    /// Options of that transport: what to_json() of its struct gives, such as WebSocketTransportOptions. Default: none.
    Json transport_options;
    /// A transport of the app's own, instead of a named one.
    std::shared_ptr<Transport> custom_transport;
    /// Where the user's audio comes from.
    Microphone microphone;
    /// Where the bot's audio goes.
    Speaker speaker;
    /// Told of every event. Empty: the app takes them with PipecatClient::next_event.
    std::function<void(const Event&)> on_event;
    /// Where callbacks run; empty for the client's own thread.
    Executor executor;
    /// Told of exceptions that callbacks, the executor, audio sources and sinks, and the custom transport throw; on any thread. Empty for a
    /// line on stderr. Not called once the client is destroyed, and stderr has a line then too; but a call that runs already on another thread
    /// may outlast the client.
    ExceptionHandler on_exception;
};

/// A request that starts a session of an agent on Pipecat Cloud, as pipecat_cloud() makes it. Its endpoint may be empty, and is Pipecat
/// Cloud's then.
struct PipecatCloudRequest : APIRequest {
    explicit PipecatCloudRequest() = default;

    /// The name of the agent.
    std::string agent;
    /// Its public key, `pk_…`. Sent as a header, never shown.
    std::string public_key;
};

/// A request that starts a session of an agent on Pipecat Cloud. `data` says what to ask for: an object of `transport`, `webrtc` or
/// `websocket`, and `body`, which may have 1 MiB, for `websocket` 4 KiB. An unusable name or key is reported when the request is sent.
inline PipecatCloudRequest pipecat_cloud(std::string agent, std::string public_key, Json data = {}) {
    PipecatCloudRequest request;
    request.agent = std::move(agent);
    request.public_key = std::move(public_key);
    request.request_data = std::move(data);
    return request;
}

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

/// The values as rtvi.h takes them; texts are those of `options` and `plain`.
inline rtvi_client_options to_c(const PipecatClientOptions& options, const Json& plain) {
    rtvi_client_options c;
    rtvi_client_options_init(&c, sizeof c);
    c.transport = view(options.transport);
    c.transport_options = view(options.transport_options.text());
    c.options = view(plain.text());
    return c;
}

}  // namespace detail
}  // namespace rtvi
