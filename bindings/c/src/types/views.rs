//! How C sees the payloads of events.
//!
//! Printed by `cargo xtask bindings` from the core's types.

use super::{enums::*, structs::*};
use crate::view::{Arena, InC, absent, present, texts};

texts! { rtvi_core::protocol::OutputType, rtvi_core::protocol::SpokenStatus, rtvi_core::protocol::UserInputType, rtvi_core::protocol::UiJobKind }

impl InC for rtvi_core::client::DisconnectReason {
    type Value = *const rtvi_disconnect_reason;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        let mut view = rtvi_disconnect_reason {
            kind: rtvi_disconnect_reason_kind::RTVI_DISCONNECT_REASON_REQUESTED,
            code: absent(),
            reason: absent(),
            error: absent(),
        };
        match self {
            Self::Requested => {
                view.kind = rtvi_disconnect_reason_kind::RTVI_DISCONNECT_REASON_REQUESTED;
            }
            Self::BotLeft { code, reason } => {
                view.kind = rtvi_disconnect_reason_kind::RTVI_DISCONNECT_REASON_BOT_LEFT;
                view.code = code.in_c(arena);
                view.reason = present(reason, arena);
            }
            Self::Failed(error) => {
                view.kind = rtvi_disconnect_reason_kind::RTVI_DISCONNECT_REASON_FAILED;
                view.error = present(error, arena);
            }
        }
        arena.put(view)
    }
}

impl InC for rtvi_core::client::DeviceState {
    type Value = *const rtvi_device_state;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        let mut view = rtvi_device_state {
            kind: rtvi_device_state_kind::RTVI_DEVICE_STATE_UNINITIALIZED,
            reason: absent(),
            message: absent(),
        };
        match self {
            Self::Uninitialized => {
                view.kind = rtvi_device_state_kind::RTVI_DEVICE_STATE_UNINITIALIZED;
            }
            Self::Initializing => {
                view.kind = rtvi_device_state_kind::RTVI_DEVICE_STATE_INITIALIZING;
            }
            Self::Granted => {
                view.kind = rtvi_device_state_kind::RTVI_DEVICE_STATE_GRANTED;
            }
            Self::Error { reason, message } => {
                view.kind = rtvi_device_state_kind::RTVI_DEVICE_STATE_ERROR;
                view.reason = present(reason, arena);
                view.message = present(message, arena);
            }
        }
        arena.put(view)
    }
}

impl InC for rtvi_core::transport::Participant {
    type Value = *const rtvi_participant;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.put(rtvi_participant {
            id: self.id.in_c(arena),
            name: self.name.in_c(arena),
            local: self.local.in_c(arena),
        })
    }
}

impl InC for rtvi_core::client::Track {
    type Value = *const rtvi_track;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.put(rtvi_track {
            kind: self.kind.in_c(arena),
            participant: self.participant.in_c(arena),
        })
    }
}

impl InC for rtvi_core::client::MediaState {
    type Value = *const rtvi_media_state;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.put(rtvi_media_state {
            mic: self.mic.in_c(arena),
            speaker: self.speaker.in_c(arena),
            cam: self.cam.in_c(arena),
            mic_muted: self.mic_muted.in_c(arena),
        })
    }
}

impl InC for rtvi_core::client::MediaDevice {
    type Value = *const rtvi_media_device;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.put(rtvi_media_device {
            device_id: self.device_id.in_c(arena),
            label: self.label.in_c(arena),
        })
    }
}

impl InC for rtvi_core::client::BotAudioHeard {
    type Value = *const rtvi_bot_audio_heard;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.put(rtvi_bot_audio_heard {
            heard_ms: self.heard.in_c(arena),
            received_ms: self.received.in_c(arena),
            interrupted: self.interrupted.in_c(arena),
        })
    }
}

impl InC for rtvi_core::media::AudioDropped {
    type Value = *const rtvi_audio_dropped;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.put(rtvi_audio_dropped {
            reason: self.reason.in_c(arena),
            time_ms: self.time.in_c(arena),
            count: self.count.in_c(arena),
            detail: self.detail.in_c(arena),
        })
    }
}

impl InC for rtvi_core::media::VideoStreamStats {
    type Value = *const rtvi_video_stream_stats;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.put(rtvi_video_stream_stats {
            frames: self.frames.in_c(arena),
            frames_dropped: self.frames_dropped.in_c(arena),
            key_frames: self.key_frames.in_c(arena),
            width: self.width.in_c(arena),
            height: self.height.in_c(arena),
            frame_rate: self.frame_rate.in_c(arena),
            bitrate: self.bitrate.in_c(arena),
            target_bitrate: self.target_bitrate.in_c(arena),
            packets: self.packets.in_c(arena),
            packets_repeated: self.packets_repeated.in_c(arena),
            nacks: self.nacks.in_c(arena),
            key_frame_requests: self.key_frame_requests.in_c(arena),
            freezes: self.freezes.in_c(arena),
            freeze_time_ms: self.freeze_time.in_c(arena),
        })
    }
}

