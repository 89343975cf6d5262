/// \file
/// The payloads of events, and the turns of conversations.
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

namespace rtvi {

/// Why a session ended.
struct DisconnectReason {
    enum class Kind {
        /// The app asked for it.
        Requested = RTVI_DISCONNECT_REASON_REQUESTED,
        /// The bot ended it.
        BotLeft = RTVI_DISCONNECT_REASON_BOT_LEFT,
        /// It failed.
        Failed = RTVI_DISCONNECT_REASON_FAILED,
    };
    /// Which of them.
    Kind kind = Kind::Requested;
    /// The close code, where the transport has one. Of `Kind::BotLeft` only.
    std::optional<std::uint16_t> code;
    /// What the server said; may be empty. Of `Kind::BotLeft` only.
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

/// Somebody in the session.
struct Participant {
    /// Unique in the session.
    std::string id;
    /// Name to show; may be empty.
    std::string name;
    /// Whether it is this client.
    bool local = false;
    /// As rtvi.h has it.
    static Participant from(const rtvi_participant& c) {
        return {detail::text(c.id),
                detail::text(c.name),
                c.local};
    }
};

/// A stream of audio of one participant.
struct Track {
    /// What it carries.
    TrackKind kind = TrackKind::Other;
    /// Whose it is.
    Participant participant;
    /// As rtvi.h has it.
    static Track from(const rtvi_track& c) {
        return {static_cast<TrackKind>(c.kind),
                Participant::from(*c.participant)};
    }
};

/// What one device is doing.
struct DeviceState {
    enum class Kind {
        /// It has not been asked for.
        Uninitialized = RTVI_DEVICE_STATE_UNINITIALIZED,
        /// It is being opened.
        Initializing = RTVI_DEVICE_STATE_INITIALIZING,
        /// It is there.
        Granted = RTVI_DEVICE_STATE_GRANTED,
        /// It can't be used.
        Error = RTVI_DEVICE_STATE_ERROR,
    };
    /// Which of them.
    Kind kind = Kind::Uninitialized;
    /// Why, to act on. Of `Kind::Error` only.
    std::optional<DeviceErrorKind> reason;
    /// Why, for people. Of `Kind::Error` only.
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

/// What a client's devices are doing.
struct MediaState {
    /// The microphone.
    DeviceState mic;
    /// The speaker.
    DeviceState speaker;
    /// The camera.
    DeviceState cam;
    /// As rtvi.h has it.
    static MediaState from(const rtvi_media_state& c) {
        return {DeviceState::from(*c.mic),
                DeviceState::from(*c.speaker),
                DeviceState::from(*c.cam)};
    }
};

/// A microphone or speaker.
struct MediaDevice {
    /// Stable identifier.
    std::string device_id;
    /// Name to show.
    std::string label;
    /// As rtvi.h has it.
    static MediaDevice from(const rtvi_media_device& c) {
        return {detail::text(c.device_id),
                detail::text(c.label)};
    }
};

/// How much of an utterance of the bot reached the speaker.
struct BotAudioHeardData {
    /// How much of its audio was given to the speaker. What the speaker itself still buffers counts as heard.
    std::chrono::duration<double, std::milli> heard{};
    /// How much of its audio arrived.
    std::chrono::duration<double, std::milli> received{};
    /// Whether it was cut off.
    bool interrupted = false;
    /// As rtvi.h has it.
    static BotAudioHeardData from(const rtvi_bot_audio_heard& c) {
        return {static_cast<std::chrono::duration<double, std::milli>>(c.heard_ms),
                static_cast<std::chrono::duration<double, std::milli>>(c.received_ms),
                c.interrupted};
    }
};

/// Audio that was dropped, as much as was dropped for one reason since it was reported last.
struct AudioDroppedData {
    /// Why.
    AudioDropReason reason = AudioDropReason::Other;
    /// How much, in time; zero where nobody can tell, as of packets of an unknown codec.
    std::chrono::duration<double, std::milli> time{};
    /// In how many frames or packets.
    std::uint64_t count = 0;
    /// What it was, for people, such as the number of the unknown stream; absent when the reason says all. Never what was said.
    std::optional<std::string> detail;
    /// As rtvi.h has it.
    static AudioDroppedData from(const rtvi_audio_dropped& c) {
        return {static_cast<AudioDropReason>(c.reason),
                static_cast<std::chrono::duration<double, std::milli>>(c.time_ms),
                c.count,
                detail::optional_text(c.detail)};
    }
};

/// How well a connection does. Counts are of this connection, from its beginning.
struct TransportStatsData {
    /// How long a packet takes to the server and back; absent before it was measured.
    std::optional<std::chrono::duration<double, std::milli>> round_trip;
    /// How unevenly the bot's packets arrive (RFC 3550 §6.4.1).
    std::chrono::duration<double, std::milli> jitter{};
    /// Packets of the bot's audio that arrived.
    std::uint64_t packets_received = 0;
    /// Packets of the bot's audio that did not arrive, or too late.
    std::uint64_t packets_lost = 0;
    /// Packets of the bot's audio that arrived too late.
    std::uint64_t packets_late = 0;
    /// Packets of the bot's audio that were lost, and came in time when the server was asked to send them again.
    std::uint64_t packets_repeated = 0;
    /// Frames of 20 ms that were recovered or concealed in place of lost packets.
    std::uint64_t frames_concealed = 0;
    /// Packets of the bot's audio that could not be decoded.
    std::uint64_t packets_unreadable = 0;
    /// Packets of the bot's audio that arrived and are not played: of a stream that the server has not announced, of a second one at
    /// the same time, or more than there is room for. Each is reported by `TransportEvent::AudioDropped`, too.
    std::uint64_t packets_dropped = 0;
    /// Packets of video, which is not played.
    std::uint64_t video_packets_dropped = 0;
    /// Packets of the user's audio that were sent.
    std::uint64_t packets_sent = 0;
    /// The bot's audio in the last second, in bits per second without headers.
    std::uint64_t receive_bitrate = 0;
    /// The user's audio in the last second, in bits per second without headers.
    std::uint64_t send_bitrate = 0;
    /// How much of the bot's audio waits in the jitter buffer.
    std::chrono::duration<double, std::milli> buffer_depth{};
    /// The delay the jitter buffer aims at.
    std::chrono::duration<double, std::milli> buffer_target{};
    /// Our end of the connection, as kind and address: `host 192.0.2.1:5000`. ` tcp` follows where ICE
    /// chose TCP.
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
                detail::optional_text(c.local_candidate),
                detail::optional_text(c.remote_candidate)};
    }
};

/// What a bot does in a session. absent means that it did not say: show the usual user interface; `false`: hide it.
struct BotCapabilities {
    /// Hears the user.
    std::optional<bool> audio_in;
    /// Speaks.
    std::optional<bool> audio_out;
    /// Sees the user's camera.
    std::optional<bool> video_in;
    /// Sees the user's screen.
    std::optional<bool> screen_in;
    /// Sends video.
    std::optional<bool> video_out;
    /// Reports metrics.
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

/// What the bot says of itself when it is ready.
struct BotReadyData {
    /// The protocol version, as written by the server; see `protocol_version`.
    std::optional<std::string> version;
    /// The bot's library and whatever else it tells; any JSON, an object `{library, library_version}` by default. Empty where it is absent.
    Json about;
    /// What the bot does in this session (since 2.2.0).
    std::optional<BotCapabilities> capabilities;
    /// The service configuration that servers older than 1.0 sent. Empty where it is absent.
    Json config;
    /// As rtvi.h has it.
    static BotReadyData from(const rtvi_bot_ready_data& c) {
        return {detail::optional_text(c.version),
                detail::json(c.about),
                detail::optional_struct<BotCapabilities>(c.capabilities),
                detail::json(c.config)};
    }
};

/// The app's answer to a client-message.
struct ServerResponseData {
    /// The type of the client-message.
    std::string t;
    /// The answer; an explicit null is the same as none. Empty where it is absent.
    Json d;
    /// As rtvi.h has it.
    static ServerResponseData from(const rtvi_server_response_data& c) {
        return {detail::text(c.t),
                detail::json(c.d)};
    }
};

/// How much of a segment has been spoken.
struct SpokenProgress {
    /// The text up to and with the word being spoken.
    std::string accumulated_text;
    /// The text still to be spoken.
    std::string remaining_text;
    /// As rtvi.h has it.
    static SpokenProgress from(const rtvi_spoken_progress& c) {
        return {detail::text(c.accumulated_text),
                detail::text(c.remaining_text)};
    }
};

/// A piece of what the bot says or writes.
///
/// From protocol 2 on, the messages of one segment share a `segment_id` and tell its progress. A 1.x server sends each piece
/// once when written and once when spoken, told apart by `spoken`. On output the type is written under all three names
/// that protocol 2 servers use: `output_type`, `text_type` and `aggregated_by`.
struct BotOutputData {
    /// The text of the piece.
    std::string text;
    /// Its form; a sentence if the server does not say.
    std::string output_type;
    /// Which segment it belongs to.
    std::optional<std::uint64_t> segment_id;
    /// Whether it has been spoken (1.x; protocol 2 servers send it with a segment's first message).
    std::optional<bool> spoken;
    /// Whether it will be spoken.
    std::optional<bool> will_be_spoken;
    /// How far it is.
    std::optional<std::string> spoken_status;
    /// What has been spoken and what not.
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

/// A text and nothing else.
struct TextData {
    /// The text.
    std::string text;
    /// As rtvi.h has it.
    static TextData from(const rtvi_text_data& c) {
        return {detail::text(c.text)};
    }
};

/// Synthesised speech.
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
    /// Who spoke; empty where the transport does not know.
    std::optional<std::string> user_id;
    /// When, as ISO 8601 by the server's clock.
    std::optional<std::string> timestamp;
    /// `final` on the wire: false for an interim transcription. A server that does not say sends final ones.
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
    /// How it came.
    std::string input_type;
    /// When, as ISO 8601 by the server's clock.
    std::optional<std::string> timestamp;
    /// `final` on the wire: false for an interim transcription. A server that does not say sends final ones.
    bool is_final = false;
    /// Who spoke or typed, where the transport knows.
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

/// A marker that the LLM put beside its text, kept out of what is spoken.
struct BotLlmMarkerData {
    /// The marker; empty if the answer had none.
    std::string text;
    /// What it means, in the words of the bot's author.
    std::optional<std::string> kind;
    /// The LLM's whole answer with its markers.
    std::string raw;
    /// All markers the bot knows.
    std::vector<std::string> markers;
    /// As rtvi.h has it.
    static BotLlmMarkerData from(const rtvi_bot_llm_marker_data& c) {
        return {detail::text(c.text),
                detail::optional_text(c.kind),
                detail::text(c.raw),
                detail::texts(c.markers, c.markers_count)};
    }
};

/// A part of an answer with how well its origin supports it.
struct SearchResult {
    /// The part.
    std::string text;
    /// Confidences from 0 to 1; 0 where the server has no number, as `NaN`.
    std::vector<double> confidence;
    /// As rtvi.h has it.
    static SearchResult from(const rtvi_search_result& c) {
        return {detail::text(c.text),
                detail::numbers(c.confidence, c.confidence_count)};
    }
};

/// A site that a search result came from.
struct SearchOrigin {
    /// Its address.
    std::optional<std::string> site_uri;
    /// Its title.
    std::optional<std::string> site_title;
    /// The parts of the answer it supports.
    std::vector<SearchResult> results;
    /// As rtvi.h has it.
    static SearchOrigin from(const rtvi_search_origin& c) {
        return {detail::optional_text(c.site_uri),
                detail::optional_text(c.site_title),
                detail::list<SearchResult>(c.results, c.results_count)};
    }
};

/// What a web search of the LLM found.
struct BotLlmSearchResponseData {
    /// The answer.
    std::optional<std::string> search_result;
    /// HTML to show with it, as the search service demands.
    std::optional<std::string> rendered_content;
    /// Where it was found.
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
    /// The function.
    std::string function_name;
    /// The call; the result must carry it. Empty where the LLM gave it no id, and not unique: LLMs number calls per round.
    std::string tool_call_id;
    /// The arguments, called `args` on the wire of this message.
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
    /// The function, if the server's report level tells it.
    std::optional<std::string> function_name;
    /// As rtvi.h has it.
    static FunctionCallStartedData from(const rtvi_function_call_started_data& c) {
        return {detail::optional_text(c.function_name)};
    }
};

/// A call that is running.
struct FunctionCallInProgressData {
    /// The call.
    std::string tool_call_id;
    /// The function, if the server's report level tells it.
    std::optional<std::string> function_name;
    /// The arguments, if the server's report level tells them. Empty where it is absent.
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
    /// The call.
    std::string tool_call_id;
    /// Whether it was cancelled rather than completed.
    bool cancelled = false;
    /// The function, if the server's report level tells it.
    std::optional<std::string> function_name;
    /// The result, if the server's report level tells it. Servers leave out empty, false and zero results. Empty where it is absent.
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
    /// The model it uses, if it has one.
    std::optional<std::string> model;
    /// What was measured, in seconds or characters, where it is one number.
    std::optional<double> value;
    /// All fields as the server sent them, those above among them.
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
    /// Tokens of the LLM: `prompt_tokens`, `completion_tokens`, `total_tokens` and more; no `processor`.
    std::vector<MetricEntry> tokens;
    /// Audio transcribed since the last report: `value` is `{audio_seconds}`.
    std::vector<MetricEntry> stt_usage;
    /// Kinds this version does not know, as they came.
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
    /// From 0 (silence) to 1; 0 where the server has no number, as `NaN`.
    double value = 0;
    /// As rtvi.h has it.
    static AudioLevelData from(const rtvi_audio_level_data& c) {
        return {c.value};
    }
};

/// Something the user interface shall do.
struct UiCommandData {
    /// What to do: a built-in name such as `toast` or `scroll_to`, or one of the app's own.
    std::string command;
    /// With what. Empty where it is absent.
    Json payload;
    /// As rtvi.h has it.
    static UiCommandData from(const rtvi_ui_command_data& c) {
        return {detail::text(c.command),
                detail::json(c.payload)};
    }
};

/// A step in the life of a group of jobs; `kind` says which step and so which fields are set.
struct UiJobGroupData {
    /// Which step.
    std::string kind;
    /// The group.
    std::string job_id;
    /// When, in milliseconds since 1970 by the server's clock; 0 if it does not say.
    std::int64_t at = 0;
    /// Group started: the workers.
    std::vector<std::string> workers;
    /// Group started: a name for people.
    std::optional<std::string> label;
    /// Group started: whether the user may cancel it; yes if absent.
    std::optional<bool> cancellable;
    /// Job update and job completed: the worker.
    std::optional<std::string> worker_name;
    /// Job update: what it reports. Empty where it is absent.
    Json data;
    /// Job completed: how it ended.
    std::optional<std::string> status;
    /// Job completed: its result. Empty where it is absent.
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

/// What an event changed.
struct ConversationChange {
    /// How many of the oldest turns went first, because there were too many: every index moved down by that.
    std::uint32_t dropped = 0;
    /// The first turn that may be different, new or gone; those before it are as they were. Nearly always the last or last but
    /// one; the number of turns if only the last ones went.
    std::uint32_t first = 0;
    /// As rtvi.h has it.
    static ConversationChange from(const rtvi_conversation_change& c) {
        return {c.dropped,
                c.first};
    }
};

/// What the user said or typed.
struct UserTurn {
    /// What was said for certain: the final transcriptions, or what was typed.
    std::string final_text;
    /// What is being said, as transcribed so far: it changes until it moves into `final_text`.
    std::optional<std::string> interim;
    /// What the LLM was given, which may differ. The only text if an app or a 1.x client's text brought up the turn.
    std::optional<std::string> llm_text;
    /// Whether it was typed rather than spoken.
    bool typed = false;
    /// Whether the user is speaking now.
    bool speaking = false;
    /// Who, where the transport knows.
    std::optional<std::string> user_id;
    /// When the first of the text came, as ISO 8601 by the server's clock.
    std::optional<std::string> timestamp;
    /// For typed text, the id of the send-text message.
    std::optional<std::string> msg_id;
    /// Short acknowledgements of the user that were no turn, said while no turn of the bot was there to put them in.
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

/// A piece of what the bot says or writes, such as a sentence.
struct Segment {
    /// The server's number for it; 1.x servers have none.
    std::optional<std::uint64_t> id;
    /// Its form, such as a sentence, or one of the app's own.
    std::string kind;
    /// The whole text.
    std::string text;
    /// How far it is.
    SegmentState state = SegmentState::Pending;
    /// What has been spoken so far: a beginning of `text`.
    ///
    /// From protocol 2 on, always exactly as the server reports it. In the word-by-word form of 1.x it is found by
    /// following the words through `text`; from the first word that is not there on (a number spoken out, say) the words
    /// are joined with single spaces instead, and it is no beginning of `text` any more.
    std::string spoken_text;
    /// Whether the bot is still writing it, so that `text` gets longer.
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

/// A function call of the LLM. How much the server tells of it depends on its report level.
struct FunctionCallEntry {
    /// The call.
    std::string tool_call_id;
    /// The function, if told.
    std::optional<std::string> function_name;
    /// The arguments, if told: a JSON object. Empty where it is absent.
    Json arguments;
    /// How far it is. Calls in the form of 1.x servers are never reported done.
    FunctionCallState state = FunctionCallState::Running;
    /// The result, if told. Empty where it is absent.
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
    enum class Kind {
        /// Something said or written.
        Segment = RTVI_BOT_PART_SEGMENT,
        /// A function called.
        FunctionCall = RTVI_BOT_PART_FUNCTION_CALL,
        /// A short acknowledgement of the user, such as "mhm", that neither interrupted the bot nor was a turn.
        UserBackchannel = RTVI_BOT_PART_USER_BACKCHANNEL,
    };
    /// Which of them.
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
    /// In order.
    std::vector<BotPart> parts;
    /// How much of its audio was heard, of all that was said so far; absent until something was, and without audio.
    std::optional<BotAudioHeardData> audio;
    /// As rtvi.h has it.
    static BotTurn from(const rtvi_bot_turn& c) {
        return {detail::list<BotPart>(c.parts, c.parts_count),
                detail::optional_struct<BotAudioHeardData>(c.audio)};
    }
};

/// Whose turn it is, and what was said.
struct TurnContent {
    enum class Kind {
        /// The user's.
        User = RTVI_TURN_CONTENT_USER,
        /// The bot's.
        Bot = RTVI_TURN_CONTENT_BOT,
    };
    /// Which of them.
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
    /// Number of the turn, from 0, never used again in this conversation: a key for lists.
    std::uint64_t id = 0;
    /// Everything said or written in it, and to be said: of a user, with what is still being transcribed.
    std::string text;
    /// What reached the other side: what the user heard of the bot, or what the LLM was given of the user.
    ///
    /// Of text that is never spoken, the user hears nothing.
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

}  // namespace rtvi
