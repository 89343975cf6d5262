// Typed events as JSON, to compare them with the messages that they come from.
#pragma once

#include <rtvi/rtvi.hpp>

#include <iomanip>
#include <optional>
#include <sstream>
#include <string>
#include <type_traits>
#include <vector>

#include "fields.hpp"

namespace test {

template <class Visit>
void each_field(const rtvi::OtherEvent&, Visit&&) {}

inline std::string base64(const std::vector<std::uint8_t>& bytes) {
    const char* digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const auto byte = [&](std::size_t at) { return at < bytes.size() ? std::uint32_t{bytes[at]} : 0; };
        const std::uint32_t three = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
        for (std::size_t part = 0; part < 4; ++part) text += i + part > bytes.size() ? '=' : digits[three >> (18 - 6 * part) & 63];
    }
    return text;
}

template <class T>
std::string json_of(const T& value);

template <class T>
std::string json_of(const std::vector<T>& all) {
    if constexpr (std::is_same_v<T, std::uint8_t>) return '"' + base64(all) + '"';
    std::string text;
    for (const auto& one : all) text += (text.empty() ? "" : ",") + json_of(one);
    return '[' + text + ']';
}

/// Empty where there is nothing.
template <class T>
std::string json_of(const std::optional<T>& value) {
    return value ? json_of(*value) : "";
}

template <class T>
std::string json_of(const T& value) {
    if constexpr (std::is_same_v<T, std::string>) {
        return rtvi::Json::of_string(value).text();
    } else if constexpr (std::is_same_v<T, rtvi::Json>) {
        return value.text();
    } else if constexpr (std::is_same_v<T, rtvi::Error>) {
        return rtvi::Json::of_string(value.message()).text();
    } else if constexpr (std::is_same_v<T, bool>) {
        return value ? "true" : "false";
    } else if constexpr (std::is_arithmetic_v<T>) {
        std::ostringstream text;
        text << std::setprecision(17) << value;
        return text.str();
    } else if constexpr (std::is_enum_v<T>) {
        return rtvi::Json::of_string(to_string(value)).text();
    } else if constexpr (std::is_same_v<T, std::chrono::duration<double, std::milli>>) {
        return json_of(value.count());
    } else {
        std::string text;
        each_field(value, [&](const std::string& name, const auto& field) {
            const std::string json = json_of(field);
            if (!json.empty()) text += (text.empty() ? "\"" : ",\"") + name + "\":" + json;
        });
        return '{' + text + '}';
    }
}

/// An event with its own type.
inline rtvi::Json typed_json(const rtvi::Event& event) {
    return rtvi::Json(std::visit([](const auto& typed) { return json_of(typed); }, rtvi::typed(event)));
}

/// What a field of a message is called in C++.
inline std::string field_name(const std::string& on_the_wire) {
    if (on_the_wire == "final") return "is_final";
    if (on_the_wire == "type") return "wire_type";
    if (on_the_wire == "args") return "arguments";
    // Three names for one.
    if (on_the_wire == "text_type" || on_the_wire == "aggregated_by") return "output_type";
    return on_the_wire;
}

/// Whether a typed event has all that is in the data of its message.
inline bool keeps(const rtvi::JsonView& typed, const rtvi::JsonView& wire) {
    if (typed == wire || !wire || wire.is_null()) return true;
    // A message of the app's own is any JSON.
    if (typed.type() == rtvi::JsonType::Object && typed.size() == 1 && typed["data"] == wire) return true;
    if (typed.type() != wire.type()) return false;
    if (wire.type() == rtvi::JsonType::Array && typed.size() != wire.size()) return false;
    if (wire.type() != rtvi::JsonType::Array && wire.type() != rtvi::JsonType::Object) return false;
    for (std::size_t i = 0; i < wire.size(); ++i) {
        if (wire.type() == rtvi::JsonType::Array) {
            if (!keeps(typed.item(i), wire.item(i))) return false;
            continue;
        }
        const std::string name = wire.key(i);
        const auto has = [&](const rtvi::JsonView& field) { return field && keeps(field, wire.item(i)); };
        // What the SDK does not know of metrics is kept beside what it does.
        if (!has(typed[field_name(name)]) && !has(typed["fields"][name]) && !has(typed["other"][name]) && !wire.item(i).is_null()) return false;
    }
    return true;
}

}  // namespace test
