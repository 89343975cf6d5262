// A camera that paints, and ways to look at what comes back.
#pragma once

#include <rtvi/rtvi.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "test.hpp"

namespace test {

/// Where the bot takes offers.
inline rtvi::Json offer_params() {
    return R"({"webrtcRequestParams":{"endpoint":")" + variable("RTVI_TEST_OFFER") + "\"}}";
}

constexpr std::uint8_t dark = 60, bright = 200;

/// A picture with a dark left and a bright right half, in one block of memory.
struct Painting {
    std::uint32_t width, height;
    std::vector<std::uint8_t> luma, chroma;

    Painting(std::uint32_t w, std::uint32_t h)
        : width(w), height(h), luma(std::size_t{w} * h, dark), chroma((std::size_t{w} + 1) / 2 * ((h + 1) / 2), 128) {
        for (std::size_t i = 0; i < luma.size(); ++i) {
            if (i % w >= w / 2) luma[i] = bright;
        }
    }
    rtvi::VideoFrameView view() const {
        const std::size_t half = (std::size_t{width} + 1) / 2;
        return rtvi::VideoFrameView::i420(width, height, {luma.data(), width}, {chroma.data(), half}, {chroma.data(), half});
    }
};

/// Whether a picture is dark on the left and bright on the right.
inline bool is_painting(const rtvi::VideoPicture& picture) {
    const auto frame = picture.frame();
    if (!frame || frame->format != rtvi::PixelFormat::I420) return false;
    const rtvi::PlaneView& luma = frame->planes[0];
    const auto at = [&](std::size_t x) { return int{luma.data[frame->height / 2 * luma.stride + x]}; };
    return std::abs(at(frame->width / 4) - dark) < 40 && std::abs(at(frame->width * 3 / 4) - bright) < 40;
}

/// A camera with a thread of its own, which pushes what `next` makes, 24 times a second.
class Camera : public rtvi::VideoSource {
public:
    using Next = std::function<void(rtvi::FrameInput&, int number)>;

    explicit Camera(Next next) : next_(std::move(next)) {}
    ~Camera() override { end(); }

    std::optional<rtvi::Error> start(const rtvi::VideoFormat& wanted, std::shared_ptr<rtvi::FrameInput> frames) override {
        end();
        CHECK(wanted.width == 640 && wanted.height == 480 && wanted.frame_rate == 24);
        is_on_ = true;
        thread_ = std::thread([this, frames] {
            for (int number = 0; is_on_; ++number) {
                next_(*frames, number);
                std::this_thread::sleep_for(std::chrono::milliseconds(41));
            }
        });
        return std::nullopt;
    }
    void stop() override { end(); }

private:
    void end() {
        is_on_ = false;
        if (thread_.joinable()) thread_.join();
    }

    Next next_;
    std::atomic<bool> is_on_{false};
    std::thread thread_;
};

/// A camera that paints pictures of one size.
inline std::shared_ptr<Camera> painter(std::uint32_t width, std::uint32_t height) {
    auto painting = std::make_shared<Painting>(width, height);
    return std::make_shared<Camera>([painting](rtvi::FrameInput& frames, int number) {
        auto view = painting->view();
        view.timestamp = std::chrono::milliseconds(41 * number);
        CHECK(frames.push(view).ok());
    });
}

/// Options of a call with video.
inline rtvi::PipecatClientOptions video_options() {
    rtvi::PipecatClientOptions options;
    options.transport = "small-webrtc";
    options.microphone = rtvi::Microphone::silence({16000, 1}).value();
    options.enable_cam = true;
    return options;
}

}  // namespace test
