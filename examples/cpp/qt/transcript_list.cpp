#include "transcript_list.hpp"

namespace {

QColor colour_of(Who who) {
    switch (who) {
    case Who::User: return {140, 204, 255};
    case Who::Bot: return {153, 242, 153};
    case Who::Notice: break;
    }
    return {166, 166, 166};
}

QString text_of(const Line& line) {
    const char* const name = line.who == Who::User ? "you: " : line.who == Who::Bot ? "bot: " : "";
    return name + QString::fromStdString(line.text);
}

}  // namespace

TranscriptList::TranscriptList() {
    setWordWrap(true);
    setSelectionMode(NoSelection);
    setFocusPolicy(Qt::NoFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
}

void TranscriptList::show_lines(const std::deque<Line>& lines) {
    bool has_changed = false;
    for (int row = 0; row < static_cast<int>(lines.size()); ++row) {
        const Line& line = lines[static_cast<std::size_t>(row)];
        if (row == count()) addItem(QString());
        QListWidgetItem& shown = *item(row);
        const QString text = text_of(line);
        if (shown.text() == text) continue;
        shown.setText(text);
        shown.setForeground(colour_of(line.who));
        has_changed = true;
    }
    while (count() > static_cast<int>(lines.size())) delete takeItem(count() - 1);
    if (has_changed) scrollToBottom();
}
