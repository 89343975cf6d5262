/// \file
/// Events as they come: a kind, a name, and data in JSON. For typed ones see events.hpp.
///
/// Depends on error.hpp and json.hpp.
#pragma once

#include <chrono>
#include <iterator>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "error.hpp"
#include "json.hpp"

namespace rtvi {

/// Where a client stands between disconnected and talking to a bot.
enum class TransportState {
    Disconnected = RTVI_STATE_DISCONNECTED,
    Initializing = RTVI_STATE_INITIALIZING,
    Initialized = RTVI_STATE_INITIALIZED,
    Authenticating = RTVI_STATE_AUTHENTICATING,
    Authenticated = RTVI_STATE_AUTHENTICATED,
    Connecting = RTVI_STATE_CONNECTING,
    Connected = RTVI_STATE_CONNECTED,
    Ready = RTVI_STATE_READY,
    Disconnecting = RTVI_STATE_DISCONNECTING,
    Error = RTVI_STATE_ERROR,
};

/// The name that every Pipecat SDK uses, such as `ready`.
inline std::string_view to_string(TransportState state) {
    return detail::view(rtvi_state_name(static_cast<int>(state)));
}

/// What happened. New kinds may be added; rtvi.h says what each means and what its data are.
enum class EventKind {
    Other = RTVI_EVENT_OTHER,
    TransportStateChanged = RTVI_EVENT_TRANSPORT_STATE_CHANGED,
    Connected = RTVI_EVENT_CONNECTED,
    Disconnected = RTVI_EVENT_DISCONNECTED,
    BotStarted = RTVI_EVENT_BOT_STARTED,
    BotConnected = RTVI_EVENT_BOT_CONNECTED,
    BotDisconnected = RTVI_EVENT_BOT_DISCONNECTED,
    ParticipantConnected = RTVI_EVENT_PARTICIPANT_CONNECTED,
    ParticipantLeft = RTVI_EVENT_PARTICIPANT_LEFT,
    Reconnecting = RTVI_EVENT_RECONNECTING,
    Error = RTVI_EVENT_ERROR,
    MessageError = RTVI_EVENT_MESSAGE_ERROR,
    ProtocolError = RTVI_EVENT_PROTOCOL_ERROR,
    UnsupportedFeature = RTVI_EVENT_UNSUPPORTED_FEATURE,
    TrackStarted = RTVI_EVENT_TRACK_STARTED,
    TrackStopped = RTVI_EVENT_TRACK_STOPPED,
    MediaStateUpdated = RTVI_EVENT_MEDIA_STATE_UPDATED,
    MicUpdated = RTVI_EVENT_MIC_UPDATED,
    SpeakerUpdated = RTVI_EVENT_SPEAKER_UPDATED,
    DeviceError = RTVI_EVENT_DEVICE_ERROR,
    LocalAudioLevel = RTVI_EVENT_LOCAL_AUDIO_LEVEL,
    RemoteAudioLevel = RTVI_EVENT_REMOTE_AUDIO_LEVEL,
    TransportStats = RTVI_EVENT_TRANSPORT_STATS,
    AvailableMicsUpdated = RTVI_EVENT_AVAILABLE_MICS_UPDATED,
    AvailableSpeakersUpdated = RTVI_EVENT_AVAILABLE_SPEAKERS_UPDATED,
    BotAudioHeard = RTVI_EVENT_BOT_AUDIO_HEARD,
    LocalSpeechStarted = RTVI_EVENT_LOCAL_SPEECH_STARTED,
    LocalSpeechStopped = RTVI_EVENT_LOCAL_SPEECH_STOPPED,
    AudioDropped = RTVI_EVENT_AUDIO_DROPPED,
    BotReady = RTVI_EVENT_BOT_READY,
    ServerResponse = RTVI_EVENT_SERVER_RESPONSE,
    BotOutput = RTVI_EVENT_BOT_OUTPUT,
    BotTranscript = RTVI_EVENT_BOT_TRANSCRIPT,
    BotLlmText = RTVI_EVENT_BOT_LLM_TEXT,
    BotLlmStarted = RTVI_EVENT_BOT_LLM_STARTED,
    BotLlmStopped = RTVI_EVENT_BOT_LLM_STOPPED,
    BotTtsText = RTVI_EVENT_BOT_TTS_TEXT,
    BotTtsStarted = RTVI_EVENT_BOT_TTS_STARTED,
    BotTtsStopped = RTVI_EVENT_BOT_TTS_STOPPED,
    BotTtsAudio = RTVI_EVENT_BOT_TTS_AUDIO,
    BotStartedSpeaking = RTVI_EVENT_BOT_STARTED_SPEAKING,
    BotStoppedSpeaking = RTVI_EVENT_BOT_STOPPED_SPEAKING,
    BotInterrupted = RTVI_EVENT_BOT_INTERRUPTED,
    UserStartedSpeaking = RTVI_EVENT_USER_STARTED_SPEAKING,
    UserStoppedSpeaking = RTVI_EVENT_USER_STOPPED_SPEAKING,
    VadUserStartedSpeaking = RTVI_EVENT_VAD_USER_STARTED_SPEAKING,
    VadUserStoppedSpeaking = RTVI_EVENT_VAD_USER_STOPPED_SPEAKING,
    UserMuteStarted = RTVI_EVENT_USER_MUTE_STARTED,
    UserMuteStopped = RTVI_EVENT_USER_MUTE_STOPPED,
    UserTranscript = RTVI_EVENT_USER_TRANSCRIPT,
    UserInput = RTVI_EVENT_USER_INPUT,
    UserLlmText = RTVI_EVENT_USER_LLM_TEXT,
    SttRawText = RTVI_EVENT_STT_RAW_TEXT,
    LlmRawText = RTVI_EVENT_LLM_RAW_TEXT,
    TtsRawText = RTVI_EVENT_TTS_RAW_TEXT,
    BotLlmMarker = RTVI_EVENT_BOT_LLM_MARKER,
    BotLlmSearchResponse = RTVI_EVENT_BOT_LLM_SEARCH_RESPONSE,
    LlmFunctionCall = RTVI_EVENT_LLM_FUNCTION_CALL,
    LlmFunctionCallStarted = RTVI_EVENT_LLM_FUNCTION_CALL_STARTED,
    LlmFunctionCallInProgress = RTVI_EVENT_LLM_FUNCTION_CALL_IN_PROGRESS,
    LlmFunctionCallStopped = RTVI_EVENT_LLM_FUNCTION_CALL_STOPPED,
    Metrics = RTVI_EVENT_METRICS,
    UserAudioLevel = RTVI_EVENT_USER_AUDIO_LEVEL,
    BotAudioLevel = RTVI_EVENT_BOT_AUDIO_LEVEL,
    SystemLog = RTVI_EVENT_SYSTEM_LOG,
    UiCommand = RTVI_EVENT_UI_COMMAND,
    UiJobGroup = RTVI_EVENT_UI_JOB_GROUP,
    ServerMessage = RTVI_EVENT_SERVER_MESSAGE,
    UnknownMessage = RTVI_EVENT_UNKNOWN_MESSAGE,
};

/// Something that happened. In a callback it is valid until that returns; clone() keeps it.
class Event {
public:
    /// Takes over an event that must be freed, or looks at one that need not.
    static Event owned(rtvi_event* event) { return Event(event, true); }
    static Event borrowed(const rtvi_event* event) { return Event(const_cast<rtvi_event*>(event), false); }

