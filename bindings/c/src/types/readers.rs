//! The functions with which C reads events.
//!
//! Printed by `cargo xtask bindings` from the core's types.

use std::ptr;

use rtvi_core::ffi::RtviEvent;

use super::{event_kind::rtvi_event_kind as Kind, event_structs::*, structs::*};
use crate::{event::rtvi_event, view::InC};

/// The client changed its state. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_transport_state_changed(event: Option<&rtvi_event>) -> *const rtvi_transport_state_changed_event {
    rtvi_event::read(event, Kind::RTVI_EVENT_TRANSPORT_STATE_CHANGED, |event, arena| {
        let RtviEvent::TransportStateChanged { state } = event else { return ptr::null() };
        arena.put(rtvi_transport_state_changed_event {
            state: state.in_c(arena),
        })
    })
}

/// The session is over. The last event of every session. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_disconnected(event: Option<&rtvi_event>) -> *const rtvi_disconnect_reason {
    rtvi_event::read(event, Kind::RTVI_EVENT_DISCONNECTED, |event, arena| {
        let RtviEvent::Disconnected { reason } = event else { return ptr::null() };
        reason.in_c(arena)
    })
}

/// The start endpoint answered. Holds the complete answer. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_bot_started(event: Option<&rtvi_event>) -> *const rtvi_bot_started_event {
    rtvi_event::read(event, Kind::RTVI_EVENT_BOT_STARTED, |event, arena| {
        let RtviEvent::BotStarted { answer } = event else { return ptr::null() };
        arena.put(rtvi_bot_started_event {
            answer: answer.in_c(arena),
        })
    })
}

/// The bot joined the session. A bot that returns to a room is reported once more, and
/// then its bot-ready. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_bot_connected(event: Option<&rtvi_event>) -> *const rtvi_participant {
    rtvi_event::read(event, Kind::RTVI_EVENT_BOT_CONNECTED, |event, arena| {
        let RtviEvent::BotConnected { participant } = event else { return ptr::null() };
        participant.in_c(arena)
    })
}

/// The bot has left. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_bot_disconnected(event: Option<&rtvi_event>) -> *const rtvi_participant {
    rtvi_event::read(event, Kind::RTVI_EVENT_BOT_DISCONNECTED, |event, arena| {
        let RtviEvent::BotDisconnected { participant } = event else { return ptr::null() };
        participant.in_c(arena)
    })
}

/// Somebody joined the session: the bot or another participant of its room. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_participant_connected(event: Option<&rtvi_event>) -> *const rtvi_participant {
    rtvi_event::read(event, Kind::RTVI_EVENT_PARTICIPANT_CONNECTED, |event, arena| {
        let RtviEvent::ParticipantConnected { participant } = event else { return ptr::null() };
        participant.in_c(arena)
    })
}

/// Somebody left the session: the bot or another participant of its room. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_participant_left(event: Option<&rtvi_event>) -> *const rtvi_participant {
    rtvi_event::read(event, Kind::RTVI_EVENT_PARTICIPANT_LEFT, |event, arena| {
        let RtviEvent::ParticipantLeft { participant } = event else { return ptr::null() };
        participant.in_c(arena)
    })
}

/// The connection was lost and is being restored. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_reconnecting(event: Option<&rtvi_event>) -> *const rtvi_reconnecting_event {
    rtvi_event::read(event, Kind::RTVI_EVENT_RECONNECTING, |event, arena| {
        let RtviEvent::Reconnecting { attempt, max_attempts, reason } = event else { return ptr::null() };
        arena.put(rtvi_reconnecting_event {
            attempt: attempt.in_c(arena),
            max_attempts: max_attempts.in_c(arena),
            reason: reason.in_c(arena),
        })
    })
}

/// An error occurred that no call can return. Fatal errors end the session. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_error(event: Option<&rtvi_event>) -> *const rtvi_error_event {
    rtvi_event::read(event, Kind::RTVI_EVENT_ERROR, |event, arena| {
        let RtviEvent::Error { error, fatal } = event else { return ptr::null() };
        arena.put(rtvi_error_event {
            error: error.in_c(arena),
            fatal: fatal.in_c(arena),
        })
    })
}

