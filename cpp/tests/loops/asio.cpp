#include <rtvi/rtvi.hpp>

#include <unistd.h>

#include <asio.hpp>
#include <iostream>

int main(int argc, char** argv) {
    if (argc < 2) return 2;
    asio::io_context loop;
    // Keeps run() from returning while only the client waits for something.
    auto work = asio::make_work_guard(loop);
    asio::posix::stream_descriptor input(loop, ::dup(STDIN_FILENO));

    rtvi::EventHandlers events;
    events.on<rtvi::BotOutput>([](const rtvi::BotOutput& output) {
        if (output.spoken_status == "completed") std::cout << "bot: " << output.text << std::endl;
    });
    events.on<rtvi::Disconnected>([&](const rtvi::Disconnected& end) {
        if (end.error) std::cerr << end.error->what() << std::endl;
        input.close();
        work.reset();
    });

    rtvi::PipecatClientOptions options;
    options.on_event = events;
    options.executor = [&loop](std::function<void()> function) { asio::post(loop, std::move(function)); };
    rtvi::PipecatClient client(std::move(options));

    std::string typed;
    std::function<void()> read = [&] {
        asio::async_read_until(input, asio::dynamic_buffer(typed), '\n', [&](asio::error_code error, std::size_t length) {
            if (error) return client.disconnect().then({});
            client.send_text(typed.substr(0, length - 1)).then({});
            typed.erase(0, length);
            read();
        });
    };
    const rtvi::Json params = rtvi::JsonMaker().with("/wsUrl", argv[1]).finish().value();
    client.connect(params).then([&](rtvi::Result<rtvi::BotReady> ready) {
        if (ready.ok()) read();
    });
    loop.run();
}
