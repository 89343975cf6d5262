/// \file
/// The payloads of events, the turns of conversations, and the information of a client.
///
/// Printed by `cargo xtask bindings` from the core's types. Depends on enums.hpp, error.hpp, json.hpp and view.hpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "enums.hpp"
#include "error.hpp"
#include "json.hpp"
#include "view.hpp"

RTVI_NAMESPACE_BEGIN

/// Why a session ended.
struct DisconnectReason {
    /// The kinds.
    enum class Kind {
        /// The app ended it.
        Requested = RTVI_DISCONNECT_REASON_REQUESTED,
        /// The bot ended it.
        BotLeft = RTVI_DISCONNECT_REASON_BOT_LEFT,
        /// An error ended it.
        Failed = RTVI_DISCONNECT_REASON_FAILED,
    };
    /// The kind.
    Kind kind = Kind::Requested;
    /// The close code, if the transport has one. Of `Kind::BotLeft` only.
    std::optional<std::uint16_t> code;
    /// The server's reason; may be empty. Of `Kind::BotLeft` only.
    std::optional<std::string> reason;
    /// The error. Of `Kind::Failed` only.
    std::optional<Error> error;
    /// As rtvi.h has it.
    static DisconnectReason from(const rtvi_disconnect_reason& c) {
        return {static_cast<Kind>(c.kind), detail::optional<std::uint16_t>(c.code),
                detail::optional_text(c.reason),
                detail::optional_error(c.error)};
    }
};

/// The name that it has in JSON; empty for one that this version does not know.
inline std::string_view to_string(DisconnectReason::Kind value) noexcept {
    switch (value) {
        case DisconnectReason::Kind::Requested: return "requested";
        case DisconnectReason::Kind::BotLeft: return "botLeft";
        case DisconnectReason::Kind::Failed: return "failed";
    }
    return {};
}

/// A participant of the session.
struct Participant {
    /// A unique identifier in the session.
    std::string id;
    /// A display name; may be empty.
    std::string name;
    /// Whether this is the client itself.
    bool local = false;
    /// As rtvi.h has it.
    static Participant from(const rtvi_participant& c) {
        return {detail::text(c.id),
                detail::text(c.name),
                c.local};
    }
};

/// A stream of one participant.
struct Track {
    /// The kind of media that it carries.
    TrackKind kind = TrackKind::Other;
    /// The participant whose media it carries.
    Participant participant;
    /// As rtvi.h has it.
    static Track from(const rtvi_track& c) {
        return {static_cast<TrackKind>(c.kind),
                Participant::from(*c.participant)};
    }
};

/// The state of one device.
struct DeviceState {
    /// The kinds.
    enum class Kind {
        /// The client has not requested it.
        Uninitialized = RTVI_DEVICE_STATE_UNINITIALIZED,
        /// It is being opened.
        Initializing = RTVI_DEVICE_STATE_INITIALIZING,
        /// It is available.
        Granted = RTVI_DEVICE_STATE_GRANTED,
        /// It can't be used.
        Error = RTVI_DEVICE_STATE_ERROR,
    };
    /// The kind.
    Kind kind = Kind::Uninitialized;
    /// The reason, for the app to act on. Of `Kind::Error` only.
    std::optional<DeviceErrorKind> reason;
    /// The reason, as text for people. Of `Kind::Error` only.
    std::optional<std::string> message;
    /// As rtvi.h has it.
    static DeviceState from(const rtvi_device_state& c) {
        return {static_cast<Kind>(c.kind), detail::optional<DeviceErrorKind>(c.reason),
                detail::optional_text(c.message)};
    }
};

/// The name that it has in JSON; empty for one that this version does not know.
inline std::string_view to_string(DeviceState::Kind value) noexcept {
    switch (value) {
        case DeviceState::Kind::Uninitialized: return "uninitialized";
        case DeviceState::Kind::Initializing: return "initializing";
        case DeviceState::Kind::Granted: return "granted";
        case DeviceState::Kind::Error: return "error";
    }
    return {};
}

/// The state of each of a client's devices.
struct MediaState {
    /// The microphone.
    DeviceState mic;
    /// The speaker.
    DeviceState speaker;
    /// The camera.
    DeviceState cam;
    /// Whether the server has muted the microphone, so that the bot hears nothing of it. Ends when
    /// the server allows it, when the app turns the microphone on, or with the connection.
    bool mic_muted = false;
    /// As rtvi.h has it.
    static MediaState from(const rtvi_media_state& c) {
        return {DeviceState::from(*c.mic),
                DeviceState::from(*c.speaker),
                DeviceState::from(*c.cam),
                c.mic_muted};
    }
};

/// A microphone, speaker or camera.
struct MediaDevice {
    /// A stable identifier.
    std::string device_id;
    /// A display name.
    std::string label;
    /// As rtvi.h has it.
    static MediaDevice from(const rtvi_media_device& c) {
        return {detail::text(c.device_id),
                detail::text(c.label)};
    }
};