/// The server answered a message with an error. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_message_error(event: Option<&rtvi_event>) -> *const rtvi_message_error_event {
    rtvi_event::read(event, Kind::RTVI_EVENT_MESSAGE_ERROR, |event, arena| {
        let RtviEvent::MessageError { id, error } = event else { return ptr::null() };
        arena.put(rtvi_message_error_event {
            id: id.in_c(arena),
            error: error.in_c(arena),
        })
    })
}

/// The client could not read a message from the server and dropped it. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_protocol_error(event: Option<&rtvi_event>) -> *const rtvi_protocol_error_event {
    rtvi_event::read(event, Kind::RTVI_EVENT_PROTOCOL_ERROR, |event, arena| {
        let RtviEvent::ProtocolError { wire_type, reason } = event else { return ptr::null() };
        arena.put(rtvi_protocol_error_event {
            wire_type: wire_type.in_c(arena),
            reason: reason.in_c(arena),
        })
    })
}

/// An option requests something that is not supported here. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_unsupported_feature(event: Option<&rtvi_event>) -> *const rtvi_unsupported_feature_event {
    rtvi_event::read(event, Kind::RTVI_EVENT_UNSUPPORTED_FEATURE, |event, arena| {
        let RtviEvent::UnsupportedFeature { feature } = event else { return ptr::null() };
        arena.put(rtvi_unsupported_feature_event {
            feature: feature.in_c(arena),
        })
    })
}

/// Audio or video of the user or the bot started to flow. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_track_started(event: Option<&rtvi_event>) -> *const rtvi_track {
    rtvi_event::read(event, Kind::RTVI_EVENT_TRACK_STARTED, |event, arena| {
        let RtviEvent::TrackStarted { track } = event else { return ptr::null() };
        track.in_c(arena)
    })
}

/// Audio or video of the user or the bot ended. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_track_stopped(event: Option<&rtvi_event>) -> *const rtvi_track {
    rtvi_event::read(event, Kind::RTVI_EVENT_TRACK_STOPPED, |event, arena| {
        let RtviEvent::TrackStopped { track } = event else { return ptr::null() };
        track.in_c(arena)
    })
}

/// The shared screen started to flow. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_screen_track_started(event: Option<&rtvi_event>) -> *const rtvi_track {
    rtvi_event::read(event, Kind::RTVI_EVENT_SCREEN_TRACK_STARTED, |event, arena| {
        let RtviEvent::ScreenTrackStarted { track } = event else { return ptr::null() };
        track.in_c(arena)
    })
}

/// The shared screen ended. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_screen_track_stopped(event: Option<&rtvi_event>) -> *const rtvi_track {
    rtvi_event::read(event, Kind::RTVI_EVENT_SCREEN_TRACK_STOPPED, |event, arena| {
        let RtviEvent::ScreenTrackStopped { track } = event else { return ptr::null() };
        track.in_c(arena)
    })
}

/// The screen can't be shared, or no longer can. It is off from now on. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_screen_share_error(event: Option<&rtvi_event>) -> *const rtvi_screen_share_error_event {
    rtvi_event::read(event, Kind::RTVI_EVENT_SCREEN_SHARE_ERROR, |event, arena| {
        let RtviEvent::ScreenShareError { error } = event else { return ptr::null() };
        arena.put(rtvi_screen_share_error_event {
            error: error.in_c(arena),
        })
    })
}

/// The state of a device changed, or the server muted the microphone. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_media_state_updated(event: Option<&rtvi_event>) -> *const rtvi_media_state {
    rtvi_event::read(event, Kind::RTVI_EVENT_MEDIA_STATE_UPDATED, |event, arena| {
        let RtviEvent::MediaStateUpdated { state } = event else { return ptr::null() };
        state.in_c(arena)
    })
}

/// The available microphones: reported once, then whenever a microphone is added or
/// removed. Not reported for app-provided audio. This and the other device events also
/// arrive outside sessions. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_available_mics_updated(event: Option<&rtvi_event>) -> *const rtvi_available_mics_updated_event {
    rtvi_event::read(event, Kind::RTVI_EVENT_AVAILABLE_MICS_UPDATED, |event, arena| {
        let RtviEvent::AvailableMicsUpdated { mics } = event else { return ptr::null() };
        arena.put(rtvi_available_mics_updated_event {
            mics: arena.list(mics),
            mics_count: mics.len(),
        })
    })
}

