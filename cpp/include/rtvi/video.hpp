/// \file
/// Pictures and encoded frames, as apps give and receive them.
///
/// Depends on error.hpp. Nothing here waits.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#if defined(__cpp_lib_span) || (__cplusplus >= 202002L && __has_include(<span>))
#include <span>
#endif

#include "callback.hpp"

RTVI_NAMESPACE_BEGIN

/// How pixels lie in memory. New forms may be added.
enum class PixelFormat : std::int32_t {
    /// Three planes Y, U and V. U and V have half the width and height, rounded up.
    I420 = RTVI_PIXELS_I420,
    /// Two planes: Y, and alternating U and V.
    NV12 = RTVI_PIXELS_NV12,
    /// One plane with four bytes per pixel: blue, green, red and one that is ignored.
    BGRA = RTVI_PIXELS_BGRA,
};

/// A way to compress pictures. New codecs may be added.
enum class VideoCodec : std::int32_t {
    /// VP8.
    VP8 = RTVI_VIDEO_VP8,
    /// Constrained baseline profile.
    H264 = RTVI_VIDEO_H264,
};

/// The size and rate of a stream of pictures.
struct VideoFormat {
    /// Width in pixels.
    std::uint32_t width = 0;
    /// Height in pixels.
    std::uint32_t height = 0;
    /// Pictures per second.
    std::uint32_t frame_rate = 0;
};

/// What a source of encoded frames must deliver from now on.
struct VideoTarget {
    /// The largest size, and the rate. A picture keeps its proportions.
    VideoFormat format;
    /// Bits per second.
    std::uint32_t bitrate = 0;
    /// The largest size of one frame in bytes, also of a key frame. A larger frame is dropped.
    std::size_t max_frame_size = 0;
};

/// One plane of a picture.
struct PlaneView {
    /// The rows, the top one first.
    const std::uint8_t* data = nullptr;
    /// The distance from one row to the next, in bytes.
    std::size_t stride = 0;
};

/// A picture that somebody else owns.
struct VideoFrameView {
    /// Width of the pixels as stored, before the rotation: 1 to 8192.
    std::uint32_t width = 0;
    /// Height of the pixels as stored, before the rotation: 1 to 8192.
    std::uint32_t height = 0;
    /// How the pixels lie in memory.
    PixelFormat format = PixelFormat::I420;
    /// By how many degrees the picture must be turned clockwise for display: 0, 90, 180 or 270.
    int rotation = 0;
    /// When it was captured, from an origin of the source's choice.
    std::chrono::microseconds timestamp{0};
    /// As many planes as the format has, top row first.
    std::array<PlaneView, 3> planes{};

    /// A picture of three planes.
    static VideoFrameView i420(std::uint32_t width, std::uint32_t height, PlaneView y, PlaneView u, PlaneView v) noexcept {
        return {width, height, PixelFormat::I420, 0, {}, {y, u, v}};
    }
    /// A picture of two planes.
    static VideoFrameView nv12(std::uint32_t width, std::uint32_t height, PlaneView y, PlaneView uv) noexcept {
        return {width, height, PixelFormat::NV12, 0, {}, {y, uv, {}}};
    }
    /// A picture of one plane.
    static VideoFrameView bgra(std::uint32_t width, std::uint32_t height, PlaneView pixels) noexcept {
        return {width, height, PixelFormat::BGRA, 0, {}, {pixels, {}, {}}};
    }

    /// The length of a row of a plane in bytes, and the number of rows; zeros if the format has no
    /// such plane.
    std::pair<std::size_t, std::size_t> plane_size(std::size_t plane) const noexcept {
        const std::size_t half = (std::size_t{width} + 1) / 2, half_rows = (std::size_t{height} + 1) / 2;
        if (plane == 0) return {format == PixelFormat::BGRA ? std::size_t{width} * 4 : width, height};
        if (format == PixelFormat::I420 && plane < 3) return {half, half_rows};
        if (format == PixelFormat::NV12 && plane == 1) return {half * 2, half_rows};
        return {0, 0};
    }
#if defined(__cpp_lib_span)
    /// A row of a plane.
    std::span<const std::uint8_t> row(std::size_t plane, std::size_t y) const noexcept {
        return {planes[plane].data + y * planes[plane].stride, plane_size(plane).first};
    }
#endif
};

