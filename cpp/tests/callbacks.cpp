// Events, where callbacks run, what they may do, and functions that the bot calls.
#include <rtvi/rtvi.hpp>

#include <algorithm>
#include <atomic>
#include <deque>
#include <future>
#include <thread>

#if !defined(_WIN32)
#include <poll.h>
#endif

#include "recorder.hpp"

using namespace std::chrono_literals;

namespace {

/// An app's own loop: runs what is posted on the thread that calls run_until.
class Loop {
public:
    rtvi::Executor executor() {
        return [queue = queue_](std::function<void()> job) {
            queue->change([&](auto& jobs) { jobs.push_back(std::move(job)); });
        };
    }
    void run_until(const std::function<bool()>& done) {
        while (!done()) {
            std::function<void()> job;
            queue_->wait([](const auto& jobs) { return !jobs.empty(); });
            queue_->change([&](auto& jobs) {
                job = std::move(jobs.front());
                jobs.pop_front();
            });
            job();
        }
    }

private:
    using Queue = test::Box<std::deque<std::function<void()>>>;
    std::shared_ptr<Queue> queue_ = std::make_shared<Queue>();
};

}  // namespace

TEST(typed_events) {
    std::promise<std::string> ready;
    test::Box<std::vector<std::string>> states;
    test::Box<std::string> output;
    rtvi::EventHandlers handlers;
    handlers.on<rtvi::BotReady>([&](const rtvi::BotReady& bot) { ready.set_value(bot.version.value()); })
        .on<rtvi::TransportStateChanged>([&](const rtvi::TransportStateChanged& changed) {
            states.change([&](auto& all) { all.emplace_back(rtvi::to_string(changed.state)); });
        })
        .on<rtvi::BotOutput>([&](const rtvi::BotOutput& piece) {
            // Its first sentence; the next may come at any time.
            if (piece.will_be_spoken == false) output.change([&](auto& text) { if (text.empty()) text = piece.text; });
        });
    rtvi::PipecatClientOptions options;
    options.on_event = handlers;
    auto [client, recorder] = test::client(std::move(options));
    client.connect(test::bot_params()).get();
    CHECK(ready.get_future().get() == "2.2.0");
    client.send_text("Write to me", {true, false}).get();
    CHECK(output.wait([](const auto& text) { return !text.empty(); }) == "You said: Write to me.");
    client.disconnect().get();
    const auto seen = states.wait([](const auto& all) { return all.back() == "disconnected"; });
    const std::vector<std::string> expected{"initializing", "initialized", "connecting", "connected", "ready", "disconnecting", "disconnected"};
    CHECK(seen == expected);
}

TEST(a_variant_of_events) {
    std::promise<std::string> told;
    rtvi::PipecatClientOptions options;
    options.on_event = [&](const rtvi::Event& event) {
        std::visit(rtvi::overloaded{
                       [&](const rtvi::Reconnecting&) { CHECK(false); },
                       [&](const rtvi::ServerMessage& message) { told.set_value(message.data.text()); },
                       [](const auto&) {},
                   },
                   rtvi::typed(event));
    };
    auto [client, recorder] = test::client(std::move(options));
    client.connect(test::bot_params()).get();
    client.send_client_message("server-message", "[\"hello\"]").get();
    CHECK(told.get_future().get() == "[\"hello\"]");
}

TEST(callbacks_run_where_the_app_wants) {
    Loop loop;
    const auto here = std::this_thread::get_id();
    int events = 0;
    bool done = false;
    rtvi::PipecatClientOptions options;
    options.executor = loop.executor();
    options.on_event = [&](const rtvi::Event&) {
        CHECK(std::this_thread::get_id() == here);
        ++events;
    };
    auto made = test::client(std::move(options));
    auto& client = made.first;
    client.connect(test::bot_params()).then([&](auto result) {
        CHECK(result.ok() && std::this_thread::get_id() == here);
        client.send_client_request("echo", "5").then([&](auto answer) {
            CHECK(answer.value().text() == "5" && std::this_thread::get_id() == here);
            done = true;
        });
    });
    loop.run_until([&] { return done; });
    CHECK(events > 5);
}

TEST(a_callback_may_call_anything) {
    std::promise<std::string> told;
    rtvi::PipecatClient* raw = nullptr;
    rtvi::PipecatClientOptions options;
    options.on_event = [&](const rtvi::Event& event) {
        if (event.kind() == rtvi::EventKind::ServerMessage) told.set_value(raw->send_client_request("echo", "3").get().text());
    };
    auto made = test::client(std::move(options));
    raw = &made.first;
    made.first.connect(test::bot_params()).get();
    made.first.send_client_message("server-message", "1").get();
    CHECK(told.get_future().get() == "3");
}