/// The available speakers, reported as for microphones. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_available_speakers_updated(event: Option<&rtvi_event>) -> *const rtvi_available_speakers_updated_event {
    rtvi_event::read(event, Kind::RTVI_EVENT_AVAILABLE_SPEAKERS_UPDATED, |event, arena| {
        let RtviEvent::AvailableSpeakersUpdated { speakers } = event else { return ptr::null() };
        arena.put(rtvi_available_speakers_updated_event {
            speakers: arena.list(speakers),
            speakers_count: speakers.len(),
        })
    })
}

/// The available cameras, reported as for microphones. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_available_cams_updated(event: Option<&rtvi_event>) -> *const rtvi_available_cams_updated_event {
    rtvi_event::read(event, Kind::RTVI_EVENT_AVAILABLE_CAMS_UPDATED, |event, arena| {
        let RtviEvent::AvailableCamsUpdated { cams } = event else { return ptr::null() };
        arena.put(rtvi_available_cams_updated_event {
            cams: arena.list(cams),
            cams_count: cams.len(),
        })
    })
}

/// The microphone in use. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_mic_updated(event: Option<&rtvi_event>) -> *const rtvi_media_device {
    rtvi_event::read(event, Kind::RTVI_EVENT_MIC_UPDATED, |event, arena| {
        let RtviEvent::MicUpdated { mic } = event else { return ptr::null() };
        mic.in_c(arena)
    })
}

/// The speaker in use. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_speaker_updated(event: Option<&rtvi_event>) -> *const rtvi_media_device {
    rtvi_event::read(event, Kind::RTVI_EVENT_SPEAKER_UPDATED, |event, arena| {
        let RtviEvent::SpeakerUpdated { speaker } = event else { return ptr::null() };
        speaker.in_c(arena)
    })
}

/// The camera in use. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_cam_updated(event: Option<&rtvi_event>) -> *const rtvi_media_device {
    rtvi_event::read(event, Kind::RTVI_EVENT_CAM_UPDATED, |event, arena| {
        let RtviEvent::CamUpdated { cam } = event else { return ptr::null() };
        cam.in_c(arena)
    })
}

/// A microphone, speaker or camera failed or was disconnected. If another device replaces it,
/// an event about the new device follows. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_device_error(event: Option<&rtvi_event>) -> *const rtvi_device_error_event {
    rtvi_event::read(event, Kind::RTVI_EVENT_DEVICE_ERROR, |event, arena| {
        let RtviEvent::DeviceError { error } = event else { return ptr::null() };
        arena.put(rtvi_device_error_event {
            error: error.in_c(arena),
        })
    })
}

/// The playback of an utterance of the bot ended or was cut off. Reports how much of it
/// was heard. Follows the server's message that the bot stopped speaking or was
/// interrupted. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_bot_audio_heard(event: Option<&rtvi_event>) -> *const rtvi_bot_audio_heard {
    rtvi_event::read(event, Kind::RTVI_EVENT_BOT_AUDIO_HEARD, |event, arena| {
        let RtviEvent::BotAudioHeard { heard } = event else { return ptr::null() };
        heard.in_c(arena)
    })
}

/// Audio was dropped that somebody would have heard. For each reason, the event is
/// reported once when it begins, then once a second while it lasts, with the audio
/// dropped since the last report. Losses in the network are in the transport
/// statistics. Audio that the app flushes, or that an interruption discards, is in the
/// audio statistics. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_audio_dropped(event: Option<&rtvi_event>) -> *const rtvi_audio_dropped {
    rtvi_event::read(event, Kind::RTVI_EVENT_AUDIO_DROPPED, |event, arena| {
        let RtviEvent::AudioDropped { dropped } = event else { return ptr::null() };
        dropped.in_c(arena)
    })
}