/// How much of an utterance of the bot reached the speaker.
struct BotAudioHeardData {
    /// How much of its audio went to the speaker. Audio in the speaker's own buffer counts as
    /// heard.
    std::chrono::duration<double, std::milli> heard{};
    /// How much of its audio arrived.
    std::chrono::duration<double, std::milli> received{};
    /// Whether the utterance was cut off.
    bool interrupted = false;
    /// As rtvi.h has it.
    static BotAudioHeardData from(const rtvi_bot_audio_heard& c) {
        return {static_cast<std::chrono::duration<double, std::milli>>(c.heard_ms),
                static_cast<std::chrono::duration<double, std::milli>>(c.received_ms),
                c.interrupted};
    }
};

/// The audio that was dropped for one reason since the last report.
struct AudioDroppedData {
    /// Why it was dropped.
    AudioDropReason reason = AudioDropReason::Other;
    /// How much was dropped; zero when that is unknown, as for packets of an unknown codec.
    std::chrono::duration<double, std::milli> time{};
    /// How many frames or packets were dropped.
    std::uint64_t count = 0;
    /// Details for people, such as the number of the unknown stream; absent if the reason is
    /// enough. Never contains speech.
    std::optional<std::string> detail;
    /// As rtvi.h has it.
    static AudioDroppedData from(const rtvi_audio_dropped& c) {
        return {static_cast<AudioDropReason>(c.reason),
                static_cast<std::chrono::duration<double, std::milli>>(c.time_ms),
                c.count,
                detail::optional_text(c.detail)};
    }
};

/// The statistics of one stream of video, sent or received.
struct VideoStreamStats {
    /// Frames that were sent, or that arrived completely.
    std::uint64_t frames = 0;
    /// Frames that were dropped: not sent because they were too large or too many, or not shown
    /// because they were incomplete or needed a frame that was.
    std::uint64_t frames_dropped = 0;
    /// Key frames among `frames`.
    std::uint64_t key_frames = 0;
    /// Width of the last frame in pixels; 0 before it.
    std::uint32_t width = 0;
    /// Height of the last frame in pixels; 0 before it.
    std::uint32_t height = 0;
    /// Frames in the last second.
    std::uint32_t frame_rate = 0;
    /// Bits in the last second, without headers.
    std::uint64_t bitrate = 0;
    /// The bitrate that this stream may have now, in bits per second.
    std::uint64_t target_bitrate = 0;
    /// Packets that were sent, or that arrived.
    std::uint64_t packets = 0;
    /// Packets that were repeated because the receiver asked for them.
    std::uint64_t packets_repeated = 0;
    /// Packets that the receiver asked to repeat.
    std::uint64_t nacks = 0;
    /// Key frames that the receiver asked for.
    std::uint64_t key_frame_requests = 0;
    /// Pauses of the shown picture that a person notices; received video only.
    std::uint64_t freezes = 0;
    /// The total time of these pauses.
    std::chrono::duration<double, std::milli> freeze_time{};
    /// As rtvi.h has it.
    static VideoStreamStats from(const rtvi_video_stream_stats& c) {
        return {c.frames,
                c.frames_dropped,
                c.key_frames,
                c.width,
                c.height,
                c.frame_rate,
                c.bitrate,
                c.target_bitrate,
                c.packets,
                c.packets_repeated,
                c.nacks,
                c.key_frame_requests,
                c.freezes,
                static_cast<std::chrono::duration<double, std::milli>>(c.freeze_time_ms)};
    }
};

/// The statistics of a connection's video, one part for each stream. All counts are for this
/// connection, since its start.
struct VideoStats {
    /// The camera's stream.
    VideoStreamStats camera;
    /// The screen's stream.
    VideoStreamStats screen;
    /// The bot's stream.
    VideoStreamStats bot;
    /// As rtvi.h has it.
    static VideoStats from(const rtvi_video_stats& c) {
        return {VideoStreamStats::from(*c.camera),
                VideoStreamStats::from(*c.screen),
                VideoStreamStats::from(*c.bot)};
    }
};

