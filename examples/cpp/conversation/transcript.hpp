// Who said what, and notices of the window's own, as lines.
#pragma once

#include <rtvi/rtvi.hpp>

#include <cstdint>
#include <deque>
#include <string>

/// Who has said something.
enum class Who { User, Bot, Notice };

/// A line of the transcript.
struct Line {
    Who who;
    std::string text;
    /// The turn it shows, or for a notice the one that it follows.
    std::int64_t turn;
};

/// A line for each turn of the conversation, with the notices where they were made.
class Transcript {
public:
    /// Takes every event of the client.
    void follow(const rtvi::Event& event);
    /// Adds a notice.
    void note(const std::string& text);

    const std::deque<Line>& lines() const { return lines_; }

private:
    void insert(Line line);
    /// The id of the last of so many turns, or -1.
    std::int64_t id_of(std::size_t turns) const;

    rtvi::Conversation conversation_;
    std::deque<Line> lines_;
};
