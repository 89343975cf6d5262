#include "transcript.hpp"

#include <algorithm>
#include <utility>

namespace {

/// Lines kept; the oldest goes when there is one more.
constexpr std::size_t max_lines = 500;

std::int64_t id_of(const rtvi::JsonView& turn) { return turn["id"].integer().value_or(-1); }

/// The whole text, but of a turn that was cut off only what was heard.
std::string text_of(const rtvi::JsonView& turn) {
    const rtvi::JsonView parts = turn["parts"];
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (parts.item(i)["state"].string() == "interrupted") return turn["heardText"].string_or() + " ...";
    }
    return turn["text"].string_or();
}

}  // namespace

void Transcript::follow(const rtvi::Event& event) {
    const auto change = conversation_.apply(event);
    if (!change) return;
    const std::int64_t last_kept = change->first == 0 ? -1 : id_of(conversation_.turn(change->first - 1));
    const auto is_old = [&](const Line& line) { return line.who != Who::Notice && line.turn > last_kept; };
    lines_.erase(std::remove_if(lines_.begin(), lines_.end(), is_old), lines_.end());
    for (const auto& turn : conversation_.turns(change->first)) {
        const Who who = turn["role"].string() == "user" ? Who::User : Who::Bot;
        std::string text = text_of(turn);
        if (!text.empty()) insert({who, std::move(text), id_of(turn)});
    }
}

void Transcript::note(const std::string& text) {
    const std::size_t turns = conversation_.size();
    insert({Who::Notice, text, turns == 0 ? -1 : id_of(conversation_.turn(turns - 1))});
}

void Transcript::insert(Line line) {
    const auto is_before = [](const Line& a, const Line& b) {
        return std::pair(a.turn, a.who == Who::Notice) < std::pair(b.turn, b.who == Who::Notice);
    };
    lines_.insert(std::upper_bound(lines_.begin(), lines_.end(), line, is_before), std::move(line));
    if (lines_.size() > max_lines) lines_.pop_front();
}
