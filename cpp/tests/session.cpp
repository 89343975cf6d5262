// Sessions and messages, and the ways to make a call.
#include <rtvi/rtvi.hpp>

#include <cstring>
#include <future>
#include <limits>
#include <thread>

#include "json_text.hpp"
#include "recorder.hpp"

using namespace std::chrono_literals;

TEST(a_session_in_every_way) {
    auto [client, recorder] = test::client();
    CHECK(client.state() == rtvi::TransportState::Disconnected);
    const rtvi::BotReady bot = client.connect(test::bot_params()).get();
    CHECK(bot.version == rtvi::protocol_version());
    CHECK(client.state() == rtvi::TransportState::Ready && client.is_connected());
    CHECK(client.bot()->version == "2.2.0");

    // Waiting.
    const rtvi::Json answer = client.send_client_request("echo", R"({"a":[1,null,"ü"]})").get();
    CHECK(answer.view() == rtvi::Json(R"({"a":[1,null,"ü"]})").view());
    // A future.
    std::future<rtvi::Json> future = client.send_client_request("echo", "7").future();
    CHECK(future.get().text() == "7");
    // A callback.
    std::promise<rtvi::Result<rtvi::Json>> told;
    client.send_client_request("echo", "\"x\"").then([&](auto result) { told.set_value(std::move(result)); });
    CHECK(told.get_future().get().value().text() == "\"x\"");
    // A value without exceptions.
    CHECK(client.send_text("Write to me", {true, false}).result().ok());
    recorder.wait_for("botOutput");

    client.disconnect().get();
    CHECK(client.state() == rtvi::TransportState::Disconnected);
    recorder.wait_for("disconnected");
    CHECK(recorder.log().back() == std::make_pair(std::string("disconnected"), std::string(R"({"reason":"requested"})")));
}

