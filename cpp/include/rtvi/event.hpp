/// \file
/// Untyped events: a kind, a name, and data in JSON. For typed events see events.hpp.
///
/// Depends on enums.hpp, error.hpp and json.hpp.
#pragma once

#include <string_view>
#include <utility>

#include "enums.hpp"
#include "error.hpp"
#include "json.hpp"

RTVI_NAMESPACE_BEGIN

/// Something that happened. In a callback, it is valid until the callback returns; clone() keeps
/// it.
class Event {
public:
    /// Owns an event of rtvi.h and frees it.
    static Event owned(rtvi_event* event) { return Event(event, true); }
    /// Refers to an event that must not be freed.
    static Event borrowed(const rtvi_event* event) { return Event(const_cast<rtvi_event*>(event), false); }

    /// Takes the event; the other one must not be used again.
    Event(Event&& other) noexcept : event_(std::exchange(other.event_, nullptr)), owned_(other.owned_) {}
    /// Swaps the events.
    Event& operator=(Event&& other) noexcept {
        std::swap(event_, other.event_);
        std::swap(owned_, other.owned_);
        return *this;
    }
    ~Event() {
        if (owned_) rtvi_event_free(event_);
    }

    /// The event of a server message, for tests and recordings; `message` is its JSON. The client's
    /// own events have no message.
    static Result<Event> from_message(std::string_view message) {
        rtvi_event* event = nullptr;
        if (auto error = detail::take(rtvi_event_from_message(detail::view(message), &event))) return *std::move(error);
        return owned(event);
    }

    /// A copy that you can keep.
    Event clone() const { return owned(rtvi_event_clone(event_)); }

    /// Its kind; EventKind::Other if this version does not know it.
    EventKind kind() const noexcept { return static_cast<EventKind>(rtvi_event_get_kind(event_)); }
    /// Its name, such as `botReady`.
    std::string_view name() const noexcept { return detail::view(rtvi_event_name(event_)); }
    /// A view of its data; valid as long as the event.
    JsonView data() const { return JsonView(rtvi_event_data(event_)); }
    /// Its data as JSON text, empty if it has none; valid as long as the event.
    std::string_view json() const { return detail::view(rtvi_event_json(event_)); }

    /// The event in the form of rtvi.h; valid as long as this one.
    const rtvi_event* c() const noexcept { return event_; }

private:
    Event(rtvi_event* event, bool owned) : event_(event), owned_(owned) {}

    rtvi_event* event_;
    bool owned_;
};

RTVI_NAMESPACE_END
