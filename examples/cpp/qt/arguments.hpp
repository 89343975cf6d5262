// The command line of the Qt example.
#pragma once

#include <QString>
#include <QStringList>

class QApplication;

/// What the user asks for.
struct Arguments {
    /// The start endpoint that stands in the window at first.
    QString start;
    bool webrtc = false;
    bool push_to_talk = false;
    /// Connect at once.
    bool connect = false;
    /// Texts to send as soon as the bot is ready, each when the one before was answered.
    QStringList texts;
    /// Whether to hold the button of push-to-talk after that, until the bot has answered once more.
    bool hold = false;
    /// Keys to press after that, by Qt's names.
    QStringList keys;
    /// Where to put a picture of the window once all of that is done; the program ends then. Empty
    /// for none.
    QString screenshot;
};

/// Reads the command line. Ends the program if it can't be read, or asks for help.
Arguments parse(const QApplication& app);
