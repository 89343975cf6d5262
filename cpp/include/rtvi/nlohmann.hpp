/// \file
/// Converts Json to and from nlohmann::json; include it only if that library is available.
///
/// Depends on json.hpp and nlohmann/json.hpp.
#pragma once

#include <nlohmann/json.hpp>

#include "json.hpp"

RTVI_NAMESPACE_BEGIN

/// The value of a JSON text; null when the text is empty or not JSON.
inline nlohmann::json to_nlohmann(const Json& json) {
    auto value = nlohmann::json::parse(json.text(), nullptr, false);
    return value.is_discarded() ? nlohmann::json() : value;
}

/// The value of a view; null when the view is empty.
inline nlohmann::json to_nlohmann(const JsonView& view) { return to_nlohmann(Json(view.text())); }

/// The text of a value.
inline Json from_nlohmann(const nlohmann::json& value) { return Json(value.dump()); }

RTVI_NAMESPACE_END