TEST(the_parameters_choose_the_transport) {
    rtvi::AutoTransportOptions transports;
    transports.websocket.sample_rate = 8000;
    rtvi::PipecatClientOptions options;
    options.transport = "auto";
    options.transport_options = transports.to_json().value();
    rtvi::PipecatClient client(std::move(options));
    client.connect(test::bot_params()).get();
    client.disconnect().get();
    const auto refused = client.connect(R"({"dailyRoom":"https://rooms.example/1"})").result();
    CHECK(!refused.ok() && std::strstr(refused.error().message(), "Daily") != nullptr);
}

TEST(a_phone_call_takes_keys_and_refuses_requests) {
    const auto call = [](const std::string& provider) {
        rtvi::PhoneTransportOptions phone;
        phone.provider = provider;
        phone.from = "+15550100";
        phone.parameters = rtvi::Json(R"({"plan":"gold"})");
        rtvi::PipecatClientOptions options;
        options.transport = "phone";
        options.transport_options = phone.to_json().value();
        return rtvi::PipecatClient::create(std::move(options));
    };
    CHECK(call("pigeon").error().kind() == rtvi::ErrorKind::InvalidArgument);
    auto client = call("telnyx").value();
    client.connect(test::bot_params()).get();
    client.send_dtmf("12#").get();
    const auto refused = client.send_client_request("x").result();
    CHECK(!refused.ok() && std::strstr(refused.error().message(), "a call over Telnyx does not take") != nullptr);
    client.disconnect().get();
}

TEST(a_trace_is_there_during_the_session_and_after_it) {
    auto [client, recorder] = test::client();
    const auto has = [&c = client](const char *text) { return c.session_trace().find(text) != std::string::npos; };
    CHECK(has("{\"rtviTrace\":1,") && !has("call 1: connect"));
    client.connect(test::bot_params()).get();
    client.send_text("a secret").get();
    CHECK(has("call 1: connect") && has("send-text") && !has("secret"));
    client.disconnect().get();
    CHECK(has("session ended: requested"));
}

TEST(errors_tell_everything) {
    auto [client, recorder] = test::client();
    try {
        client.send_text("too early").get();
        CHECK(false);
    } catch (const rtvi::Error& error) {
        CHECK(error.kind() == rtvi::ErrorKind::NotReady);
        CHECK(std::strlen(error.what()) > 0);
    }
    const auto refused = client.connect(R"({"wsUrl":"ws://127.0.0.1:9"})").result();
    CHECK(!refused.ok() && refused.error().kind() == rtvi::ErrorKind::ConnectionFailed);
    CHECK(refused.error().phase() == rtvi::Phase::TransportOpen);
    CHECK(client.connect("[]").result().error().kind() == rtvi::ErrorKind::InvalidArgument);
    std::future<void> dtmf = client.send_dtmf("x").future();
    try {
        dtmf.get();
        CHECK(false);
    } catch (const rtvi::Error&) {
    }

    client.connect(test::bot_params()).get();
    const auto unknown = client.send_client_request("no-such-request").result();
    CHECK(unknown.error().kind() == rtvi::ErrorKind::RequestFailed);
    CHECK(std::string(unknown.error().message()).find("no-such-request") != std::string::npos);
    const auto late = client.send_client_request("never", {}, 50ms).result();
    CHECK(late.error().kind() == rtvi::ErrorKind::Timeout && late.error().phase() == rtvi::Phase::Request);
    CHECK(client.connect(test::bot_params()).result().error().kind() == rtvi::ErrorKind::AlreadyStarted);
}

TEST(start_bot_and_connect) {
    auto [client, recorder] = test::client();
    const rtvi::APIRequest request{test::variable("RTVI_TEST_START"), {{"X-Test", "a \"b\""}}, R"({"transport":"websocket"})", 30s};
    const rtvi::Json params = client.start_bot(request).get();
    CHECK(params.view()["wsUrl"].type() == rtvi::JsonType::String);
    CHECK(client.state() == rtvi::TransportState::Authenticated);
    client.connect(params).get();
    client.disconnect_bot().get();
    recorder.wait_for("disconnected");
    client.start_bot_and_connect(request).get();
    CHECK(client.state() == rtvi::TransportState::Ready);
}

TEST(calls_are_given_up) {
    auto [client, recorder] = test::client();
    client.connect(test::bot_params()).get();
    rtvi::CancelToken token;
    auto waiting = client.send_client_request("never", {}, 60s).with(token).future_result();
    CHECK(waiting.wait_for(20ms) == std::future_status::timeout);
    token.cancel();
    CHECK(waiting.get().error().kind() == rtvi::ErrorKind::Cancelled);

    std::thread other([&, used = token] { used.cancel(); });
    other.join();
    CHECK(client.send_client_request("echo", "1").with(token).result().error().kind() == rtvi::ErrorKind::Cancelled);
    CHECK(client.send_client_request("echo", "1").get().text() == "1");

    // Destroying the client ends what is under way.
    auto pending = client.send_client_request("never", {}, 60s).future_result();
    { const rtvi::PipecatClient gone = std::move(client); }
    CHECK(pending.get().error().kind() == rtvi::ErrorKind::Cancelled);
}

TEST(messages_of_every_kind) {
    auto [client, recorder] = test::client();
    client.connect(test::bot_params()).get();
    client.send_client_message("server-message", R"({"a":1})").get();
    CHECK(recorder.wait_for("serverMessage") == R"({"a":1})");
    client.send_dtmf("12#").get();
    client.send_ui_event("click", R"({"x":1})").get();
    client.cancel_ui_job_group("job", "because").get();
    client.send_ui_snapshot(R"({"tree":{"root":{"ref":"e1","role":"main"},"captured_at":1}})").get();
    client.send_file(R"({"content":"look","file":{"format":"text/plain","name":"a","source":{"type":"bytes","bytes":"aGk="}}})").get();
    CHECK(client.send_ui_snapshot("{}").result().error().kind() == rtvi::ErrorKind::InvalidArgument);
    client.flush_bot_audio().get();
    CHECK(client.send_client_request("echo", "0").get().text() == "0");
}

TEST(devices_without_devices) {
    auto [client, recorder] = test::client();
    CHECK(client.get_all_mics().empty() && client.get_all_speakers().empty() && client.get_all_cams().empty());
    CHECK(!client.selected_mic() && !client.selected_speaker() && !client.selected_cam());
    CHECK(client.is_mic_enabled() && !client.is_cam_enabled() && !client.is_sharing_screen());
    client.enable_mic(false).get();
    CHECK(!client.is_mic_enabled());
    CHECK(client.enable_cam(true).error().kind() == rtvi::ErrorKind::UnsupportedFeature);
    CHECK(client.enable_screen_share(false).ok());
    CHECK(client.update_mic("none").error().kind() == rtvi::ErrorKind::Device);
    CHECK(client.update_speaker("none").error().kind() == rtvi::ErrorKind::Device);
    client.init_devices().get();
    CHECK(client.state() == rtvi::TransportState::Initialized);
    CHECK(client.media_state().cam.kind == rtvi::DeviceState::Kind::Uninitialized);
}

#if defined(__cpp_impl_coroutine)
namespace {
/// A coroutine that nobody waits for.
struct Detached {
    struct promise_type {
        Detached get_return_object() { return {}; }
        std::suspend_never initial_suspend() noexcept { return {}; }
        std::suspend_never final_suspend() noexcept { return {}; }
        void return_void() {}
        void unhandled_exception() { std::abort(); }
    };
};

Detached talk(rtvi::PipecatClient& client, std::promise<std::string>& said) {
    co_await client.connect(test::bot_params());
    const rtvi::Json answer = co_await client.send_client_request("echo", "[1]");
    std::string kind = "none";
    try {
        co_await client.send_client_request("no-such-request");
    } catch (const rtvi::Error& error) {
        kind = error.kind() == rtvi::ErrorKind::RequestFailed ? "refused" : "other";
    }
    co_await client.disconnect();
    said.set_value(answer.text() + kind);
}
}  // namespace

TEST(coroutines) {
    auto [client, recorder] = test::client();
    std::promise<std::string> said;
    talk(client, said);
    CHECK(said.get_future().get() == "[1]refused");
}
#endif

TEST(json_is_looked_into) {
    const rtvi::Json json(R"({"a":[1,-2.5,"x",true,null],"b":{"c~/":"d"}})");
    const rtvi::JsonView view = json.view();
    CHECK(view.at("/a/0").integer() == 1 && view.at("/a/1").number() == -2.5);
    CHECK(view.at("/a/2").string() == "x" && view.at("/a/3").boolean() == true && view.at("/a/4").is_null());
    CHECK(view.at("/b/c~0~1").string() == "d" && !view.at("/b/x") && !view["x"]["y"]);
    CHECK(view["a"].size() == 5 && view.key(1) == "b" && view.item(1).text() == R"({"c~/":"d"})");
    CHECK(!rtvi::Json("{").parse().ok() && !rtvi::Json("{").view());
    CHECK(rtvi::Json(R"({"x":1.0,"y":[]})").view() == rtvi::Json(R"({"y":[],"x":1})").view());
    CHECK(rtvi::Json("9007199254740993").view() != rtvi::Json("9007199254740992").view());
    CHECK(rtvi::Json::of_string("a\"\\\n\x01ü").view().string() == "a\"\\\n\x01ü");
    // A view keeps what it looks into.
    rtvi::JsonView kept;
    { kept = rtvi::Json("[\"kept\"]").view().item(0); }
    CHECK(kept.string() == "kept");
}

TEST(agents_on_pipecat_cloud) {
    auto [client, recorder] = test::client();
    const auto agent = [](const std::string& name) {
        auto request = rtvi::pipecat_cloud(name, "pk_0123456789abcdef0123456789abcdef", R"({"transport":"websocket"})");
        request.endpoint = test::variable("RTVI_TEST_CLOUD") + "/" + name + "/start";
        return request;
    };
    const auto is_full = [](const rtvi::Error& error) {
        return error.kind() == rtvi::ErrorKind::StartBotFailed && error.phase() == rtvi::Phase::StartRequest && error.status() == 429 &&
               error.code() == "PCC-AGENT-AT-CAPACITY" && error.retry_after() == 7000ms;
    };
    const auto full = client.start_bot(agent("full-agent")).result();
    CHECK(is_full(full.error()));
    CHECK(std::string(full.error().what()).find("pk_") == std::string::npos);
    const auto read = recorder.wait<rtvi::ErrorEvent>();
    CHECK(read.fatal && read.error.message() == std::string(full.error().message()) && is_full(read.error));
    const auto end = recorder.wait<rtvi::Disconnected>();
    CHECK(end.kind == rtvi::Disconnected::Kind::Failed && !end.code && !end.reason && is_full(end.error.value()));
    const auto wrong = client.start_bot(agent("a/b")).result();
    CHECK(wrong.error().kind() == rtvi::ErrorKind::InvalidArgument && wrong.error().code().empty() && !wrong.error().retry_after());

    CHECK(client.session_request("GET", "list").result().error().kind() == rtvi::ErrorKind::InvalidState);
    client.start_bot_and_connect(agent("my-agent")).get();
    const rtvi::SessionAnswer list = client.session_request("GET", "list").get();
    CHECK(list.status == 200 && list.body.text() == R"([1,"two",null])");
    const rtvi::SessionAnswer echo = client.session_request("POST", "echo?x=1", R"({"a":1})", 5s).get();
    CHECK(echo.status == 202 && echo.body.view().at("/body/a").integer() == 1 && echo.body.view()["query"].string() == "x=1");
    const rtvi::SessionAnswer nothing = client.session_request("DELETE", "nothing").get();
    CHECK(nothing.status == 204 && nothing.body.text() == "null");
    const auto missing = client.session_request("GET", "no-such").result();
    CHECK(missing.error().kind() == rtvi::ErrorKind::RequestFailed && missing.error().code() == "NO-ENDPOINT");
    CHECK(client.session_request("GET", "../../start").result().error().kind() == rtvi::ErrorKind::InvalidArgument);
    client.disconnect().get();
}

TEST(events_hold_what_is_known_of_an_end) {
    /// Answers client-ready, loses its first connection and leaves by the second.
    struct Leaves : rtvi::Transport {
        std::atomic<int> opened{0};
        void open(rtvi::Connection connection, const rtvi::Json&, std::uint32_t attempt) override {
            CHECK(attempt == static_cast<std::uint32_t>(opened++));
            CHECK(connection.opened("bot").ok());
        }
        void send(rtvi::Connection connection, std::string_view message) override {
            const bool is_first = message.find("client-ready") != std::string_view::npos;
            if (!is_first) return (void)connection.closed(rtvi::CloseReason::BotLeft, "bye", 1000);
            CHECK(connection.message(R"({"label":"rtvi-ai","type":"bot-ready","id":"1","data":{"version":"2.2.0","capabilities":{"metrics":true}}})").ok());
            if (opened == 1) CHECK(connection.closed(rtvi::CloseReason::Lost, "no cable", 4000).ok());
        }
    };
    rtvi::PipecatClientOptions options;
    options.custom_transport = std::make_shared<Leaves>();
    auto [client, recorder] = test::client(std::move(options));
    const rtvi::BotReady bot = client.connect("{}").get();
    CHECK(bot.version == "2.2.0" && bot.capabilities->metrics == true && !bot.capabilities->audio_in && bot.config.empty());
    const auto lost = recorder.wait<rtvi::Reconnecting>();
    CHECK(lost.attempt == 1 && lost.max_attempts == 3 && lost.reason.kind() == rtvi::ErrorKind::ConnectionLost);
    CHECK(lost.reason.status() == 4000 && std::string(lost.reason.message()).find("no cable") != std::string::npos);
    for (int i = 0; (!client.is_connected() || client.state() != rtvi::TransportState::Ready) && i < 6000; ++i) std::this_thread::sleep_for(10ms);
    client.send_client_message("leave").get();
    const auto left = recorder.wait<rtvi::Disconnected>();
    CHECK(left.kind == rtvi::DisconnectReason::Kind::BotLeft && left.code == 1000 && left.reason == "bye" && !left.error);
}

TEST(others_come_and_go_and_the_bot_returns) {
    /// Answers client-ready; others come and go when the app sends a message.
    struct Room : rtvi::Transport {
        void open(rtvi::Connection connection, const rtvi::Json&, std::uint32_t) override {
            CHECK(connection.opened("bot").ok());
        }
        void send(rtvi::Connection connection, std::string_view message) override {
            if (message.find("client-ready") != std::string_view::npos) {
                CHECK(connection.message(R"({"label":"rtvi-ai","type":"bot-ready","id":"1","data":{"version":"2.2.0"}})").ok());
                return;
            }
            CHECK(connection.participant_connected("ada", "Ada").ok() && connection.mic_muted(true).ok());
            CHECK(connection.participant_left("ada").ok() && connection.bot_left().ok());
            CHECK(connection.bot_joined("other", "Other").ok());
        }
    };
    rtvi::PipecatClientOptions options;
    options.custom_transport = std::make_shared<Room>();
    options.disconnect_on_bot_disconnect = false;
    auto [client, recorder] = test::client(std::move(options));
    client.connect("{}").get();
    client.send_client_message("next").get();
    const auto ready = [&r = recorder] {
        const test::Log log = r.log();
        return std::count_if(log.begin(), log.end(), [](const auto& it) { return it.first == "botReady"; });
    };
    for (int i = 0; ready() < 2 && i < 6000; ++i) std::this_thread::sleep_for(10ms);
    std::string seen;
    for (const auto& [name, data] : recorder.log()) {
        const std::string id = rtvi::Json(data).view()["id"].string_or();
        if (name == "participantConnected") seen += "+" + id;
        if (name == "participantLeft") seen += "-" + id;
        if (name == "botConnected" || name == "botDisconnected") seen += " " + name + " ";
        if (name == "mediaStateUpdated" && rtvi::Json(data).view()["micMuted"].boolean() == true) seen += " muted ";
    }
    CHECK(seen == " botConnected +bot+ada muted -ada botDisconnected -bot botConnected +other");
    CHECK(client.state() == rtvi::TransportState::Ready && client.media_state().mic_muted);
    client.disconnect().get();
}

TEST(messages_of_the_server_are_events) {
    const auto event = rtvi::Event::from_message(R"({"label":"rtvi-ai","type":"user-input","data":{"text":"Hi","input_type":"chat","timestamp":"t","msg_id":"7"}})").value();
    const auto input = rtvi::UserInput::read(event);
    CHECK(event.name() == "userInput" && input.text == "Hi" && input.input_type == "chat" && input.is_final);
    CHECK(input.timestamp == "t" && input.msg_id == "7" && !input.user_id);
    // Of another kind it is empty.
    CHECK(rtvi::BotOutput::read(event).text.empty() && rtvi::UserInput::read(event.clone()).text == "Hi");
    for (const char* broken : {"", "{}", R"({"label":"rtvi-ai","type":"user-input","data":{}})", "\xff"}) {
        CHECK(rtvi::Event::from_message(broken).error().kind() == rtvi::ErrorKind::Protocol);
    }
}

TEST(an_app_chooses_how_long_opening_takes) {
    rtvi::PipecatClientOptions options;
    options.timeouts.open = 100ms;
    auto client = rtvi::PipecatClient::create(std::move(options)).value();
    const std::string slow = test::variable("RTVI_TEST_WS") + "?fault=%7B%22kind%22:%22slow-upgrade%22,%22ms%22:30000%7D";
    const auto late = client.connect(rtvi::JsonMaker().with("/wsUrl", slow).finish().value()).result();
    CHECK(late.error().kind() == rtvi::ErrorKind::Timeout && late.error().phase() == rtvi::Phase::TransportOpen);
}

TEST(json_keeps_large_numbers) {
    const auto json = rtvi::JsonMaker().with("/large", std::numeric_limits<std::uint64_t>::max()).with("/small", -1).finish();
    CHECK(json.value().text() == R"({"large":18446744073709551615,"small":-1})");
}

TEST(plaintext_stays_near) {
    auto [client, recorder] = test::client();
    const auto refused = client.connect(R"({"wsUrl":"ws://bot.example.com/ws"})").result();
    CHECK(!refused.ok() && refused.error().kind() == rtvi::ErrorKind::Tls);
    rtvi::PipecatClientOptions options;
    options.tls.pinned_keys = {std::string(64, 'a'), "not a hash"};
    const auto wrong = rtvi::PipecatClient::create(std::move(options));
    CHECK(!wrong.ok() && wrong.error().kind() == rtvi::ErrorKind::InvalidArgument);
}
