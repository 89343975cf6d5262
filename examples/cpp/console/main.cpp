// A conversation with a Pipecat bot on the console: the user is a microphone, a WAV file or types; the bot is heard, recorded or neither.
#include <rtvi/rtvi.hpp>

#include <condition_variable>
#include <iostream>
#include <mutex>
#include <string>

#include "arguments.hpp"

using namespace std::chrono_literals;

namespace {

constexpr rtvi::AudioFormat format{24000, 1};

/// Whether the bot has spoken its answers; told by events, waited for by main.
class Turns {
public:
    void spoken() { change([this] { ++spoken_; }); }
    void over() { change([this] { over_ = true; }); }

    /// Waits until the bot has spoken so many answers or the session is over; says whether it is not.
    bool wait(int answers) {
        std::unique_lock<std::mutex> lock(mutex_);
        changed_.wait_for(lock, 60s, [&] { return spoken_ >= answers || over_; });
        return !over_;
    }

private:
    template <class F>
    void change(F&& how) {
        const std::lock_guard<std::mutex> lock(mutex_);
        how();
        changed_.notify_all();
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    int spoken_ = 0;
    bool over_ = false;
};

/// Prints who says what.
rtvi::EventHandlers handlers(Turns& turns) {
    rtvi::EventHandlers handlers;
    handlers
        .on<rtvi::TransportStateChanged>([](const auto& changed) { std::cout << "state  " << rtvi::to_string(changed.state) << std::endl; })
        .on<rtvi::UserInput>([](const auto& input) {
            if (input.is_final) std::cout << "you    " << input.text << std::endl;
        })
        .on<rtvi::BotOutput>([](const auto& output) {
            if (output.spoken_status == "completed") std::cout << "bot    " << output.text << std::endl;
        })
        .on<rtvi::LlmFunctionCallInProgress>([](const auto& call) { std::cout << "calls  " << call.function_name.value_or("?") << ' ' << call.arguments.text() << std::endl; })
        .on<rtvi::ErrorEvent>([](const auto& failed) { std::cout << "error  " << failed.error.message() << std::endl; })
        .on<rtvi::BotStoppedSpeaking>([&](const auto&) { turns.spoken(); })
        .on<rtvi::Disconnected>([&](const auto& end) {
            std::cout << "ended  " << rtvi::to_string(end.kind) << std::endl;
            turns.over();
        });
    return handlers;
}

bool is_file(const std::string& name) { return name.size() > 4 && name.compare(name.size() - 4, 4, ".wav") == 0; }

rtvi::Microphone microphone(const std::string& name) {
    if (name.empty()) return rtvi::Microphone::silence(format).value();
    return (is_file(name) ? rtvi::Microphone::wav(name) : rtvi::Microphone::device(name)).value();
}

rtvi::Speaker speaker(const std::string& name) {
    if (name.empty()) return {};
    return (is_file(name) ? rtvi::Speaker::wav(name, format) : rtvi::Speaker::device(name)).value();
}

void talk(const Arguments& arguments) {
    Turns turns;
    rtvi::PipecatClientOptions options;
    if (!arguments.offer.empty()) options.transport = "small-webrtc";
    options.on_event = handlers(turns);
    options.microphone = microphone(arguments.mic);
    options.speaker = speaker(arguments.speaker);
    rtvi::PipecatClient client(std::move(options));

    if (!arguments.start.empty()) {
        client.start_bot_and_connect({arguments.start, {}, R"({"transport":"websocket"})"}).get();
    } else if (!arguments.offer.empty()) {
        client.connect(rtvi::JsonMaker().with("/webrtcRequestParams", rtvi::APIRequest{arguments.offer}).finish().value()).get();
    } else {
        client.connect(rtvi::JsonMaker().with("/wsUrl", arguments.ws).finish().value()).get();
    }
    int answers = 0;
    if (is_file(arguments.mic)) turns.wait(++answers);
    const auto say = [&](const std::string& text) {
        client.send_text(text).get();
        return turns.wait(++answers);
    };
    for (const auto& text : arguments.texts) {
        if (!say(text)) return;
    }
    if (arguments.texts.empty()) {
        for (std::string line; std::getline(std::cin, line);) {
            if (!line.empty() && !say(line)) return;
        }
    }
    client.disconnect().get();
}

}  // namespace

int main(int argc, char** argv) {
    const auto arguments = parse(argc, argv);
    if (!arguments) return 2;
    try {
        talk(*arguments);
        return 0;
    } catch (const rtvi::Error& error) {
        std::cerr << "failed: " << error.what() << "\n";
        return 1;
    }
}
