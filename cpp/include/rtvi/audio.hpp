/// \file
/// The source of the user's audio and the destination of the bot's.
///
/// Depends on callback.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#if defined(__cpp_lib_span) || (__cplusplus >= 202002L && __has_include(<span>))
#include <span>
#endif

#include "callback.hpp"

RTVI_NAMESPACE_BEGIN

/// The format of 16-bit samples.
struct AudioFormat {
    /// Samples per second and channel: 1000 to 384000.
    std::uint32_t sample_rate = 16000;
    /// Number of interleaved channels: 1 to 8.
    std::uint16_t channels = 1;

    /// The format for rtvi.h.
    rtvi_audio_format c() const noexcept { return rtvi_audio_format{sample_rate, channels}; }
};

/// A microphone of the app's own. The SDK calls it on its threads, one call at a time. No function
/// may block or call one that does.
///
/// A microphone that throws has failed: the client calls PipecatClientOptions::on_exception,
/// reports a `deviceError`, sends silence, and calls stop() as usual. It starts the microphone
/// again when the app enables it again after its release, and in the next session.
class AudioSource {
public:
    virtual ~AudioSource() = default;
    /// The format that read() returns. The client asks once.
    virtual AudioFormat format() const = 0;
    /// Starts capturing. May be called again after stop(), also during a session. Returns an error
    /// if it fails.
    virtual std::optional<Error> start() { return std::nullopt; }
    /// Whether the microphone has a clock: if so, the client calls available(); otherwise it reads
    /// in real time. The client asks once.
    virtual bool has_clock() const { return false; }
    /// How many samples have been captured but not read.
    virtual std::size_t available() { return 0; }
    /// Moves up to `count` samples to `samples` and returns how many.
    virtual std::size_t read(std::int16_t* samples, std::size_t count) = 0;
    /// Whether nothing more will follow; the client then sends silence.
    virtual bool is_finished() { return false; }
    /// Stops capturing: the microphone was muted long enough, or the session ended.
    virtual void stop() {}
};

/// A speaker of the app's own. The SDK calls it on its threads, one call at a time. No function may
/// block or call one that does. A speaker that throws has failed, like an AudioSource: nothing
/// plays until the next session.
class AudioSink {
public:
    virtual ~AudioSink() = default;
    /// The format that write() takes. The client asks once.
    virtual AudioFormat format() const = 0;
    /// Starts playing. May be called again after stop(). Returns an error if it fails.
    virtual std::optional<Error> start() { return std::nullopt; }
    /// Whether the speaker has a clock: if so, the client calls wanted(); otherwise it writes in
    /// real time. The client asks once.
    virtual bool has_clock() const { return false; }
    /// How many samples the speaker needs now to stay filled.
    virtual std::size_t wanted() { return 0; }
    /// Takes samples to play after those it already has.
    virtual void write(const std::int16_t* samples, std::size_t count) = 0;
    /// Drops audio that has not been played yet: the user interrupted the bot.
    virtual void flush() {}
    /// Stops playing.
    virtual void stop() {}
};

/// The app pushes the user's samples here. Destroying the object ends the audio.
class PcmInput {
public:
    /// Takes ownership of what rtvi.h returned.
    explicit PcmInput(rtvi_pcm_input* input) : input_(input, rtvi_pcm_input_free) {}

    /// Queues interleaved samples and returns how many were taken: fewer when two seconds are
    /// already waiting. Never waits.
    std::size_t push(const std::int16_t* samples, std::size_t count) noexcept {
        return rtvi_pcm_input_push(input_.get(), samples, count);
    }
    /// The number of samples there is room for.
    std::size_t free_space() const noexcept { return rtvi_pcm_input_free_space(input_.get()); }
#if defined(__cpp_lib_span)
    /// The same for a span.
    std::size_t push(std::span<const std::int16_t> samples) noexcept { return push(samples.data(), samples.size()); }
#endif

private:
    std::unique_ptr<rtvi_pcm_input, void (*)(rtvi_pcm_input*)> input_;
};

/// The app pulls the bot's samples here.
class PcmOutput {
public:
    /// Takes ownership of what rtvi.h returned.
    explicit PcmOutput(rtvi_pcm_output* output) : output_(output, rtvi_pcm_output_free) {}

