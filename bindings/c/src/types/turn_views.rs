//! How C sees turns and the information of a client.
//!
//! Printed by `cargo xtask bindings` from the core's types.

use super::{enums::*, turn_structs::*};
use crate::view::{Arena, InC, absent, present};

impl InC for rtvi_core::client::BotPart {
    type Value = *const rtvi_bot_part;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        let mut view = rtvi_bot_part {
            kind: rtvi_bot_part_kind::RTVI_BOT_PART_SEGMENT,
            segment: absent(),
            function_call: absent(),
            text: absent(),
        };
        match self {
            Self::Segment(segment) => {
                view.kind = rtvi_bot_part_kind::RTVI_BOT_PART_SEGMENT;
                view.segment = present(segment, arena);
            }
            Self::FunctionCall(function_call) => {
                view.kind = rtvi_bot_part_kind::RTVI_BOT_PART_FUNCTION_CALL;
                view.function_call = present(function_call, arena);
            }
            Self::UserBackchannel { text } => {
                view.kind = rtvi_bot_part_kind::RTVI_BOT_PART_USER_BACKCHANNEL;
                view.text = present(text, arena);
            }
        }
        arena.put(view)
    }
}

impl InC for rtvi_core::client::TurnContent {
    type Value = *const rtvi_turn_content;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        let mut view = rtvi_turn_content {
            kind: rtvi_turn_content_kind::RTVI_TURN_CONTENT_USER,
            user: absent(),
            bot: absent(),
        };
        match self {
            Self::User(user) => {
                view.kind = rtvi_turn_content_kind::RTVI_TURN_CONTENT_USER;
                view.user = present(user, arena);
            }
            Self::Bot(bot) => {
                view.kind = rtvi_turn_content_kind::RTVI_TURN_CONTENT_BOT;
                view.bot = present(bot, arena);
            }
        }
        arena.put(view)
    }
}

impl InC for rtvi_core::client::AudioStats {
    type Value = *const rtvi_audio_stats;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.put(rtvi_audio_stats {
            sent_ms: self.sent.in_c(arena),
            send_dropped_ms: self.send_dropped.in_c(arena),
            received_ms: self.received.in_c(arena),
            played_ms: self.played.in_c(arena),
            flushed_ms: self.flushed.in_c(arena),
            receive_dropped_ms: self.receive_dropped.in_c(arena),
        })
    }
}

impl InC for rtvi_core::client::ConversationChange {
    type Value = *const rtvi_conversation_change;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.put(rtvi_conversation_change {
            dropped: self.dropped.in_c(arena),
            first: self.first.in_c(arena),
        })
    }
}

impl InC for rtvi_core::client::Segment {
    type Value = *const rtvi_segment;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.put(rtvi_segment {
            id: self.id.in_c(arena),
            kind: self.kind.in_c(arena),
            text: self.text.in_c(arena),
            state: self.state.in_c(arena),
            spoken_text: self.spoken_text.in_c(arena),
            growing: self.growing.in_c(arena),
        })
    }
}

impl InC for rtvi_core::client::FunctionCallEntry {
    type Value = *const rtvi_function_call_entry;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.put(rtvi_function_call_entry {
            tool_call_id: self.tool_call_id.in_c(arena),
            function_name: self.function_name.in_c(arena),
            arguments: self.arguments.in_c(arena),
            state: self.state.in_c(arena),
            result: self.result.in_c(arena),
        })
    }
}

impl InC for rtvi_core::client::BotTurn {
    type Value = *const rtvi_bot_turn;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.put(rtvi_bot_turn {
            parts: arena.list(&self.parts),
            parts_count: self.parts.len(),
            audio: self.audio.in_c(arena),
        })
    }
}

impl InC for rtvi_core::client::UserTurn {
    type Value = *const rtvi_user_turn;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.put(rtvi_user_turn {
            final_text: self.final_text.in_c(arena),
            interim: self.interim.in_c(arena),
            llm_text: self.llm_text.in_c(arena),
            typed: self.typed.in_c(arena),
            speaking: self.speaking.in_c(arena),
            user_id: self.user_id.in_c(arena),
            timestamp: self.timestamp.in_c(arena),
            msg_id: self.msg_id.in_c(arena),
            backchannels: arena.list(&self.backchannels),
            backchannels_count: self.backchannels.len(),
        })
    }
}

impl InC for rtvi_core::client::Turn {
    type Value = *const rtvi_turn;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.put(rtvi_turn {
            id: self.id.in_c(arena),
            text: self.text.in_c(arena),
            heard_text: self.heard_text.in_c(arena),
            truncated: self.truncated.in_c(arena),
            content: self.content.in_c(arena),
        })
    }
}

impl InC for rtvi_core::media::ProcessingStats {
    type Value = *const rtvi_processing_stats;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.put(rtvi_processing_stats {
            echo_delay_ms: self.echo_delay.in_c(arena),
            echo_reduction_db: self.echo_reduction_db.in_c(arena),
        })
    }
}

impl InC for rtvi_core::client::ClientInfo {
    type Value = *const rtvi_client_info;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.put(rtvi_client_info {
            bot: self.bot.in_c(arena),
            media_state: self.media_state.in_c(arena),
            tracks: arena.list(&self.tracks),
            tracks_count: self.tracks.len(),
            audio_stats: self.audio_stats.in_c(arena),
            processing_stats: self.processing_stats.in_c(arena),
            mics: arena.list(&self.mics),
            mics_count: self.mics.len(),
            speakers: arena.list(&self.speakers),
            speakers_count: self.speakers.len(),
            cams: arena.list(&self.cams),
            cams_count: self.cams.len(),
            selected_mic: self.selected_mic.in_c(arena),
            selected_speaker: self.selected_speaker.in_c(arena),
            selected_cam: self.selected_cam.in_c(arena),
            is_mic_enabled: self.is_mic_enabled.in_c(arena),
            is_cam_enabled: self.is_cam_enabled.in_c(arena),
            is_sharing_screen: self.is_sharing_screen.in_c(arena),
        })
    }
}

