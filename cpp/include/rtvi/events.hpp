/// \file
/// Events as types: each with its data in members, all together in one variant.
///
/// Printed by `cargo xtask bindings` from the core's types. Depends on event.hpp and payloads.hpp.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "event.hpp"
#include "payloads.hpp"

RTVI_NAMESPACE_BEGIN

/// An event that this version has no type for, or the app's own variant.
struct OtherEvent {
    /// Its name.
    std::string name;
    /// Empty if there are none.
    Json data;
};

/// The client changed its state.
struct TransportStateChanged {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::TransportStateChanged;
    /// The state.
    TransportState state = TransportState::Disconnected;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static TransportStateChanged read(const Event& event) {
        return detail::read<TransportStateChanged>(rtvi_event_transport_state_changed(event.c()), [](const auto& c) { return TransportStateChanged{static_cast<TransportState>(c.state)}; });
    }
};

/// The transport is open; the bot is not ready yet.
struct Connected {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::Connected;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static Connected read(const Event&) { return {}; }
};

/// The session is over. The last event of every session.
struct Disconnected : DisconnectReason {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::Disconnected;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static Disconnected read(const Event& event) {
        return detail::read<Disconnected>(rtvi_event_disconnected(event.c()), [](const auto& c) { return Disconnected{DisconnectReason::from(c)}; });
    }
};

/// The start endpoint answered. Holds the complete answer.
struct BotStarted {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::BotStarted;
    /// The answer.
    Json answer;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static BotStarted read(const Event& event) {
        return detail::read<BotStarted>(rtvi_event_bot_started(event.c()), [](const auto& c) { return BotStarted{detail::json(c.answer)}; });
    }
};

/// The bot joined the session. A bot that returns to a room is reported once more, and
/// then its bot-ready.
struct BotConnected : Participant {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::BotConnected;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static BotConnected read(const Event& event) {
        return detail::read<BotConnected>(rtvi_event_bot_connected(event.c()), [](const auto& c) { return BotConnected{Participant::from(c)}; });
    }
};

/// The bot has left.
struct BotDisconnected : Participant {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::BotDisconnected;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static BotDisconnected read(const Event& event) {
        return detail::read<BotDisconnected>(rtvi_event_bot_disconnected(event.c()), [](const auto& c) { return BotDisconnected{Participant::from(c)}; });
    }
};

/// Somebody joined the session: the bot or another participant of its room.
struct ParticipantConnected : Participant {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::ParticipantConnected;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static ParticipantConnected read(const Event& event) {
        return detail::read<ParticipantConnected>(rtvi_event_participant_connected(event.c()), [](const auto& c) { return ParticipantConnected{Participant::from(c)}; });
    }
};

/// Somebody left the session: the bot or another participant of its room.
struct ParticipantLeft : Participant {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::ParticipantLeft;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static ParticipantLeft read(const Event& event) {
        return detail::read<ParticipantLeft>(rtvi_event_participant_left(event.c()), [](const auto& c) { return ParticipantLeft{Participant::from(c)}; });
    }
};

/// The connection was lost and is being restored.
struct Reconnecting {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::Reconnecting;
    /// The number of the next attempt; the first is 1.
    std::uint32_t attempt = 0;
    /// The maximum number of attempts.
    std::uint32_t max_attempts = 0;
    /// Why the connection was lost.
    Error reason{ErrorKind::Internal, {}};
    /// Reads an event of this kind. For another kind, returns an empty one.
    static Reconnecting read(const Event& event) {
        return detail::read<Reconnecting>(rtvi_event_reconnecting(event.c()), [](const auto& c) { return Reconnecting{c.attempt,
                c.max_attempts,
                detail::to_error(c.reason)}; });
    }
};

/// An error occurred that no call can return. Fatal errors end the session.
struct ErrorEvent {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::Error;
    /// The error.
    Error error{ErrorKind::Internal, {}};
    /// Whether the error ends the session.
    bool fatal = false;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static ErrorEvent read(const Event& event) {
        return detail::read<ErrorEvent>(rtvi_event_error(event.c()), [](const auto& c) { return ErrorEvent{detail::to_error(c.error),
                c.fatal}; });
    }
};

