// Who said what, as a list.
#pragma once

#include <QListWidget>

#include "transcript.hpp"

/// Shows a transcript, with its newest line in sight.
class TranscriptList : public QListWidget {
public:
    TranscriptList();

    /// Shows the lines as they are now.
    void show_lines(const std::deque<Line>& lines);
};
