/// \file
/// Requests to an HTTP endpoint that starts a bot.
///
/// Depends on json.hpp. Values only.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "json.hpp"

namespace rtvi {

/// A request to an HTTP endpoint that starts a bot.
struct APIRequest {
    /// The `http` or `https` URL. With `agent` it may be empty, and is Pipecat Cloud's then.
    std::string endpoint;
    /// Extra request headers.
    std::map<std::string, std::string> headers = {};
    /// The JSON body; empty for none.
    Json request_data = {};
    /// How long the whole request may take; zero takes the client's start_timeout.
    std::chrono::milliseconds timeout = {};
    /// The name of an agent on Pipecat Cloud to start; empty for other servers.
    std::string agent = {};
    /// The public key for that agent. Sent as a header, never shown. Without `agent` it is an invalid argument.
    std::string public_key = {};

    /// A request that starts a session of an agent on Pipecat Cloud. `data` says what to ask for: an object of `transport`, `webrtc` or
    /// `websocket`, and `body`, which may have 1 MiB, for `websocket` 4 KiB. An unusable name or key is reported when the
    /// request is sent.
    static APIRequest pipecat_cloud(std::string agent, std::string public_key, Json data = {}) {
        APIRequest request;
        request.agent = std::move(agent);
        request.public_key = std::move(public_key);
        request.request_data = std::move(data);
        return request;
    }
};

namespace detail {

inline std::uint32_t millis(std::chrono::milliseconds time) {
    const auto count = time.count();
    return count < 0 ? 0 : count > 0xffffffff ? 0xffffffff : static_cast<std::uint32_t>(count);
}

/// The request that a connection of the app's transport was told of; none without text.
inline std::optional<APIRequest> start_request_of(const Json& json) {
    if (json.empty()) return std::nullopt;
    const JsonView members = json.view();
    APIRequest request{members["endpoint"].string_or()};
    const JsonView headers = members["headers"];
    for (std::size_t i = 0; i < headers.size(); ++i) request.headers[headers.key(i)] = headers.item(i).string_or();
    request.request_data = Json(members["data"].text());
    request.timeout = std::chrono::milliseconds(members["timeoutMs"].integer().value_or(0));
    return request;
}

}  // namespace detail
}  // namespace rtvi
