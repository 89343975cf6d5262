// The app's own audio and the app's own transport.
#include <rtvi/rtvi.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <future>
#include <stdexcept>
#include <thread>

#include "recorder.hpp"

using namespace std::chrono_literals;

namespace {

constexpr rtvi::AudioFormat mono{16000, 1};

/// A source and a sink that count.
struct Audio : rtvi::AudioSource, rtvi::AudioSink {
    std::atomic<int> started{0}, stopped{0}, read_samples{0}, written{0};

    rtvi::AudioFormat format() const override { return mono; }
    bool has_clock() const override { return false; }
    std::optional<rtvi::Error> start() override {
        ++started;
        return std::nullopt;
    }
    std::size_t read(std::int16_t* samples, std::size_t count) override {
        for (std::size_t i = 0; i < count; ++i) samples[i] = static_cast<std::int16_t>(1000 * std::sin(static_cast<double>(i) / 5));
        read_samples += static_cast<int>(count);
        return count;
    }
    void write(const std::int16_t*, std::size_t count) override { written += static_cast<int>(count); }
    void stop() override { ++stopped; }
};

/// A bot in the app itself: answers client-ready, and echoes requests.
class LoopbackTransport : public rtvi::Transport {
public:
    std::atomic<int> opened{0}, released_{0}, audio{0};

