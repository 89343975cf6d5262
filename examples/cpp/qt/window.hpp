// The window of the Qt example.
#pragma once

#include <QWidget>

#include <functional>

#include "arguments.hpp"
#include "conversation.hpp"

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class DeviceBox;
class TranscriptList;

/// Shows a conversation, and does what the user presses.
class Window : public QWidget {
public:
    explicit Window(const Arguments& arguments);

    /// As the button does.
    void connect_bot();
    /// Calls `changed` whenever something has happened.
    void on_change(std::function<void()> changed) { changed_ = std::move(changed); }
    Conversation& conversation() { return conversation_; }

protected:
    /// F2 mutes, F3 is push-to-talk, F4 ends the conversation.
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;

private:
    /// Runs functions in the loop of Qt, and then shows what they have changed.
    rtvi::Executor executor();
    QLayout* connection_row();
    QLayout* text_column();
    QLayout* audio_column();
    void send_text();
    void mute(bool muted);
    /// Shows everything as it is now.
    void refresh();

    QLineEdit* endpoint_;
    QComboBox* transport_;
    QCheckBox* push_to_talk_;
    QPushButton* connect_;
    QLabel* state_;
    TranscriptList* transcript_;
    QLineEdit* text_;
    DeviceBox* microphone_;
    QCheckBox* mute_;
    QPushButton* talk_;
    DeviceBox* speaker_;
    std::function<void()> changed_;
    // Last, so that it goes first: its executor needs the window.
    Conversation conversation_;
};