/// The quality of a connection. All counts are for this connection, since its start.
struct TransportStatsData {
    /// The round-trip time of a packet; absent until it is measured.
    std::optional<std::chrono::duration<double, std::milli>> round_trip;
    /// The jitter of the bot's packets (RFC 3550 §6.4.1).
    std::chrono::duration<double, std::milli> jitter{};
    /// Packets of the bot's audio that arrived.
    std::uint64_t packets_received = 0;
    /// Packets of the bot's audio that did not arrive or arrived too late.
    std::uint64_t packets_lost = 0;
    /// Packets of the bot's audio that arrived too late.
    std::uint64_t packets_late = 0;
    /// Packets of the bot's audio that were lost, but arrived in time after the server was asked to
    /// repeat them.
    std::uint64_t packets_repeated = 0;
    /// Frames of 20 ms that were recovered or concealed in place of lost packets.
    std::uint64_t frames_concealed = 0;
    /// Packets of the bot's audio that could not be decoded.
    std::uint64_t packets_unreadable = 0;
    /// Packets of the bot's audio that arrived but are not played: they belong to a stream that the
    /// server has not announced, or to a second stream at the same time, or there is no room for
    /// them. The event `audioDropped` also reports each of them.
    std::uint64_t packets_dropped = 0;
    /// Packets of video, which are not played.
    std::uint64_t video_packets_dropped = 0;
    /// Packets of the user's audio that were sent.
    std::uint64_t packets_sent = 0;
    /// The bitrate of the bot's audio in the last second, in bits per second without headers.
    std::uint64_t receive_bitrate = 0;
    /// The bitrate of the user's audio in the last second, in bits per second without headers.
    std::uint64_t send_bitrate = 0;
    /// The amount of the bot's audio in the jitter buffer.
    std::chrono::duration<double, std::milli> buffer_depth{};
    /// The target delay of the jitter buffer.
    std::chrono::duration<double, std::milli> buffer_target{};
    /// The video; absent if the connection carries none.
    std::optional<VideoStats> video;
    /// The client's end of the connection, as kind and address: `host 192.0.2.1:5000`. With ICE
    /// over TCP, ` tcp` follows.
    std::optional<std::string> local_candidate;
    /// The server's end of the connection.
    std::optional<std::string> remote_candidate;
    /// As rtvi.h has it.
    static TransportStatsData from(const rtvi_transport_stats& c) {
        return {detail::optional<std::chrono::duration<double, std::milli>>(c.round_trip_ms),
                static_cast<std::chrono::duration<double, std::milli>>(c.jitter_ms),
                c.packets_received,
                c.packets_lost,
                c.packets_late,
                c.packets_repeated,
                c.frames_concealed,
                c.packets_unreadable,
                c.packets_dropped,
                c.video_packets_dropped,
                c.packets_sent,
                c.receive_bitrate,
                c.send_bitrate,
                static_cast<std::chrono::duration<double, std::milli>>(c.buffer_depth_ms),
                static_cast<std::chrono::duration<double, std::milli>>(c.buffer_target_ms),
                detail::optional_struct<VideoStats>(c.video),
                detail::optional_text(c.local_candidate),
                detail::optional_text(c.remote_candidate)};
    }
};

/// The capabilities of a bot in a session. If one is absent, the bot did not report it: show the
/// usual user interface. If it is false, hide that part of the interface.
struct BotCapabilities {
    /// The bot hears the user.
    std::optional<bool> audio_in;
    /// The bot speaks.
    std::optional<bool> audio_out;
    /// The bot sees the user's camera.
    std::optional<bool> video_in;
    /// The bot sees the user's screen.
    std::optional<bool> screen_in;
    /// The bot sends video.
    std::optional<bool> video_out;
    /// The bot reports metrics.
    std::optional<bool> metrics;
    /// As rtvi.h has it.
    static BotCapabilities from(const rtvi_bot_capabilities& c) {
        return {detail::optional<bool>(c.audio_in),
                detail::optional<bool>(c.audio_out),
                detail::optional<bool>(c.video_in),
                detail::optional<bool>(c.screen_in),
                detail::optional<bool>(c.video_out),
                detail::optional<bool>(c.metrics)};
    }
};

/// What the bot reports about itself when it is ready.
struct BotReadyData {
    /// The protocol version, as written by the server.
    std::optional<std::string> version;
    /// The bot's library and further details. Any JSON; by default an object `{library,
    /// library_version}`. Empty where it is absent.
    Json about;
    /// The bot's capabilities in this session (since 2.2.0).
    std::optional<BotCapabilities> capabilities;
    /// The service configuration, which only servers before 1.0 send. Empty where it is absent.
    Json config;
    /// As rtvi.h has it.
    static BotReadyData from(const rtvi_bot_ready_data& c) {
        return {detail::optional_text(c.version),
                detail::json(c.about),
                detail::optional_struct<BotCapabilities>(c.capabilities),
                detail::json(c.config)};
    }
};

/// The bot's answer to a client-message.
struct ServerResponseData {
    /// The type of the client-message.
    std::string t;
    /// The answer. An explicit null is the same as no answer. Empty where it is absent.
    Json d;
    /// As rtvi.h has it.
    static ServerResponseData from(const rtvi_server_response_data& c) {
        return {detail::text(c.t),
                detail::json(c.d)};
    }
};

/// How much of a segment has been spoken.
struct SpokenProgress {
    /// The text up to and including the word being spoken.
    std::string accumulated_text;
    /// The text that has not been spoken yet.
    std::string remaining_text;
    /// As rtvi.h has it.
    static SpokenProgress from(const rtvi_spoken_progress& c) {
        return {detail::text(c.accumulated_text),
                detail::text(c.remaining_text)};
    }
};

