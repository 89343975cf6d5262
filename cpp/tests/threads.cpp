// Functions called on threads where they may not wait, and by many threads at the wrong moment: errors, and no crash.
#include <rtvi/rtvi.hpp>

#include <atomic>
#include <thread>
#include <vector>

#include "recorder.hpp"

using namespace std::chrono_literals;

namespace {

constexpr rtvi::AudioFormat mono{16000, 1};

/// A microphone whose functions wait for the client, which they must not.
class WaitingSource : public rtvi::AudioSource {
public:
    std::atomic<rtvi_client*> client{nullptr};
    std::atomic<int> refused{0};

    rtvi::AudioFormat format() const override { return mono; }
    bool has_clock() const override { return false; }
    std::size_t read(std::int16_t* samples, std::size_t count) override {
        if (refused == 0) flush();
        std::fill(samples, samples + count, std::int16_t{0});
        return count;
    }

private:
    /// Once only: samples are still asked for while the client goes, and then there is none to call.
    void flush() {
        const auto error = rtvi::detail::take(rtvi_client_flush_bot_audio(client, nullptr));
        CHECK(error && error->kind() == rtvi::ErrorKind::InvalidState);
        ++refused;
    }
};

/// Runs `work` on some threads at once.
template <class F>
void at_once(const F& work) {
    std::vector<std::thread> threads;
    std::atomic<bool> go{false};
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            while (!go) std::this_thread::yield();
            work();
        });
    }
    go = true;
    for (auto& thread : threads) thread.join();
}

}  // namespace

TEST(waiting_on_a_thread_of_the_sdk) {
    auto source = std::make_shared<WaitingSource>();
    rtvi::PipecatClientOptions options;
    options.microphone = rtvi::Microphone::custom(source).value();
    auto [client, recorder] = test::client(std::move(options));
    source->client = client.get();
    client.connect(test::bot_params()).get();
    for (int i = 0; source->refused == 0 && i < 6000; ++i) std::this_thread::sleep_for(10ms);
    CHECK(source->refused > 0);
    // The session is not disturbed.
    CHECK(client.send_client_request("echo", "1").get().text() == "1");
    client.disconnect().get();
}

TEST(freed_by_many_threads) {
    rtvi_client_options options;
    rtvi_client_options_init(&options, sizeof options);
    rtvi_client* client = nullptr;
    CHECK(!rtvi::detail::take(rtvi_client_new(&options, &client)));
    // A call that waits on one of them ends when another frees the client.
    at_once([client] {
        rtvi_event* event = nullptr;
        rtvi_error_free(rtvi_client_next_event(client, 1, &event));
        rtvi_event_free(event);
        rtvi_client_free(client);
        const auto error = rtvi::detail::take(rtvi_client_disconnect(client, nullptr));
        CHECK(error && error->kind() == rtvi::ErrorKind::InvalidArgument);
    });
}

TEST(freed_while_another_thread_waits) {
    auto [client, recorder] = test::client();
    client.connect(test::bot_params()).get();
    rtvi_client* raw = client.get();
    std::thread waiting([raw] {
        const auto data = rtvi_text("");
        const auto error = rtvi::detail::take(rtvi_client_send_client_request(raw, rtvi_text("never"), data, 60000, nullptr));
        CHECK(error && (error->kind() == rtvi::ErrorKind::Cancelled || error->kind() == rtvi::ErrorKind::InvalidArgument));
    });
    std::this_thread::sleep_for(20ms);
    { const rtvi::PipecatClient gone = std::move(client); }
    waiting.join();
}

TEST(samples_pushed_by_many_threads) {
    rtvi_microphone* microphone = nullptr;
    rtvi_pcm_input* input = nullptr;
    CHECK(!rtvi::detail::take(rtvi_microphone_pcm({16000, 1}, true, &microphone, &input)));
    const std::vector<std::int16_t> samples(100);
    std::atomic<std::size_t> taken{0};
    // A push beside another takes nothing; none is taken twice or beyond the room.
    at_once([&] {
        for (int i = 0; i < 1000; ++i) taken += rtvi_pcm_input_push(input, samples.data(), samples.size());
    });
    CHECK(taken == 32000 - rtvi_pcm_input_free_space(input));
    rtvi_pcm_input_free(input);
    rtvi_microphone_free(microphone);
}