/// The server answered a message with an error.
struct MessageError {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::MessageError;
    /// The id of the message that caused the error, if the server named one.
    std::optional<std::string> id;
    /// The server's text.
    std::string error;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static MessageError read(const Event& event) {
        return detail::read<MessageError>(rtvi_event_message_error(event.c()), [](const auto& c) { return MessageError{detail::optional_text(c.id),
                detail::text(c.error)}; });
    }
};

/// The client could not read a message from the server and dropped it.
struct ProtocolError {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::ProtocolError;
    /// The message's type, if it could be read.
    std::optional<std::string> wire_type;
    /// The problem with the message.
    std::string reason;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static ProtocolError read(const Event& event) {
        return detail::read<ProtocolError>(rtvi_event_protocol_error(event.c()), [](const auto& c) { return ProtocolError{detail::optional_text(c.wire_type),
                detail::text(c.reason)}; });
    }
};

/// An option requests something that is not supported here.
struct UnsupportedFeature {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::UnsupportedFeature;
    /// The feature.
    std::string feature;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static UnsupportedFeature read(const Event& event) {
        return detail::read<UnsupportedFeature>(rtvi_event_unsupported_feature(event.c()), [](const auto& c) { return UnsupportedFeature{detail::text(c.feature)}; });
    }
};

/// Audio or video of the user or the bot started to flow.
struct TrackStarted : Track {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::TrackStarted;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static TrackStarted read(const Event& event) {
        return detail::read<TrackStarted>(rtvi_event_track_started(event.c()), [](const auto& c) { return TrackStarted{Track::from(c)}; });
    }
};

/// Audio or video of the user or the bot ended.
struct TrackStopped : Track {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::TrackStopped;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static TrackStopped read(const Event& event) {
        return detail::read<TrackStopped>(rtvi_event_track_stopped(event.c()), [](const auto& c) { return TrackStopped{Track::from(c)}; });
    }
};

/// The shared screen started to flow.
struct ScreenTrackStarted : Track {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::ScreenTrackStarted;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static ScreenTrackStarted read(const Event& event) {
        return detail::read<ScreenTrackStarted>(rtvi_event_screen_track_started(event.c()), [](const auto& c) { return ScreenTrackStarted{Track::from(c)}; });
    }
};

/// The shared screen ended.
struct ScreenTrackStopped : Track {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::ScreenTrackStopped;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static ScreenTrackStopped read(const Event& event) {
        return detail::read<ScreenTrackStopped>(rtvi_event_screen_track_stopped(event.c()), [](const auto& c) { return ScreenTrackStopped{Track::from(c)}; });
    }
};

/// The screen can't be shared, or no longer can. It is off from now on.
struct ScreenShareError {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::ScreenShareError;
    /// The error.
    Error error{ErrorKind::Internal, {}};
    /// Reads an event of this kind. For another kind, returns an empty one.
    static ScreenShareError read(const Event& event) {
        return detail::read<ScreenShareError>(rtvi_event_screen_share_error(event.c()), [](const auto& c) { return ScreenShareError{detail::to_error(c.error)}; });
    }
};

/// The state of a device changed, or the server muted the microphone.
struct MediaStateUpdated : MediaState {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::MediaStateUpdated;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static MediaStateUpdated read(const Event& event) {
        return detail::read<MediaStateUpdated>(rtvi_event_media_state_updated(event.c()), [](const auto& c) { return MediaStateUpdated{MediaState::from(c)}; });
    }
};