/// A piece of what the bot says or writes.
///
/// From protocol 2 on, the messages of one segment share a segment id and report its progress. A
/// 1.x server sends each piece twice: once when it is written and once when it is spoken. The field
/// `spoken` distinguishes the two. On output, the type is written under all three names that
/// protocol 2 servers use: `output_type`, `text_type` and `aggregated_by`.
struct BotOutputData {
    /// The text of the piece.
    std::string text;
    /// Its form; a sentence if the server does not report it.
    std::string output_type;
    /// The segment that it belongs to.
    std::optional<std::uint64_t> segment_id;
    /// Whether it has been spoken. 1.x servers send it; protocol 2 servers send it with a segment's
    /// first message.
    std::optional<bool> spoken;
    /// Whether it will be spoken.
    std::optional<bool> will_be_spoken;
    /// How far the segment has been spoken.
    std::optional<std::string> spoken_status;
    /// What has been spoken and what has not.
    std::optional<SpokenProgress> spoken_progress;
    /// As rtvi.h has it.
    static BotOutputData from(const rtvi_bot_output_data& c) {
        return {detail::text(c.text),
                detail::text(c.output_type),
                detail::optional<std::uint64_t>(c.segment_id),
                detail::optional<bool>(c.spoken),
                detail::optional<bool>(c.will_be_spoken),
                detail::optional_text(c.spoken_status),
                detail::optional_struct<SpokenProgress>(c.spoken_progress)};
    }
};

/// A text, and no other field.
struct TextData {
    /// The text.
    std::string text;
    /// As rtvi.h has it.
    static TextData from(const rtvi_text_data& c) {
        return {detail::text(c.text)};
    }
};

/// Synthesized speech.
struct BotTtsAudioData {
    /// 16-bit little-endian PCM, channels interleaved; base64 on the wire.
    std::vector<std::uint8_t> audio;
    /// Samples per second and channel.
    std::uint32_t sample_rate = 0;
    /// Number of channels.
    std::uint32_t num_channels = 0;
    /// As rtvi.h has it.
    static BotTtsAudioData from(const rtvi_bot_tts_audio_data& c) {
        return {detail::numbers(c.audio, c.audio_count),
                c.sample_rate,
                c.num_channels};
    }
};

/// What the user said, as transcribed so far.
struct TranscriptData {
    /// The text.
    std::string text;
    /// The speaker; empty if the transport does not know.
    std::optional<std::string> user_id;
    /// The time by the server's clock, as ISO 8601.
    std::optional<std::string> timestamp;
    /// False for an interim transcription; `final` on the wire. A transcription without this field
    /// is final.
    bool is_final = false;
    /// As rtvi.h has it.
    static TranscriptData from(const rtvi_transcript_data& c) {
        return {detail::text(c.text),
                detail::optional_text(c.user_id),
                detail::optional_text(c.timestamp),
                c.is_final};
    }
};

/// What the user said or typed.
struct UserInputData {
    /// The text.
    std::string text;
    /// How the input reached the bot.
    std::string input_type;
    /// The time by the server's clock, as ISO 8601.
    std::optional<std::string> timestamp;
    /// False for an interim transcription; `final` on the wire. Input without this field is final.
    bool is_final = false;
    /// The user who spoke or typed, if the transport knows.
    std::optional<std::string> user_id;
    /// For typed input, the id of the client's send-text message.
    std::optional<std::string> msg_id;
    /// As rtvi.h has it.
    static UserInputData from(const rtvi_user_input_data& c) {
        return {detail::text(c.text),
                detail::text(c.input_type),
                detail::optional_text(c.timestamp),
                c.is_final,
                detail::optional_text(c.user_id),
                detail::optional_text(c.msg_id)};
    }
};

/// A marker that the LLM added to its text. The bot does not speak it.
struct BotLlmMarkerData {
    /// The marker; empty if the answer has none.
    std::string text;
    /// Its meaning, as described by the bot's author.
    std::optional<std::string> kind;
    /// The LLM's complete answer with its markers.
    std::string raw;
    /// All markers that the bot knows.
    std::vector<std::string> markers;
    /// As rtvi.h has it.
    static BotLlmMarkerData from(const rtvi_bot_llm_marker_data& c) {
        return {detail::text(c.text),
                detail::optional_text(c.kind),
                detail::text(c.raw),
                detail::texts(c.markers, c.markers_count)};
    }
};

/// A part of an answer, with how well its site supports it.
struct SearchResult {
    /// The text of the part.
    std::string text;
    /// Confidences from 0 to 1; 0 where the server has no number, such as `NaN`.
    std::vector<double> confidence;
    /// As rtvi.h has it.
    static SearchResult from(const rtvi_search_result& c) {
        return {detail::text(c.text),
                detail::numbers(c.confidence, c.confidence_count)};
    }
};

