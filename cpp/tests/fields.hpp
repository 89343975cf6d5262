// Printed by `cargo xtask bindings` from the core's types: the fields of every event by name.
#pragma once

#include <rtvi/rtvi.hpp>

namespace test {

template <class Visit>
void each_field(const rtvi::DisconnectReason& it, Visit&& visit) {
    visit("code", it.code);
    visit("reason", it.reason);
    visit("error", it.error);
}

template <class Visit>
void each_field(const rtvi::DeviceState& it, Visit&& visit) {
    visit("reason", it.reason);
    visit("message", it.message);
}

template <class Visit>
void each_field(const rtvi::BotPart& it, Visit&& visit) {
    visit("segment", it.segment);
    visit("function_call", it.function_call);
    visit("text", it.text);
}

template <class Visit>
void each_field(const rtvi::TurnContent& it, Visit&& visit) {
    visit("user", it.user);
    visit("bot", it.bot);
}

template <class Visit>
void each_field(const rtvi::Participant& it, Visit&& visit) {
    visit("id", it.id);
    visit("name", it.name);
    visit("local", it.local);
}

template <class Visit>
void each_field(const rtvi::Track& it, Visit&& visit) {
    visit("kind", it.kind);
    visit("participant", it.participant);
}

template <class Visit>
void each_field(const rtvi::MediaState& it, Visit&& visit) {
    visit("mic", it.mic);
    visit("speaker", it.speaker);
    visit("cam", it.cam);
    visit("mic_muted", it.mic_muted);
}

template <class Visit>
void each_field(const rtvi::MediaDevice& it, Visit&& visit) {
    visit("device_id", it.device_id);
    visit("label", it.label);
}

template <class Visit>
void each_field(const rtvi::BotAudioHeardData& it, Visit&& visit) {
    visit("heard", it.heard);
    visit("received", it.received);
    visit("interrupted", it.interrupted);
}

template <class Visit>
void each_field(const rtvi::AudioDroppedData& it, Visit&& visit) {
    visit("reason", it.reason);
    visit("time", it.time);
    visit("count", it.count);
    visit("detail", it.detail);
}

template <class Visit>
void each_field(const rtvi::VideoStreamStats& it, Visit&& visit) {
    visit("frames", it.frames);
    visit("frames_dropped", it.frames_dropped);
    visit("key_frames", it.key_frames);
    visit("width", it.width);
    visit("height", it.height);
    visit("frame_rate", it.frame_rate);
    visit("bitrate", it.bitrate);
    visit("target_bitrate", it.target_bitrate);
    visit("packets", it.packets);
    visit("packets_repeated", it.packets_repeated);
    visit("nacks", it.nacks);
    visit("key_frame_requests", it.key_frame_requests);
    visit("freezes", it.freezes);
    visit("freeze_time", it.freeze_time);
}

template <class Visit>
void each_field(const rtvi::VideoStats& it, Visit&& visit) {
    visit("camera", it.camera);
    visit("screen", it.screen);
    visit("bot", it.bot);
}

template <class Visit>
void each_field(const rtvi::TransportStatsData& it, Visit&& visit) {
    visit("round_trip", it.round_trip);
    visit("jitter", it.jitter);
    visit("packets_received", it.packets_received);
    visit("packets_lost", it.packets_lost);
    visit("packets_late", it.packets_late);
    visit("packets_repeated", it.packets_repeated);
    visit("frames_concealed", it.frames_concealed);
    visit("packets_unreadable", it.packets_unreadable);
    visit("packets_dropped", it.packets_dropped);
    visit("video_packets_dropped", it.video_packets_dropped);
    visit("packets_sent", it.packets_sent);
    visit("receive_bitrate", it.receive_bitrate);
    visit("send_bitrate", it.send_bitrate);
    visit("buffer_depth", it.buffer_depth);
    visit("buffer_target", it.buffer_target);
    visit("video", it.video);
    visit("local_candidate", it.local_candidate);
    visit("remote_candidate", it.remote_candidate);
}

template <class Visit>
void each_field(const rtvi::BotCapabilities& it, Visit&& visit) {
    visit("audio_in", it.audio_in);
    visit("audio_out", it.audio_out);
    visit("video_in", it.video_in);
    visit("screen_in", it.screen_in);
    visit("video_out", it.video_out);
    visit("metrics", it.metrics);
}

template <class Visit>
void each_field(const rtvi::BotReadyData& it, Visit&& visit) {
    visit("version", it.version);
    visit("about", it.about);
    visit("capabilities", it.capabilities);
    visit("config", it.config);
}

template <class Visit>
void each_field(const rtvi::ServerResponseData& it, Visit&& visit) {
    visit("t", it.t);
    visit("d", it.d);
}

template <class Visit>
void each_field(const rtvi::SpokenProgress& it, Visit&& visit) {
    visit("accumulated_text", it.accumulated_text);
    visit("remaining_text", it.remaining_text);
}

template <class Visit>
void each_field(const rtvi::BotOutputData& it, Visit&& visit) {
    visit("text", it.text);
    visit("output_type", it.output_type);
    visit("segment_id", it.segment_id);
    visit("spoken", it.spoken);
    visit("will_be_spoken", it.will_be_spoken);
    visit("spoken_status", it.spoken_status);
    visit("spoken_progress", it.spoken_progress);
}

template <class Visit>
void each_field(const rtvi::TextData& it, Visit&& visit) {
    visit("text", it.text);
}

template <class Visit>
void each_field(const rtvi::BotTtsAudioData& it, Visit&& visit) {
    visit("audio", it.audio);
    visit("sample_rate", it.sample_rate);
    visit("num_channels", it.num_channels);
}

template <class Visit>
void each_field(const rtvi::TranscriptData& it, Visit&& visit) {
    visit("text", it.text);
    visit("user_id", it.user_id);
    visit("timestamp", it.timestamp);
    visit("is_final", it.is_final);
}

template <class Visit>
void each_field(const rtvi::UserInputData& it, Visit&& visit) {
    visit("text", it.text);
    visit("input_type", it.input_type);
    visit("timestamp", it.timestamp);
    visit("is_final", it.is_final);
    visit("user_id", it.user_id);
    visit("msg_id", it.msg_id);
}

template <class Visit>
void each_field(const rtvi::BotLlmMarkerData& it, Visit&& visit) {
    visit("text", it.text);
    visit("kind", it.kind);
    visit("raw", it.raw);
    visit("markers", it.markers);
}

template <class Visit>
void each_field(const rtvi::SearchResult& it, Visit&& visit) {
    visit("text", it.text);
    visit("confidence", it.confidence);
}

template <class Visit>
void each_field(const rtvi::SearchOrigin& it, Visit&& visit) {
    visit("site_uri", it.site_uri);
    visit("site_title", it.site_title);
    visit("results", it.results);
}

template <class Visit>
void each_field(const rtvi::BotLlmSearchResponseData& it, Visit&& visit) {
    visit("search_result", it.search_result);
    visit("rendered_content", it.rendered_content);
    visit("origins", it.origins);
}

template <class Visit>
void each_field(const rtvi::FunctionCallData& it, Visit&& visit) {
    visit("function_name", it.function_name);
    visit("tool_call_id", it.tool_call_id);
    visit("arguments", it.arguments);
}

template <class Visit>
void each_field(const rtvi::FunctionCallStartedData& it, Visit&& visit) {
    visit("function_name", it.function_name);
}

template <class Visit>
void each_field(const rtvi::FunctionCallInProgressData& it, Visit&& visit) {
    visit("tool_call_id", it.tool_call_id);
    visit("function_name", it.function_name);
    visit("arguments", it.arguments);
}

template <class Visit>
void each_field(const rtvi::FunctionCallStoppedData& it, Visit&& visit) {
    visit("tool_call_id", it.tool_call_id);
    visit("cancelled", it.cancelled);
    visit("function_name", it.function_name);
    visit("result", it.result);
}

template <class Visit>
void each_field(const rtvi::MetricEntry& it, Visit&& visit) {
    visit("processor", it.processor);
    visit("model", it.model);
    visit("value", it.value);
    visit("fields", it.fields);
}

template <class Visit>
void each_field(const rtvi::MetricsData& it, Visit&& visit) {
    visit("ttfb", it.ttfb);
    visit("processing", it.processing);
    visit("characters", it.characters);
    visit("ttfa", it.ttfa);
    visit("ttfat", it.ttfat);
    visit("tokens", it.tokens);
    visit("stt_usage", it.stt_usage);
    visit("other", it.other);
}

template <class Visit>
void each_field(const rtvi::AudioLevelData& it, Visit&& visit) {
    visit("value", it.value);
}

template <class Visit>
void each_field(const rtvi::UiCommandData& it, Visit&& visit) {
    visit("command", it.command);
    visit("payload", it.payload);
}

template <class Visit>
void each_field(const rtvi::UiJobGroupData& it, Visit&& visit) {
    visit("kind", it.kind);
    visit("job_id", it.job_id);
    visit("at", it.at);
    visit("workers", it.workers);
    visit("label", it.label);
    visit("cancellable", it.cancellable);
    visit("worker_name", it.worker_name);
    visit("data", it.data);
    visit("status", it.status);
    visit("response", it.response);
}

template <class Visit>
void each_field(const rtvi::AudioStats& it, Visit&& visit) {
    visit("sent", it.sent);
    visit("send_dropped", it.send_dropped);
    visit("received", it.received);
    visit("played", it.played);
    visit("flushed", it.flushed);
    visit("receive_dropped", it.receive_dropped);
}

template <class Visit>
void each_field(const rtvi::ConversationChange& it, Visit&& visit) {
    visit("dropped", it.dropped);
    visit("first", it.first);
}

template <class Visit>
void each_field(const rtvi::Segment& it, Visit&& visit) {
    visit("id", it.id);
    visit("kind", it.kind);
    visit("text", it.text);
    visit("state", it.state);
    visit("spoken_text", it.spoken_text);
    visit("growing", it.growing);
}

template <class Visit>
void each_field(const rtvi::FunctionCallEntry& it, Visit&& visit) {
    visit("tool_call_id", it.tool_call_id);
    visit("function_name", it.function_name);
    visit("arguments", it.arguments);
    visit("state", it.state);
    visit("result", it.result);
}

template <class Visit>
void each_field(const rtvi::BotTurn& it, Visit&& visit) {
    visit("parts", it.parts);
    visit("audio", it.audio);
}

template <class Visit>
void each_field(const rtvi::UserTurn& it, Visit&& visit) {
    visit("final_text", it.final_text);
    visit("interim", it.interim);
    visit("llm_text", it.llm_text);
    visit("typed", it.typed);
    visit("speaking", it.speaking);
    visit("user_id", it.user_id);
    visit("timestamp", it.timestamp);
    visit("msg_id", it.msg_id);
    visit("backchannels", it.backchannels);
}

template <class Visit>
void each_field(const rtvi::Turn& it, Visit&& visit) {
    visit("id", it.id);
    visit("text", it.text);
    visit("heard_text", it.heard_text);
    visit("truncated", it.truncated);
    visit("content", it.content);
}

template <class Visit>
void each_field(const rtvi::ProcessingStats& it, Visit&& visit) {
    visit("echo_delay", it.echo_delay);
    visit("echo_reduction_db", it.echo_reduction_db);
}

template <class Visit>
void each_field(const rtvi::ClientInfo& it, Visit&& visit) {
    visit("bot", it.bot);
    visit("media_state", it.media_state);
    visit("tracks", it.tracks);
    visit("audio_stats", it.audio_stats);
    visit("processing_stats", it.processing_stats);
    visit("mics", it.mics);
    visit("speakers", it.speakers);
    visit("cams", it.cams);
    visit("selected_mic", it.selected_mic);
    visit("selected_speaker", it.selected_speaker);
    visit("selected_cam", it.selected_cam);
    visit("is_mic_enabled", it.is_mic_enabled);
    visit("is_cam_enabled", it.is_cam_enabled);
    visit("is_sharing_screen", it.is_sharing_screen);
}

template <class Visit>
void each_field(const rtvi::TransportStateChanged& it, Visit&& visit) {
    visit("state", it.state);
}

template <class Visit>
void each_field(const rtvi::Connected&, Visit&&) {
}

template <class Visit>
void each_field(const rtvi::BotStarted& it, Visit&& visit) {
    visit("answer", it.answer);
}

template <class Visit>
void each_field(const rtvi::Reconnecting& it, Visit&& visit) {
    visit("attempt", it.attempt);
    visit("max_attempts", it.max_attempts);
    visit("reason", it.reason);
}

template <class Visit>
void each_field(const rtvi::ErrorEvent& it, Visit&& visit) {
    visit("error", it.error);
    visit("fatal", it.fatal);
}

template <class Visit>
void each_field(const rtvi::MessageError& it, Visit&& visit) {
    visit("id", it.id);
    visit("error", it.error);
}

template <class Visit>
void each_field(const rtvi::ProtocolError& it, Visit&& visit) {
    visit("wire_type", it.wire_type);
    visit("reason", it.reason);
}

template <class Visit>
void each_field(const rtvi::UnsupportedFeature& it, Visit&& visit) {
    visit("feature", it.feature);
}

template <class Visit>
void each_field(const rtvi::ScreenShareError& it, Visit&& visit) {
    visit("error", it.error);
}

template <class Visit>
void each_field(const rtvi::AvailableMicsUpdated& it, Visit&& visit) {
    visit("mics", it.mics);
}

template <class Visit>
void each_field(const rtvi::AvailableSpeakersUpdated& it, Visit&& visit) {
    visit("speakers", it.speakers);
}

template <class Visit>
void each_field(const rtvi::AvailableCamsUpdated& it, Visit&& visit) {
    visit("cams", it.cams);
}

template <class Visit>
void each_field(const rtvi::DeviceError& it, Visit&& visit) {
    visit("error", it.error);
}

template <class Visit>
void each_field(const rtvi::LocalSpeechStarted&, Visit&&) {
}

template <class Visit>
void each_field(const rtvi::LocalSpeechStopped&, Visit&&) {
}

template <class Visit>
void each_field(const rtvi::LocalAudioLevel& it, Visit&& visit) {
    visit("level", it.level);
}

template <class Visit>
void each_field(const rtvi::RemoteAudioLevel& it, Visit&& visit) {
    visit("level", it.level);
}

template <class Visit>
void each_field(const rtvi::BotLlmStarted&, Visit&&) {
}

template <class Visit>
void each_field(const rtvi::BotLlmStopped&, Visit&&) {
}

template <class Visit>
void each_field(const rtvi::BotTtsStarted&, Visit&&) {
}

template <class Visit>
void each_field(const rtvi::BotTtsStopped&, Visit&&) {
}

template <class Visit>
void each_field(const rtvi::BotStartedSpeaking&, Visit&&) {
}

template <class Visit>
void each_field(const rtvi::BotStoppedSpeaking&, Visit&&) {
}

template <class Visit>
void each_field(const rtvi::BotInterrupted&, Visit&&) {
}

template <class Visit>
void each_field(const rtvi::UserStartedSpeaking&, Visit&&) {
}

template <class Visit>
void each_field(const rtvi::UserStoppedSpeaking&, Visit&&) {
}

template <class Visit>
void each_field(const rtvi::VadUserStartedSpeaking&, Visit&&) {
}

template <class Visit>
void each_field(const rtvi::VadUserStoppedSpeaking&, Visit&&) {
}

template <class Visit>
void each_field(const rtvi::UserMuteStarted&, Visit&&) {
}

template <class Visit>
void each_field(const rtvi::UserMuteStopped&, Visit&&) {
}

template <class Visit>
void each_field(const rtvi::ServerMessage& it, Visit&& visit) {
    visit("data", it.data);
}

template <class Visit>
void each_field(const rtvi::UnknownMessage& it, Visit&& visit) {
    visit("wire_type", it.wire_type);
    visit("data", it.data);
}

}  // namespace test