/// The available microphones: reported once, then whenever a microphone is added or
/// removed. Not reported for app-provided audio. This and the other device events also
/// arrive outside sessions.
struct AvailableMicsUpdated {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::AvailableMicsUpdated;
    /// The mics.
    std::vector<MediaDevice> mics;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static AvailableMicsUpdated read(const Event& event) {
        return detail::read<AvailableMicsUpdated>(rtvi_event_available_mics_updated(event.c()), [](const auto& c) { return AvailableMicsUpdated{detail::list<MediaDevice>(c.mics, c.mics_count)}; });
    }
};

/// The available speakers, reported as for microphones.
struct AvailableSpeakersUpdated {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::AvailableSpeakersUpdated;
    /// The speakers.
    std::vector<MediaDevice> speakers;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static AvailableSpeakersUpdated read(const Event& event) {
        return detail::read<AvailableSpeakersUpdated>(rtvi_event_available_speakers_updated(event.c()), [](const auto& c) { return AvailableSpeakersUpdated{detail::list<MediaDevice>(c.speakers, c.speakers_count)}; });
    }
};

/// The available cameras, reported as for microphones.
struct AvailableCamsUpdated {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::AvailableCamsUpdated;
    /// The cams.
    std::vector<MediaDevice> cams;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static AvailableCamsUpdated read(const Event& event) {
        return detail::read<AvailableCamsUpdated>(rtvi_event_available_cams_updated(event.c()), [](const auto& c) { return AvailableCamsUpdated{detail::list<MediaDevice>(c.cams, c.cams_count)}; });
    }
};

/// The microphone in use.
struct MicUpdated : MediaDevice {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::MicUpdated;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static MicUpdated read(const Event& event) {
        return detail::read<MicUpdated>(rtvi_event_mic_updated(event.c()), [](const auto& c) { return MicUpdated{MediaDevice::from(c)}; });
    }
};

/// The speaker in use.
struct SpeakerUpdated : MediaDevice {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::SpeakerUpdated;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static SpeakerUpdated read(const Event& event) {
        return detail::read<SpeakerUpdated>(rtvi_event_speaker_updated(event.c()), [](const auto& c) { return SpeakerUpdated{MediaDevice::from(c)}; });
    }
};

/// The camera in use.
struct CamUpdated : MediaDevice {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::CamUpdated;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static CamUpdated read(const Event& event) {
        return detail::read<CamUpdated>(rtvi_event_cam_updated(event.c()), [](const auto& c) { return CamUpdated{MediaDevice::from(c)}; });
    }
};

/// A microphone, speaker or camera failed or was disconnected. If another device replaces it,
/// an event about the new device follows.
struct DeviceError {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::DeviceError;
    /// The error.
    Error error{ErrorKind::Internal, {}};
    /// Reads an event of this kind. For another kind, returns an empty one.
    static DeviceError read(const Event& event) {
        return detail::read<DeviceError>(rtvi_event_device_error(event.c()), [](const auto& c) { return DeviceError{detail::to_error(c.error)}; });
    }
};

/// The playback of an utterance of the bot ended or was cut off. Reports how much of it
/// was heard. Follows the server's message that the bot stopped speaking or was
/// interrupted.
struct BotAudioHeard : BotAudioHeardData {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::BotAudioHeard;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static BotAudioHeard read(const Event& event) {
        return detail::read<BotAudioHeard>(rtvi_event_bot_audio_heard(event.c()), [](const auto& c) { return BotAudioHeard{BotAudioHeardData::from(c)}; });
    }
};

/// Audio was dropped that somebody would have heard. For each reason, the event is
/// reported once when it begins, then once a second while it lasts, with the audio
/// dropped since the last report. Losses in the network are in the transport
/// statistics. Audio that the app flushes, or that an interruption discards, is in the
/// audio statistics.
struct AudioDropped : AudioDroppedData {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::AudioDropped;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static AudioDropped read(const Event& event) {
        return detail::read<AudioDropped>(rtvi_event_audio_dropped(event.c()), [](const auto& c) { return AudioDropped{AudioDroppedData::from(c)}; });
    }
};

/// The user started speaking, as detected on this device. Reported only if the option
/// for voice activity is set.
struct LocalSpeechStarted {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::LocalSpeechStarted;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static LocalSpeechStarted read(const Event&) { return {}; }
};