/// A site that a search result comes from.
struct SearchOrigin {
    /// Its URL.
    std::optional<std::string> site_uri;
    /// Its title.
    std::optional<std::string> site_title;
    /// The parts of the answer that it supports.
    std::vector<SearchResult> results;
    /// As rtvi.h has it.
    static SearchOrigin from(const rtvi_search_origin& c) {
        return {detail::optional_text(c.site_uri),
                detail::optional_text(c.site_title),
                detail::list<SearchResult>(c.results, c.results_count)};
    }
};

/// The results of a web search by the LLM.
struct BotLlmSearchResponseData {
    /// The answer.
    std::optional<std::string> search_result;
    /// HTML to show with the answer, as the search service requires.
    std::optional<std::string> rendered_content;
    /// The sites that the answer is based on.
    std::vector<SearchOrigin> origins;
    /// As rtvi.h has it.
    static BotLlmSearchResponseData from(const rtvi_bot_llm_search_response_data& c) {
        return {detail::optional_text(c.search_result),
                detail::optional_text(c.rendered_content),
                detail::list<SearchOrigin>(c.origins, c.origins_count)};
    }
};

/// A call of a client's function, in the deprecated form.
struct FunctionCallData {
    /// The function's name.
    std::string function_name;
    /// The call's id; the result must carry it. Empty if the LLM assigned no id. Not unique,
    /// because LLMs number the calls of each round.
    std::string tool_call_id;
    /// The arguments; this message calls them `args` on the wire.
    Json arguments;
    /// As rtvi.h has it.
    static FunctionCallData from(const rtvi_function_call_data& c) {
        return {detail::text(c.function_name),
                detail::text(c.tool_call_id),
                detail::json(c.arguments)};
    }
};

/// A call that is about to happen.
struct FunctionCallStartedData {
    /// The function's name, if the server's report level includes it.
    std::optional<std::string> function_name;
    /// As rtvi.h has it.
    static FunctionCallStartedData from(const rtvi_function_call_started_data& c) {
        return {detail::optional_text(c.function_name)};
    }
};

/// A call that is running.
struct FunctionCallInProgressData {
    /// The call's id.
    std::string tool_call_id;
    /// The function's name, if the server's report level includes it.
    std::optional<std::string> function_name;
    /// The arguments, if the server's report level includes them. Empty where it is absent.
    Json arguments;
    /// As rtvi.h has it.
    static FunctionCallInProgressData from(const rtvi_function_call_in_progress_data& c) {
        return {detail::text(c.tool_call_id),
                detail::optional_text(c.function_name),
                detail::json(c.arguments)};
    }
};

/// A call that ended.
struct FunctionCallStoppedData {
    /// The call's id.
    std::string tool_call_id;
    /// Whether it was cancelled rather than completed.
    bool cancelled = false;
    /// The function's name, if the server's report level includes it.
    std::optional<std::string> function_name;
    /// The result, if the server's report level includes it. Servers omit empty, false and zero
    /// results. Empty where it is absent.
    Json result;
    /// As rtvi.h has it.
    static FunctionCallStoppedData from(const rtvi_function_call_stopped_data& c) {
        return {detail::text(c.tool_call_id),
                c.cancelled,
                detail::optional_text(c.function_name),
                detail::json(c.result)};
    }
};

/// One measurement.
struct MetricEntry {
    /// The part of the bot that was measured, if the server names it.
    std::optional<std::string> processor;
    /// The model that it uses, if any.
    std::optional<std::string> model;
    /// The measured value in seconds or characters, if it is one number.
    std::optional<double> value;
    /// All fields as the server sent them, including those above.
    Json fields;
    /// As rtvi.h has it.
    static MetricEntry from(const rtvi_metric_entry& c) {
        return {detail::optional_text(c.processor),
                detail::optional_text(c.model),
                detail::optional<double>(c.value),
                detail::json(c.fields)};
    }
};

/// Measurements, by kind. Times are in seconds.
struct MetricsData {
    /// Time to first byte: `value`.
    std::vector<MetricEntry> ttfb;
    /// Processing time: `value`.
    std::vector<MetricEntry> processing;
    /// Characters spoken: `value`.
    std::vector<MetricEntry> characters;
    /// Time to first audible audio: `ttfa` = `ttfb` + `leading_silence`.
    std::vector<MetricEntry> ttfa;
    /// Time to the first token of the answer: `ttfat` = `ttfb` + `thinking_time`.
    std::vector<MetricEntry> ttfat;
    /// Tokens of the LLM: `prompt_tokens`, `completion_tokens`, `total_tokens` and more; without
    /// `processor`.
    std::vector<MetricEntry> tokens;
    /// Audio transcribed since the last report: `value` is `{audio_seconds}`.
    std::vector<MetricEntry> stt_usage;
    /// Kinds that this version does not know, unchanged.
    Json other;
    /// As rtvi.h has it.
    static MetricsData from(const rtvi_metrics_data& c) {
        return {detail::list<MetricEntry>(c.ttfb, c.ttfb_count),
                detail::list<MetricEntry>(c.processing, c.processing_count),
                detail::list<MetricEntry>(c.characters, c.characters_count),
                detail::list<MetricEntry>(c.ttfa, c.ttfa_count),
                detail::list<MetricEntry>(c.ttfat, c.ttfat_count),
                detail::list<MetricEntry>(c.tokens, c.tokens_count),
                detail::list<MetricEntry>(c.stt_usage, c.stt_usage_count),
                detail::json(c.other)};
    }
};

