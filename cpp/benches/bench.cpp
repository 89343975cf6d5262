// bench_cpp BENCHMARK [ARGUMENT]: what the SDK costs an app in C++.
#include <rtvi/rtvi.hpp>

#include <atomic>
#include <fstream>
#include <future>
#include <iostream>
#include <map>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "figure.h"

using namespace std::chrono_literals;

namespace {

constexpr rtvi::AudioFormat device{48000, 1};
constexpr int event_count = 1'000'000;
constexpr int call_count = 100'000;

/// A bot in the program itself, which sends recorded messages as fast as they are taken.
class Feed : public rtvi::Transport {
public:
    explicit Feed(const std::string& path) {
        std::ifstream file(path);
        for (std::string line; std::getline(file, line);) lines_.push_back(line);
        if (lines_.size() < 2) throw std::runtime_error(path + ": no messages");
    }
    ~Feed() override {
        if (feeder_.joinable()) feeder_.join();
    }

    void open(rtvi::Connection connection, const rtvi::Json&, std::uint32_t) override { (void)connection.opened("bot"); }
    /// The first message is client-ready, and no other comes.
    void send(rtvi::Connection connection, std::string_view) override {
        (void)connection.message(lines_[0]);
        feeder_ = std::thread([this, connection] {
            elapsed_ = elapsed_seconds();
            cpu_ = cpu_seconds();
            for (int i = 0; i < event_count; ++i) (void)connection.message(lines_[1 + static_cast<std::size_t>(i) % (lines_.size() - 1)]);
        });
    }

    void print_rate(const char* name, const char* elapsed_name, double goal) const {
        figure(name, event_count / (cpu_seconds() - cpu_), "events/CPU s", goal, "higher");
        figure(elapsed_name, event_count / (elapsed_seconds() - elapsed_), "events/s", 0, "higher");
    }

private:
    std::vector<std::string> lines_;
    std::thread feeder_;
    double elapsed_ = 0;
    double cpu_ = 0;
};

/// Each event as the app gets it, or typed: read into a variant of all events.
void events(const std::string& path, bool typed) {
    auto feed = std::make_shared<Feed>(path);
    std::promise<void> end;
    int count = 0;
    rtvi::PipecatClientOptions options;
    options.custom_transport = feed;
    options.on_event = [&](const rtvi::Event& event) {
        if (event.kind() <= rtvi::EventKind::BotReady) return;
        if (typed && rtvi::typed(event).index() == 0) std::exit(1);
        if (++count == event_count) end.set_value();
    };
    rtvi::PipecatClient client(std::move(options));
    client.connect("{}").get();
    end.get_future().wait();
    if (typed) {
        feed->print_rate("cpp-events-typed", "cpp-events-typed-elapsed", 600'000);
    } else {
        feed->print_rate("cpp-events", "cpp-events-elapsed", 500'000);
    }
}

void calls() {
    rtvi::PipecatClientOptions options;
    rtvi::PipecatClient client(std::move(options));
    const double start = cpu_seconds();
    for (int i = 0; i < call_count; ++i) client.enable_mic(true).get();
    figure("cpp-call", (cpu_seconds() - start) / call_count * 1e6, "CPU us", 0, "lower");
}

void push() {
    constexpr int rounds = 200;
    constexpr int pieces = 100;
    const std::vector<std::int16_t> piece(960);
    double spent = 0;
    for (int round = 0; round < rounds; ++round) {
        auto [microphone, input] = rtvi::Microphone::pcm(device, true).value();
        const double start = cpu_seconds();
        for (int i = 0; i < pieces; ++i) input.push(std::span(piece));
        spent += cpu_seconds() - start;
        if (input.free_space() != 0) std::exit(1);
    }
    figure("cpp-pcm-push", spent / rounds / pieces * 1e9, "CPU ns/20 ms", 0, "lower");
}

void memory(const std::string& endpoint) {
    auto [speaker, output] = rtvi::Speaker::pcm(device).value();
    rtvi::PipecatClientOptions options;
    options.microphone = rtvi::Microphone::tone(device, 440, 0.5).value();
    options.speaker = std::move(speaker);
    options.on_event = [](const rtvi::Event&) {};
    rtvi::PipecatClient client(std::move(options));
    client.start_bot_and_connect({endpoint, {}, {}, {}}).get();
    std::vector<std::int16_t> piece(960);
    std::size_t heard = 0;
    for (int i = 0; i < 250; ++i) {
        heard += output.pull(std::span(piece));
        std::this_thread::sleep_for(20ms);
    }
    client.disconnect().get();
    // A busy machine may hear less than all of it, but not next to nothing.
    if (heard < device.sample_rate) std::exit(1);
    figure("cpp-call-memory", peak_megabytes(), "MB", 12, "lower");
}

}  // namespace

int main(int argc, char** argv) {
    const std::string argument = argc > 2 ? argv[2] : "";
    const std::map<std::string, std::function<void()>> benchmarks{
        {"events", [&] { events(argument, false); }},
        {"events-typed", [&] { events(argument, true); }},
        {"calls", calls},
        {"push", push},
        {"memory", [&] { memory(argument); }},
        {"start", [] { const rtvi::PipecatClient client(rtvi::PipecatClientOptions{}); }},
    };
    const auto found = benchmarks.find(argc > 1 ? argv[1] : "");
    if (found == benchmarks.end()) {
        std::cerr << "usage: bench_cpp BENCHMARK [ARGUMENT]\n";
        return 2;
    }
    found->second();
}