/// The user stopped speaking, as detected on this device.
struct LocalSpeechStopped {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::LocalSpeechStopped;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static LocalSpeechStopped read(const Event&) { return {}; }
};

/// The loudness of the microphone after its processing, 0 to 1, about ten times a
/// second unless an option sets another period. Skipped while the app is slow.
struct LocalAudioLevel {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::LocalAudioLevel;
    /// The level.
    float level = 0;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static LocalAudioLevel read(const Event& event) {
        return detail::read<LocalAudioLevel>(rtvi_event_local_audio_level(event.c()), [](const auto& c) { return LocalAudioLevel{c.level}; });
    }
};

/// The loudness of the bot's audio as played, 0 to 1, about ten times a second. Skipped
/// while the app is slow.
struct RemoteAudioLevel {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::RemoteAudioLevel;
    /// The level.
    float level = 0;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static RemoteAudioLevel read(const Event& event) {
        return detail::read<RemoteAudioLevel>(rtvi_event_remote_audio_level(event.c()), [](const auto& c) { return RemoteAudioLevel{c.level}; });
    }
};

/// The quality of the connection, once a second, from transports that measure it.
/// Skipped while the app is slow.
struct TransportStats : TransportStatsData {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::TransportStats;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static TransportStats read(const Event& event) {
        return detail::read<TransportStats>(rtvi_event_transport_stats(event.c()), [](const auto& c) { return TransportStats{TransportStatsData::from(c)}; });
    }
};

/// The bot is ready. This is the answer to client-ready.
struct BotReady : BotReadyData {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::BotReady;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static BotReady read(const Event& event) {
        return detail::read<BotReady>(rtvi_event_bot_ready(event.c()), [](const auto& c) { return BotReady{BotReadyData::from(c)}; });
    }
};

/// The bot's answer to a client-message. It carries that message's id.
struct ServerResponse : ServerResponseData {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::ServerResponse;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static ServerResponse read(const Event& event) {
        return detail::read<ServerResponse>(rtvi_event_server_response(event.c()), [](const auto& c) { return ServerResponse{ServerResponseData::from(c)}; });
    }
};

/// A piece of what the bot says or writes, with how far it has been spoken.
struct BotOutput : BotOutputData {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::BotOutput;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static BotOutput read(const Event& event) {
        return detail::read<BotOutput>(rtvi_event_bot_output(event.c()), [](const auto& c) { return BotOutput{BotOutputData::from(c)}; });
    }
};

/// A sentence from the bot. Deprecated in favour of bot-output.
struct BotTranscript : TextData {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::BotTranscript;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static BotTranscript read(const Event& event) {
        return detail::read<BotTranscript>(rtvi_event_bot_transcript(event.c()), [](const auto& c) { return BotTranscript{TextData::from(c)}; });
    }
};

/// A chunk of the LLM's text. Deprecated in favour of llm-raw-text.
struct BotLlmText : TextData {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::BotLlmText;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static BotLlmText read(const Event& event) {
        return detail::read<BotLlmText>(rtvi_event_bot_llm_text(event.c()), [](const auto& c) { return BotLlmText{TextData::from(c)}; });
    }
};

/// The LLM started to answer.
struct BotLlmStarted {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::BotLlmStarted;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static BotLlmStarted read(const Event&) { return {}; }
};

/// The LLM finished its answer.
struct BotLlmStopped {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::BotLlmStopped;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static BotLlmStopped read(const Event&) { return {}; }
};

/// Text that the bot is speaking; `tts-text` from the oldest servers. Deprecated in
/// favour of tts-raw-text.
struct BotTtsText : TextData {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::BotTtsText;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static BotTtsText read(const Event& event) {
        return detail::read<BotTtsText>(rtvi_event_bot_tts_text(event.c()), [](const auto& c) { return BotTtsText{TextData::from(c)}; });
    }
};

