#include <rtvi/rtvi.hpp>

#include <coroutine>
#include <future>
#include <iostream>

/// A coroutine that starts at once, and whose end a thread can wait for.
struct Task {
    struct promise_type {
        std::promise<void> ended;

        Task get_return_object() { return {ended.get_future()}; }
        std::suspend_never initial_suspend() const noexcept { return {}; }
        std::suspend_never final_suspend() const noexcept { return {}; }
        void return_void() { ended.set_value(); }
        void unhandled_exception() { ended.set_exception(std::current_exception()); }
    };

    std::future<void> ended;
};

Task talk(rtvi::PipecatClient& client, std::string url) {
    co_await client.connect(rtvi::JsonMaker().with("/wsUrl", url).finish().value());
    // From here on, the coroutine runs where callbacks run: it must not block.
    for (const std::string word : {"Hello", "Goodbye"}) {
        const rtvi::Json data = rtvi::JsonMaker().with("/word", word).finish().value();
        const rtvi::Json answer = co_await client.send_client_request("echo", data);
        std::cout << "bot: " << answer.view()["word"].string_or() << std::endl;
    }
    co_await client.disconnect();
}

int main(int argc, char** argv) {
    if (argc < 2) return 2;
    rtvi::PipecatClientOptions options;
    options.on_event = [](const rtvi::Event&) {};
    rtvi::PipecatClient client(std::move(options));
    // Throws the rtvi::Error of the call that failed.
    talk(client, argv[1]).ended.get();
}
