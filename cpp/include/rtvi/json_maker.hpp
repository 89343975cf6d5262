/// \file
/// Builds JSON with the functions of rtvi.h.
///
/// Depends on json.hpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "json.hpp"

RTVI_NAMESPACE_BEGIN
namespace detail {

/// Times in the form of rtvi.h, clamped to the valid range.
inline std::uint32_t millis(std::chrono::milliseconds time) {
    const auto count = time.count();
    return count < 0 ? 0 : count > 0xffffffff ? 0xffffffff : static_cast<std::uint32_t>(count);
}

/// Builds a JSON object: `JsonMaker().with("/wsUrl", url).finish()`. Keeps the first error and does
/// nothing after it.
class JsonMaker {
public:
    /// Sets a value at a JSON pointer, such as `/wsUrl`: a bool, number, text, JSON, time in
    /// milliseconds, struct of options, or a list of these. An absent optional is null.
    template <class T>
    JsonMaker& with(const std::string& at, const T& value) {
        put(*this, at, value);
        return *this;
    }
    /// Sets an empty object at a JSON pointer.
    void object(const std::string& at) { set(rtvi_json_set_json, at, view("{}")); }
    /// Sets an empty list there.
    void list(const std::string& at) { set(rtvi_json_set_json, at, view("[]")); }
    /// Sets null there.
    void null(const std::string& at) {
        if (!error_) error_ = take(rtvi_json_set_null(json_.get(), view(at)));
    }
    /// Sets a value there with one of the functions of rtvi.h.
    template <class F, class V>
    void set(F function, const std::string& at, V value) {
        if (!error_) error_ = take(function(json_.get(), view(at), value));
    }

    /// The JSON, or the reason why it could not be built, such as a text that is not UTF-8.
    Result<Json> finish() {
        if (error_) return *std::move(error_);
        return Json(take(rtvi_json_text(json_.get())));
    }

private:
    struct Free {
        void operator()(rtvi_json* json) const { rtvi_json_free(json); }
    };
    std::unique_ptr<rtvi_json, Free> json_{rtvi_json_new()};
    std::optional<Error> error_;
};

inline void put(JsonMaker& json, const std::string& at, bool value) { json.set(rtvi_json_set_bool, at, value); }
template <class Number, std::enable_if_t<std::is_arithmetic_v<Number> && !std::is_same_v<Number, char>, int> = 0>
void put(JsonMaker& json, const std::string& at, Number value) {
    if constexpr (std::is_same_v<Number, std::uint64_t>) {
        json.set(rtvi_json_set_json, at, view(std::to_string(value)));
    } else if constexpr (std::is_integral_v<Number>) {
        json.set(rtvi_json_set_integer, at, static_cast<std::int64_t>(value));
    } else {
        json.set(rtvi_json_set_number, at, static_cast<double>(value));
    }
}
inline void put(JsonMaker& json, const std::string& at, std::string_view value) {
    json.set(rtvi_json_set_string, at, view(value));
}
inline void put(JsonMaker& json, const std::string& at, const std::string& value) { put(json, at, std::string_view(value)); }
inline void put(JsonMaker& json, const std::string& at, const char* value) { put(json, at, std::string_view(value)); }
inline void put(JsonMaker& json, const std::string& at, const Json& value) {
    json.set(rtvi_json_set_json, at, view(value.text()));
}
inline void put(JsonMaker& json, const std::string& at, std::chrono::milliseconds value) { put(json, at, millis(value)); }

template <class T>
void put(JsonMaker& json, const std::string& at, const std::optional<T>& value) {
    if (value) {
        put(json, at, *value);
    } else {
        json.null(at);
    }
}

template <class T>
void put(JsonMaker& json, const std::string& at, const std::vector<T>& values) {
    json.list(at);
    for (const T& value : values) put(json, at + '/' + std::to_string(&value - values.data()), value);
}

/// A struct as JSON.
template <class T>
Result<Json> made(const T& it) {
    JsonMaker json;
    put(json, "", it);
    return json.finish();
}

}  // namespace detail
RTVI_NAMESPACE_END

RTVI_NAMESPACE_BEGIN

using detail::JsonMaker;

RTVI_NAMESPACE_END