/// A compressed picture that somebody else owns. VP8: one frame. H.264: one access unit in Annex B
/// form, of which a key frame begins with its parameter sets.
struct EncodedFrameView {
    /// How it is compressed.
    VideoCodec codec = VideoCodec::VP8;
    /// Width in pixels: 1 to 8192.
    std::uint32_t width = 0;
    /// Height in pixels: 1 to 8192.
    std::uint32_t height = 0;
    /// Whether it can be decoded without an earlier frame.
    bool is_key = false;
    /// When it was captured, from an origin of the source's choice.
    std::chrono::microseconds timestamp{0};
    /// The compressed picture.
    const std::uint8_t* data = nullptr;
    /// The number of its bytes: 1 to 1048576.
    std::size_t length = 0;

#if defined(__cpp_lib_span)
    /// The compressed picture.
    std::span<const std::uint8_t> bytes() const noexcept { return {data, length}; }
#endif
};

/// A picture or an encoded frame. It does not change; copies share it, and any thread may use it.
class VideoPicture {
public:
    /// Takes ownership of what rtvi.h returned.
    explicit VideoPicture(rtvi_video_picture* owned) : picture_(owned, rtvi_video_picture_free) {}

    /// The pixels, which are valid as long as a copy of this lives; nothing for an encoded frame.
    std::optional<VideoFrameView> frame() const noexcept {
        const rtvi_video_frame* c = rtvi_video_picture_frame(picture_.get());
        if (!c) return std::nullopt;
        VideoFrameView frame{c->width, c->height, static_cast<PixelFormat>(c->format), c->rotation, micros(c->timestamp_us), {}};
        for (std::size_t i = 0; i < frame.planes.size(); ++i) frame.planes[i] = {c->data[i], c->stride[i]};
        return frame;
    }
    /// The encoded frame, as valid as pixels; nothing for those.
    std::optional<EncodedFrameView> encoded() const noexcept {
        const rtvi_encoded_frame* c = rtvi_video_picture_encoded(picture_.get());
        if (!c) return std::nullopt;
        return EncodedFrameView{static_cast<VideoCodec>(c->codec), c->width, c->height, c->is_key, micros(c->timestamp_us), c->data, c->length};
    }
    /// Converts the pixels to BGRA, with `stride` bytes from one row to the next. `bgra` has room
    /// for the picture's height times `stride`. Does not turn the picture.
    Result<void> to_bgra(std::uint8_t* bgra, std::size_t stride) const {
        return detail::result(rtvi_video_picture_to_bgra(picture_.get(), bgra, stride));
    }

private:
    static std::chrono::microseconds micros(std::uint64_t time) noexcept {
        return std::chrono::microseconds(static_cast<std::chrono::microseconds::rep>(time));
    }

    std::shared_ptr<rtvi_video_picture> picture_;
};

/// The app pushes pictures or encoded frames here. Any thread may do so. Destroying the object ends
/// the video.
class FrameInput {
public:
    /// Takes ownership of what rtvi.h returned.
    explicit FrameInput(rtvi_frame_input* input) : input_(input, rtvi_frame_input_free) {}