    /// Moves up to `count` samples to `samples` and returns how many; play silence for the rest.
    /// Never waits.
    std::size_t pull(std::int16_t* samples, std::size_t count) noexcept {
        return rtvi_pcm_output_pull(output_.get(), samples, count);
    }
#if defined(__cpp_lib_span)
    /// The same for a span.
    std::size_t pull(std::span<std::int16_t> samples) noexcept { return pull(samples.data(), samples.size()); }
#endif

private:
    std::unique_ptr<rtvi_pcm_output, void (*)(rtvi_pcm_output*)> output_;
};

namespace detail {

/// What a device threw, in the form that its functions return.
template <class T>
rtvi_error* failure_of(GuardedDevice<T>& device) {
    const auto failure = device.failure();
    return failure ? rtvi_error_new(RTVI_ERROR_DEVICE, view(*failure)) : nullptr;
}

/// Starts a device.
template <class T>
rtvi_error* start(GuardedDevice<T>& device) {
    auto* error = device.template call<rtvi_error*>(nullptr, [](T& it) {
        const auto refusal = it.start();
        return refusal ? to_c(*refusal) : nullptr;
    });
    return error ? error : failure_of(device);
}

using SourcePtr = std::shared_ptr<GuardedDevice<AudioSource>>;
using SinkPtr = std::shared_ptr<GuardedDevice<AudioSink>>;

inline rtvi_microphone_functions functions_of(const AudioSource& source) {
    rtvi_microphone_functions table{};
    table.size = sizeof table;
    table.start = [](void* data) { return start(*Use<SourcePtr>(data)); };
    if (source.has_clock()) {
        table.available = [](void* data) {
            return Use<SourcePtr>(data)->call(std::size_t{0}, [](AudioSource& it) { return it.available(); });
        };
    }
    table.read = [](void* data, std::int16_t* out, std::size_t count) {
        return Use<SourcePtr>(data)->call(std::size_t{0}, [=](AudioSource& it) { return it.read(out, count); });
    };
    table.is_finished = [](void* data) {
        return Use<SourcePtr>(data)->call(true, [](AudioSource& it) { return it.is_finished(); });
    };
    table.stop = [](void* data) { Use<SourcePtr>(data)->run([](AudioSource& it) { it.stop(); }); };
    table.failure = [](void* data) { return failure_of(*Use<SourcePtr>(data)); };
    return table;
}

inline rtvi_speaker_functions functions_of(const AudioSink& sink) {
    rtvi_speaker_functions table{};
    table.size = sizeof table;
    table.start = [](void* data) { return start(*Use<SinkPtr>(data)); };
    if (sink.has_clock()) {
        table.wanted = [](void* data) {
            return Use<SinkPtr>(data)->call(std::size_t{0}, [](AudioSink& it) { return it.wanted(); });
        };
    }
    table.write = [](void* data, const std::int16_t* in, std::size_t count) {
        Use<SinkPtr>(data)->run([=](AudioSink& it) { it.write(in, count); });
    };
    table.flush = [](void* data) { Use<SinkPtr>(data)->run([](AudioSink& it) { it.flush(); }); };
    table.stop = [](void* data) { Use<SinkPtr>(data)->run([](AudioSink& it) { it.stop(); }); };
    table.failure = [](void* data) { return failure_of(*Use<SinkPtr>(data)); };
    return table;
}

}  // namespace detail

/// The source of the user's audio. A client consumes it. An empty one means no microphone.
class Microphone {
public:
    Microphone() = default;

    /// A microphone of this machine: the one with this id, or the system's default. It opens only
    /// while the client needs it. The client removes echo and noise unless the voice options
    /// disable that.
    static Result<Microphone> device(std::string_view id = "default") {
        return made([&](rtvi_microphone** to) { return rtvi_microphone_device(detail::view(id), to); });
    }
    /// Plays a WAV file, once or repeatedly. Blocks while it reads the first seconds.
    static Result<Microphone> wav(std::string_view path, bool repeat = false) {
        return made([&](rtvi_microphone** to) { return rtvi_microphone_wav(detail::view(path), repeat, to); });
    }
    /// Plays an endless tone.
    static Result<Microphone> tone(AudioFormat format, double frequency, double amplitude = 0.3) {
        return made([&](rtvi_microphone** to) { return rtvi_microphone_tone(format.c(), frequency, amplitude, to); });
    }
    /// Sends endless silence.
    static Result<Microphone> silence(AudioFormat format) {
        return made([&](rtvi_microphone** to) { return rtvi_microphone_silence(format.c(), to); });
    }
    /// Sends the samples that the app pushes: in real time, or with `paced` whenever there is room.
    static Result<std::pair<Microphone, PcmInput>> pcm(AudioFormat format, bool paced = false) {
        rtvi_pcm_input* input = nullptr;
        auto microphone =
            made([&](rtvi_microphone** to) { return rtvi_microphone_pcm(format.c(), paced, to, &input); });
        if (!microphone.ok()) return microphone.error();
        return std::make_pair(std::move(microphone).value(), PcmInput(input));
    }
    /// A microphone of the app's own.
    static Result<Microphone> custom(std::shared_ptr<AudioSource> source) {
        if (!source) return Error(ErrorKind::InvalidArgument, "the source is null");
        const auto table = detail::functions_of(*source);
        const auto format = source->format().c();
        auto guarded = std::make_shared<detail::GuardedDevice<AudioSource>>(std::move(source));
        void* data = detail::give(new detail::SourcePtr(guarded));
        auto microphone = made([&](rtvi_microphone** to) {
            return rtvi_microphone_custom(format, &table, data, detail::drop<detail::SourcePtr>, to);
        });
        if (!microphone.ok()) return microphone;
        Microphone custom = std::move(microphone).value();
        custom.source_ = std::move(guarded);
        return custom;
    }

