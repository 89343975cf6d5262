#include <rtvi/rtvi.hpp>

#include <future>
#include <iostream>

int main(int, char** argv) {
    std::promise<void> spoken;
    rtvi::EventHandlers events;
    events.on<rtvi::BotOutput>([](const rtvi::BotOutput& output) {
        if (output.spoken_status == "completed") std::cout << "bot: " << output.text << "\n";
    });
    events.on<rtvi::BotStoppedSpeaking>([&](const auto&) { spoken.set_value(); });

    rtvi::PipecatClientOptions options;
    options.on_event = events;
    rtvi::PipecatClient client(std::move(options));

    client.connect(rtvi::JsonMaker().with("/wsUrl", argv[1]).finish().value()).get();
    client.send_text("Hello").get();
    spoken.get_future().wait();
    client.disconnect().get();
}