/// The loudness of the microphone after its processing, 0 to 1, about ten times a
/// second unless an option sets another period. Skipped while the app is slow. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_local_audio_level(event: Option<&rtvi_event>) -> *const rtvi_local_audio_level_event {
    rtvi_event::read(event, Kind::RTVI_EVENT_LOCAL_AUDIO_LEVEL, |event, arena| {
        let RtviEvent::LocalAudioLevel { level } = event else { return ptr::null() };
        arena.put(rtvi_local_audio_level_event {
            level: level.in_c(arena),
        })
    })
}

/// The loudness of the bot's audio as played, 0 to 1, about ten times a second. Skipped
/// while the app is slow. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_remote_audio_level(event: Option<&rtvi_event>) -> *const rtvi_remote_audio_level_event {
    rtvi_event::read(event, Kind::RTVI_EVENT_REMOTE_AUDIO_LEVEL, |event, arena| {
        let RtviEvent::RemoteAudioLevel { level } = event else { return ptr::null() };
        arena.put(rtvi_remote_audio_level_event {
            level: level.in_c(arena),
        })
    })
}

/// The quality of the connection, once a second, from transports that measure it.
/// Skipped while the app is slow. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_transport_stats(event: Option<&rtvi_event>) -> *const rtvi_transport_stats {
    rtvi_event::read(event, Kind::RTVI_EVENT_TRANSPORT_STATS, |event, arena| {
        let RtviEvent::TransportStats { stats } = event else { return ptr::null() };
        stats.in_c(arena)
    })
}

/// The bot is ready. This is the answer to client-ready. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_bot_ready(event: Option<&rtvi_event>) -> *const rtvi_bot_ready_data {
    rtvi_event::read(event, Kind::RTVI_EVENT_BOT_READY, |event, arena| {
        let RtviEvent::BotReady { data } = event else { return ptr::null() };
        data.in_c(arena)
    })
}

/// The bot's answer to a client-message. It carries that message's id. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_server_response(event: Option<&rtvi_event>) -> *const rtvi_server_response_data {
    rtvi_event::read(event, Kind::RTVI_EVENT_SERVER_RESPONSE, |event, arena| {
        let RtviEvent::ServerResponse { data } = event else { return ptr::null() };
        data.in_c(arena)
    })
}

/// A piece of what the bot says or writes, with how far it has been spoken. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_bot_output(event: Option<&rtvi_event>) -> *const rtvi_bot_output_data {
    rtvi_event::read(event, Kind::RTVI_EVENT_BOT_OUTPUT, |event, arena| {
        let RtviEvent::BotOutput { data } = event else { return ptr::null() };
        data.in_c(arena)
    })
}

/// A sentence from the bot. Deprecated in favour of bot-output. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_bot_transcript(event: Option<&rtvi_event>) -> *const rtvi_text_data {
    rtvi_event::read(event, Kind::RTVI_EVENT_BOT_TRANSCRIPT, |event, arena| {
        let RtviEvent::BotTranscript { data } = event else { return ptr::null() };
        data.in_c(arena)
    })
}

/// A chunk of the LLM's text. Deprecated in favour of llm-raw-text. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_bot_llm_text(event: Option<&rtvi_event>) -> *const rtvi_text_data {
    rtvi_event::read(event, Kind::RTVI_EVENT_BOT_LLM_TEXT, |event, arena| {
        let RtviEvent::BotLlmText { data } = event else { return ptr::null() };
        data.in_c(arena)
    })
}

/// Text that the bot is speaking; `tts-text` from the oldest servers. Deprecated in
/// favour of tts-raw-text. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_bot_tts_text(event: Option<&rtvi_event>) -> *const rtvi_text_data {
    rtvi_event::read(event, Kind::RTVI_EVENT_BOT_TTS_TEXT, |event, arena| {
        let RtviEvent::BotTtsText { data } = event else { return ptr::null() };
        data.in_c(arena)
    })
}

/// Synthesized speech inside a message. The protocol defines it, but no known server
/// sends it. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_bot_tts_audio(event: Option<&rtvi_event>) -> *const rtvi_bot_tts_audio_data {
    rtvi_event::read(event, Kind::RTVI_EVENT_BOT_TTS_AUDIO, |event, arena| {
        let RtviEvent::BotTtsAudio { data } = event else { return ptr::null() };
        data.in_c(arena)
    })
}

