// scenario_test webrtc|websocket|livekit|video FILE: carries out a scenario (a file of tests/scenarios) and prints what happens, one JSON object a line, as `rtvi --json` does.
#include <rtvi/rtvi.hpp>

#include <deque>
#include <fstream>
#include <iostream>
#include <list>
#include <string>

#include "json_text.hpp"
#include "test.hpp"

using namespace std::chrono_literals;

namespace {

/// A display that nobody looks at.
struct Blind : rtvi::VideoSink {
    void write(const rtvi::VideoPicture&) override {}
};

struct Seen {
    std::string name;
    rtvi::Json data;
};

/// Everything happens on the one thread that takes events, so that the log is in the order in which it happened.
class Scenario {
public:
    explicit Scenario(const std::string& transport)
        : connect_(params(transport)),
          start_{test::variable("RTVI_TEST_START"), {}, R"({"transport":)" + rtvi::Json::of_string(transport).text() + "}"},
          client_(options(transport)) {
        CHECK(client_.register_function_call_handler("get_weather", [](const rtvi::FunctionCall&) {
            return rtvi::Json(R"({"conditions":"sunny","celsius":21})");
        }).ok());
    }

    void step(const rtvi::JsonView& line) {
        const std::string name = line["do"].string_or();
        std::cout << "{\"call\":" << rtvi::Json::of_string(name).text() << "}\n";
        if (name == "waitFor") return wait_for(line);
        if (name == "sleep") return sleep(std::chrono::milliseconds(line["ms"].integer().value_or(0)));
        const auto running = running_.insert(running_.end(), name);
        begin(line, name, running);
        if (line["background"].boolean() == true) return;
        while (is_running_) take(100ms);
    }

    void end() {
        const auto state = client_.state();
        if (state != rtvi::TransportState::Disconnected && state != rtvi::TransportState::Initialized) {
            step(rtvi::Json(R"({"do":"disconnect"})").view());
        }
        while (!running_.empty()) take(100ms);
        while (take(0ms)) {}
    }

    bool failed() const { return failed_; }

private:
    using Running = std::list<std::string>::iterator;

    static std::string quoted(const char* name) { return rtvi::Json::of_string(test::variable(name)).text(); }

    static std::string params(const std::string& transport) {
        if (transport == "webrtc" || transport == "video") return R"({"webrtcRequestParams":{"endpoint":)" + quoted("RTVI_TEST_OFFER") + "}}";
        if (transport == "livekit") return R"({"token":"a-token","url":)" + quoted("RTVI_TEST_ROOM") + "}";
        return R"({"wsUrl":)" + quoted("RTVI_TEST_WS") + "}";
    }

    static rtvi::PipecatClientOptions options(const std::string& transport) {
        rtvi::PipecatClientOptions options;
        if (transport == "webrtc") options.transport = "small-webrtc";
        if (transport == "livekit") options.transport = transport;
        if (transport == "video") add_video(options);
        options.microphone = rtvi::Microphone::silence({16000, 1}).value();
        return options;
    }

    static void add_video(rtvi::PipecatClientOptions& options) {
        options.transport = "small-webrtc";
        const std::string camera = test::variable("RTVI_TEST_CAMERA"), screen = test::variable("RTVI_TEST_SCREEN");
        options.enable_cam = camera != "none";
        options.enable_screen_share = screen != "none";
        if (options.enable_cam) options.camera = feed(camera);
        if (options.enable_screen_share) options.screen = feed(screen);
        options.display = rtvi::VideoDisplay::custom(std::make_shared<Blind>()).value();
    }

    static rtvi::VideoFeed feed(const std::string& name) {
        return (name == "missing" ? rtvi::VideoFeed::camera("v4l:99") : rtvi::VideoFeed::pattern()).value();
    }

