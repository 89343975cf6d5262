/// \file
/// Errors: what went wrong, as an exception or as a value.
///
/// Depends on enums.hpp only. Compiled without exceptions, everything here works except
/// Result::value() on an error, which aborts.
#pragma once

#include <rtvi.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "enums.hpp"

RTVI_NAMESPACE_BEGIN

/// What went wrong: a stable kind, the phase and status if known, and a message for people.
class Error : public std::runtime_error {
public:
    /// An error with everything that is known; for a device, use device().
    Error(ErrorKind kind, const std::string& message, Phase phase = Phase::None, int status = 0, std::string code = {},
          std::optional<std::chrono::milliseconds> retry_after = {}, DeviceErrorKind device = DeviceErrorKind::Unknown)
        : std::runtime_error(message),
          kind_(kind),
          device_(device),
          phase_(phase),
          status_(status),
          code_(std::move(code)),
          retry_after_(retry_after) {}

    /// An error of a microphone or speaker whose reason is known.
    static Error device(DeviceErrorKind reason, const std::string& message) {
        return Error(ErrorKind::Device, message, Phase::None, 0, {}, {}, reason);
    }

    /// What went wrong, for code to act on.
    ErrorKind kind() const noexcept { return kind_; }
    /// Why a microphone or speaker is unusable; only for errors of the kind Device.
    std::optional<DeviceErrorKind> device_kind() const noexcept {
        if (kind_ != ErrorKind::Device) return std::nullopt;
        return device_;
    }
    /// The phase of the session in which it went wrong, if known.
    Phase phase() const noexcept { return phase_; }
    /// The HTTP status or WebSocket close code that came with it; 0 if none.
    int status() const noexcept { return status_; }
    /// The server's own code for the error, such as `PCC-1004` of Pipecat Cloud; empty if it sent
    /// none.
    const std::string& code() const noexcept { return code_; }
    /// How long to wait before asking the server again, if it said so.
    std::optional<std::chrono::milliseconds> retry_after() const noexcept { return retry_after_; }
    /// The message for people; not stable, never parse it.
    const char* message() const noexcept { return what(); }

private:
    ErrorKind kind_;
    DeviceErrorKind device_;
    Phase phase_;
    int status_;
    std::string code_;
    std::optional<std::chrono::milliseconds> retry_after_;
};

/// A value, or the error that explains its absence: the way without exceptions.
template <class T>
class [[nodiscard]] Result {
public:
    /// `T`, or `std::monostate` for `void`.
    using value_type = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

    /// Success.
    Result(value_type value) : value_(std::in_place, std::move(value)) {}
    /// Failure.
    Result(Error error) : error_(std::move(error)) {}

    /// Whether there is a value.
    bool ok() const noexcept { return !error_; }
    /// The same as ok().
    explicit operator bool() const noexcept { return ok(); }

    /// The value. Without one, throws the error, or aborts if compiled without exceptions.
    T value() && {
        check();
        if constexpr (!std::is_void_v<T>) return *std::move(value_);
    }
    /// The value. Without one, throws the error, or aborts if compiled without exceptions.
    const value_type& value() const& {
        check();
        return *value_;
    }
    /// The value, or `other` if there is none.
    value_type value_or(value_type other) const& { return ok() ? *value_ : std::move(other); }

    /// The error; call it only if ok() is false.
    const Error& error() const& { return *error_; }

private:
    void check() const {
        if (ok()) return;
#if RTVI_EXCEPTIONS
        throw *error_;
#else
        std::abort();
#endif
    }

    // One of the two. A variant of both takes a compiler much longer.
    std::optional<value_type> value_;
    std::optional<Error> error_;
};

namespace detail {

inline rtvi_str view(std::string_view text) noexcept { return rtvi_str{text.data(), text.size()}; }

inline std::string_view view(rtvi_str text) noexcept {
    return text.data ? std::string_view(text.data, text.len) : std::string_view();
}

inline std::string take(rtvi_string* string) {
    std::string text(view(rtvi_string_view(string)));
    rtvi_string_free(string);
    return text;
}

/// The error as a value; does not free it.
inline Error to_error(const rtvi_error* error) {
    std::optional<std::chrono::milliseconds> wait;
    if (const auto millis = rtvi_error_get_retry_after_ms(error); millis >= 0) wait = std::chrono::milliseconds(millis);
    return Error(static_cast<ErrorKind>(rtvi_error_get_kind(error)), std::string(view(rtvi_error_get_message(error))),
                 static_cast<Phase>(rtvi_error_get_phase(error)), rtvi_error_get_status(error),
                 std::string(view(rtvi_error_get_code(error))), wait,
                 static_cast<DeviceErrorKind>(rtvi_error_get_device_kind(error)));
}

/// The error in the form that rtvi.h takes from functions of the app.
inline rtvi_error* to_c(const Error& error) {
    const auto reason = error.device_kind();
    rtvi_error* made = reason ? rtvi_error_new_device(static_cast<int>(*reason), view(error.message()))
                              : rtvi_error_new(static_cast<int>(error.kind()), view(error.message()));
    rtvi_error_set_phase(made, static_cast<int>(error.phase()));
    if (error.status() > 0 && error.status() <= 0xffff) rtvi_error_set_status(made, static_cast<std::uint16_t>(error.status()));
    rtvi_error_set_code(made, view(error.code()));
    if (error.retry_after()) rtvi_error_set_retry_after_ms(made, error.retry_after()->count());
    return made;
}

/// Takes ownership of what a function of rtvi.h returned: an error or null.
inline std::optional<Error> take(rtvi_error* error) {
    if (!error) return std::nullopt;
    std::optional<Error> taken = to_error(error);
    rtvi_error_free(error);
    return taken;
}

/// Converts to a result without a value.
inline Result<void> result(rtvi_error* error) {
    if (auto taken = take(error)) return *std::move(taken);
    return std::monostate{};
}

}  // namespace detail
RTVI_NAMESPACE_END
