/// \file
/// The sources of the user's video and the destination of the bot's.
///
/// Depends on video.hpp. Without video in the library (CMake option RTVI_VIDEO), creating one of
/// these fails as ErrorKind::UnsupportedFeature.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "video.hpp"

RTVI_NAMESPACE_BEGIN

/// A camera or screen of the app's own. The SDK calls it on its threads, one call at a time.
///
/// A source that throws has failed: the client calls PipecatClientOptions::on_exception, reports a
/// `deviceError` or for a screen a `screenShareError`, and calls stop(). It starts the source again
/// when the app enables it again. Audio is not affected.
class VideoSource {
public:
    virtual ~VideoSource() = default;
    /// The codec of a source that encodes its pictures; nothing for pixels. Asked once.
    virtual std::optional<VideoCodec> codec() const { return std::nullopt; }
    /// The client takes frames from now on, as close to `wanted` as possible: push them into
    /// `frames`, from any thread. Called again after stop(). May wait while a device opens. Returns
    /// an error if there are no frames.
    virtual std::optional<Error> start(const VideoFormat& wanted, std::shared_ptr<FrameInput> frames) = 0;
    /// What to deliver from now on. A source that encodes follows it. Must not wait.
    virtual void set_target(const VideoTarget&) {}
    /// The next encoded frame must be a key frame. Not called for pixels. Must not wait.
    virtual void request_key_frame() {}
    /// The client takes no more frames. It drops what is still pushed.
    virtual void stop() {}
};

/// A display of the app's own. The SDK calls it on its threads, one call at a time. A display that
/// throws has failed: the client calls PipecatClientOptions::on_exception, reports a `deviceError`,
/// and shows no more video. Audio is not affected.
class VideoSink {
public:
    virtual ~VideoSink() = default;
    /// The codecs of a sink that decodes by itself, the preferred one first; empty for pixels. Asked
    /// once.
    virtual std::vector<VideoCodec> codecs() const { return {}; }
    /// Takes a picture or an encoded frame to show now. May wait for less than the time of a frame.
    virtual void write(const VideoPicture& picture) = 0;
    /// Whether encoded frames can't be shown without a key frame. Asked after each.
    virtual bool needs_key_frame() { return false; }
    /// The bot's video has ended. Another one may follow.
    virtual void stop() {}
};

namespace detail {

/// What a client has of the app's source, and the end into which the source pushes.
struct VideoSourceEnds {
    explicit VideoSourceEnds(std::shared_ptr<VideoSource> of) : source(std::move(of)) {}

    /// Calls the source. What it throws is a failure of the source.
    template <class F>
    void run(F&& function) {
        if (const auto thrown = source.run(std::forward<F>(function))) frames->fail(Error(ErrorKind::Device, *thrown));
    }

    Guarded<VideoSource> source;
    std::shared_ptr<FrameInput> frames;
};

using VideoSourcePtr = std::shared_ptr<VideoSourceEnds>;
using VideoSinkPtr = std::shared_ptr<GuardedDevice<VideoSink>>;

inline VideoFormat from_c(const rtvi_video_format& c) noexcept { return {c.width, c.height, c.frame_rate}; }

inline rtvi_video_feed_functions video_source_functions() {
    rtvi_video_feed_functions table{};
    table.size = sizeof table;
    table.start = [](void* data, const rtvi_video_format* wanted) -> rtvi_error* {
        const Use<VideoSourcePtr> ends(data);
        std::optional<Error> refusal;
        const auto thrown = ends->source.run([&](VideoSource& it) { refusal = it.start(from_c(*wanted), ends->frames); });
        if (thrown) refusal = Error(ErrorKind::Device, *thrown);
        return refusal ? to_c(*refusal) : nullptr;
    };
    table.set_target = [](void* data, const rtvi_video_target* c) {
        const VideoTarget target{from_c(c->format), c->bitrate, c->max_frame_size};
        Use<VideoSourcePtr>(data)->run([&](VideoSource& it) { it.set_target(target); });
    };
    table.request_key_frame = [](void* data) {
        Use<VideoSourcePtr>(data)->run([](VideoSource& it) { it.request_key_frame(); });
    };
    table.stop = [](void* data) { Use<VideoSourcePtr>(data)->run([](VideoSource& it) { it.stop(); }); };
    return table;
}

inline rtvi_video_display_functions video_sink_functions() {
    rtvi_video_display_functions table{};
    table.size = sizeof table;
    table.write = [](void* data, const rtvi_video_picture* picture) {
        Use<VideoSinkPtr>(data)->run([=](VideoSink& it) { it.write(VideoPicture(rtvi_video_picture_share(picture))); });
    };
    table.needs_key_frame = [](void* data) {
        return Use<VideoSinkPtr>(data)->call(false, [](VideoSink& it) { return it.needs_key_frame(); });
    };
    table.stop = [](void* data) { Use<VideoSinkPtr>(data)->run([](VideoSink& it) { it.stop(); }); };
    table.failure = [](void* data) -> rtvi_error* {
        const auto failure = Use<VideoSinkPtr>(data)->failure();
        return failure ? rtvi_error_new(RTVI_ERROR_DEVICE, view(*failure)) : nullptr;
    };
    return table;
}

inline std::vector<std::int32_t> numbers(const std::vector<VideoCodec>& codecs) {
    std::vector<std::int32_t> numbers;
    for (const VideoCodec codec : codecs) numbers.push_back(static_cast<std::int32_t>(codec));
    return numbers;
}

}  // namespace detail

