#include "script.hpp"

#include <QCoreApplication>
#include <QKeyEvent>
#include <QKeySequence>

namespace {

void send_key(Window& window, QEvent::Type type, int key) {
    QKeyEvent event(type, key, Qt::NoModifier);
    QCoreApplication::sendEvent(&window, &event);
}

}  // namespace

void Script::go_on() {
    const Conversation& conversation = window_.conversation();
    if (conversation.failures() > 0) is_over_ = true;
    if (is_over_ || conversation.is_busy() || conversation.answers() < expected_) return;
    if (!step()) is_over_ = true;
}

bool Script::step() {
    Conversation& conversation = window_.conversation();
    if (sent_ < arguments_.texts.size()) {
        if (conversation.state() != rtvi::TransportState::Ready) return true;
        conversation.send(arguments_.texts[sent_++].toStdString());
        ++expected_;
    } else if (arguments_.hold && !was_held_) {
        is_held_ = was_held_ = true;
        send_key(window_, QEvent::KeyPress, Qt::Key_F3);
        ++expected_;
    } else if (is_held_) {
        is_held_ = false;
        send_key(window_, QEvent::KeyRelease, Qt::Key_F3);
    } else if (pressed_ < arguments_.keys.size()) {
        const QKeySequence key(arguments_.keys[pressed_++]);
        send_key(window_, QEvent::KeyPress, key[0].key());
    } else {
        return false;
    }
    return true;
}
