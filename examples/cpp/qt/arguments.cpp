#include "arguments.hpp"

#include <QApplication>
#include <QCommandLineParser>

Arguments parse(const QApplication& app) {
    QCommandLineParser parser;
    parser.setApplicationDescription("A window to talk with a Pipecat bot.\nF2 mutes the microphone, F3 is push-to-talk, F4 ends the conversation.");
    parser.addHelpOption();
    const QCommandLineOption start("start", "A start endpoint, such as that of `rtvi bot`.", "URL", "http://127.0.0.1:7860/start");
    const QCommandLineOption webrtc("webrtc", "Talk over WebRTC, not a WebSocket.");
    const QCommandLineOption push_to_talk("push-to-talk", "Let the bot hear the microphone only while a button is pressed.");
    const QCommandLineOption connect("connect", "Connect at once.");
    const QCommandLineOption send("send", "Connect at once and send this text.", "TEXT");
    const QCommandLineOption hold("hold", "Then hold F3 until the bot has answered.");
    const QCommandLineOption press("press", "Then press this key.", "KEY");
    const QCommandLineOption screenshot("screenshot", "Then save a picture of the window and leave.", "FILE");
    parser.addOptions({start, webrtc, push_to_talk, connect, send, hold, press, screenshot});
    parser.process(app);

    Arguments arguments;
    arguments.start = parser.value(start);
    arguments.webrtc = parser.isSet(webrtc);
    arguments.push_to_talk = parser.isSet(push_to_talk);
    arguments.connect = parser.isSet(connect) || parser.isSet(send);
    arguments.texts = parser.values(send);
    arguments.hold = parser.isSet(hold);
    arguments.keys = parser.values(press);
    arguments.screenshot = parser.value(screenshot);
    return arguments;
}
