#include <rtvi/rtvi.hpp>

#include <iostream>
#include <string>

int main(int argc, char** argv) {
    if (argc < 2) return 2;
    rtvi::EventHandlers events;
    events.on<rtvi::BotOutput>([](const rtvi::BotOutput& output) {
        if (output.spoken_status == "completed") std::cout << "bot: " << output.text << std::endl;
    });

    rtvi::PipecatClientOptions options;
    options.on_event = events;
    rtvi::PipecatClient client(std::move(options));

    client.connect(rtvi::JsonMaker().with("/wsUrl", argv[1]).finish().value()).get();
    std::cout << "Type to the bot; Ctrl-D ends." << std::endl;
    for (std::string line; std::getline(std::cin, line);) client.send_text(line).get();
    client.disconnect().get();
}
