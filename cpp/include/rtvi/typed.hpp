/// \file
/// Typed events: which type of a variant an event has, and a function for each type.
///
/// Depends on events.hpp.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "events.hpp"

RTVI_NAMESPACE_BEGIN

namespace detail {

/// How to read each event of a variant except the first, by the number of its kind.
template <class Variant, class Indices>
struct Readers;

template <class Variant, std::size_t... Index>
struct Readers<Variant, std::index_sequence<Index...>> {
    using Read = void (*)(Variant&, const Event&);
    template <std::size_t I>
    using Alternative = std::variant_alternative_t<I + 1, Variant>;

    static constexpr std::size_t size =
        1 + std::max({std::size_t{0}, static_cast<std::size_t>(Alternative<Index>::event_kind)...});

    template <std::size_t I>
    static void read(Variant& to, const Event& event) {
        to.template emplace<I + 1>(Alternative<I>::read(event));
    }
    static constexpr std::array<Read, size> made() {
        std::array<Read, size> readers{};
        ((readers[static_cast<std::size_t>(Alternative<Index>::event_kind)] = &read<Index>), ...);
        return readers;
    }

    static constexpr std::array<Read, size> by_kind = made();
};

}  // namespace detail

/// The event with its own type. An app may pass its own variant of OtherEvent and the events it
/// uses, which compiles faster.
template <class Variant = AnyEvent>
Variant typed(const Event& event) {
    using All = std::make_index_sequence<std::variant_size_v<Variant> - 1>;
    const auto kind = static_cast<std::size_t>(event.kind());
    Variant made;
    const auto& readers = detail::Readers<Variant, All>::by_kind;
    if (kind < readers.size() && readers[kind]) {
        readers[kind](made, event);
    } else {
        made.template emplace<0>(OtherEvent{std::string(event.name()), Json(event.json())});
    }
    return made;
}

/// A visitor composed of functions: `std::visit(overloaded{[](const BotReady& e) {…}, [](const
/// auto&) {}}, typed(event))`.
template <class... Fs>
struct overloaded : Fs... {
    using Fs::operator()...;
};
/// Deduces the functions.
template <class... Fs>
overloaded(Fs...) -> overloaded<Fs...>;

/// Calls a function for each type of event; assign it to PipecatClientOptions::on_event.
class EventHandlers {
public:
    /// Calls `handler` for every event of the type `E`, after the existing handlers.
    template <class E>
    EventHandlers& on(std::function<void(const E&)> handler) {
        return on_kind(E::event_kind, [handler = std::move(handler)](const Event& event) { handler(E::read(event)); });
    }
    /// Calls `handler` for every event of the kind.
    EventHandlers& on_kind(EventKind kind, std::function<void(const Event&)> handler) {
        handlers_.emplace_back(kind, std::move(handler));
        return *this;
    }

    /// Passes an event to the handlers of its type.
    void operator()(const Event& event) const {
        const EventKind kind = event.kind();
        for (const auto& [of, handler] : handlers_) {
            if (of == kind) handler(event);
        }
    }

private:
    std::vector<std::pair<EventKind, std::function<void(const Event&)>>> handlers_;
};

RTVI_NAMESPACE_END