TEST(a_callback_may_destroy_the_client) {
    auto client = std::make_shared<std::optional<rtvi::PipecatClient>>();
    std::promise<void> destroyed;
    rtvi::PipecatClientOptions options;
    options.on_event = [client, &destroyed](const rtvi::Event& event) {
        if (event.kind() != rtvi::EventKind::ServerMessage) return;
        client->reset();
        destroyed.set_value();
    };
    client->emplace(std::move(options));
    (*client)->connect(test::bot_params()).get();
    const auto never = std::make_shared<std::promise<rtvi::ErrorKind>>();
    (*client)->send_client_request("never", {}, 60s).then([never](auto result) { never->set_value(result.error().kind()); });
    (*client)->send_client_message("server-message", "1").then([](auto) {});
    destroyed.get_future().get();
    CHECK(never->get_future().get() == rtvi::ErrorKind::Cancelled);
    CHECK(!client->has_value());
}

TEST(a_done_callback_may_destroy_the_client) {
    auto client = std::make_shared<std::optional<rtvi::PipecatClient>>(rtvi::PipecatClient(rtvi::PipecatClientOptions{}));
    rtvi::PipecatClientOptions options;
    options.on_event = [](const rtvi::Event&) {};
    client->emplace(std::move(options));
    std::promise<void> destroyed;
    (*client)->connect(test::bot_params()).then([client, &destroyed](auto) {
        client->reset();
        destroyed.set_value();
    });
    destroyed.get_future().get();
}

TEST(what_callbacks_throw_is_told) {
    test::Box<std::vector<std::string>> thrown;
    rtvi::PipecatClientOptions options;
    options.on_exception = [&](const char* what) { thrown.change([&](auto& all) { all.emplace_back(what); }); };
    options.on_event = [](const rtvi::Event& event) {
        if (event.kind() == rtvi::EventKind::BotReady) throw std::runtime_error("from an event");
        if (event.kind() == rtvi::EventKind::BotConnected) throw 5;
    };
    auto [client, recorder] = test::client(std::move(options));
    client.connect(test::bot_params()).get();
    client.send_client_request("echo", "1").then([](auto) { throw std::runtime_error("from a call"); });
    const auto all = thrown.wait([](const auto& list) { return list.size() == 3; });
    CHECK(all[0] == "something that is no std::exception" && all[1] == "from an event" && all[2] == "from a call");
    CHECK(client.send_client_request("echo", "1").get().text() == "1");
}

TEST(the_bot_calls_functions) {
    auto [client, recorder] = test::client();
    std::promise<rtvi::FunctionCall> later;
    CHECK(client.register_async_function_call_handler("later", [&](rtvi::FunctionCall call) { later.set_value(call); }).ok());
    CHECK(client.register_function_call_handler("get_weather", [](const rtvi::FunctionCall& call) {
              CHECK(call.arguments.text().find("London") != std::string::npos && !call.tool_call_id.empty());
              return rtvi::Json(R"({"celsius":-3,"conditions":"snowing"})");
          }).ok());
    client.connect(test::bot_params()).get();
    client.send_text("How is the weather in London?").get();
    const rtvi::Json stopped(recorder.wait_for("llmFunctionCallStopped"));
    CHECK(stopped.view().at("/result/celsius").integer() == -3);
    CHECK(client.unregister_function_call_handler("get_weather").ok());
    CHECK(client.unregister_function_call_handler().ok());
}

TEST(a_function_that_throws_is_an_error) {
    auto [client, recorder] = test::client();
    CHECK(client.register_function_call_handler("get_weather", [](const rtvi::FunctionCall&) -> rtvi::Json {
              throw std::runtime_error("no window");
          }).ok());
    client.connect(test::bot_params()).get();
    client.send_text("How is the weather in London?").get();
    const rtvi::Json stopped(recorder.wait_for("llmFunctionCallStopped"));
    CHECK(stopped.view().at("/result/error").string() == "no window");
}

namespace {

/// Has the bot call a function of the app; gives what it got for an answer.
std::string answer_of(rtvi::PipecatClientOptions options, std::function<void(rtvi::PipecatClient&)> prepare) {
    auto [client, recorder] = test::client(std::move(options));
    prepare(client);
    client.connect(test::bot_params()).get();
    client.send_text("How is the weather in London?").get();
    return rtvi::Json(recorder.wait_for("llmFunctionCallStopped")).view()["result"].text();
}

}  // namespace

