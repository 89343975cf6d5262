/// \file
/// Converts the structs of rtvi.h to values.
///
/// Depends on error.hpp and json.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "error.hpp"
#include "json.hpp"

RTVI_NAMESPACE_BEGIN
namespace detail {

inline std::string text(rtvi_str from) { return std::string(view(from)); }

inline std::optional<std::string> optional_text(rtvi_str from) {
    return from.data ? std::optional<std::string>(text(from)) : std::nullopt;
}

inline Json json(const rtvi_json* from) { return from ? Json(take(rtvi_json_text(from))) : Json(); }

inline std::optional<Error> optional_error(const rtvi_error* from) {
    return from ? std::optional<Error>(to_error(from)) : std::nullopt;
}

/// A number, duration or enum.
template <class To, class From>
std::optional<To> optional(const From* from) {
    return from ? std::optional<To>(static_cast<To>(*from)) : std::nullopt;
}

template <class To, class From>
std::optional<To> optional_struct(const From* from) {
    return from ? std::optional<To>(To::from(*from)) : std::nullopt;
}

template <class Number>
std::vector<Number> numbers(const Number* from, std::size_t count) {
    return std::vector<Number>(from, from + count);
}

inline std::vector<std::string> texts(const rtvi_str* from, std::size_t count) {
    std::vector<std::string> made;
    made.reserve(count);
    for (std::size_t i = 0; i < count; ++i) made.push_back(text(from[i]));
    return made;
}

template <class To, class From>
std::vector<To> list(const From* const* from, std::size_t count) {
    std::vector<To> made;
    made.reserve(count);
    for (std::size_t i = 0; i < count; ++i) made.push_back(To::from(*from[i]));
    return made;
}

/// The result of `make` for the struct of an event; an empty event without one.
template <class To, class From, class Make>
To read(const From* from, Make make) {
    return from ? make(*from) : To{};
}

}  // namespace detail
RTVI_NAMESPACE_END