/// Speech synthesis started.
struct BotTtsStarted {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::BotTtsStarted;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static BotTtsStarted read(const Event&) { return {}; }
};

/// Speech synthesis finished.
struct BotTtsStopped {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::BotTtsStopped;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static BotTtsStopped read(const Event&) { return {}; }
};

/// Synthesized speech inside a message. The protocol defines it, but no known server
/// sends it.
struct BotTtsAudio : BotTtsAudioData {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::BotTtsAudio;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static BotTtsAudio read(const Event& event) {
        return detail::read<BotTtsAudio>(rtvi_event_bot_tts_audio(event.c()), [](const auto& c) { return BotTtsAudio{BotTtsAudioData::from(c)}; });
    }
};

/// The bot started speaking.
struct BotStartedSpeaking {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::BotStartedSpeaking;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static BotStartedSpeaking read(const Event&) { return {}; }
};

/// The bot stopped speaking.
struct BotStoppedSpeaking {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::BotStoppedSpeaking;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static BotStoppedSpeaking read(const Event&) { return {}; }
};

/// The bot was interrupted: it does not say the rest.
struct BotInterrupted {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::BotInterrupted;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static BotInterrupted read(const Event&) { return {}; }
};

/// The user started a turn.
struct UserStartedSpeaking {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::UserStartedSpeaking;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static UserStartedSpeaking read(const Event&) { return {}; }
};

/// The user ended a turn.
struct UserStoppedSpeaking {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::UserStoppedSpeaking;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static UserStoppedSpeaking read(const Event&) { return {}; }
};

/// The server detected voice, whether or not a turn starts.
struct VadUserStartedSpeaking {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::VadUserStartedSpeaking;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static VadUserStartedSpeaking read(const Event&) { return {}; }
};

/// The server no longer detects voice, whether or not the turn ends.
struct VadUserStoppedSpeaking {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::VadUserStoppedSpeaking;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static VadUserStoppedSpeaking read(const Event&) { return {}; }
};

/// The bot now ignores the microphone. Keep sending audio.
struct UserMuteStarted {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::UserMuteStarted;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static UserMuteStarted read(const Event&) { return {}; }
};

/// The bot listens to the microphone again.
struct UserMuteStopped {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::UserMuteStopped;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static UserMuteStopped read(const Event&) { return {}; }
};

/// What the user said, interim or final. Deprecated in favour of user-input.
struct UserTranscript : TranscriptData {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::UserTranscript;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static UserTranscript read(const Event& event) {
        return detail::read<UserTranscript>(rtvi_event_user_transcript(event.c()), [](const auto& c) { return UserTranscript{TranscriptData::from(c)}; });
    }
};

/// What the user said or typed.
struct UserInput : UserInputData {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::UserInput;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static UserInput read(const Event& event) {
        return detail::read<UserInput>(rtvi_event_user_input(event.c()), [](const auto& c) { return UserInput{UserInputData::from(c)}; });
    }
};

/// The user's turn as the LLM receives it.
struct UserLlmText : TextData {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::UserLlmText;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static UserLlmText read(const Event& event) {
        return detail::read<UserLlmText>(rtvi_event_user_llm_text(event.c()), [](const auto& c) { return UserLlmText{TextData::from(c)}; });
    }
};

/// A transcription, exactly as the speech recognizer produced it.
struct SttRawText : TranscriptData {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::SttRawText;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static SttRawText read(const Event& event) {
        return detail::read<SttRawText>(rtvi_event_stt_raw_text(event.c()), [](const auto& c) { return SttRawText{TranscriptData::from(c)}; });
    }
};

/// A chunk of text, exactly as the LLM produced it.
struct LlmRawText : TextData {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::LlmRawText;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static LlmRawText read(const Event& event) {
        return detail::read<LlmRawText>(rtvi_event_llm_raw_text(event.c()), [](const auto& c) { return LlmRawText{TextData::from(c)}; });
    }
};

