/// \file
/// The conversation view: builds turns from a client's events.
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

RTVI_NAMESPACE_BEGIN

/// How much a conversation keeps; 0 means the core's default.
struct ConversationLimits {
    /// The number of turns; the oldest is dropped when another begins.
    std::uint32_t max_turns = 0;
    /// The bytes of text in a turn; the rest is dropped.
    std::uint32_t max_turn_text = 0;
};

/// The turns of a conversation: `apply` every event of a client, then read them. One thread at a
/// time.
class Conversation {
public:
    /// Creates an empty conversation.
    explicit Conversation(ConversationLimits limits = {}) {
        rtvi_conversation* made = nullptr;
        // Fails for no possible arguments.
        (void)detail::take(rtvi_conversation_new(limits.max_turns, limits.max_turn_text, &made));
        conversation_.reset(made);
    }

    /// Applies the next event of a client and returns what it changed, if anything. You can pass
    /// every event.
    std::optional<ConversationChange> apply(const Event& event) {
        const rtvi_conversation_change* change = nullptr;
        (void)detail::take(rtvi_conversation_apply(conversation_.get(), event.c(), &change));
        return detail::optional_struct<ConversationChange>(change);
    }

    /// The number of turns.
    std::size_t size() const noexcept { return rtvi_conversation_turn_count(conversation_.get()); }

    /// A turn as it is now; 0 is the oldest. Empty if there is none.
    std::optional<Turn> turn(std::size_t index) const {
        return detail::optional_struct<Turn>(rtvi_conversation_turn(conversation_.get(), index));
    }

    /// The turns starting at `first`, oldest first.
    std::vector<Turn> turns(std::size_t first = 0) const {
        std::vector<Turn> found;
        while (auto next = turn(first + found.size())) found.push_back(*std::move(next));
        return found;
    }

    /// Removes all turns. A running session continues with the next turn.
    void clear() { (void)detail::take(rtvi_conversation_clear(conversation_.get())); }

private:
    struct Free {
        void operator()(rtvi_conversation* conversation) const noexcept { rtvi_conversation_free(conversation); }
    };
    std::unique_ptr<rtvi_conversation, Free> conversation_;
};

RTVI_NAMESPACE_END