/// The source of the user's video: a client consumes it as its camera or its screen. An empty one
/// means none.
class VideoFeed {
public:
    VideoFeed() = default;

    /// A moving pattern in the size and at the rate that the client sends, with the number of each
    /// picture in it.
    static Result<VideoFeed> pattern() { return made(rtvi_video_feed_pattern); }
    /// Plays a Y4M file, once or repeatedly. Waits while it reads the file's header.
    static Result<VideoFeed> y4m(std::string_view path, bool repeat = false) {
        return made([&](rtvi_video_feed** to) { return rtvi_video_feed_y4m(detail::view(path), repeat, to); });
    }
    /// A camera of this machine: the one with this id, or the first one. It is open only while it is
    /// on. Linux only.
    static Result<VideoFeed> camera(std::string_view id = "default") {
        return made([&](rtvi_video_feed** to) { return rtvi_video_feed_camera(detail::view(id), to); });
    }
    /// The screen of an X server with a name such as `:1`, or the one in `DISPLAY`. Linux only.
    static Result<VideoFeed> screen(std::string_view display = {}) {
        return made([&](rtvi_video_feed** to) { return rtvi_video_feed_screen(detail::view(display), to); });
    }
    /// Sends the pictures that the app pushes. VideoSource also says when to push, and at which rate.
    static Result<std::pair<VideoFeed, FrameInput>> pictures() {
        rtvi_frame_input* input = nullptr;
        auto feed = made([&](rtvi_video_feed** to) {
            return rtvi_video_feed_pictures(nullptr, nullptr, nullptr, to, &input);
        });
        if (!feed.ok()) return feed.error();
        return std::make_pair(std::move(feed).value(), FrameInput(input));
    }
    /// A camera or screen of the app's own.
    static Result<VideoFeed> custom(std::shared_ptr<VideoSource> source) {
        if (!source) return Error(ErrorKind::InvalidArgument, "the source is null");
        const auto codec = source->codec();
        const auto table = detail::video_source_functions();
        auto ends = std::make_shared<detail::VideoSourceEnds>(std::move(source));
        void* data = detail::give(new detail::VideoSourcePtr(ends));
        rtvi_frame_input* input = nullptr;
        auto feed = made([&](rtvi_video_feed** to) {
            const auto drop = detail::drop<detail::VideoSourcePtr>;
            return codec ? rtvi_video_feed_encoded(static_cast<std::int32_t>(*codec), &table, data, drop, to, &input)
                         : rtvi_video_feed_pictures(&table, data, drop, to, &input);
        });
        if (!feed.ok()) return feed;
        ends->frames = std::make_shared<FrameInput>(input);
        detail::give(data);  // Once more, with the frames.
        VideoFeed custom = std::move(feed).value();
        custom.ends_ = std::move(ends);
        return custom;
    }

    /// Shows the app what this feed sends. Copies no pixels. A camera is read while a connection
    /// takes its pictures, so there is no preview before that.
    Result<FrameOutput> preview() {
        rtvi_frame_output* output = nullptr;
        if (auto error = detail::take(rtvi_video_feed_preview(feed_.get(), &output))) return *std::move(error);
        return FrameOutput(output);
    }