    std::optional<rtvi::AudioFormat> capture() const override { return mono; }
    void open(rtvi::Connection connection, const rtvi::Json& params, std::uint32_t) override {
        ++opened;
        CHECK(params.view()["room"].string() == "here");
        CHECK(connection.opened("bot-1", "Bot").ok());
    }
    void send(rtvi::Connection connection, std::string_view message) override {
        const rtvi::JsonView sent = rtvi::Json(message).view();
        const std::string id = sent["id"].string_or();
        if (sent["type"].string() == "client-ready") {
            tell(connection, "bot-ready", id, R"({"version":"2.2.0"})");
        } else if (sent.at("/data/t").string() == "talk for twenty minutes") {
            const std::vector<std::int16_t> second(mono.sample_rate, 1);
            // Until the connection is over: the test ends it once it has seen enough.
            for (int i = 0; i < 1200 && connection.audio(mono, second.data(), second.size()).ok(); ++i) {}
        } else if (sent["type"].string() == "client-message") {
            tell(connection, "server-response", id, R"({"t":"x","d":)" + sent.at("/data/d").text() + "}");
            const std::int16_t samples[320] = {1, 2, 3};
            CHECK(connection.audio(mono, samples, 320).ok());
        }
    }
    void send_audio(rtvi::Connection, const std::int16_t*, std::size_t count) override { audio += static_cast<int>(count); }
    void released(rtvi::Connection connection) override {
        CHECK(!connection.opened("again").ok());
        ++released_;
    }

private:
    static void tell(rtvi::Connection connection, const char* type, const std::string& id, const std::string& data) {
        CHECK(connection.message(std::string(R"({"label":"rtvi-ai","type":")") + type + R"(","id":")" + id + R"(","data":)" + data + "}").ok());
    }
};

}  // namespace

TEST(a_transport_of_the_app) {
    auto transport = std::make_shared<LoopbackTransport>();
    rtvi::PipecatClientOptions options;
    options.custom_transport = transport;
    options.microphone = rtvi::Microphone::tone(mono, 440).value();
    auto [client, recorder] = test::client(std::move(options));
    client.connect(R"({"room":"here"})").get();
    CHECK(client.send_client_request("any", R"({"a":1})").get().text() == R"({"a":1})");
    while (transport->audio < 1600) std::this_thread::sleep_for(10ms);
    recorder.wait_for("trackStarted");
    client.disconnect().get();
    recorder.wait_for("disconnected");
    { const rtvi::PipecatClient gone = std::move(client); }
    for (int i = 0; transport->released_ == 0 && i < 6000; ++i) std::this_thread::sleep_for(10ms);
    CHECK(transport->opened == 1 && transport->released_ == 1);
}

TEST(a_transport_of_the_app_learns_everything) {
    struct Curious : LoopbackTransport {
        test::Box<std::optional<rtvi::Connection>> connection;
        test::Box<std::optional<rtvi::APIRequest>> start;
        std::atomic<bool> was_mic_enabled{true};
        std::atomic<std::size_t> piece{0};
        std::atomic<int> network_changes{0};

        std::chrono::milliseconds capture_frame() const override { return 10ms; }
        void open(rtvi::Connection opening, const rtvi::Json&, std::uint32_t) override {
            start.change([&](auto& it) { it = opening.start_request(); });
            was_mic_enabled = opening.is_mic_enabled();
            CHECK(opening.opened("bot-1", "Bot").ok());
            connection.change([&](auto& it) { it = opening; });
        }
        void send_audio(rtvi::Connection, const std::int16_t*, std::size_t count) override { piece = count; }
        void network_changed(rtvi::Connection changed) override {
            CHECK(changed == *connection.get());
            ++network_changes;
        }
    };
    const auto transport = std::make_shared<Curious>();
    rtvi::PipecatClientOptions options;
    options.custom_transport = transport;
    options.microphone = rtvi::Microphone::tone(mono, 440).value();
    options.enable_mic = false;
    auto [client, recorder] = test::client(std::move(options));
    const rtvi::APIRequest request{test::variable("RTVI_TEST_START"), {{"X-Test", "a \"b\""}}, R"({"transport":"websocket"})", 30s};
    client.start_bot_and_connect(request).get();
    const std::optional<rtvi::APIRequest> start = transport->start.get();
    CHECK(start.has_value());
    CHECK(start->endpoint == request.endpoint && start->headers.size() == 1);
    const rtvi::Header& header = start->headers.front();
    CHECK(header.name == "X-Test" && header.value == "a \"b\"");
    CHECK(start->request_data == request.request_data && start->timeout == 30s);
    CHECK(!transport->was_mic_enabled);

    client.enable_mic(true).get();
    while (transport->piece == 0) std::this_thread::sleep_for(10ms);
    CHECK(transport->piece == 160);
    client.network_changed().get();
    for (int i = 0; transport->network_changes == 0 && i < 6000; ++i) std::this_thread::sleep_for(10ms);
    CHECK(transport->network_changes == 1);

    const rtvi::Connection connection = *transport->connection.get();
    CHECK(connection.unreadable("a frame of the next version").ok());
    const std::string violation = recorder.wait_for("protocolError");
    CHECK(violation.find("a frame of the next version") != std::string::npos);
    CHECK(connection.audio_dropped(rtvi::AudioDropReason::UnknownStream, 40ms, 2, "stream 7").ok());
    const auto dropped = recorder.wait<rtvi::AudioDropped>();
    CHECK(dropped.reason == rtvi::AudioDropReason::UnknownStream && dropped.time == 40ms && dropped.count == 2 && dropped.detail == "stream 7");
    for (const auto& wrong : {connection.audio_dropped(static_cast<rtvi::AudioDropReason>(99), 1ms, 1),
                              connection.audio_dropped(rtvi::AudioDropReason::Unreadable, -1ms, 1)}) {
        CHECK(!wrong.ok() && wrong.error().kind() == rtvi::ErrorKind::InvalidArgument);
    }
    client.disconnect().get();
    for (int i = 0; transport->released_ == 0 && i < 6000; ++i) std::this_thread::sleep_for(10ms);
    CHECK(!connection.start_request() && !connection.is_mic_enabled() && !connection.unreadable("x").ok());
}

TEST(an_error_of_the_app_keeps_everything) {
    struct Refuses : LoopbackTransport {
        const rtvi::Error reason{rtvi::ErrorKind::Busy, "no room is free", rtvi::Phase::StartRequest, 503, "PCC-1", 2s};

        void open(rtvi::Connection connection, const rtvi::Json&, std::uint32_t) override {
            CHECK(!connection.failed(rtvi::CloseReason::Requested, reason).ok());
            CHECK(connection.failed(rtvi::CloseReason::OpenFailed, reason).ok());
        }
    };
    const auto transport = std::make_shared<Refuses>();
    rtvi::PipecatClientOptions options;
    options.custom_transport = transport;
    auto [client, recorder] = test::client(std::move(options));
    const auto refused = client.connect("{}").result();
    CHECK(!refused.ok());
    const rtvi::Error& error = refused.error();
    CHECK(error.kind() == rtvi::ErrorKind::Busy && error.phase() == rtvi::Phase::StartRequest && error.status() == 503);
    CHECK(error.code() == "PCC-1" && error.retry_after() == 2s && std::string(error.message()) == "no room is free");
}

TEST(audio_that_is_dropped_is_told) {
    test::Box<std::vector<rtvi::AudioDropped>> told;
    rtvi::EventHandlers handlers;
    handlers.on<rtvi::AudioDropped>([&](const rtvi::AudioDropped& dropped) {
        told.change([&](auto& all) { all.push_back(dropped); });
    });
    rtvi::PipecatClientOptions options;
    options.custom_transport = std::make_shared<LoopbackTransport>();
    options.on_event = handlers;
    auto [client, recorder] = test::client(std::move(options));
    client.connect(R"({"room":"here"})").get();
    client.send_client_message("talk for twenty minutes").get();
    const auto all = told.wait([](const auto& dropped) { return !dropped.empty(); });
    CHECK(all[0].reason == rtvi::AudioDropReason::PlayoutFull && !all[0].detail);
    CHECK(all[0].count > 0 && all[0].time >= 1s);
    client.disconnect().get();
}

TEST(audio_of_the_app) {
    auto audio = std::make_shared<Audio>();
    rtvi::PipecatClientOptions options;
    options.microphone = rtvi::Microphone::custom(audio).value();
    options.speaker = rtvi::Speaker::custom(audio).value();
    auto [client, recorder] = test::client(std::move(options));
    client.connect(test::bot_params()).get();
    client.send_text("Please say something").get();
    for (int i = 0; (audio->written < 3200 || audio->read_samples < 3200) && i < 6000; ++i) std::this_thread::sleep_for(10ms);
    CHECK(audio->written >= 3200 && audio->read_samples >= 3200 && audio->started == 2);
    client.disconnect().get();
    { const rtvi::PipecatClient gone = std::move(client); }
    for (int i = 0; audio.use_count() > 1 && i < 6000; ++i) std::this_thread::sleep_for(10ms);
    CHECK(audio.use_count() == 1);
}

namespace {

/// A device that throws where the test wants it to, and counts its calls.
struct Faulty : rtvi::AudioSource, rtvi::AudioSink {
    std::string where;
    bool clocked;
    std::atomic<bool> is_armed{true};
    std::atomic<int> started{0}, stopped{0};