TEST(texts_of_functions_that_are_not_utf8) {
    const auto by = [](std::function<rtvi::Json(const rtvi::FunctionCall&)> handler) {
        return answer_of({}, [&](auto& client) {
            CHECK(client.register_function_call_handler("get_weather", handler).ok());
            CHECK(!client.register_function_call_handler("\xff", handler).ok() && !client.unregister_function_call_handler("\xff").ok());
        });
    };
    CHECK(by([](const auto&) { return rtvi::Json("\"cut \xf0\x9f\x98\""); }).find("not UTF-8") != std::string::npos);
    CHECK(by([](const auto&) { return rtvi::Json("{"); }).find("not JSON") != std::string::npos);
    CHECK(by([](const auto&) -> rtvi::Json { throw std::runtime_error("\xff"); }).find("not UTF-8") != std::string::npos);
    CHECK(by([](const auto& call) {
              // Refused, and still to be answered.
              CHECK(call.resolve(rtvi::Json("\"\xff\"")).error().kind() == rtvi::ErrorKind::InvalidArgument);
              CHECK(call.reject("\xff").error().kind() == rtvi::ErrorKind::InvalidArgument);
              return rtvi::Json(R"({"celsius":7})");
          }) == R"({"celsius":7})");
}

TEST(an_executor_that_throws_or_drops_leaves_no_function_unanswered) {
    for (const bool drops : {false, true}) {
        test::Box<int> thrown;
        rtvi::PipecatClientOptions options;
        options.on_exception = [&](const char* what) {
            CHECK(std::string(what) == "the loop has ended");
            thrown.change([](int& count) { ++count; });
        };
        options.on_event = [](const rtvi::Event&) {};
        options.timeouts.function_call = 2 * test::patience;
        options.executor = [drops](const std::function<void()>&) {
            if (!drops) throw std::runtime_error("the loop has ended");
        };
        rtvi::PipecatClient client(std::move(options));
        CHECK(client.register_function_call_handler("get_weather", [](const auto&) { return rtvi::Json("1"); }).ok());
        client.connect(test::bot_params()).get();
        client.send_text("How is the weather in London?").get();
        // At the latest at its deadline the bot would get an answer too: that is set to be later than this waits.
        const auto begin = std::chrono::steady_clock::now();
        while (client.session_trace().find("llm-function-call-result") == std::string::npos) {
            CHECK(std::chrono::steady_clock::now() - begin < test::patience);
            std::this_thread::sleep_for(5ms);
        }
        if (!drops) CHECK(thrown.get() > 0);
    }
}

TEST(a_client_without_a_thread) {
    rtvi::PipecatClient client{rtvi::PipecatClientOptions{}};
    bool connected = false;
    std::vector<std::string> names;
    client.connect(test::bot_params()).then([&](auto result) { connected = result.ok(); });
    while (!connected) {
        auto event = client.next_event(100ms).value();
        if (event) names.emplace_back(event->name());
    }
    CHECK(!names.empty() && names.back() == "botReady");
    CHECK(!client.next_event(0ms).value());
#if !defined(_WIN32)
    pollfd waiting{client.event_descriptor().value(), POLLIN, 0};
    CHECK(poll(&waiting, 1, 0) == 0);
    client.send_client_message("server-message", "9").get();
    CHECK(poll(&waiting, 1, 60000) == 1);
    bool heard = false;
    while (!heard) {
        CHECK(poll(&waiting, 1, 60000) == 1);
        while (auto event = client.next_event(0ms).value()) {
            heard = heard || (event->kind() == rtvi::EventKind::ServerMessage && event->json() == "9");
        }
    }
    CHECK(poll(&waiting, 1, 0) == 0);
#endif
    // What is under way is told while the client is destroyed.
    bool told = false;
    client.send_client_request("never", {}, 60s).then([&](auto result) { told = !result.ok(); });
    { const rtvi::PipecatClient gone = std::move(client); }
    CHECK(told);
}

TEST(many_threads_use_one_client) {
    auto made = test::client();
    auto& client = made.first;
    client.connect(test::bot_params()).get();
    std::atomic<int> right{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < 10; ++i) {
                const std::string text = std::to_string(t * 100 + i);
                if (client.send_client_request("echo", text).get().text() == text) ++right;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    CHECK(right == 40);
}

TEST(lines_of_the_log) {
    test::Box<std::vector<std::string>> lines;
    CHECK(rtvi::set_log(rtvi::LogLevel::Debug, [&](rtvi::LogLevel, std::string_view line) {
              lines.change([&](auto& all) { all.emplace_back(line); });
          }).ok());
    {
        auto [client, recorder] = test::client();
        client.connect(test::bot_params()).get();
        client.send_client_request("echo", "\"a secret\"").get();
        // A function that the app does not have is worth a line.
        client.send_text("How is the weather in London?").get();
        recorder.wait_for("llmFunctionCallInProgress");
    }
    const auto has = [](const auto& all, const char* text) {
        return std::any_of(all.begin(), all.end(), [&](const auto& line) { return line.find(text) != std::string::npos; });
    };
    const auto told = lines.wait([&](const auto& all) { return has(all, "get_weather"); });
    CHECK(has(told, "the client is ready"));
    CHECK(rtvi::set_log(rtvi::LogLevel::Info).ok());
    for (const auto& line : lines.get()) CHECK(line.find("a secret") == std::string::npos);
}
