/// \file
/// Events as types: each with its data in members, all together in one variant.
///
/// Depends on event.hpp. A new event is one type here and one line in AnyEvent.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "event.hpp"

namespace rtvi {

/// An event without data.
template <EventKind Kind>
struct PlainEvent {
    static constexpr EventKind kind = Kind;
    static PlainEvent read(const JsonView&) { return {}; }
};

/// An event with a text.
template <EventKind Kind>
struct TextEvent {
    static constexpr EventKind kind = Kind;
    std::string text;
    static TextEvent read(const JsonView& data) { return {data["text"].string_or()}; }
};

/// An event with data of a shape that is not fixed.
template <EventKind Kind>
struct JsonEvent {
    static constexpr EventKind kind = Kind;
    /// Empty if there are none.
    Json data;
    static JsonEvent read(const JsonView& data) { return {Json(data.text())}; }
};

/// Somebody in the session.
struct Participant {
    std::string id;
    std::string name;
    /// Whether it is this client.
    bool local = false;
    static Participant read(const JsonView& data) {
        return {data["id"].string_or(), data["name"].string_or(), data["local"].boolean().value_or(false)};
    }
};

/// An event about somebody.
template <EventKind Kind>
struct ParticipantEvent : Participant {
    static constexpr EventKind kind = Kind;
    static ParticipantEvent read(const JsonView& data) { return {Participant::read(data)}; }
};

/// An event about the audio of somebody.
template <EventKind Kind>
struct TrackEvent {
    static constexpr EventKind kind = Kind;
    /// `audio`.
    std::string media;
    Participant participant;
    static TrackEvent read(const JsonView& data) {
        return {data["kind"].string_or(), Participant::read(data["participant"])};
    }
};

/// A microphone or speaker.
struct Device {
    std::string device_id;
    std::string label;
    static Device read(const JsonView& data) { return {data["deviceId"].string_or(), data["label"].string_or()}; }
};

/// An event about a microphone or speaker.
template <EventKind Kind>
struct DeviceEvent : Device {
    static constexpr EventKind kind = Kind;
    static DeviceEvent read(const JsonView& data) { return {Device::read(data)}; }
};

/// The microphones or speakers that there are.
template <EventKind Kind>
struct DevicesEvent {
    static constexpr EventKind kind = Kind;
    std::vector<Device> devices;
    static DevicesEvent read(const JsonView& data) {
        DevicesEvent event;
        for (std::size_t i = 0; i < data.size(); ++i) event.devices.push_back(Device::read(data.item(i)));
        return event;
    }
};

/// Loudness, 0 to 1.
template <EventKind Kind>
struct LevelEvent {
    static constexpr EventKind kind = Kind;
    double level = 0;
    static LevelEvent read(const JsonView& data) {
        return {data.number().value_or(data["value"].number().value_or(0))};
    }
};

/// What the user said, as heard by a speech recogniser.
template <EventKind Kind>
struct TranscriptEvent {
    static constexpr EventKind kind = Kind;
    std::string text;
    /// False for an interim transcription.
    bool is_final = true;
    std::string user_id;
    /// ISO 8601, by the server's clock.
    std::string timestamp;
    static TranscriptEvent read(const JsonView& data) {
        return {data["text"].string_or(), data["final"].boolean().value_or(true), data["user_id"].string_or(),
                data["timestamp"].string_or()};
    }
};

/// The client is in another state.
struct TransportStateChanged {
    static constexpr EventKind kind = EventKind::TransportStateChanged;
    TransportState state = TransportState::Disconnected;
    static TransportStateChanged read(const JsonView& data) {
        for (int state = 0; state <= RTVI_STATE_ERROR; ++state) {
            if (data.string() == to_string(static_cast<TransportState>(state))) return {static_cast<TransportState>(state)};
        }
        return {};
    }
};

/// The session is over.
struct Disconnected {
    static constexpr EventKind kind = EventKind::Disconnected;
    /// `requested`, `botLeft` or `failed`.
    std::string reason;
    /// What the bot or the error says; may be empty.
    std::string message;
    /// Why it failed, if it did.
    std::optional<Error> error = {};
    static Disconnected read(const JsonView& data) {
        Disconnected event{data["reason"].string_or(), data["message"].string_or()};
        if (const auto failed = data["error"]) {
            event.error = detail::to_error(failed);
            event.message = event.error->message();
        }
        return event;
    }
};

/// How much of what the bot said was heard.
struct BotAudioHeard {
    static constexpr EventKind kind = EventKind::BotAudioHeard;
    std::chrono::duration<double, std::milli> heard{};
    std::chrono::duration<double, std::milli> received{};
    /// Whether the bot was cut off.
    bool interrupted = false;
    static BotAudioHeard read(const JsonView& data) {
        using Time = std::chrono::duration<double, std::milli>;
        return {Time(data["heardMs"].number().value_or(0)), Time(data["receivedMs"].number().value_or(0)),
                data["interrupted"].boolean().value_or(false)};
    }
};

/// Audio was dropped that somebody would have heard: at once, then once a second for each reason while it lasts.
struct AudioDropped {
    static constexpr EventKind kind = EventKind::AudioDropped;
    /// `unknownStream`, `unreadable`, `playoutFull` or `speakerFull` of the bot's audio; `microphoneFull`, `microphoneBacklog` or
    /// `preConnectFull` of the user's. New ones may be added.
    std::string reason;
    /// How much since the last report; zero where nobody can tell.
    std::chrono::duration<double, std::milli> dropped{};
    /// In how many frames or packets.
    std::int64_t count = 0;
    /// What it was, for people; may be empty.
    std::string detail;
    static AudioDropped read(const JsonView& data) {
        using Time = std::chrono::duration<double, std::milli>;
        return {data["reason"].string_or(), Time(data["droppedMs"].number().value_or(0)),
                data["count"].integer().value_or(0), data["detail"].string_or()};
    }
};

/// A connection was lost and is being restored.
struct Reconnecting {
    static constexpr EventKind kind = EventKind::Reconnecting;
    std::int64_t attempt = 0;
    std::int64_t max_attempts = 0;
    /// Why it was lost.
    std::string reason;
    /// The same with all that is known of it.
    Error error{ErrorKind::Internal, {}};
    static Reconnecting read(const JsonView& data) {
        Reconnecting event{data["attempt"].integer().value_or(0), data["maxAttempts"].integer().value_or(0), {}};
        event.error = detail::to_error(data["reason"]);
        event.reason = event.error.message();
        return event;
    }
};

/// Something failed, here or in the bot, that no call can report.
struct ErrorEvent {
    static constexpr EventKind kind = EventKind::Error;
    std::string message;
    /// Whether the session ends because of it.
    bool fatal = false;
    /// All that is known of it.
    Error error{ErrorKind::Internal, {}};
    static ErrorEvent read(const JsonView& data) {
        ErrorEvent event{data["error"].string_or(), data["fatal"].boolean().value_or(false)};
        event.error = detail::to_error(data);
        return event;
    }
};

/// The server answered a message with an error.
struct MessageError {
    static constexpr EventKind kind = EventKind::MessageError;
    /// The id of the message; may be empty.
    std::string id;
    std::string error;
    static MessageError read(const JsonView& data) { return {data["id"].string_or(), data["error"].string_or()}; }
};

/// A message of the server could not be understood and was dropped.
struct ProtocolError {
    static constexpr EventKind kind = EventKind::ProtocolError;
    /// The message's type; may be empty.
    std::string type;
    std::string reason;
    static ProtocolError read(const JsonView& data) { return {data["type"].string_or(), data["reason"].string_or()}; }
};

/// An option asks for something that is not supported here.
struct UnsupportedFeature {
    static constexpr EventKind kind = EventKind::UnsupportedFeature;
    std::string feature;
    static UnsupportedFeature read(const JsonView& data) { return {data["feature"].string_or()}; }
};

/// A microphone or speaker failed.
struct DeviceError {
    static constexpr EventKind kind = EventKind::DeviceError;
    std::string message;
    static DeviceError read(const JsonView& data) { return {data["message"].string_or()}; }
};

/// The bot is ready.
struct BotReady {
    static constexpr EventKind kind = EventKind::BotReady;
    /// The protocol's version, as the server writes it; may be empty.
    std::string version;
    /// All that the bot says of itself.
    Json data;
    static BotReady read(const JsonView& data) { return {data["version"].string_or(), Json(data.text())}; }
};

/// What the bot says or writes, piece by piece.
struct BotOutput {
    static constexpr EventKind kind = EventKind::BotOutput;
    std::string text;
    /// Its form, such as `sentence` or `word`.
    std::string output_type;
    std::optional<std::int64_t> segment_id;
    std::optional<bool> will_be_spoken;
    /// `new`, `in-progress`, `completed` or `interrupted`; may be empty.
    std::string spoken_status;
    /// What has been spoken of it.
    std::string accumulated_text;
    /// What has not.
    std::string remaining_text;
    static BotOutput read(const JsonView& data) {
        const auto progress = data["spoken_progress"];
        return {data["text"].string_or(), data["output_type"].string_or(), data["segment_id"].integer(),
                data["will_be_spoken"].boolean(), data["spoken_status"].string_or(),
                progress["accumulated_text"].string_or(), progress["remaining_text"].string_or()};
    }
};

/// What the user said or typed.
struct UserInput {
    static constexpr EventKind kind = EventKind::UserInput;
    std::string text;
    /// How it came, such as `transcription` or `chat`.
    std::string input_type;
    bool is_final = true;
    std::string user_id;
    /// For typed input, the id of the client's message.
    std::string msg_id;
    static UserInput read(const JsonView& data) {
        return {data["text"].string_or(), data["input_type"].string_or(), data["final"].boolean().value_or(true),
                data["user_id"].string_or(), data["msg_id"].string_or()};
    }
};

/// The bot is about to call a function.
struct FunctionCallStarted {
    static constexpr EventKind kind = EventKind::LlmFunctionCallStarted;
    /// Empty if the server does not tell.
    std::string function_name;
    static FunctionCallStarted read(const JsonView& data) { return {data["function_name"].string_or()}; }
};

/// A function call runs.
struct FunctionCallInProgress {
    static constexpr EventKind kind = EventKind::LlmFunctionCallInProgress;
    std::string tool_call_id;
    /// Empty if the server does not tell.
    std::string function_name;
    /// Empty if the server does not tell.
    Json arguments;
    static FunctionCallInProgress read(const JsonView& data) {
        return {data["tool_call_id"].string_or(), data["function_name"].string_or(), Json(data["arguments"].text())};
    }
};

/// A function call ended.
struct FunctionCallStopped {
    static constexpr EventKind kind = EventKind::LlmFunctionCallStopped;
    std::string tool_call_id;
    bool cancelled = false;
    /// Empty if the server does not tell.
    std::string function_name;
    /// Empty if the server does not tell.
    Json result;
    static FunctionCallStopped read(const JsonView& data) {
        return {data["tool_call_id"].string_or(), data["cancelled"].boolean().value_or(false),
                data["function_name"].string_or(), Json(data["result"].text())};
    }
};

/// The bot asks the user interface to do something.
struct UiCommand {
    static constexpr EventKind kind = EventKind::UiCommand;
    std::string command;
    /// Empty if there is none.
    Json payload;
    static UiCommand read(const JsonView& data) { return {data["command"].string_or(), Json(data["payload"].text())}; }
};

/// A message of a type that this version does not know, and every event that has no type here.
struct OtherEvent {
    std::string name;
    Json data;
};

using Connected = PlainEvent<EventKind::Connected>;
using BotStarted = JsonEvent<EventKind::BotStarted>;
using BotConnected = ParticipantEvent<EventKind::BotConnected>;
using BotDisconnected = ParticipantEvent<EventKind::BotDisconnected>;
using ParticipantConnected = ParticipantEvent<EventKind::ParticipantConnected>;
using ParticipantLeft = ParticipantEvent<EventKind::ParticipantLeft>;
using TrackStarted = TrackEvent<EventKind::TrackStarted>;
using TrackStopped = TrackEvent<EventKind::TrackStopped>;
using MediaStateUpdated = JsonEvent<EventKind::MediaStateUpdated>;
using MicUpdated = DeviceEvent<EventKind::MicUpdated>;
using SpeakerUpdated = DeviceEvent<EventKind::SpeakerUpdated>;
using AvailableMicsUpdated = DevicesEvent<EventKind::AvailableMicsUpdated>;
using AvailableSpeakersUpdated = DevicesEvent<EventKind::AvailableSpeakersUpdated>;
using LocalSpeechStarted = PlainEvent<EventKind::LocalSpeechStarted>;
using LocalSpeechStopped = PlainEvent<EventKind::LocalSpeechStopped>;
using LocalAudioLevel = LevelEvent<EventKind::LocalAudioLevel>;
using RemoteAudioLevel = LevelEvent<EventKind::RemoteAudioLevel>;
using TransportStats = JsonEvent<EventKind::TransportStats>;
using ServerResponse = JsonEvent<EventKind::ServerResponse>;
using BotTranscript = TextEvent<EventKind::BotTranscript>;
using BotLlmText = TextEvent<EventKind::BotLlmText>;
using BotLlmStarted = PlainEvent<EventKind::BotLlmStarted>;
using BotLlmStopped = PlainEvent<EventKind::BotLlmStopped>;
using BotTtsText = TextEvent<EventKind::BotTtsText>;
using BotTtsStarted = PlainEvent<EventKind::BotTtsStarted>;
using BotTtsStopped = PlainEvent<EventKind::BotTtsStopped>;
using BotTtsAudio = JsonEvent<EventKind::BotTtsAudio>;
using BotStartedSpeaking = PlainEvent<EventKind::BotStartedSpeaking>;
using BotStoppedSpeaking = PlainEvent<EventKind::BotStoppedSpeaking>;
using BotInterrupted = PlainEvent<EventKind::BotInterrupted>;
using UserStartedSpeaking = PlainEvent<EventKind::UserStartedSpeaking>;
using UserStoppedSpeaking = PlainEvent<EventKind::UserStoppedSpeaking>;
using VadUserStartedSpeaking = PlainEvent<EventKind::VadUserStartedSpeaking>;
using VadUserStoppedSpeaking = PlainEvent<EventKind::VadUserStoppedSpeaking>;
using UserMuteStarted = PlainEvent<EventKind::UserMuteStarted>;
using UserMuteStopped = PlainEvent<EventKind::UserMuteStopped>;
using UserTranscript = TranscriptEvent<EventKind::UserTranscript>;
using UserLlmText = TextEvent<EventKind::UserLlmText>;
using SttRawText = TranscriptEvent<EventKind::SttRawText>;
using LlmRawText = TextEvent<EventKind::LlmRawText>;
using TtsRawText = TextEvent<EventKind::TtsRawText>;
using BotLlmMarker = JsonEvent<EventKind::BotLlmMarker>;
using BotLlmSearchResponse = JsonEvent<EventKind::BotLlmSearchResponse>;
using LlmFunctionCall = JsonEvent<EventKind::LlmFunctionCall>;
using Metrics = JsonEvent<EventKind::Metrics>;
using UserAudioLevel = LevelEvent<EventKind::UserAudioLevel>;
using BotAudioLevel = LevelEvent<EventKind::BotAudioLevel>;
using SystemLog = TextEvent<EventKind::SystemLog>;
using UiJobGroup = JsonEvent<EventKind::UiJobGroup>;
using ServerMessage = JsonEvent<EventKind::ServerMessage>;

/// Every event, each with its own type.
using AnyEvent = std::variant<
    OtherEvent, TransportStateChanged, Connected, Disconnected, BotStarted, BotConnected, BotDisconnected,
    ParticipantConnected, ParticipantLeft, Reconnecting, ErrorEvent, MessageError, ProtocolError, UnsupportedFeature,
    TrackStarted, TrackStopped, MediaStateUpdated, MicUpdated, SpeakerUpdated, DeviceError, LocalAudioLevel,
    RemoteAudioLevel, TransportStats, AvailableMicsUpdated, AvailableSpeakersUpdated, BotAudioHeard, LocalSpeechStarted,
    LocalSpeechStopped, AudioDropped, BotReady, ServerResponse, BotOutput, BotTranscript, BotLlmText, BotLlmStarted, BotLlmStopped,
    BotTtsText, BotTtsStarted, BotTtsStopped, BotTtsAudio, BotStartedSpeaking, BotStoppedSpeaking, BotInterrupted,
    UserStartedSpeaking, UserStoppedSpeaking, VadUserStartedSpeaking, VadUserStoppedSpeaking, UserMuteStarted,
    UserMuteStopped, UserTranscript, UserInput, UserLlmText, SttRawText, LlmRawText, TtsRawText, BotLlmMarker,
    BotLlmSearchResponse, LlmFunctionCall, FunctionCallStarted, FunctionCallInProgress, FunctionCallStopped, Metrics,
    UserAudioLevel, BotAudioLevel, SystemLog, UiCommand, UiJobGroup, ServerMessage>;

namespace detail {

template <class Variant, std::size_t Index>
void read_as(Variant& to, const JsonView& data) {
    to.template emplace<Index>(std::variant_alternative_t<Index, Variant>::read(data));
}

/// How to read each event of a variant but the first.
template <class Variant>
struct Reader {
    EventKind kind;
    void (*read)(Variant&, const JsonView&);
};

template <class Variant, std::size_t... Index>
const Reader<Variant>* reader(EventKind kind, std::index_sequence<Index...>) {
    static constexpr Reader<Variant> readers[] = {
        {std::variant_alternative_t<Index + 1, Variant>::kind, &read_as<Variant, Index + 1>}...};
    for (const auto& one : readers) {
        if (one.kind == kind) return &one;
    }
    return nullptr;
}

}  // namespace detail

/// The event with its own type. An app may give a variant of its own, of OtherEvent and the events it knows: that compiles faster.
template <class Variant = AnyEvent>
Variant typed(const Event& event) {
    using All = std::make_index_sequence<std::variant_size_v<Variant> - 1>;
    Variant made;
    if (const auto* reader = detail::reader<Variant>(event.kind(), All())) {
        reader->read(made, event.data());
    } else {
        made.template emplace<0>(OtherEvent{std::string(event.name()), Json(event.json())});
    }
    return made;
}

/// A visitor made of functions: `std::visit(overloaded{[](const BotReady& e) {…}, [](const auto&) {}}, typed(event))`.
template <class... Fs>
struct overloaded : Fs... {
    using Fs::operator()...;
};
template <class... Fs>
overloaded(Fs...) -> overloaded<Fs...>;

/// Calls a function for each type of event; fit for PipecatClientOptions::on_event.
class EventHandlers {
public:
    /// Calls `handler` for every event of the type `E`, after those that are there already.
    template <class E>
    EventHandlers& on(std::function<void(const E&)> handler) {
        return on_kind(E::kind, [handler = std::move(handler)](const Event& event) { handler(E::read(event.data())); });
    }
    /// Calls `handler` for every event of the kind.
    EventHandlers& on_kind(EventKind kind, std::function<void(const Event&)> handler) {
        handlers_.emplace(kind, std::move(handler));
        return *this;
    }

    void operator()(const Event& event) const {
        const auto [first, last] = handlers_.equal_range(event.kind());
        for (auto it = first; it != last; ++it) it->second(event);
    }

private:
    std::multimap<EventKind, std::function<void(const Event&)>> handlers_;
};

}  // namespace rtvi