/// What the user said, interim or final. Deprecated in favour of user-input. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_user_transcript(event: Option<&rtvi_event>) -> *const rtvi_transcript_data {
    rtvi_event::read(event, Kind::RTVI_EVENT_USER_TRANSCRIPT, |event, arena| {
        let RtviEvent::UserTranscript { data } = event else { return ptr::null() };
        data.in_c(arena)
    })
}

/// What the user said or typed. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_user_input(event: Option<&rtvi_event>) -> *const rtvi_user_input_data {
    rtvi_event::read(event, Kind::RTVI_EVENT_USER_INPUT, |event, arena| {
        let RtviEvent::UserInput { data } = event else { return ptr::null() };
        data.in_c(arena)
    })
}

/// The user's turn as the LLM receives it. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_user_llm_text(event: Option<&rtvi_event>) -> *const rtvi_text_data {
    rtvi_event::read(event, Kind::RTVI_EVENT_USER_LLM_TEXT, |event, arena| {
        let RtviEvent::UserLlmText { data } = event else { return ptr::null() };
        data.in_c(arena)
    })
}

/// A transcription, exactly as the speech recognizer produced it. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_stt_raw_text(event: Option<&rtvi_event>) -> *const rtvi_transcript_data {
    rtvi_event::read(event, Kind::RTVI_EVENT_STT_RAW_TEXT, |event, arena| {
        let RtviEvent::SttRawText { data } = event else { return ptr::null() };
        data.in_c(arena)
    })
}

/// A chunk of text, exactly as the LLM produced it. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_llm_raw_text(event: Option<&rtvi_event>) -> *const rtvi_text_data {
    rtvi_event::read(event, Kind::RTVI_EVENT_LLM_RAW_TEXT, |event, arena| {
        let RtviEvent::LlmRawText { data } = event else { return ptr::null() };
        data.in_c(arena)
    })
}

/// Text as the speech synthesizer speaks it. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_tts_raw_text(event: Option<&rtvi_event>) -> *const rtvi_text_data {
    rtvi_event::read(event, Kind::RTVI_EVENT_TTS_RAW_TEXT, |event, arena| {
        let RtviEvent::TtsRawText { data } = event else { return ptr::null() };
        data.in_c(arena)
    })
}

/// A marker that the LLM added to its text. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_bot_llm_marker(event: Option<&rtvi_event>) -> *const rtvi_bot_llm_marker_data {
    rtvi_event::read(event, Kind::RTVI_EVENT_BOT_LLM_MARKER, |event, arena| {
        let RtviEvent::BotLlmMarker { data } = event else { return ptr::null() };
        data.in_c(arena)
    })
}

/// The results of a web search by the LLM. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_bot_llm_search_response(event: Option<&rtvi_event>) -> *const rtvi_bot_llm_search_response_data {
    rtvi_event::read(event, Kind::RTVI_EVENT_BOT_LLM_SEARCH_RESPONSE, |event, arena| {
        let RtviEvent::BotLlmSearchResponse { data } = event else { return ptr::null() };
        data.in_c(arena)
    })
}

/// The LLM calls a function of the client. Deprecated in favour of the three messages
/// below. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_llm_function_call(event: Option<&rtvi_event>) -> *const rtvi_function_call_data {
    rtvi_event::read(event, Kind::RTVI_EVENT_LLM_FUNCTION_CALL, |event, arena| {
        let RtviEvent::LlmFunctionCall { data } = event else { return ptr::null() };
        data.in_c(arena)
    })
}

/// The LLM is about to call a function; `llm-function-call-start` from 1.x servers. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_llm_function_call_started(event: Option<&rtvi_event>) -> *const rtvi_function_call_started_data {
    rtvi_event::read(event, Kind::RTVI_EVENT_LLM_FUNCTION_CALL_STARTED, |event, arena| {
        let RtviEvent::LlmFunctionCallStarted { data } = event else { return ptr::null() };
        data.in_c(arena)
    })
}

