/// \file
/// The conversation view: who said what, turn by turn, made from a client's events.
///
/// Depends on event.hpp and payloads.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "event.hpp"
#include "payloads.hpp"

namespace rtvi {

/// How much a conversation keeps; 0 is the core's default.
struct ConversationLimits {
    /// How many turns; the oldest goes when one more begins.
    std::uint32_t max_turns = 0;
    /// How many bytes of text in a turn; the rest is left out.
    std::uint32_t max_turn_text = 0;
};

/// The turns of a conversation: `apply` every event of a client, then read them. One thread at a time.
class Conversation {
public:
    /// An empty conversation.
    explicit Conversation(ConversationLimits limits = {}) {
        rtvi_conversation* made = nullptr;
        // Fails for no arguments that can be given.
        (void)detail::take(rtvi_conversation_new(limits.max_turns, limits.max_turn_text, &made));
        conversation_.reset(made);
    }

    /// Takes the next event of a client, and says what it changed; nothing if that is nothing. Every event may be given.
    std::optional<ConversationChange> apply(const Event& event) {
        bool changed = false;
        rtvi_conversation_change change{};
        (void)detail::take(rtvi_conversation_apply(conversation_.get(), event.c(), &changed, &change));
        if (!changed) return std::nullopt;
        return ConversationChange::from(change);
    }

    /// How many turns there are.
    std::size_t size() const noexcept { return rtvi_conversation_turn_count(conversation_.get()); }

    /// A turn as it is now, the oldest being 0; nothing if there is none.
    std::optional<Turn> turn(std::size_t index) const {
        return detail::optional_struct<Turn>(rtvi_conversation_turn(conversation_.get(), index));
    }

    /// The turns from `first` on, oldest first.
    std::vector<Turn> turns(std::size_t first = 0) const {
        std::vector<Turn> found;
        while (auto next = turn(first + found.size())) found.push_back(*std::move(next));
        return found;
    }

    /// Forgets all turns. A session that goes on begins with the next one.
    void clear() { (void)detail::take(rtvi_conversation_clear(conversation_.get())); }

private:
    struct Free {
        void operator()(rtvi_conversation* conversation) const noexcept { rtvi_conversation_free(conversation); }
    };
    std::unique_ptr<rtvi_conversation, Free> conversation_;
};

}  // namespace rtvi