    Faulty(std::string place, bool has) : where(std::move(place)), clocked(has) {}

    void at(const char* place) const {
        if (is_armed && where == place) throw std::runtime_error("thrown in " + where);
    }
    rtvi::AudioFormat format() const override { return mono; }
    bool has_clock() const override { return clocked; }
    std::optional<rtvi::Error> start() override {
        ++started;
        at("start");
        return std::nullopt;
    }
    std::size_t available() override { return at("available"), where == "is_finished" ? 0 : 320; }
    std::size_t wanted() override { return at("wanted"), 320; }
    std::size_t read(std::int16_t* samples, std::size_t count) override {
        at("read");
        std::fill(samples, samples + count, std::int16_t{500});
        return count;
    }
    bool is_finished() override { return at("is_finished"), true; }
    void write(const std::int16_t*, std::size_t) override { at("write"); }
    void flush() override { at("flush"); }
    void stop() override {
        ++stopped;
        at("stop");
    }
};

/// A client in a session, and what its app's code has thrown.
struct Told {
    std::shared_ptr<test::Box<std::vector<std::string>>> thrown = std::make_shared<test::Box<std::vector<std::string>>>();

    std::pair<rtvi::PipecatClient, test::Recorder> client(rtvi::PipecatClientOptions options) const {
        options.on_exception = [all = thrown](const char* what) {
            all->change([&](auto& list) { list.emplace_back(what); });
        };
        return test::client(std::move(options));
    }
    void wait_for(const std::string& what) const {
        thrown->wait([&](const auto& list) { return std::find(list.begin(), list.end(), what) != list.end(); });
    }
};

}  // namespace

TEST(a_microphone_that_throws_has_failed) {
    for (const char* where : {"start", "available", "read", "is_finished", "stop"}) {
        // Whether it is finished is asked of one that has nothing to give.
        auto faulty = std::make_shared<Faulty>(where, where != std::string("read"));
        const Told told;
        rtvi::PipecatClientOptions options;
        options.microphone = rtvi::Microphone::custom(faulty).value();
        options.voice.mic_release_after = 0ms;
        auto [client, recorder] = told.client(std::move(options));
        client.connect(test::bot_params()).get();
        if (where == std::string("stop")) client.enable_mic(false).get();
        told.wait_for(std::string("thrown in ") + where);
        const rtvi::Json error(recorder.wait_for("deviceError"));
        CHECK(error.view()["kind"].string() == "device");
        CHECK(error.view()["message"].string() == std::string("thrown in ") + where);
        CHECK(client.state() == rtvi::TransportState::Ready);
        CHECK(client.send_client_request("echo", "1").get().text() == "1");
        // It is stopped all the same, and works once it is opened again.
        faulty->is_armed = false;
        client.enable_mic(false).get();
        client.enable_mic(true).get();
        for (int i = 0; faulty->started < 2 && i < 6000; ++i) std::this_thread::sleep_for(10ms);
        CHECK(faulty->started == 2 && (faulty->stopped == 1 || where == std::string("start")));
        client.disconnect().get();
    }
}

TEST(a_speaker_that_throws_has_failed) {
    for (const char* where : {"start", "wanted", "write", "flush"}) {
        auto faulty = std::make_shared<Faulty>(where, where == std::string("wanted"));
        const Told told;
        rtvi::PipecatClientOptions options;
        options.speaker = rtvi::Speaker::custom(faulty).value();
        auto [client, recorder] = told.client(std::move(options));
        client.connect(test::bot_params()).get();
        client.flush_bot_audio().get();
        told.wait_for(std::string("thrown in ") + where);
        CHECK(rtvi::Json(recorder.wait_for("deviceError")).view()["message"].string() == std::string("thrown in ") + where);
        CHECK(client.send_client_request("echo", "1").get().text() == "1");
        client.disconnect().get();
        for (int i = 0; faulty->stopped == 0 && where != std::string("start") && i < 6000; ++i) std::this_thread::sleep_for(10ms);
        CHECK(faulty->stopped == 1 || where == std::string("start"));
    }
}

TEST(devices_of_the_app_say_why_they_fail) {
    struct Gone : Audio {
        std::optional<rtvi::Error> start() override { return rtvi::Error::device(rtvi::DeviceErrorKind::InUse, "taken"); }
    };
    rtvi::PipecatClientOptions options;
    options.custom_transport = std::make_shared<LoopbackTransport>();
    options.microphone = rtvi::Microphone::custom(std::make_shared<Gone>()).value();
    auto [client, recorder] = test::client(std::move(options));
    client.connect(R"({"room":"here"})").get();
    const auto failed = recorder.wait<rtvi::DeviceError>();
    CHECK(failed.error.device_kind() == rtvi::DeviceErrorKind::InUse && std::string(failed.error.message()) == "taken");
    const std::string name(rtvi::to_string(rtvi::DeviceErrorKind::InUse));
    CHECK(recorder.wait_for("deviceError").find("\"device\":\"" + name + "\"") != std::string::npos);
    const auto state = recorder.wait<rtvi::MediaStateUpdated>().mic;
    CHECK(state.kind == rtvi::DeviceState::Kind::Initializing || state.reason == rtvi::DeviceErrorKind::InUse);
    const auto missing = client.update_mic("none");
    CHECK(missing.error().device_kind() == rtvi::DeviceErrorKind::NotFound);
    CHECK(!client.connect("{}").result().error().device_kind());
    client.disconnect().get();
}

TEST(a_transport_that_throws_has_lost_its_connection) {
    /// Opens, unless it throws; answers nothing.
    struct Throws : rtvi::Transport {
        std::string where, text;
        Throws(std::string place, std::string what) : where(std::move(place)), text(std::move(what)) {}
        void at(const char* place) const {
            if (where == place) throw std::runtime_error(text);
        }
        void open(rtvi::Connection connection, const rtvi::Json&, std::uint32_t) override {
            at("open");
            CHECK(connection.opened("bot").ok());
        }
        void send(rtvi::Connection, std::string_view) override { at("send"); }
        void released(rtvi::Connection) override { at("released"); }
    };
    for (const char* text : {"no cable", "not UTF-8: \xff"}) {
        for (const char* where : {"open", "send", "released"}) {
            const Told told;
            rtvi::PipecatClientOptions options;
            options.custom_transport = std::make_shared<Throws>(where, text);
            options.reconnect.max_attempts = 0;
            if (where == std::string("released")) options.timeouts.bot_ready = 1s;
            auto [client, recorder] = told.client(std::move(options));
            const auto failed = client.connect("{}").result();
            CHECK(!failed.ok());
            told.wait_for(text);
            if (where == std::string("released")) continue;
            CHECK(failed.error().kind() == rtvi::ErrorKind::ConnectionLost);
            const std::string message = failed.error().message();
            CHECK(message.find(text[2] == 't' ? "has thrown" : text) != std::string::npos);
        }
    }
}

TEST(a_connection_that_throws_leaves_others_alone) {
    /// Throws at the end of its first connection, while the second one opens.
    struct Transport : LoopbackTransport {
        std::promise<void> opens_again, has_thrown, talks_again;

        void open(rtvi::Connection connection, const rtvi::Json& params, std::uint32_t attempt) override {
            if (opened == 1) {
                opens_again.set_value();
                has_thrown.get_future().wait();
            }
            LoopbackTransport::open(connection, params, attempt);
        }
        void send(rtvi::Connection connection, std::string_view message) override {
            const auto has = [&](const char* text) { return message.find(text) != std::string_view::npos; };
            if (has("lose it")) {
                CHECK(connection.closed(rtvi::CloseReason::Lost).ok());
                return;
            }
            if (has("client-ready") && opened == 2) talks_again.set_value();
            LoopbackTransport::send(connection, message);
        }
        void released(rtvi::Connection connection) override {
            LoopbackTransport::released(connection);
            if (released_ > 1) return;
            opens_again.get_future().wait();
            throw std::runtime_error("the first has ended");
        }
    };
    const auto transport = std::make_shared<Transport>();
    rtvi::PipecatClientOptions options;
    options.custom_transport = transport;
    options.on_exception = [transport](const char*) {
        // So long the first connection is still in the call that has thrown.
        transport->has_thrown.set_value();
        transport->talks_again.get_future().wait();
    };
    auto [client, recorder] = test::client(std::move(options));
    client.connect(R"({"room":"here"})").get();
    client.send_client_message("lose it").get();
    for (int i = 0; (transport->opened < 2 || client.state() != rtvi::TransportState::Ready) && i < 6000; ++i) std::this_thread::sleep_for(10ms);
    CHECK(client.send_client_request("any", "1").get().text() == "1");
    client.disconnect().get();
    CHECK(transport->opened == 2);
}

TEST(what_is_thrown_after_the_client_is_not_told) {
    struct Transport : LoopbackTransport {
        std::promise<void> gone;
        void released(rtvi::Connection connection) override {
            gone.get_future().wait();
            LoopbackTransport::released(connection);
            throw std::runtime_error("too late");
        }
    };
    const Told told;
    const auto transport = std::make_shared<Transport>();
    rtvi::PipecatClientOptions options;
    options.custom_transport = transport;
    {
        auto [client, recorder] = told.client(std::move(options));
        client.connect(R"({"room":"here"})").get();
    }
    transport->gone.set_value();
    for (int i = 0; transport.use_count() > 1 && i < 6000; ++i) std::this_thread::sleep_for(10ms);
    CHECK(transport->released_ == 1 && transport.use_count() == 1 && told.thrown->get().empty());
}

TEST(texts_of_a_transport_that_are_not_utf8) {
    struct Careless : rtvi::Transport {
        std::promise<std::string> sent;
        void open(rtvi::Connection connection, const rtvi::Json&, std::uint32_t) override {
            const auto wrong = [](const rtvi::Result<void>& result) {
                CHECK(!result.ok() && result.error().kind() == rtvi::ErrorKind::InvalidArgument);
            };
            wrong(connection.opened("\xff"));
            wrong(connection.opened("bot", "\xff"));
            wrong(connection.closed(rtvi::CloseReason::Lost, "\xff"));
            // What a server sends may be anything.
            CHECK(connection.opened("bot").ok() && connection.message("\xff").ok());
        }
        void send(rtvi::Connection connection, std::string_view) override { (void)connection.closed(rtvi::CloseReason::Requested); }
    };
    rtvi::PipecatClientOptions options;
    options.custom_transport = std::make_shared<Careless>();
    options.reconnect.max_attempts = 0;
    auto [client, recorder] = test::client(std::move(options));
    CHECK(!client.connect("{}").result().ok());
}

TEST(a_muted_microphone_is_released_and_opened_again) {
    for (const auto after : {0ms, 50ms}) {
        auto audio = std::make_shared<Audio>();
        rtvi::PipecatClientOptions options;
        // Not over a network: a connection that is restored would open the microphone once more.
        options.custom_transport = std::make_shared<LoopbackTransport>();
        options.microphone = rtvi::Microphone::custom(audio).value();
        options.voice.mic_release_after = after;
        auto [client, recorder] = test::client(std::move(options));
        const auto until = [&](int started, int stopped) {
            for (int i = 0; (audio->started != started || audio->stopped != stopped) && i < 6000; ++i) std::this_thread::sleep_for(10ms);
            CHECK(audio->started == started && audio->stopped == stopped);
        };
        client.connect(R"({"room":"here"})").get();
        until(1, 0);
        client.enable_mic(false).get();
        until(1, 1);
        client.enable_mic(true).get();
        until(2, 1);
        client.disconnect().get();
        until(2, 2);
    }
}

TEST(a_muted_microphone_may_stay_open) {
    for (const bool is_default : {false, true}) {
        auto audio = std::make_shared<Audio>();
        rtvi::PipecatClientOptions options;
        // Not over a network: a connection that is restored would open the microphone once more.
        options.custom_transport = std::make_shared<LoopbackTransport>();
        options.microphone = rtvi::Microphone::custom(audio).value();
        if (!is_default) options.voice.mic_release_after.reset();
        auto [client, recorder] = test::client(std::move(options));
        client.connect(R"({"room":"here"})").get();
        for (int i = 0; i < 10; ++i) client.enable_mic(i % 2 == 1).get();
        client.disconnect().get();
        for (int i = 0; audio->stopped < 1 && i < 6000; ++i) std::this_thread::sleep_for(10ms);
        CHECK(audio->started == 1 && audio->stopped == 1);
    }
}

TEST(samples_pushed_and_pulled) {
    auto [microphone, input] = rtvi::Microphone::pcm(mono, true).value();
    auto [speaker, output] = rtvi::Speaker::pcm(mono).value();
    rtvi::PipecatClientOptions options;
    options.microphone = std::move(microphone);
    options.speaker = std::move(speaker);
    auto [client, recorder] = test::client(std::move(options));
    std::vector<std::int16_t> samples(40000, 100);
    CHECK(input.free_space() == 32000);
    CHECK(input.push(samples.data(), samples.size()) == 32000);
    client.connect(test::bot_params()).get();
    client.send_text("Please say something").get();
    std::size_t pulled = 0;
    for (int i = 0; pulled < 3200 && i < 6000; ++i) {
        pulled += output.pull(samples.data(), 160);
        std::this_thread::sleep_for(5ms);
    }
    CHECK(pulled >= 3200);
    CHECK(input.free_space() > 0);
}

#if defined(__cpp_lib_span)
TEST(spans_of_samples) {
    auto [microphone, input] = rtvi::Microphone::pcm(mono, true).value();
    auto [speaker, output] = rtvi::Speaker::pcm(mono).value();
    const std::vector<std::int16_t> samples(320, 100);
    const std::size_t room = input.free_space();
    CHECK(input.push(std::span(samples)) == 320 && input.push(std::span(samples).first(20)) == 20);
    CHECK(input.free_space() == room - 340 && input.push(std::span<const std::int16_t>()) == 0);
    std::array<std::int16_t, 160> pulled{};
    // No client has them: nothing is there to be pulled.
    CHECK(output.pull(pulled) == 0 && pulled[0] == 0);
}
#elif __cplusplus >= 202002L
#error "C++20 without the overloads for std::span"
#endif

TEST(files_for_audio) {
    const std::string path = test::variable("RTVI_TEST_FOLDER") + "/recorded.wav";
    {
        rtvi::PipecatClientOptions options;
        options.speaker = rtvi::Speaker::wav(path, mono).value();
        auto [client, recorder] = test::client(std::move(options));
        client.connect(test::bot_params()).get();
        client.send_text("Please say something").get();
        recorder.wait_for("botStoppedSpeaking");
        client.disconnect().get();
    }
    // The file is complete now that the client is gone. The bot speaks faster than it is played here: some of it is lost at the end.
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    CHECK(file.tellg() >= 2000);
    CHECK(rtvi::Microphone::wav(path).ok());
    const auto missing = rtvi::Microphone::wav(path + ".not");
    CHECK(!missing.ok() && missing.error().kind() == rtvi::ErrorKind::InvalidArgument);
    CHECK(!rtvi::Microphone::tone({1, 1}, 440).ok());
}
