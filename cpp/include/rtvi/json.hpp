/// \file
/// JSON, stored as text and readable without another library. For nlohmann-json see nlohmann.hpp.
///
/// Depends on error.hpp.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "error.hpp"

RTVI_NAMESPACE_BEGIN

/// The type of a JSON value.
enum class JsonType {
    None = RTVI_JSON_NONE,
    Null = RTVI_JSON_NULL,
    Bool = RTVI_JSON_BOOL,
    Integer = RTVI_JSON_INTEGER,
    Number = RTVI_JSON_NUMBER,
    String = RTVI_JSON_STRING,
    Array = RTVI_JSON_ARRAY,
    Object = RTVI_JSON_OBJECT,
};

/// A view of a JSON value; as cheap to copy as a pointer.
///
/// Views of a Json share ownership of its data; views of an Event live as long as the event. A view
/// that found nothing has the type None, and you can look into it further.
class JsonView {
public:
    JsonView() = default;
    /// A view of a value of rtvi.h, which `owner` keeps alive.
    explicit JsonView(const rtvi_json* value, std::shared_ptr<const rtvi_json> owner = nullptr)
        : value_(value), owner_(std::move(owner)) {}

    /// The type; None if nothing was found.
    JsonType type() const noexcept { return static_cast<JsonType>(rtvi_json_get_type(value_)); }
    /// Whether there is a value; null counts as one.
    explicit operator bool() const noexcept { return value_ != nullptr; }
    /// Whether the value is null.
    bool is_null() const noexcept { return type() == JsonType::Null; }

    /// The value at a JSON pointer, such as `/file/name` or `/workers/0`.
    JsonView at(std::string_view pointer) const { return with(rtvi_json_at(value_, detail::view(pointer))); }
    /// The member of an object; `name` must not contain `/` or `~`.
    JsonView operator[](std::string_view name) const {
        std::string pointer(1, '/');
        pointer += name;
        return at(pointer);
    }
    /// The number of elements of an array or members of an object.
    std::size_t size() const noexcept { return rtvi_json_count(value_); }
    /// The element of an array or the value of an object's member.
    JsonView item(std::size_t index) const { return with(rtvi_json_item(value_, index)); }
    /// The name of an object's member.
    std::string key(std::size_t index) const { return detail::take(rtvi_json_key(value_, index)); }

    /// The text, if it is one.
    std::optional<std::string_view> string() const noexcept {
        rtvi_str found{};
        if (!rtvi_json_string(value_, &found)) return std::nullopt;
        return detail::view(found);
    }
    /// The number, if it is one.
    std::optional<double> number() const noexcept {
        double found = 0;
        if (!rtvi_json_number(value_, &found)) return std::nullopt;
        return found;
    }
    /// The number as an integer, if it is one and fits.
    std::optional<std::int64_t> integer() const noexcept {
        std::int64_t found = 0;
        if (!rtvi_json_integer(value_, &found)) return std::nullopt;
        return found;
    }
    /// The Boolean, if it is one.
    std::optional<bool> boolean() const noexcept {
        bool found = false;
        if (!rtvi_json_bool(value_, &found)) return std::nullopt;
        return found;
    }

    /// The text, or `other` if it is not a text.
    std::string string_or(std::string_view other = {}) const { return std::string(string().value_or(other)); }

    /// The value as JSON text; empty if there is none.
    std::string text() const { return detail::take(rtvi_json_text(value_)); }

    /// Objects are equal regardless of the order of their members; numbers are equal by value.
    friend bool operator==(const JsonView& a, const JsonView& b) {
        if (a.type() == JsonType::Integer && b.type() == JsonType::Integer) return a.integer() == b.integer();
        if (a.number() && b.number()) return a.number() == b.number() && (a.type() == b.type() || a.number() < 9e15);
        if (a.type() != b.type() || a.size() != b.size()) return false;
        if (a.type() == JsonType::String) return a.string() == b.string();
        if (a.type() == JsonType::Bool) return a.boolean() == b.boolean();
        for (std::size_t i = 0; i < a.size(); ++i) {
            if (a.type() == JsonType::Object && a.key(i) != b.key(i)) return false;
            if (!(a.item(i) == b.item(i))) return false;
        }
        return true;
    }
    friend bool operator!=(const JsonView& a, const JsonView& b) { return !(a == b); }

private:
    JsonView with(const rtvi_json* value) const { return JsonView(value, owner_); }

    const rtvi_json* value_ = nullptr;
    std::shared_ptr<const rtvi_json> owner_;
};

/// JSON text; empty means none. Not checked until it is read or passed to a client.
class Json {
public:
    Json() = default;
    /// JSON text as it is.
    Json(std::string text) : text_(std::move(text)) {}
    /// JSON text as it is.
    Json(std::string_view text) : text_(text) {}
    /// JSON text as it is.
    Json(const char* text) : text_(text) {}

    /// A text as a JSON string, with quotes and escapes.
    static Json of_string(std::string_view text) {
        const std::unique_ptr<rtvi_json, void (*)(rtvi_json*)> made(rtvi_json_new(), rtvi_json_free);
        // A text that is not UTF-8 stays so; the function that takes the JSON reports it.
        if (detail::take(rtvi_json_set_string(made.get(), detail::view(""), detail::view(text)))) return Json("\xff");
        return Json(detail::take(rtvi_json_text(made.get())));
    }

    /// The text.
    const std::string& text() const& noexcept { return text_; }
    /// Whether there is no text.
    bool empty() const noexcept { return text_.empty(); }

    /// A view of it, or the reason why the text is not JSON.
    Result<JsonView> parse() const {
        rtvi_json* value = nullptr;
        if (auto error = detail::take(rtvi_json_parse(detail::view(text_), &value))) return *std::move(error);
        std::shared_ptr<const rtvi_json> owner(value, [](const rtvi_json* it) { rtvi_json_free(const_cast<rtvi_json*>(it)); });
        return JsonView(value, owner);
    }
    /// A view of it; an empty view if the text is not JSON.
    JsonView view() const { return parse().value_or(JsonView()); }

    /// Equal text.
    friend bool operator==(const Json& a, const Json& b) { return a.text_ == b.text_; }
    friend bool operator!=(const Json& a, const Json& b) { return !(a == b); }

private:
    std::string text_;
};

RTVI_NAMESPACE_END