    /// For the client that consumes it.
    rtvi_video_feed* release(const std::shared_ptr<const detail::Context>& context) {
        if (ends_) ends_->source.attach(context);
        return feed_.release();
    }

private:
    struct Free {
        void operator()(rtvi_video_feed* it) const noexcept { rtvi_video_feed_free(it); }
    };
    template <class F>
    static Result<VideoFeed> made(F&& make) {
        rtvi_video_feed* raw = nullptr;
        if (auto error = detail::take(make(&raw))) return *std::move(error);
        VideoFeed feed;
        feed.feed_.reset(raw);
        return feed;
    }

    std::unique_ptr<rtvi_video_feed, Free> feed_;
    detail::VideoSourcePtr ends_;
};

/// The destination of the bot's video. A client consumes it. An empty one means none: the client
/// then asks the bot for no video.
class VideoDisplay {
public:
    VideoDisplay() = default;

    /// Records a Y4M file with so many pictures a second, which is complete when the client is
    /// destroyed. Pipecat bots send 30.
    static Result<VideoDisplay> y4m(std::string_view path, std::uint32_t frame_rate = 30) {
        return made([&](rtvi_video_display** to) { return rtvi_video_display_y4m(detail::view(path), frame_rate, to); });
    }
    /// Passes the pictures to the app, which reads the newest one when it draws.
    static Result<std::pair<VideoDisplay, FrameOutput>> pictures() {
        return read([](rtvi_video_display** to, rtvi_frame_output** out) { return rtvi_video_display_pictures(to, out); });
    }
    /// Passes the bot's frames to the app as they come, for the app to decode. `codecs` are those
    /// that it can decode, the preferred one first.
    static Result<std::pair<VideoDisplay, FrameOutput>> encoded(const std::vector<VideoCodec>& codecs) {
        const auto list = detail::numbers(codecs);
        return read([&](rtvi_video_display** to, rtvi_frame_output** out) {
            return rtvi_video_display_encoded(list.data(), list.size(), to, out);
        });
    }
    /// A display of the app's own.
    static Result<VideoDisplay> custom(std::shared_ptr<VideoSink> sink) {
        if (!sink) return Error(ErrorKind::InvalidArgument, "the sink is null");
        const auto codecs = detail::numbers(sink->codecs());
        const auto table = detail::video_sink_functions();
        auto guarded = std::make_shared<detail::GuardedDevice<VideoSink>>(std::move(sink));
        void* data = detail::give(new detail::VideoSinkPtr(guarded));
        auto display = made([&](rtvi_video_display** to) {
            return rtvi_video_display_custom(codecs.data(), codecs.size(), &table, data, detail::drop<detail::VideoSinkPtr>, to);
        });
        if (!display.ok()) return display;
        VideoDisplay custom = std::move(display).value();
        custom.sink_ = std::move(guarded);
        return custom;
    }
    /// Calls a function with each picture, on a thread of the SDK. It may wait for less than the time
    /// of a frame.
    static Result<VideoDisplay> callback(std::function<void(const VideoPicture&)> function) {
        struct Calls : VideoSink {
            std::function<void(const VideoPicture&)> function;
            explicit Calls(std::function<void(const VideoPicture&)> with) : function(std::move(with)) {}
            void write(const VideoPicture& picture) override { function(picture); }
        };
        if (!function) return Error(ErrorKind::InvalidArgument, "the function is empty");
        return custom(std::make_shared<Calls>(std::move(function)));
    }

    /// For the client that consumes it.
    rtvi_video_display* release(const std::shared_ptr<const detail::Context>& context) {
        if (sink_) sink_->attach(context);
        return display_.release();
    }

private:
    struct Free {
        void operator()(rtvi_video_display* it) const noexcept { rtvi_video_display_free(it); }
    };
    template <class F>
    static Result<VideoDisplay> made(F&& make) {
        rtvi_video_display* raw = nullptr;
        if (auto error = detail::take(make(&raw))) return *std::move(error);
        VideoDisplay display;
        display.display_.reset(raw);
        return display;
    }
    template <class F>
    static Result<std::pair<VideoDisplay, FrameOutput>> read(F&& make) {
        rtvi_frame_output* output = nullptr;
        auto display = made([&](rtvi_video_display** to) { return make(to, &output); });
        if (!display.ok()) return display.error();
        return std::make_pair(std::move(display).value(), FrameOutput(output));
    }

    std::unique_ptr<rtvi_video_display, Free> display_;
    detail::VideoSinkPtr sink_;
};

RTVI_NAMESPACE_END
