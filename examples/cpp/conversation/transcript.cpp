#include "transcript.hpp"

#include <algorithm>
#include <utility>

namespace {

/// Lines kept; the oldest goes when there is one more.
constexpr std::size_t max_lines = 500;

/// The whole text, but of a turn that was cut off only what was heard.
std::string text_of(const rtvi::Turn& turn) {
    const auto is_cut = [](const rtvi::BotPart& part) { return part.segment && part.segment->state == rtvi::SegmentState::Interrupted; };
    const auto& bot = turn.content.bot;
    if (bot && std::any_of(bot->parts.begin(), bot->parts.end(), is_cut)) return turn.heard_text + " ...";
    return turn.text;
}

}  // namespace

void Transcript::follow(const rtvi::Event& event) {
    const auto change = conversation_.apply(event);
    if (!change) return;
    const std::int64_t last_kept = id_of(change->first);
    const auto is_old = [&](const Line& line) { return line.who != Who::Notice && line.turn > last_kept; };
    lines_.erase(std::remove_if(lines_.begin(), lines_.end(), is_old), lines_.end());
    for (const auto& turn : conversation_.turns(change->first)) {
        std::string text = text_of(turn);
        if (!text.empty()) insert({turn.content.user ? Who::User : Who::Bot, std::move(text), static_cast<std::int64_t>(turn.id)});
    }
}

void Transcript::note(const std::string& text) {
    insert({Who::Notice, text, id_of(conversation_.size())});
}

std::int64_t Transcript::id_of(std::size_t turns) const {
    const auto last = turns == 0 ? std::nullopt : conversation_.turn(turns - 1);
    return last ? static_cast<std::int64_t>(last->id) : -1;
}

void Transcript::insert(Line line) {
    const auto is_before = [](const Line& a, const Line& b) {
        return std::pair(a.turn, a.who == Who::Notice) < std::pair(b.turn, b.who == Who::Notice);
    };
    lines_.insert(std::upper_bound(lines_.begin(), lines_.end(), line, is_before), std::move(line));
    if (lines_.size() > max_lines) lines_.pop_front();
}
