#include "window.hpp"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

#include "device_box.hpp"
#include "transcript_list.hpp"

namespace {

constexpr int side_width = 260;

bool is_idle(rtvi::TransportState state) {
    return state == rtvi::TransportState::Disconnected || state == rtvi::TransportState::Initialized ||
           state == rtvi::TransportState::Error;
}

}  // namespace

Window::Window(const Arguments& arguments)
    : endpoint_(new QLineEdit(arguments.start)), transport_(new QComboBox), push_to_talk_(new QCheckBox("Push to talk")),
      connect_(new QPushButton), state_(new QLabel), transcript_(new TranscriptList), text_(new QLineEdit),
      microphone_(new DeviceBox("Microphone", [this](const std::string& id) { conversation_.choose_microphone(id); })),
      mute_(new QCheckBox("Mute (F2)")), talk_(new QPushButton("Hold to talk (F3)")),
      speaker_(new DeviceBox("Speaker", [this](const std::string& id) { conversation_.choose_speaker(id); })),
      conversation_(executor(), {arguments.webrtc, arguments.push_to_talk}, {}) {
    setWindowTitle("Pipecat");
    resize(960, 600);
    transport_->addItems({"WebSocket", "WebRTC"});
    transport_->setCurrentIndex(arguments.webrtc ? 1 : 0);
    push_to_talk_->setChecked(arguments.push_to_talk);
    auto* all = new QVBoxLayout(this);
    all->addLayout(connection_row());
    auto* columns = new QHBoxLayout;
    columns->addLayout(text_column(), 1);
    columns->addLayout(audio_column());
    all->addLayout(columns, 1);
    text_->setFocus();
    refresh();
}

rtvi::Executor Window::executor() {
    return [this](std::function<void()> function) {
        const auto run = [this, function = std::move(function)] {
            function();
            refresh();
        };
        QMetaObject::invokeMethod(this, run, Qt::QueuedConnection);
    };
}

QLayout* Window::connection_row() {
    auto* row = new QHBoxLayout;
    row->addWidget(endpoint_, 1);
    for (QWidget* widget : std::initializer_list<QWidget*>{transport_, push_to_talk_, connect_, state_}) row->addWidget(widget);
    state_->setMinimumWidth(100);
    connect(connect_, &QPushButton::clicked, this, [this] {
        if (is_idle(conversation_.state())) return connect_bot();
        conversation_.disconnect();
    });
    return row;
}

QLayout* Window::text_column() {
    auto* column = new QVBoxLayout;
    column->addWidget(transcript_, 1);
    auto* row = new QHBoxLayout;
    auto* send = new QPushButton("Send");
    text_->setPlaceholderText("Type to the bot");
    row->addWidget(text_, 1);
    row->addWidget(send);
    column->addLayout(row);
    connect(text_, &QLineEdit::returnPressed, this, &Window::send_text);
    connect(send, &QPushButton::clicked, this, &Window::send_text);
    return column;
}

QLayout* Window::audio_column() {
    auto* column = new QVBoxLayout;
    for (QWidget* widget : std::initializer_list<QWidget*>{microphone_, mute_, talk_, speaker_}) {
        widget->setFixedWidth(side_width);
        column->addWidget(widget);
    }
    column->addStretch();
    connect(mute_, &QCheckBox::clicked, this, &Window::mute);
    connect(talk_, &QPushButton::pressed, this, [this] { conversation_.talk(true); });
    connect(talk_, &QPushButton::released, this, [this] { conversation_.talk(false); });
    return column;
}

void Window::connect_bot() {
    const Way way{transport_->currentIndex() == 1, push_to_talk_->isChecked()};
    conversation_.connect(endpoint_->text().toStdString(), way);
    refresh();
}

void Window::send_text() {
    if (text_->text().isEmpty()) return;
    conversation_.send(text_->text().toStdString());
    text_->clear();
}

void Window::mute(bool muted) {
    conversation_.mute(muted);
    refresh();
}

void Window::keyPressEvent(QKeyEvent* event) {
    if (event->isAutoRepeat()) return;
    if (event->key() == Qt::Key_F2) return mute(!conversation_.is_muted());
    if (event->key() == Qt::Key_F3) return talk_->setDown(true), conversation_.talk(true);
    if (event->key() == Qt::Key_F4) return conversation_.disconnect();
    QWidget::keyPressEvent(event);
}

void Window::keyReleaseEvent(QKeyEvent* event) {
    if (event->isAutoRepeat()) return;
    if (event->key() == Qt::Key_F3) return talk_->setDown(false), conversation_.talk(false);
    QWidget::keyReleaseEvent(event);
}

void Window::refresh() {
    const auto state = conversation_.state();
    const bool idle = is_idle(state);
    connect_->setText(idle ? "Connect" : "Disconnect (F4)");
    state_->setText(QString::fromUtf8(rtvi::to_string(state).data(), static_cast<qsizetype>(rtvi::to_string(state).size())));
    // These can't change during a conversation.
    transport_->setEnabled(idle);
    push_to_talk_->setEnabled(idle);
    talk_->setEnabled(!idle && push_to_talk_->isChecked() && !conversation_.is_muted());
    mute_->setChecked(conversation_.is_muted());
    transcript_->show_lines(conversation_.transcript().lines());
    microphone_->show_devices(conversation_.microphones(), conversation_.microphone_level());
    speaker_->show_devices(conversation_.speakers(), conversation_.bot_level());
    if (changed_) changed_();
}