    /// For the client that consumes it.
    rtvi_microphone* release(const std::shared_ptr<const detail::Context>& context) {
        if (source_) source_->attach(context);
        return microphone_.release();
    }

private:
    struct Free {
        void operator()(rtvi_microphone* it) const noexcept { rtvi_microphone_free(it); }
    };
    template <class F>
    static Result<Microphone> made(F&& make) {
        rtvi_microphone* raw = nullptr;
        if (auto error = detail::take(make(&raw))) return *std::move(error);
        Microphone microphone;
        microphone.microphone_.reset(raw);
        return microphone;
    }

    std::unique_ptr<rtvi_microphone, Free> microphone_;
    detail::SourcePtr source_;
};

/// The destination of the bot's audio. A client consumes it. An empty one means no speaker.
class Speaker {
public:
    Speaker() = default;

    /// A speaker of this machine: the one with this id, or the system's default.
    static Result<Speaker> device(std::string_view id = "default") {
        return made([&](rtvi_speaker** to) { return rtvi_speaker_device(detail::view(id), to); });
    }
    /// Records a 16-bit WAV file, which is complete when the client is destroyed.
    static Result<Speaker> wav(std::string_view path, AudioFormat format) {
        return made([&](rtvi_speaker** to) { return rtvi_speaker_wav(detail::view(path), format.c(), to); });
    }
    /// Passes the samples to the app.
    static Result<std::pair<Speaker, PcmOutput>> pcm(AudioFormat format) {
        rtvi_pcm_output* output = nullptr;
        auto speaker = made([&](rtvi_speaker** to) { return rtvi_speaker_pcm(format.c(), to, &output); });
        if (!speaker.ok()) return speaker.error();
        return std::make_pair(std::move(speaker).value(), PcmOutput(output));
    }
    /// A speaker of the app's own.
    static Result<Speaker> custom(std::shared_ptr<AudioSink> sink) {
        if (!sink) return Error(ErrorKind::InvalidArgument, "the sink is null");
        const auto table = detail::functions_of(*sink);
        const auto format = sink->format().c();
        auto guarded = std::make_shared<detail::GuardedDevice<AudioSink>>(std::move(sink));
        void* data = detail::give(new detail::SinkPtr(guarded));
        auto speaker = made([&](rtvi_speaker** to) {
            return rtvi_speaker_custom(format, &table, data, detail::drop<detail::SinkPtr>, to);
        });
        if (!speaker.ok()) return speaker;
        Speaker custom = std::move(speaker).value();
        custom.sink_ = std::move(guarded);
        return custom;
    }

    /// For the client that consumes it.
    rtvi_speaker* release(const std::shared_ptr<const detail::Context>& context) {
        if (sink_) sink_->attach(context);
        return speaker_.release();
    }

private:
    struct Free {
        void operator()(rtvi_speaker* it) const noexcept { rtvi_speaker_free(it); }
    };
    template <class F>
    static Result<Speaker> made(F&& make) {
        rtvi_speaker* raw = nullptr;
        if (auto error = detail::take(make(&raw))) return *std::move(error);
        Speaker speaker;
        speaker.speaker_.reset(raw);
        return speaker;
    }

    std::unique_ptr<rtvi_speaker, Free> speaker_;
    detail::SinkPtr sink_;
};

RTVI_NAMESPACE_END
