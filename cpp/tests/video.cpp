// The app's own camera and display, those of the SDK, and what must not disturb them.
#include <rtvi/rtvi.hpp>

#include <algorithm>
#include <stdexcept>

#include "camera.hpp"
#include "recorder.hpp"

using namespace std::chrono_literals;

namespace {

/// A display that counts the paintings among the pictures.
struct Counter : rtvi::VideoSink {
    test::Box<int> paintings;
    test::Box<int> pictures;
    std::atomic<int> stopped{0};

    void write(const rtvi::VideoPicture& picture) override {
        pictures.change([](int& count) { ++count; });
        if (test::is_painting(picture)) paintings.change([](int& count) { ++count; });
    }
    void stop() override { ++stopped; }
};

bool at_least(const int& count, int least) { return count >= least; }

void wait_for(test::Box<int>& count, int least) {
    count.wait([=](const int& it) { return at_least(it, least); });
}

bool sends_audio(rtvi::PipecatClient& client) {
    const auto tracks = client.tracks();
    return std::any_of(tracks.begin(), tracks.end(), [](const rtvi::Track& it) {
        return it.kind == rtvi::TrackKind::Audio && it.participant.local;
    });
}

/// The session goes on, and the microphone's audio flows: at once, or soon after the connect.
void talks(rtvi::PipecatClient& client) {
    CHECK(client.state() == rtvi::TransportState::Ready);
    for (int i = 0; !sends_audio(client) && i < 6000; ++i) std::this_thread::sleep_for(10ms);
    CHECK(sends_audio(client));
}

}  // namespace

TEST(pictures_of_the_app_come_back) {
    const auto counter = std::make_shared<Counter>();
    auto options = test::video_options();
    options.camera = rtvi::VideoFeed::custom(test::painter(640, 480)).value();
    options.display = rtvi::VideoDisplay::custom(counter).value();
    auto [client, recorder] = test::client(std::move(options));
    client.connect(test::offer_params()).get();
    wait_for(counter->paintings, 40);
    CHECK(client.is_cam_enabled() && !client.is_sharing_screen());
    const auto tracks = client.tracks();
    CHECK(std::count_if(tracks.begin(), tracks.end(), [](const rtvi::Track& it) { return it.kind == rtvi::TrackKind::Video; }) == 2);
    talks(client);
    CHECK(client.enable_cam(false).ok());
    client.disconnect().get();
    { const rtvi::PipecatClient gone = std::move(client); }
    CHECK(counter->stopped == 1 && counter.use_count() == 1);
}

TEST(pictures_are_passed_without_a_copy) {
    auto made = rtvi::VideoFeed::pictures().value();
    auto shown = rtvi::VideoDisplay::pictures().value();
    auto options = test::video_options();
    auto preview = made.first.preview().value();
    options.camera = std::move(made.first);
    options.display = std::move(shown.first);
    rtvi::FrameInput& input = made.second;
    const test::Painting painting(320, 240);
    std::atomic<int> pushed{0}, released{0};
    auto [client, recorder] = test::client(std::move(options));
    client.connect(test::offer_params()).get();
    int paintings = 0, previews = 0;
    for (int i = 0; (paintings < 20 || previews < 20) && i < 2000; ++i) {
        auto frame = painting.view();
        frame.timestamp = 40ms * i;
        CHECK(input.push(frame, [&] { ++released; }).ok());
        ++pushed;
        std::this_thread::sleep_for(40ms);
        CHECK(pushed - released <= 4);
        if (const auto picture = shown.second.read()) paintings += test::is_painting(*picture);
        if (const auto own = preview.read()) {
            CHECK(own->frame()->planes[0].data == painting.luma.data());
            ++previews;
        }
    }
    CHECK(paintings >= 20 && previews >= 20 && shown.second.is_on() && preview.is_on());
    std::vector<std::uint8_t> bgra(640 * 480 * 4);
    for (int i = 0; i < 2000; ++i) {
        const auto picture = shown.second.read();
        if (!picture) {
            CHECK(input.push(painting.view()).ok());
            std::this_thread::sleep_for(20ms);
            continue;
        }
        const auto frame = *picture->frame();
        CHECK(picture->to_bgra(bgra.data(), frame.width * 4).ok() && !picture->to_bgra(bgra.data(), 3).ok());
        CHECK(bgra[frame.height / 2 * frame.width * 4 + frame.width] < 110);
        break;
    }
    client.disconnect().get();
    { const rtvi::PipecatClient gone = std::move(client); }
    for (int i = 0; pushed > released && i < 6000; ++i) std::this_thread::sleep_for(10ms);
    CHECK(pushed == released && !input.is_on() && !input.push(painting.view()).value());
}

