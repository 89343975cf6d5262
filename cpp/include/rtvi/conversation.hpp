/// \file
/// The conversation view: who said what, turn by turn, made from a client's events.
///
/// Depends on event.hpp and json.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "event.hpp"
#include "json.hpp"

namespace rtvi {

/// How much a conversation keeps; 0 is the core's default.
struct ConversationLimits {
    /// How many turns; the oldest goes when one more begins.
    std::uint32_t max_turns = 0;
    /// How many bytes of text in a turn; the rest is left out.
    std::uint32_t max_turn_text = 0;
};

/// What an event changed in a conversation.
struct ConversationChange {
    /// How many of the oldest turns went first, because there were too many: every index moved down by that.
    std::size_t dropped = 0;
    /// The first turn that may be different, new or gone; those before it are as they were.
    std::size_t first = 0;
};

/// The turns of a conversation. May be used from any thread.
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
        rtvi_conversation_change change{};
        (void)detail::take(rtvi_conversation_apply(conversation_.get(), event.c(), &change));
        if (!change.changed) return std::nullopt;
        return ConversationChange{change.dropped, change.first};
    }

    /// How many turns there are.
    std::size_t size() const noexcept { return rtvi_conversation_turn_count(conversation_.get()); }

    /// A turn as it is now, as rtvi_conversation_turn() describes it: `turn["text"].string()`. Nothing if there is none.
    JsonView turn(std::size_t index) const {
        std::shared_ptr<const rtvi_json> turn(rtvi_conversation_turn(conversation_.get(), index),
                                              [](const rtvi_json* it) { rtvi_json_free(const_cast<rtvi_json*>(it)); });
        return JsonView(turn.get(), turn);
    }

    /// The turns from `first` on, oldest first.
    std::vector<JsonView> turns(std::size_t first = 0) const {
        std::vector<JsonView> found;
        while (JsonView next = turn(first + found.size())) found.push_back(std::move(next));
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
