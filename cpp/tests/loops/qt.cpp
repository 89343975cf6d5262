#include <rtvi/rtvi.hpp>

#include <unistd.h>

#include <QCoreApplication>
#include <QSocketNotifier>
#include <iostream>

int main(int argc, char** argv) {
    QCoreApplication app(argc, argv);
    if (argc < 2) return 2;

    rtvi::EventHandlers events;
    events.on<rtvi::BotOutput>([](const rtvi::BotOutput& output) {
        if (output.spoken_status == "completed") std::cout << "bot: " << output.text << std::endl;
    });
    events.on<rtvi::Disconnected>([&](const rtvi::Disconnected& end) {
        if (end.error) std::cerr << end.error->what() << std::endl;
        app.quit();
    });

    rtvi::PipecatClientOptions options;
    options.on_event = events;
    options.executor = [&app](std::function<void()> function) {
        QMetaObject::invokeMethod(&app, std::move(function), Qt::QueuedConnection);
    };
    rtvi::PipecatClient client(std::move(options));

    QSocketNotifier typed(STDIN_FILENO, QSocketNotifier::Read);
    typed.setEnabled(false);
    QObject::connect(&typed, &QSocketNotifier::activated, &app, [&] {
        std::string line;
        if (std::getline(std::cin, line)) return client.send_text(line).then({});
        typed.setEnabled(false);
        client.disconnect().then({});
    });
    const rtvi::Json params = rtvi::JsonMaker().with("/wsUrl", argv[1]).finish().value();
    client.connect(params).then([&](rtvi::Result<rtvi::BotReady> ready) {
        if (ready.ok()) typed.setEnabled(true);
    });
    return app.exec();
}
