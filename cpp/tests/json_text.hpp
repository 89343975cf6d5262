// JSON text put together from views: what tests need beyond the SDK.
#pragma once

#include <rtvi/rtvi.hpp>

#include <string>

namespace test {

/// Whether `value` contains `wanted`: members of objects by name, everything else by equality.
inline bool contains(const rtvi::JsonView& value, const rtvi::JsonView& wanted) {
    if (wanted.type() == rtvi::JsonType::Object && value.type() == rtvi::JsonType::Object) {
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            if (!contains(value[wanted.key(i)], wanted.item(i))) return false;
        }
        return true;
    }
    if (wanted.type() == rtvi::JsonType::Array && value.type() == rtvi::JsonType::Array) {
        if (value.size() != wanted.size()) return false;
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            if (!contains(value.item(i), wanted.item(i))) return false;
        }
        return true;
    }
    return value == wanted;
}

}  // namespace test