/// A function call is running. The client may have to answer it. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_llm_function_call_in_progress(event: Option<&rtvi_event>) -> *const rtvi_function_call_in_progress_data {
    rtvi_event::read(event, Kind::RTVI_EVENT_LLM_FUNCTION_CALL_IN_PROGRESS, |event, arena| {
        let RtviEvent::LlmFunctionCallInProgress { data } = event else { return ptr::null() };
        data.in_c(arena)
    })
}

/// A function call ended with a result or was cancelled. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_llm_function_call_stopped(event: Option<&rtvi_event>) -> *const rtvi_function_call_stopped_data {
    rtvi_event::read(event, Kind::RTVI_EVENT_LLM_FUNCTION_CALL_STOPPED, |event, arena| {
        let RtviEvent::LlmFunctionCallStopped { data } = event else { return ptr::null() };
        data.in_c(arena)
    })
}

/// Measurements of the bot's services. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_metrics(event: Option<&rtvi_event>) -> *const rtvi_metrics_data {
    rtvi_event::read(event, Kind::RTVI_EVENT_METRICS, |event, arena| {
        let RtviEvent::Metrics { data } = event else { return ptr::null() };
        data.in_c(arena)
    })
}

/// The user's loudness at the bot; `localAudioLevel` measures it here. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_user_audio_level(event: Option<&rtvi_event>) -> *const rtvi_audio_level_data {
    rtvi_event::read(event, Kind::RTVI_EVENT_USER_AUDIO_LEVEL, |event, arena| {
        let RtviEvent::UserAudioLevel { data } = event else { return ptr::null() };
        data.in_c(arena)
    })
}

/// The bot's loudness as the bot sends it; `remoteAudioLevel` measures it here. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_bot_audio_level(event: Option<&rtvi_event>) -> *const rtvi_audio_level_data {
    rtvi_event::read(event, Kind::RTVI_EVENT_BOT_AUDIO_LEVEL, |event, arena| {
        let RtviEvent::BotAudioLevel { data } = event else { return ptr::null() };
        data.in_c(arena)
    })
}

/// A line of the bot's log. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_system_log(event: Option<&rtvi_event>) -> *const rtvi_text_data {
    rtvi_event::read(event, Kind::RTVI_EVENT_SYSTEM_LOG, |event, arena| {
        let RtviEvent::SystemLog { data } = event else { return ptr::null() };
        data.in_c(arena)
    })
}

/// The bot asks the user interface to do something. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_ui_command(event: Option<&rtvi_event>) -> *const rtvi_ui_command_data {
    rtvi_event::read(event, Kind::RTVI_EVENT_UI_COMMAND, |event, arena| {
        let RtviEvent::UiCommand { data } = event else { return ptr::null() };
        data.in_c(arena)
    })
}

/// Progress of a group of jobs that the bot started for the user interface. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_ui_job_group(event: Option<&rtvi_event>) -> *const rtvi_ui_job_group_data {
    rtvi_event::read(event, Kind::RTVI_EVENT_UI_JOB_GROUP, |event, arena| {
        let RtviEvent::UiJobGroup { data } = event else { return ptr::null() };
        data.in_c(arena)
    })
}

/// A message defined by the app: any JSON, or nothing. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_server_message(event: Option<&rtvi_event>) -> *const rtvi_server_message_event {
    rtvi_event::read(event, Kind::RTVI_EVENT_SERVER_MESSAGE, |event, arena| {
        let RtviEvent::ServerMessage { data } = event else { return ptr::null() };
        arena.put(rtvi_server_message_event {
            data: data.in_c(arena),
        })
    })
}

/// A message whose type this version does not know, unchanged. Null for an event of another kind; valid as long as the event.
#[unsafe(no_mangle)] pub extern "C" fn rtvi_event_unknown_message(event: Option<&rtvi_event>) -> *const rtvi_unknown_message_event {
    rtvi_event::read(event, Kind::RTVI_EVENT_UNKNOWN_MESSAGE, |event, arena| {
        let RtviEvent::UnknownMessage { wire_type, data } = event else { return ptr::null() };
        arena.put(rtvi_unknown_message_event {
            wire_type: wire_type.in_c(arena),
            data: data.in_c(arena),
        })
    })
}

