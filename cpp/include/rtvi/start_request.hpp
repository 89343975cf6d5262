/// \file
/// The start request whose answer supplied the connect parameters of a connection of the app's
/// transport.
///
/// Depends on json.hpp and plain_options.hpp. Values only.
#pragma once

#include <chrono>
#include <optional>

#include "json.hpp"
#include "plain_options.hpp"

RTVI_NAMESPACE_BEGIN
namespace detail {

/// Reads the start request that the library passes to a connection of the app's transport; empty if
/// there is none.
inline std::optional<APIRequest> start_request_of(const Json& json) {
    if (json.empty()) return std::nullopt;
    const JsonView members = json.view();
    APIRequest request{members["endpoint"].string_or()};
    const JsonView headers = members["headers"];
    for (std::size_t i = 0; i < headers.size(); ++i) {
        const JsonView header = headers.item(i);
        request.headers.push_back({header["name"].string_or(), header["value"].string_or()});
    }
    const JsonView data = members["requestData"];
    if (!data.is_null()) request.request_data = Json(data.text());
    if (const auto millis = members["timeoutMs"].integer()) request.timeout = std::chrono::milliseconds(*millis);
    return request;
}

}  // namespace detail
RTVI_NAMESPACE_END