/// Loudness.
struct AudioLevelData {
    /// From 0 (silence) to 1; 0 where the server has no number, such as `NaN`.
    double value = 0;
    /// As rtvi.h has it.
    static AudioLevelData from(const rtvi_audio_level_data& c) {
        return {c.value};
    }
};

/// A command for the user interface.
struct UiCommandData {
    /// The command: a built-in name such as `toast` or `scroll_to`, or one that the app defines.
    std::string command;
    /// Its arguments. Empty where it is absent.
    Json payload;
    /// As rtvi.h has it.
    static UiCommandData from(const rtvi_ui_command_data& c) {
        return {detail::text(c.command),
                detail::json(c.payload)};
    }
};

/// A step of a group of jobs. `kind` identifies the step, and so which fields are set.
struct UiJobGroupData {
    /// The kind of step.
    std::string kind;
    /// The group's id.
    std::string job_id;
    /// The time of the step by the server's clock, in milliseconds since 1970; 0 if the server does
    /// not report it.
    std::int64_t at = 0;
    /// Group started: the names of the workers.
    std::vector<std::string> workers;
    /// Group started: a display name.
    std::optional<std::string> label;
    /// Group started: whether the user may cancel it; true if absent.
    std::optional<bool> cancellable;
    /// Job update and job completed: the name of the worker.
    std::optional<std::string> worker_name;
    /// Job update: what the worker reports. Empty where it is absent.
    Json data;
    /// Job completed: how the job ended.
    std::optional<std::string> status;
    /// Job completed: the job's result. Empty where it is absent.
    Json response;
    /// As rtvi.h has it.
    static UiJobGroupData from(const rtvi_ui_job_group_data& c) {
        return {detail::text(c.kind),
                detail::text(c.job_id),
                c.at,
                detail::texts(c.workers, c.workers_count),
                detail::optional_text(c.label),
                detail::optional<bool>(c.cancellable),
                detail::optional_text(c.worker_name),
                detail::json(c.data),
                detail::optional_text(c.status),
                detail::json(c.response)};
    }
};

/// How much audio a client has moved since it was created.
struct AudioStats {
    /// The user's audio passed to the transport, silence included.
    std::chrono::duration<double, std::milli> sent{};
    /// The user's audio that was lost because the transport, its server or the client did not take
    /// it in time, or because it came too early before the bot was ready.
    /// The event `audioDropped` gives the reason.
    std::chrono::duration<double, std::milli> send_dropped{};
    /// The bot's audio that arrived.
    std::chrono::duration<double, std::milli> received{};
    /// The bot's audio passed to the speaker.
    std::chrono::duration<double, std::milli> played{};
    /// The bot's audio that was discarded because the bot was interrupted.
    std::chrono::duration<double, std::milli> flushed{};
    /// The bot's audio that was lost because too much of it was waiting, or because the speaker was
    /// too slow. The transport's statistics count the WebRTC packets that were dropped before
    /// decoding.
    std::chrono::duration<double, std::milli> receive_dropped{};
    /// As rtvi.h has it.
    static AudioStats from(const rtvi_audio_stats& c) {
        return {static_cast<std::chrono::duration<double, std::milli>>(c.sent_ms),
                static_cast<std::chrono::duration<double, std::milli>>(c.send_dropped_ms),
                static_cast<std::chrono::duration<double, std::milli>>(c.received_ms),
                static_cast<std::chrono::duration<double, std::milli>>(c.played_ms),
                static_cast<std::chrono::duration<double, std::milli>>(c.flushed_ms),
                static_cast<std::chrono::duration<double, std::milli>>(c.receive_dropped_ms)};
    }
};

/// The effect of an event on the conversation.
struct ConversationChange {
    /// How many of the oldest turns were removed because there were too many. Every index decreased
    /// by this number.
    std::uint32_t dropped = 0;
    /// The index of the first turn that may have been changed, added or removed; earlier turns are
    /// unchanged. It is nearly always the last turn or the one before it. If only the last turns
    /// were removed, it equals the number of turns.
    std::uint32_t first = 0;
    /// As rtvi.h has it.
    static ConversationChange from(const rtvi_conversation_change& c) {
        return {c.dropped,
                c.first};
    }
};