    Event(Event&& other) noexcept : event_(std::exchange(other.event_, nullptr)), owned_(other.owned_) {}
    Event& operator=(Event&& other) noexcept {
        std::swap(event_, other.event_);
        std::swap(owned_, other.owned_);
        return *this;
    }
    ~Event() {
        if (owned_) rtvi_event_free(event_);
    }

    /// A copy to be kept.
    Event clone() const { return owned(rtvi_event_clone(event_)); }

    EventKind kind() const noexcept { return static_cast<EventKind>(rtvi_event_get_kind(event_)); }
    /// Its name, such as `botReady`.
    std::string_view name() const noexcept { return detail::view(rtvi_event_name(event_)); }
    /// A look into its data; valid as long as the event.
    JsonView data() const { return JsonView(rtvi_event_data(event_)); }
    /// Its data as JSON text, empty if it has none; valid as long as the event.
    std::string_view json() const { return detail::view(rtvi_event_json(event_)); }
    /// The new state of a TransportStateChanged.
    TransportState state() const noexcept { return static_cast<TransportState>(rtvi_event_state(event_)); }
    /// The loudness of a LocalAudioLevel or RemoteAudioLevel, 0 to 1; -1 for others.
    float level() const noexcept { return rtvi_event_level(event_); }

private:
    Event(rtvi_event* event, bool owned) : event_(event), owned_(owned) {}

    rtvi_event* event_;
    bool owned_;
};

namespace detail {

/// The place of a name in a list, or 0, the place of none.
template <std::size_t Count>
int place_of(std::string_view name, const std::string_view (&names)[Count]) {
    for (std::size_t i = 1; i < Count; ++i) {
        if (names[i] == name) return static_cast<int>(i);
    }
    return 0;
}

inline ErrorKind kind_of(std::string_view name) {
    static constexpr std::string_view names[] = {
        "",               "invalidArgument",  "invalidTransportParams", "invalidState",    "alreadyStarted", "notReady",
        "startBotFailed", "connectionFailed", "tls",                    "timeout",         "connectionLost", "requestFailed",
        "messageTooLarge", "busy",            "unsupportedFeature",     "protocol",        "botError",       "device",
        "cancelled",      "consumerStalled",  "internal"};
    static_assert(std::size(names) == RTVI_ERROR_INTERNAL + 1);
    const int place = place_of(name, names);
    return place ? static_cast<ErrorKind>(place) : ErrorKind::Internal;
}

inline Phase phase_of(std::string_view name) {
    static constexpr std::string_view names[] = {"",        "devices", "startRequest", "transportOpen", "botReady",
                                                 "session", "request", "functionCall", "reconnect",     "disconnect"};
    static_assert(std::size(names) == RTVI_PHASE_DISCONNECT + 1);
    return static_cast<Phase>(place_of(name, names));
}

inline DeviceErrorKind device_kind_of(std::string_view name) {
    static constexpr std::string_view names[] = {"", "permissions", "in-use", "not-found", "constraints", "unknown"};
    static_assert(std::size(names) == RTVI_DEVICE_ERROR_UNKNOWN + 1);
    const int place = place_of(name, names);
    return place ? static_cast<DeviceErrorKind>(place) : DeviceErrorKind::Unknown;
}

/// The error that the data of an event hold.
inline Error to_error(const JsonView& data) {
    std::optional<std::chrono::milliseconds> wait;
    if (const auto millis = data["retryAfterMs"].integer()) wait = std::chrono::milliseconds(*millis);
    return Error(kind_of(data["kind"].string_or()), data["message"].string_or(), phase_of(data["phase"].string_or()),
                 static_cast<int>(data["status"].integer().value_or(0)), data["code"].string_or(), wait,
                 device_kind_of(data["device"].string_or()));
}

}  // namespace detail
}  // namespace rtvi
