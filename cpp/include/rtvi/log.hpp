/// \file
/// The log of the SDK in this process.
///
/// Depends on error.hpp.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "error.hpp"

RTVI_NAMESPACE_BEGIN

/// The log level. The log never contains message bodies, tokens, headers or URL queries.
enum class LogLevel {
    None = RTVI_LOG_NONE,
    Error = RTVI_LOG_ERROR,
    Warn = RTVI_LOG_WARN,
    Info = RTVI_LOG_INFO,
    Debug = RTVI_LOG_DEBUG,
};

/// Receives every line, one at a time, on a thread of the SDK. Exceptions are dropped: there is no
/// client to report them to.
using LogHandler = std::function<void(LogLevel level, std::string_view line)>;

/// Sets the log level of this process and the handler; an empty handler disables the log.
inline Result<void> set_log(LogLevel level, LogHandler handler = {}) {
    if (!handler) return detail::result(rtvi_set_log(static_cast<int>(level), nullptr, nullptr, nullptr));
    auto on_line = [](void* data, std::int32_t line_level, rtvi_str line) {
#if RTVI_EXCEPTIONS
        try {
            (*static_cast<LogHandler*>(data))(static_cast<LogLevel>(line_level), detail::view(line));
        } catch (...) {
            // Nobody is left to report this failure to.
        }
#else
        (*static_cast<LogHandler*>(data))(static_cast<LogLevel>(line_level), detail::view(line));
#endif
    };
    auto drop = [](void* data) { delete static_cast<LogHandler*>(data); };
    return detail::result(rtvi_set_log(static_cast<int>(level), on_line, new LogHandler(std::move(handler)), drop));
}

RTVI_NAMESPACE_END