/// A piece of what the bot says or writes, such as a sentence.
struct Segment {
    /// The server's number for the segment; absent with 1.x servers.
    std::optional<std::uint64_t> id;
    /// Its form, such as a sentence, or one that the app defines.
    std::string kind;
    /// The complete text.
    std::string text;
    /// How far the segment has been spoken.
    SegmentState state = SegmentState::Pending;
    /// What has been spoken so far: the beginning of the text.
    ///
    /// From protocol 2 on, this is exactly what the server reports. A 1.x server reports single
    /// words, and the client matches them with the text. After a word that does not match (such as
    /// a number spelled out), the words are joined with single spaces, and the result is no longer
    /// the beginning of the text.
    std::string spoken_text;
    /// Whether the bot is still writing it, so that the text grows.
    bool growing = false;
    /// As rtvi.h has it.
    static Segment from(const rtvi_segment& c) {
        return {detail::optional<std::uint64_t>(c.id),
                detail::text(c.kind),
                detail::text(c.text),
                static_cast<SegmentState>(c.state),
                detail::text(c.spoken_text),
                c.growing};
    }
};

/// A function call of the LLM. The server's report level decides how much of it is known.
struct FunctionCallEntry {
    /// The call's id.
    std::string tool_call_id;
    /// The function's name, if reported.
    std::optional<std::string> function_name;
    /// The arguments, if reported: a JSON object. Empty where it is absent.
    Json arguments;
    /// The progress of the call. Calls in the form of 1.x servers are never reported as done.
    FunctionCallState state = FunctionCallState::Running;
    /// The result, if reported. Empty where it is absent.
    Json result;
    /// As rtvi.h has it.
    static FunctionCallEntry from(const rtvi_function_call_entry& c) {
        return {detail::text(c.tool_call_id),
                detail::optional_text(c.function_name),
                detail::json(c.arguments),
                static_cast<FunctionCallState>(c.state),
                detail::json(c.result)};
    }
};

/// A part of a bot's turn.
struct BotPart {
    /// The kinds.
    enum class Kind {
        /// Something said or written.
        Segment = RTVI_BOT_PART_SEGMENT,
        /// A function call.
        FunctionCall = RTVI_BOT_PART_FUNCTION_CALL,
        /// A short acknowledgement of the user, such as "mhm", that neither interrupted the bot nor
        /// formed a turn.
        UserBackchannel = RTVI_BOT_PART_USER_BACKCHANNEL,
    };
    /// The kind.
    Kind kind = Kind::Segment;
    /// The segment. Of `Kind::Segment` only.
    std::optional<Segment> segment;
    /// The function call. Of `Kind::FunctionCall` only.
    std::optional<FunctionCallEntry> function_call;
    /// What the user said. Of `Kind::UserBackchannel` only.
    std::optional<std::string> text;
    /// As rtvi.h has it.
    static BotPart from(const rtvi_bot_part& c) {
        return {static_cast<Kind>(c.kind), detail::optional_struct<Segment>(c.segment),
                detail::optional_struct<FunctionCallEntry>(c.function_call),
                detail::optional_text(c.text)};
    }
};

/// The name that it has in JSON; empty for one that this version does not know.
inline std::string_view to_string(BotPart::Kind value) noexcept {
    switch (value) {
        case BotPart::Kind::Segment: return "segment";
        case BotPart::Kind::FunctionCall: return "functionCall";
        case BotPart::Kind::UserBackchannel: return "userBackchannel";
    }
    return {};
}

/// What the bot said, wrote and did.
struct BotTurn {
    /// The parts, in order.
    std::vector<BotPart> parts;
    /// How much of the turn's audio was heard, summed over its utterances so far. Absent until one
    /// was heard, and without audio.
    std::optional<BotAudioHeardData> audio;
    /// As rtvi.h has it.
    static BotTurn from(const rtvi_bot_turn& c) {
        return {detail::list<BotPart>(c.parts, c.parts_count),
                detail::optional_struct<BotAudioHeardData>(c.audio)};
    }
};

/// What the user said or typed.
struct UserTurn {
    /// The confirmed text: the final transcriptions, or what was typed.
    std::string final_text;
    /// What the user is saying, as transcribed so far. It changes until it moves into the final
    /// text.
    std::optional<std::string> interim;
    /// What the LLM received, which may differ. It is the only text if an app or a 1.x client's
    /// text started the turn.
    std::optional<std::string> llm_text;
    /// Whether it was typed rather than spoken.
    bool typed = false;
    /// Whether the user is speaking now.
    bool speaking = false;
    /// The speaker, if the transport knows.
    std::optional<std::string> user_id;
    /// When the first text arrived, as ISO 8601 by the server's clock.
    std::optional<std::string> timestamp;
    /// For typed text, the id of the send-text message.
    std::optional<std::string> msg_id;
    /// Short acknowledgements of the user that formed no turn and occurred when there was no bot
    /// turn to hold them.
    std::vector<std::string> backchannels;
    /// As rtvi.h has it.
    static UserTurn from(const rtvi_user_turn& c) {
        return {detail::text(c.final_text),
                detail::optional_text(c.interim),
                detail::optional_text(c.llm_text),
                c.typed,
                c.speaking,
                detail::optional_text(c.user_id),
                detail::optional_text(c.timestamp),
                detail::optional_text(c.msg_id),
                detail::texts(c.backchannels, c.backchannels_count)};
    }
};