    void begin(const rtvi::JsonView& line, const std::string& name, Running running) {
        is_running_ = line["background"].boolean() != true;
        const bool foreground = is_running_;
        auto finish = [this, name, running, foreground](const rtvi::Result<rtvi::Json>& result) {
            // Events that came before the end are told before it.
            if (result.ok() && name == "startBot") connect_ = result.value();
            print_result(name, result);
            running_.erase(running);
            if (foreground) is_running_ = false;
        };
        auto nothing = [finish](rtvi::Result<void> result) {
            finish(result.ok() ? rtvi::Result<rtvi::Json>(rtvi::Json("null")) : result.error());
        };
        auto json = [finish](rtvi::Result<rtvi::Json> result) {
            finish(result.ok() && result.value().empty() ? rtvi::Json("null") : result);
        };
        auto ready = [finish](rtvi::Result<rtvi::BotReady> result) {
            if (!result.ok()) return finish(result.error());
            finish(rtvi::Json::of_string(result.value().version.value_or("")));
        };
        const auto text = [&](const char* member) { return line[member].string_or(); };
        const rtvi::Json data(line["data"].text());
        if (name == "connect") return client_.connect(connect_).then(ready);
        if (name == "startBotAndConnect") return client_.start_bot_and_connect(start_).then(ready);
        if (name == "startBot") return client_.start_bot(start_).then(json);
        if (name == "initDevices") return client_.init_devices().then(nothing);
        if (name == "disconnect") return client_.disconnect().then(nothing);
        if (name == "disconnectBot") return client_.disconnect_bot().then(nothing);
        if (name == "sendDtmf") return client_.send_dtmf(text("keys")).then(nothing);
        if (name == "enableMic") return client_.enable_mic(line["enable"].boolean().value()).then(nothing);
        if (name == "enableCam") return nothing(client_.enable_cam(line["enable"].boolean().value()));
        if (name == "enableScreenShare") return nothing(client_.enable_screen_share(line["enable"].boolean().value()));
        if (name == "sendClientMessage") return client_.send_client_message(text("type"), data).then(nothing);
        if (name == "sendClientRequest") {
            const std::chrono::milliseconds timeout(line["timeoutMs"].integer().value_or(0));
            return client_.send_client_request(text("type"), data, timeout).then(json);
        }
        if (name == "sendText") {
            const auto option = [&](const char* it) { return line["options"][it].boolean().value_or(true); };
            return client_.send_text(text("content"), {option("run_immediately"), option("audio_response")}).then(nothing);
        }
        std::cerr << "unknown step " << name << "\n";
        std::exit(2);
    }

    /// Takes one event, or runs what else is due; says whether there was an event.
    bool take(std::chrono::milliseconds timeout) {
        auto event = client_.next_event(timeout).value();
        if (!event) return false;
        std::cout << "{\"event\":" << rtvi::Json::of_string(event->name()).text();
        if (!event->json().empty()) std::cout << ",\"data\":" << event->json();
        std::cout << "}\n";
        seen_.push_back({std::string(event->name()), rtvi::Json(event->json())});
        return true;
    }

    void wait_for(const rtvi::JsonView& line) {
        const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(line["timeoutMs"].integer().value_or(10000)) + slack();
        for (std::size_t looked = 0;;) {
            for (; looked < seen_.size(); ++looked) {
                if (seen_[looked].name != line["event"].string()) continue;
                if (line["match"] && !test::contains(seen_[looked].data.view(), line["match"])) continue;
                const rtvi::Json data = seen_[looked].data.empty() ? rtvi::Json("null") : seen_[looked].data;
                seen_.erase(seen_.begin(), seen_.begin() + static_cast<std::ptrdiff_t>(looked) + 1);
                return print_result("waitFor", data);
            }
            if (std::chrono::steady_clock::now() > until) {
                failed_ = true;
                return print_result("waitFor", rtvi::Error(rtvi::ErrorKind::Timeout, "in vain: " + line.text()));
            }
            take(50ms);
        }
    }

    /// Sanitizers are slow; what is waited for comes all the same.
    static std::chrono::seconds slack() { return std::getenv("RTVI_TEST_SLOW") ? 60s : 0s; }

    void sleep(std::chrono::milliseconds time) {
        const auto until = std::chrono::steady_clock::now() + time;
        while (std::chrono::steady_clock::now() < until) take(10ms);
        print_result("sleep", rtvi::Json("null"));
    }

    static void print_result(const std::string& name, const rtvi::Result<rtvi::Json>& result) {
        std::cout << "{\"result\":" << rtvi::Json::of_string(name).text();
        if (result.ok()) {
            std::cout << ",\"ok\":" << result.value().text() << "}\n";
        } else {
            std::cout << ",\"error\":{\"kind\":\"" << rtvi::to_string(result.error().kind())
                      << "\",\"message\":" << rtvi::Json::of_string(result.error().message()).text() << "}}\n";
        }
    }

    rtvi::Json connect_;
    rtvi::APIRequest start_;
    std::deque<Seen> seen_;
    std::list<std::string> running_;
    bool is_running_ = false;
    bool failed_ = false;
    // Last, so that it goes first: its calls end in the members above.
    rtvi::PipecatClient client_;
};

}  // namespace

int main(int argc, char** argv) {
    CHECK(argc == 3);
    std::ifstream file(argv[2]);
    CHECK(file.good());
    Scenario scenario(argv[1]);
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line[0] == '#') continue;
        auto step = rtvi::Json(line).parse();
        CHECK(step.ok());
        scenario.step(step.value());
    }
    scenario.end();
    return scenario.failed() ? 1 : 0;
}