TEST(encoded_frames_pass_through) {
    // What the app can't encode here, it has the SDK encode in a first call.
    std::vector<std::pair<std::vector<std::uint8_t>, rtvi::EncodedFrameView>> recorded;
    auto shown = rtvi::VideoDisplay::encoded({rtvi::VideoCodec::VP8}).value();
    {
        auto options = test::video_options();
        options.camera = rtvi::VideoFeed::pattern().value();
        options.display = std::move(shown.first);
        auto [client, recorder] = test::client(std::move(options));
        client.connect(test::offer_params()).get();
        for (int i = 0; recorded.size() < 50 && i < 3000; ++i) {
            while (const auto picture = shown.second.read()) {
                const auto frame = *picture->encoded();
                CHECK(frame.codec == rtvi::VideoCodec::VP8 && frame.width == 640 && (frame.is_key || !recorded.empty()));
                recorded.emplace_back(std::vector<std::uint8_t>(frame.data, frame.data + frame.length), frame);
            }
            std::this_thread::sleep_for(10ms);
        }
        CHECK(recorded.size() >= 50);
        client.disconnect().get();
    }
    struct Player : test::Camera {
        std::atomic<bool> wants_key_frame{false};
        std::atomic<std::uint32_t> bitrate{0};
        using Camera::Camera;
        std::optional<rtvi::VideoCodec> codec() const override { return rtvi::VideoCodec::VP8; }
        void request_key_frame() override { wants_key_frame = true; }
        void set_target(const rtvi::VideoTarget& target) override { bitrate = target.bitrate; }
    };
    std::shared_ptr<Player> player;
    std::size_t at = 0;
    player = std::make_shared<Player>([&](rtvi::FrameInput& frames, int number) {
        if (player->wants_key_frame.exchange(false) || at >= recorded.size()) at = 0;
        auto& [data, frame] = recorded[at++];
        frame.data = data.data();
        frame.timestamp = 41ms * number;
        CHECK(frames.push(frame).ok());
        CHECK(!frames.push(test::Painting(16, 16).view()).ok());
    });
    const auto counter = std::make_shared<Counter>();
    auto options = test::video_options();
    options.camera = rtvi::VideoFeed::custom(player).value();
    options.display = rtvi::VideoDisplay::custom(counter).value();
    {
        auto [client, recorder] = test::client(std::move(options));
        client.connect(test::offer_params()).get();
        wait_for(counter->pictures, 30);
        client.disconnect().get();
    }
    CHECK(player->bitrate > 0);
}

TEST(sizes_change_while_the_camera_runs) {
    constexpr std::pair<std::uint32_t, std::uint32_t> sizes[] = {{16, 16}, {640, 480}, {3840, 2160}, {17, 33}, {1280, 720}};
    const auto camera = std::make_shared<test::Camera>([&](rtvi::FrameInput& frames, int number) {
        const auto [width, height] = sizes[static_cast<std::size_t>(number / 12) % std::size(sizes)];
        const test::Painting painting(width, height);
        auto view = painting.view();
        view.rotation = number % 12 == 5 ? 180 : 0;
        CHECK(frames.push(view).ok());
        // What can't be used is refused, and the camera goes on.
        for (const auto& bad : {
                 rtvi::VideoFrameView::i420(0, 2, {}, {}, {}),
                 rtvi::VideoFrameView::i420(9000, 2, view.planes[0], view.planes[1], view.planes[2]),
                 rtvi::VideoFrameView::i420(width, height, view.planes[0], {nullptr, width}, view.planes[2]),
                 rtvi::VideoFrameView::i420(width, height, {painting.luma.data(), width - 1}, view.planes[1], view.planes[2]),
                 rtvi::VideoFrameView::bgra(width, height, {painting.luma.data(), width}),
                 rtvi::VideoFrameView::nv12(width, height, view.planes[0], {}),
             }) {
            const auto refused = frames.push(bad);
            CHECK(!refused.ok() && refused.error().kind() == rtvi::ErrorKind::InvalidArgument);
        }
        view.rotation = 45;
        CHECK(!frames.push(view).ok());
    });
    const auto counter = std::make_shared<Counter>();
    auto options = test::video_options();
    options.camera = rtvi::VideoFeed::custom(camera).value();
    options.display = rtvi::VideoDisplay::custom(counter).value();
    auto [client, recorder] = test::client(std::move(options));
    client.connect(test::offer_params()).get();
    wait_for(counter->pictures, 70);
    CHECK(counter->paintings.get() >= 30);
    talks(client);
    CHECK(!recorder.has("deviceError"));
    client.disconnect().get();
}