/// Text as the speech synthesizer speaks it.
struct TtsRawText : TextData {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::TtsRawText;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static TtsRawText read(const Event& event) {
        return detail::read<TtsRawText>(rtvi_event_tts_raw_text(event.c()), [](const auto& c) { return TtsRawText{TextData::from(c)}; });
    }
};

/// A marker that the LLM added to its text.
struct BotLlmMarker : BotLlmMarkerData {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::BotLlmMarker;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static BotLlmMarker read(const Event& event) {
        return detail::read<BotLlmMarker>(rtvi_event_bot_llm_marker(event.c()), [](const auto& c) { return BotLlmMarker{BotLlmMarkerData::from(c)}; });
    }
};

/// The results of a web search by the LLM.
struct BotLlmSearchResponse : BotLlmSearchResponseData {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::BotLlmSearchResponse;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static BotLlmSearchResponse read(const Event& event) {
        return detail::read<BotLlmSearchResponse>(rtvi_event_bot_llm_search_response(event.c()), [](const auto& c) { return BotLlmSearchResponse{BotLlmSearchResponseData::from(c)}; });
    }
};

/// The LLM calls a function of the client. Deprecated in favour of the three messages
/// below.
struct LlmFunctionCall : FunctionCallData {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::LlmFunctionCall;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static LlmFunctionCall read(const Event& event) {
        return detail::read<LlmFunctionCall>(rtvi_event_llm_function_call(event.c()), [](const auto& c) { return LlmFunctionCall{FunctionCallData::from(c)}; });
    }
};

/// The LLM is about to call a function; `llm-function-call-start` from 1.x servers.
struct LlmFunctionCallStarted : FunctionCallStartedData {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::LlmFunctionCallStarted;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static LlmFunctionCallStarted read(const Event& event) {
        return detail::read<LlmFunctionCallStarted>(rtvi_event_llm_function_call_started(event.c()), [](const auto& c) { return LlmFunctionCallStarted{FunctionCallStartedData::from(c)}; });
    }
};

/// A function call is running. The client may have to answer it.
struct LlmFunctionCallInProgress : FunctionCallInProgressData {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::LlmFunctionCallInProgress;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static LlmFunctionCallInProgress read(const Event& event) {
        return detail::read<LlmFunctionCallInProgress>(rtvi_event_llm_function_call_in_progress(event.c()), [](const auto& c) { return LlmFunctionCallInProgress{FunctionCallInProgressData::from(c)}; });
    }
};

/// A function call ended with a result or was cancelled.
struct LlmFunctionCallStopped : FunctionCallStoppedData {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::LlmFunctionCallStopped;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static LlmFunctionCallStopped read(const Event& event) {
        return detail::read<LlmFunctionCallStopped>(rtvi_event_llm_function_call_stopped(event.c()), [](const auto& c) { return LlmFunctionCallStopped{FunctionCallStoppedData::from(c)}; });
    }
};

/// Measurements of the bot's services.
struct Metrics : MetricsData {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::Metrics;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static Metrics read(const Event& event) {
        return detail::read<Metrics>(rtvi_event_metrics(event.c()), [](const auto& c) { return Metrics{MetricsData::from(c)}; });
    }
};

/// The user's loudness at the bot; `localAudioLevel` measures it here.
struct UserAudioLevel : AudioLevelData {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::UserAudioLevel;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static UserAudioLevel read(const Event& event) {
        return detail::read<UserAudioLevel>(rtvi_event_user_audio_level(event.c()), [](const auto& c) { return UserAudioLevel{AudioLevelData::from(c)}; });
    }
};

/// The bot's loudness as the bot sends it; `remoteAudioLevel` measures it here.
struct BotAudioLevel : AudioLevelData {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::BotAudioLevel;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static BotAudioLevel read(const Event& event) {
        return detail::read<BotAudioLevel>(rtvi_event_bot_audio_level(event.c()), [](const auto& c) { return BotAudioLevel{AudioLevelData::from(c)}; });
    }
};