/// Whose turn it is, and what was said.
struct TurnContent {
    /// The kinds.
    enum class Kind {
        /// The user's.
        User = RTVI_TURN_CONTENT_USER,
        /// The bot's.
        Bot = RTVI_TURN_CONTENT_BOT,
    };
    /// The kind.
    Kind kind = Kind::User;
    /// The user. Of `Kind::User` only.
    std::optional<UserTurn> user;
    /// The bot. Of `Kind::Bot` only.
    std::optional<BotTurn> bot;
    /// As rtvi.h has it.
    static TurnContent from(const rtvi_turn_content& c) {
        return {static_cast<Kind>(c.kind), detail::optional_struct<UserTurn>(c.user),
                detail::optional_struct<BotTurn>(c.bot)};
    }
};

/// The name that it has in JSON; empty for one that this version does not know.
inline std::string_view to_string(TurnContent::Kind value) noexcept {
    switch (value) {
        case TurnContent::Kind::User: return "user";
        case TurnContent::Kind::Bot: return "bot";
    }
    return {};
}

/// What one side said before the other took over.
struct Turn {
    /// The number of the turn, from 0. It is never reused in this conversation, so it can serve as
    /// a key for lists.
    std::uint64_t id = 0;
    /// Everything said or written in the turn, and everything still to be said. A user's turn
    /// includes what is still being transcribed.
    std::string text;
    /// What reached the other side: what the user heard of the bot, or what the LLM received from
    /// the user.
    ///
    /// Text that is never spoken is not heard either.
    std::string heard_text;
    /// Whether something is missing because a limit was reached.
    bool truncated = false;
    /// Whose turn it is, and what was said.
    TurnContent content;
    /// As rtvi.h has it.
    static Turn from(const rtvi_turn& c) {
        return {c.id,
                detail::text(c.text),
                detail::text(c.heard_text),
                c.truncated,
                TurnContent::from(*c.content)};
    }
};

/// Measurements of the processing of the microphone's audio.
struct ProcessingStats {
    /// How far the echo lags behind the speaker, as the echo canceller has measured.
    std::optional<std::chrono::duration<double, std::milli>> echo_delay;
    /// How much weaker the echo became, in decibels, as the echo canceller estimates (ERLE).
    std::optional<float> echo_reduction_db;
    /// As rtvi.h has it.
    static ProcessingStats from(const rtvi_processing_stats& c) {
        return {detail::optional<std::chrono::duration<double, std::milli>>(c.echo_delay_ms),
                detail::optional<float>(c.echo_reduction_db)};
    }
};

/// What a client knows of its bot, its devices and its audio at one moment.
struct ClientInfo {
    /// What the bot said when it became ready; absent without a session.
    std::optional<BotReadyData> bot;
    /// What the devices are doing.
    MediaState media_state;
    /// The audio and video that flows now, the user's and the bot's.
    std::vector<Track> tracks;
    /// How much audio has been moved since the client was made.
    AudioStats audio_stats;
    /// How the processing of the microphone's audio does, as of the last report of levels.
    ProcessingStats processing_stats;
    /// The microphones to choose from.
    std::vector<MediaDevice> mics;
    /// The speakers to choose from.
    std::vector<MediaDevice> speakers;
    /// The cameras to choose from.
    std::vector<MediaDevice> cams;
    /// The microphone in use.
    std::optional<MediaDevice> selected_mic;
    /// The speaker in use.
    std::optional<MediaDevice> selected_speaker;
    /// The camera in use.
    std::optional<MediaDevice> selected_cam;
    /// Whether the microphone is on, or will be when a session begins.
    bool is_mic_enabled = false;
    /// Whether the camera is on, or will be when a session begins.
    bool is_cam_enabled = false;
    /// Whether pictures of the screen flow to the bot.
    bool is_sharing_screen = false;
    /// As rtvi.h has it.
    static ClientInfo from(const rtvi_client_info& c) {
        return {detail::optional_struct<BotReadyData>(c.bot),
                MediaState::from(*c.media_state),
                detail::list<Track>(c.tracks, c.tracks_count),
                AudioStats::from(*c.audio_stats),
                ProcessingStats::from(*c.processing_stats),
                detail::list<MediaDevice>(c.mics, c.mics_count),
                detail::list<MediaDevice>(c.speakers, c.speakers_count),
                detail::list<MediaDevice>(c.cams, c.cams_count),
                detail::optional_struct<MediaDevice>(c.selected_mic),
                detail::optional_struct<MediaDevice>(c.selected_speaker),
                detail::optional_struct<MediaDevice>(c.selected_cam),
                c.is_mic_enabled,
                c.is_cam_enabled,
                c.is_sharing_screen};
    }
};

RTVI_NAMESPACE_END