impl InC for rtvi_core::media::VideoStats {
    type Value = *const rtvi_video_stats;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.put(rtvi_video_stats {
            camera: self.camera.in_c(arena),
            screen: self.screen.in_c(arena),
            bot: self.bot.in_c(arena),
        })
    }
}

impl InC for rtvi_core::transport::TransportStats {
    type Value = *const rtvi_transport_stats;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.put(rtvi_transport_stats {
            round_trip_ms: self.round_trip.in_c(arena),
            jitter_ms: self.jitter.in_c(arena),
            packets_received: self.packets_received.in_c(arena),
            packets_lost: self.packets_lost.in_c(arena),
            packets_late: self.packets_late.in_c(arena),
            packets_repeated: self.packets_repeated.in_c(arena),
            frames_concealed: self.frames_concealed.in_c(arena),
            packets_unreadable: self.packets_unreadable.in_c(arena),
            packets_dropped: self.packets_dropped.in_c(arena),
            video_packets_dropped: self.video_packets_dropped.in_c(arena),
            packets_sent: self.packets_sent.in_c(arena),
            receive_bitrate: self.receive_bitrate.in_c(arena),
            send_bitrate: self.send_bitrate.in_c(arena),
            buffer_depth_ms: self.buffer_depth.in_c(arena),
            buffer_target_ms: self.buffer_target.in_c(arena),
            video: self.video.in_c(arena),
            local_candidate: self.local_candidate.in_c(arena),
            remote_candidate: self.remote_candidate.in_c(arena),
        })
    }
}

impl InC for rtvi_core::protocol::BotCapabilities {
    type Value = *const rtvi_bot_capabilities;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.put(rtvi_bot_capabilities {
            audio_in: self.audio_in.in_c(arena),
            audio_out: self.audio_out.in_c(arena),
            video_in: self.video_in.in_c(arena),
            screen_in: self.screen_in.in_c(arena),
            video_out: self.video_out.in_c(arena),
            metrics: self.metrics.in_c(arena),
        })
    }
}

impl InC for rtvi_core::protocol::BotReadyData {
    type Value = *const rtvi_bot_ready_data;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.put(rtvi_bot_ready_data {
            version: self.version.in_c(arena),
            about: self.about.in_c(arena),
            capabilities: self.capabilities.in_c(arena),
            config: self.config.in_c(arena),
        })
    }
}

impl InC for rtvi_core::protocol::ServerResponseData {
    type Value = *const rtvi_server_response_data;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.put(rtvi_server_response_data {
            t: self.t.in_c(arena),
            d: self.d.in_c(arena),
        })
    }
}

impl InC for rtvi_core::protocol::SpokenProgress {
    type Value = *const rtvi_spoken_progress;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.put(rtvi_spoken_progress {
            accumulated_text: self.accumulated_text.in_c(arena),
            remaining_text: self.remaining_text.in_c(arena),
        })
    }
}

impl InC for rtvi_core::protocol::BotOutputData {
    type Value = *const rtvi_bot_output_data;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.put(rtvi_bot_output_data {
            text: self.text.in_c(arena),
            output_type: self.output_type.in_c(arena),
            segment_id: self.segment_id.in_c(arena),
            spoken: self.spoken.in_c(arena),
            will_be_spoken: self.will_be_spoken.in_c(arena),
            spoken_status: self.spoken_status.in_c(arena),
            spoken_progress: self.spoken_progress.in_c(arena),
        })
    }
}

impl InC for rtvi_core::protocol::TextData {
    type Value = *const rtvi_text_data;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.put(rtvi_text_data {
            text: self.text.in_c(arena),
        })
    }
}

impl InC for rtvi_core::protocol::BotTtsAudioData {
    type Value = *const rtvi_bot_tts_audio_data;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.put(rtvi_bot_tts_audio_data {
            audio: self.audio.as_ptr(),
            audio_count: self.audio.len(),
            sample_rate: self.sample_rate.in_c(arena),
            num_channels: self.num_channels.in_c(arena),
        })
    }
}

impl InC for rtvi_core::protocol::TranscriptData {
    type Value = *const rtvi_transcript_data;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.put(rtvi_transcript_data {
            text: self.text.in_c(arena),
            user_id: self.user_id.in_c(arena),
            timestamp: self.timestamp.in_c(arena),
            is_final: self.is_final.in_c(arena),
        })
    }
}

impl InC for rtvi_core::protocol::UserInputData {
    type Value = *const rtvi_user_input_data;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.put(rtvi_user_input_data {
            text: self.text.in_c(arena),
            input_type: self.input_type.in_c(arena),
            timestamp: self.timestamp.in_c(arena),
            is_final: self.is_final.in_c(arena),
            user_id: self.user_id.in_c(arena),
            msg_id: self.msg_id.in_c(arena),
        })
    }
}