    /// Passes a picture to the client, which copies it once. Returns whether the client took it: it
    /// drops pictures while the feed is off. One picture waits: a newer one replaces it. Fails if the
    /// size is not supported, a plane is null, or rows would overlap.
    Result<bool> push(const VideoFrameView& frame) {
        const rtvi_video_frame c = to_c(frame);
        return pushed([&](bool* taken) { return rtvi_frame_input_push(input_.get(), &c, nullptr, nullptr, taken); });
    }
    /// The same without a copy: the pixels must stay as they are until `release` is called, on any
    /// thread, also after a failure. It must not throw. The client holds up to four pictures.
    Result<bool> push(const VideoFrameView& frame, std::function<void()> release) {
        const rtvi_video_frame c = to_c(frame);
        void* data = detail::give(new std::function<void()>(std::move(release)));
        return pushed([&](bool* taken) { return rtvi_frame_input_push(input_.get(), &c, &released, data, taken); });
    }
    /// Passes an encoded frame to the client, which copies it. Returns whether the client took it:
    /// it drops frames while the feed is off, and frames that do not continue the ones before. The
    /// first frame must be a key frame. Eight frames wait: a ninth drops them and all up to the next
    /// key frame, which the client requests.
    Result<bool> push(const EncodedFrameView& frame) {
        rtvi_encoded_frame c{};
        c.size = sizeof c;
        c.codec = static_cast<std::int32_t>(frame.codec);
        c.width = frame.width;
        c.height = frame.height;
        c.is_key = frame.is_key;
        c.timestamp_us = static_cast<std::uint64_t>(frame.timestamp.count());
        c.data = frame.data;
        c.length = frame.length;
        return pushed([&](bool* taken) { return rtvi_frame_input_push_encoded(input_.get(), &c, taken); });
    }
    /// Reports that there are no frames, for instance because a camera was unplugged. The client
    /// turns the feed off, and starts it again when the app enables it again.
    void fail(const Error& error) { rtvi_frame_input_fail(input_.get(), detail::to_c(error)); }

    /// Whether the client takes frames: the feed was started and not stopped.
    bool is_on() const noexcept { return rtvi_frame_input_is_on(input_.get()); }
    /// How many frames were dropped: pictures that newer ones replaced, encoded frames of a full
    /// queue, and all that were pushed while the feed was off.
    std::uint64_t dropped() const noexcept { return rtvi_frame_input_dropped(input_.get()); }

private:
    static rtvi_video_frame to_c(const VideoFrameView& frame) noexcept {
        rtvi_video_frame c{};
        c.size = sizeof c;
        c.width = frame.width;
        c.height = frame.height;
        c.format = static_cast<std::int32_t>(frame.format);
        c.rotation = frame.rotation;
        c.timestamp_us = static_cast<std::uint64_t>(frame.timestamp.count());
        for (std::size_t i = 0; i < frame.planes.size(); ++i) {
            c.data[i] = frame.planes[i].data;
            c.stride[i] = frame.planes[i].stride;
        }
        return c;
    }
    static void released(void* data) {
        const std::unique_ptr<std::function<void()>> release(&detail::given<std::function<void()>>(data));
        if (*release) detail::Context{}.call(*release);
    }
    template <class F>
    static Result<bool> pushed(F&& push) {
        bool taken = false;
        if (auto error = detail::take(push(&taken))) return *std::move(error);
        return taken;
    }

    std::unique_ptr<rtvi_frame_input, void (*)(rtvi_frame_input*)> input_;
};

/// The app reads the bot's pictures here, or a preview of its own. Any thread may do so.
class FrameOutput {
public:
    /// Takes ownership of what rtvi.h returned.
    explicit FrameOutput(rtvi_frame_output* output) : output_(output, rtvi_frame_output_free) {}

    /// The newest picture since the last call, or the next encoded frame in order; nothing if there
    /// is none. One picture waits: a newer one replaces it. Eight encoded frames wait: a ninth drops
    /// them, and the client asks the bot for a key frame.
    std::optional<VideoPicture> read() {
        rtvi_video_picture* picture = rtvi_frame_output_read(output_.get());
        if (!picture) return std::nullopt;
        return VideoPicture(picture);
    }
    /// Asks the bot for a key frame, because the app's decoder needs one. Does nothing for pictures.
    void request_key_frame() noexcept { rtvi_frame_output_request_key_frame(output_.get()); }
    /// Whether there is video: it has begun and not stopped.
    bool is_on() const noexcept { return rtvi_frame_output_is_on(output_.get()); }
    /// How many pictures or encoded frames the app did not read in time.
    std::uint64_t dropped() const noexcept { return rtvi_frame_output_dropped(output_.get()); }

private:
    std::unique_ptr<rtvi_frame_output, void (*)(rtvi_frame_output*)> output_;
};

RTVI_NAMESPACE_END