/// A line of the bot's log.
struct SystemLog : TextData {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::SystemLog;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static SystemLog read(const Event& event) {
        return detail::read<SystemLog>(rtvi_event_system_log(event.c()), [](const auto& c) { return SystemLog{TextData::from(c)}; });
    }
};

/// The bot asks the user interface to do something.
struct UiCommand : UiCommandData {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::UiCommand;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static UiCommand read(const Event& event) {
        return detail::read<UiCommand>(rtvi_event_ui_command(event.c()), [](const auto& c) { return UiCommand{UiCommandData::from(c)}; });
    }
};

/// Progress of a group of jobs that the bot started for the user interface.
struct UiJobGroup : UiJobGroupData {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::UiJobGroup;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static UiJobGroup read(const Event& event) {
        return detail::read<UiJobGroup>(rtvi_event_ui_job_group(event.c()), [](const auto& c) { return UiJobGroup{UiJobGroupData::from(c)}; });
    }
};

/// A message defined by the app: any JSON, or nothing.
struct ServerMessage {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::ServerMessage;
    /// The message. Empty where it is absent.
    Json data;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static ServerMessage read(const Event& event) {
        return detail::read<ServerMessage>(rtvi_event_server_message(event.c()), [](const auto& c) { return ServerMessage{detail::json(c.data)}; });
    }
};

/// A message whose type this version does not know, unchanged.
struct UnknownMessage {
    /// Its kind.
    static constexpr EventKind event_kind = EventKind::UnknownMessage;
    /// Its type.
    std::string wire_type;
    /// Its data, if any. Empty where it is absent.
    Json data;
    /// Reads an event of this kind. For another kind, returns an empty one.
    static UnknownMessage read(const Event& event) {
        return detail::read<UnknownMessage>(rtvi_event_unknown_message(event.c()), [](const auto& c) { return UnknownMessage{detail::text(c.wire_type),
                detail::json(c.data)}; });
    }
};

/// Every event, each with its own type.
using AnyEvent = std::variant<
    OtherEvent,
    TransportStateChanged,
    Connected,
    Disconnected,
    BotStarted,
    BotConnected,
    BotDisconnected,
    ParticipantConnected,
    ParticipantLeft,
    Reconnecting,
    ErrorEvent,
    MessageError,
    ProtocolError,
    UnsupportedFeature,
    TrackStarted,
    TrackStopped,
    ScreenTrackStarted,
    ScreenTrackStopped,
    ScreenShareError,
    MediaStateUpdated,
    AvailableMicsUpdated,
    AvailableSpeakersUpdated,
    AvailableCamsUpdated,
    MicUpdated,
    SpeakerUpdated,
    CamUpdated,
    DeviceError,
    BotAudioHeard,
    AudioDropped,
    LocalSpeechStarted,
    LocalSpeechStopped,
    LocalAudioLevel,
    RemoteAudioLevel,
    TransportStats,
    BotReady,
    ServerResponse,
    BotOutput,
    BotTranscript,
    BotLlmText,
    BotLlmStarted,
    BotLlmStopped,
    BotTtsText,
    BotTtsStarted,
    BotTtsStopped,
    BotTtsAudio,
    BotStartedSpeaking,
    BotStoppedSpeaking,
    BotInterrupted,
    UserStartedSpeaking,
    UserStoppedSpeaking,
    VadUserStartedSpeaking,
    VadUserStoppedSpeaking,
    UserMuteStarted,
    UserMuteStopped,
    UserTranscript,
    UserInput,
    UserLlmText,
    SttRawText,
    LlmRawText,
    TtsRawText,
    BotLlmMarker,
    BotLlmSearchResponse,
    LlmFunctionCall,
    LlmFunctionCallStarted,
    LlmFunctionCallInProgress,
    LlmFunctionCallStopped,
    Metrics,
    UserAudioLevel,
    BotAudioLevel,
    SystemLog,
    UiCommand,
    UiJobGroup,
    ServerMessage,
    UnknownMessage>;

RTVI_NAMESPACE_END