TEST(a_display_that_throws_has_failed) {
    test::Box<std::vector<std::string>> thrown;
    auto options = test::video_options();
    options.camera = rtvi::VideoFeed::pattern().value();
    options.display = rtvi::VideoDisplay::callback([](const rtvi::VideoPicture&) { throw std::runtime_error("no screen"); }).value();
    options.on_exception = [&](const char* what) { thrown.change([&](auto& all) { all.emplace_back(what); }); };
    auto [client, recorder] = test::client(std::move(options));
    client.connect(test::offer_params()).get();
    CHECK(thrown.wait([](const auto& all) { return !all.empty(); }).front() == "no screen");
    CHECK(recorder.wait_for("deviceError").find("no screen") != std::string::npos);
    talks(client);
    client.disconnect().get();
}

TEST(a_camera_that_throws_has_failed_and_starts_again) {
    struct Faulty : test::Camera {
        std::atomic<int> starts{0};
        using Camera::Camera;
        std::optional<rtvi::Error> start(const rtvi::VideoFormat& wanted, std::shared_ptr<rtvi::FrameInput> frames) override {
            switch (++starts) {
            case 1: throw std::runtime_error("no lens");
            case 2: return rtvi::Error::device(rtvi::DeviceErrorKind::InUse, "taken");
            default: return Camera::start(wanted, std::move(frames));
            }
        }
    };
    const auto painting = std::make_shared<test::Painting>(640, 480);
    const auto camera = std::make_shared<Faulty>([painting](rtvi::FrameInput& frames, int number) {
        if (number == 40) frames.fail(rtvi::Error::device(rtvi::DeviceErrorKind::NotFound, "unplugged"));
        (void)frames.push(painting->view());
    });
    const auto counter = std::make_shared<Counter>();
    auto options = test::video_options();
    options.camera = rtvi::VideoFeed::custom(camera).value();
    options.display = rtvi::VideoDisplay::custom(counter).value();
    options.on_exception = [](const char*) {};
    test::Box<std::vector<std::string>> failures;
    rtvi::EventHandlers handlers;
    handlers.on<rtvi::DeviceError>([&](const rtvi::DeviceError& failed) {
        failures.change([&](auto& all) { all.emplace_back(failed.error.message()); });
    });
    options.on_event = handlers;
    auto [client, recorder] = test::client(std::move(options));
    client.connect(test::offer_params()).get();
    const auto turn_on_again = [&failures](rtvi::PipecatClient& it, std::size_t count) {
        failures.wait([=](const auto& all) { return all.size() >= count; });
        talks(it);
        CHECK(it.enable_cam(false).ok() && it.enable_cam(true).ok());
    };
    turn_on_again(client, 1);
    turn_on_again(client, 2);
    wait_for(counter->paintings, 15);
    turn_on_again(client, 3);
    // It starts on another thread, which a disconnect would forestall.
    for (int i = 0; camera->starts < 4 && i < 6000; ++i) std::this_thread::sleep_for(10ms);
    client.disconnect().get();
    const auto all = failures.get();
    CHECK(all[0].find("no lens") != std::string::npos && all[1].find("taken") != std::string::npos);
    CHECK(all[2].find("unplugged") != std::string::npos && camera->starts == 4);
}

TEST(a_screen_is_shared) {
    auto options = test::video_options();
    options.enable_cam = false;
    options.screen = rtvi::VideoFeed::pattern().value();
    auto [client, recorder] = test::client(std::move(options));
    CHECK(!client.enable_cam(true).ok());
    client.connect(test::offer_params()).get();
    CHECK(!client.is_sharing_screen());
    CHECK(client.enable_screen_share(true).ok());
    recorder.wait<rtvi::ScreenTrackStarted>();
    CHECK(client.is_sharing_screen());
    CHECK(client.enable_screen_share(false).ok());
    recorder.wait<rtvi::ScreenTrackStopped>();
    client.disconnect().get();
}

TEST(what_can_not_be_made_says_why) {
    CHECK(rtvi::VideoFeed::y4m("/nowhere/at.y4m").error().kind() == rtvi::ErrorKind::InvalidArgument);
    CHECK(rtvi::VideoDisplay::y4m("/nowhere/at.y4m").error().kind() == rtvi::ErrorKind::InvalidArgument);
    CHECK(!rtvi::VideoDisplay::encoded({}).ok() && !rtvi::VideoDisplay::callback({}).ok());
    CHECK(!rtvi::VideoFeed::custom(nullptr).ok() && !rtvi::VideoDisplay::custom(nullptr).ok());
    CHECK(!rtvi::VideoFeed().preview().ok());
    // The camera need not exist before it is on.
    CHECK(rtvi::VideoFeed::camera("v4l:99").ok() && rtvi::VideoFeed::screen(":99").ok());
}