impl InC for rtvi_core::protocol::BotLlmMarkerData {
    type Value = *const rtvi_bot_llm_marker_data;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.put(rtvi_bot_llm_marker_data {
            text: self.text.in_c(arena),
            kind: self.kind.in_c(arena),
            raw: self.raw.in_c(arena),
            markers: arena.list(&self.markers),
            markers_count: self.markers.len(),
        })
    }
}

impl InC for rtvi_core::protocol::SearchResult {
    type Value = *const rtvi_search_result;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.put(rtvi_search_result {
            text: self.text.in_c(arena),
            confidence: arena.list(&self.confidence),
            confidence_count: self.confidence.len(),
        })
    }
}

impl InC for rtvi_core::protocol::SearchOrigin {
    type Value = *const rtvi_search_origin;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.put(rtvi_search_origin {
            site_uri: self.site_uri.in_c(arena),
            site_title: self.site_title.in_c(arena),
            results: arena.list(&self.results),
            results_count: self.results.len(),
        })
    }
}

impl InC for rtvi_core::protocol::BotLlmSearchResponseData {
    type Value = *const rtvi_bot_llm_search_response_data;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.put(rtvi_bot_llm_search_response_data {
            search_result: self.search_result.in_c(arena),
            rendered_content: self.rendered_content.in_c(arena),
            origins: arena.list(&self.origins),
            origins_count: self.origins.len(),
        })
    }
}

impl InC for rtvi_core::protocol::FunctionCallData {
    type Value = *const rtvi_function_call_data;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.put(rtvi_function_call_data {
            function_name: self.function_name.in_c(arena),
            tool_call_id: self.tool_call_id.in_c(arena),
            arguments: self.arguments.in_c(arena),
        })
    }
}

impl InC for rtvi_core::protocol::FunctionCallStartedData {
    type Value = *const rtvi_function_call_started_data;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.put(rtvi_function_call_started_data {
            function_name: self.function_name.in_c(arena),
        })
    }
}

impl InC for rtvi_core::protocol::FunctionCallInProgressData {
    type Value = *const rtvi_function_call_in_progress_data;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.put(rtvi_function_call_in_progress_data {
            tool_call_id: self.tool_call_id.in_c(arena),
            function_name: self.function_name.in_c(arena),
            arguments: self.arguments.in_c(arena),
        })
    }
}

impl InC for rtvi_core::protocol::FunctionCallStoppedData {
    type Value = *const rtvi_function_call_stopped_data;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.put(rtvi_function_call_stopped_data {
            tool_call_id: self.tool_call_id.in_c(arena),
            cancelled: self.cancelled.in_c(arena),
            function_name: self.function_name.in_c(arena),
            result: self.result.in_c(arena),
        })
    }
}

impl InC for rtvi_core::protocol::MetricEntry {
    type Value = *const rtvi_metric_entry;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.put(rtvi_metric_entry {
            processor: self.processor.in_c(arena),
            model: self.model.in_c(arena),
            value: self.value.in_c(arena),
            fields: self.fields.in_c(arena),
        })
    }
}

impl InC for rtvi_core::protocol::MetricsData {
    type Value = *const rtvi_metrics_data;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.put(rtvi_metrics_data {
            ttfb: arena.list(&self.ttfb),
            ttfb_count: self.ttfb.len(),
            processing: arena.list(&self.processing),
            processing_count: self.processing.len(),
            characters: arena.list(&self.characters),
            characters_count: self.characters.len(),
            ttfa: arena.list(&self.ttfa),
            ttfa_count: self.ttfa.len(),
            ttfat: arena.list(&self.ttfat),
            ttfat_count: self.ttfat.len(),
            tokens: arena.list(&self.tokens),
            tokens_count: self.tokens.len(),
            stt_usage: arena.list(&self.stt_usage),
            stt_usage_count: self.stt_usage.len(),
            other: self.other.in_c(arena),
        })
    }
}

impl InC for rtvi_core::protocol::AudioLevelData {
    type Value = *const rtvi_audio_level_data;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.put(rtvi_audio_level_data {
            value: self.value.in_c(arena),
        })
    }
}

impl InC for rtvi_core::protocol::UiCommandData {
    type Value = *const rtvi_ui_command_data;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.put(rtvi_ui_command_data {
            command: self.command.in_c(arena),
            payload: self.payload.in_c(arena),
        })
    }
}

impl InC for rtvi_core::protocol::UiJobGroupData {
    type Value = *const rtvi_ui_job_group_data;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.put(rtvi_ui_job_group_data {
            kind: self.kind.in_c(arena),
            job_id: self.job_id.in_c(arena),
            at: self.at.in_c(arena),
            workers: arena.list(&self.workers),
            workers_count: self.workers.len(),
            label: self.label.in_c(arena),
            cancellable: self.cancellable.in_c(arena),
            worker_name: self.worker_name.in_c(arena),
            data: self.data.in_c(arena),
            status: self.status.in_c(arena),
            response: self.response.in_c(arena),
        })
    }
}

