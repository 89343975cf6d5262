/// \file
/// A transport of the app's own.
///
/// Depends on audio.hpp, json.hpp and start_request.hpp.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "audio.hpp"
#include "json.hpp"
#include "start_request.hpp"

RTVI_NAMESPACE_BEGIN

/// Why a connection ended.
enum class CloseReason {
    Requested = RTVI_CLOSE_REQUESTED,
    BotLeft = RTVI_CLOSE_BOT_LEFT,
    OpenFailed = RTVI_CLOSE_OPEN_FAILED,
    Lost = RTVI_CLOSE_LOST,
};

/// One connection of the app's own transport, to which the transport reports events. Cheap to copy.
/// Its functions fail once the connection is over.
///
/// Call them in the transport's functions or on threads of the app's own, not in other callbacks:
/// they wait while the app does not take its events.
class Connection {
public:
    /// Refers to a connection of rtvi.h.
    explicit Connection(rtvi_connection* connection) : connection_(connection) {}

    /// The start request whose answer the connect parameters are, if there was one.
    std::optional<APIRequest> start_request() const {
        return detail::start_request_of(Json(detail::take(rtvi_connection_start_request(connection_))));
    }
    /// Whether the microphone was on when the connection began to open; Transport::mic_enabled()
    /// reports later changes.
    bool is_mic_enabled() const noexcept { return rtvi_connection_is_mic_enabled(connection_); }

    /// Reports that the connection is open for messages and audio. Call it once.
    Result<void> opened(std::string_view bot_id, std::string_view bot_name = {}) const {
        return detail::result(rtvi_connection_opened(connection_, detail::view(bot_id), detail::view(bot_name)));
    }
    /// Reports a message from the server, unchanged.
    Result<void> message(std::string_view json) const {
        return detail::result(rtvi_connection_message(connection_, detail::view(json)));
    }
    /// Delivers audio of the bot.
    Result<void> audio(AudioFormat format, const std::int16_t* samples, std::size_t count) const {
        return detail::result(rtvi_connection_audio(connection_, format.c(), samples, count));
    }
    /// Reports that the server interrupted the bot.
    Result<void> interrupted() const { return detail::result(rtvi_connection_interrupted(connection_)); }
    /// Reports that the bot left a room that stays open.
    Result<void> bot_left() const { return detail::result(rtvi_connection_bot_left(connection_)); }
    /// Reports that a bot joined a room that the bot had left. The client stays ready; the bot is
    /// greeted and reports that it is ready.
    Result<void> bot_joined(std::string_view bot_id, std::string_view bot_name = {}) const {
        return detail::result(rtvi_connection_bot_joined(connection_, detail::view(bot_id), detail::view(bot_name)));
    }
    /// Reports that somebody other than the client and the bot is in the room. The client remembers
    /// 256 participants and ignores any others.
    Result<void> participant_connected(std::string_view id, std::string_view name = {}) const {
        return detail::result(rtvi_connection_participant_connected(connection_, detail::view(id), detail::view(name)));
    }
    /// Reports that somebody other than the client and the bot left the room. Those who are there
    /// when the connection ends need no report.
    Result<void> participant_left(std::string_view id) const {
        return detail::result(rtvi_connection_participant_left(connection_, detail::view(id)));
    }
    /// Reports that the server muted the user's audio, or ended that. While it is muted, send none.
    /// It also ends when mic_enabled() is called with true, or with the connection.
    Result<void> mic_muted(bool muted) const {
        return detail::result(rtvi_connection_mic_muted(connection_, muted));
    }
    /// Reports that something unreadable arrived and was dropped. The app receives a ProtocolError;
    /// `what` names the thing and the reason.
    Result<void> unreadable(std::string_view what) const {
        return detail::result(rtvi_connection_unreadable(connection_, detail::view(what)));
    }
    /// Reports that audible audio was dropped. The app receives an AudioDropped at most once a
    /// second for each `reason`. `count` is in frames or
    /// packets, `time` is zero if unknown, `detail` is for people.
    Result<void> audio_dropped(AudioDropReason reason, std::chrono::duration<double, std::milli> time, std::uint64_t count,
                               std::string_view detail = {}) const {
        return detail::result(rtvi_connection_audio_dropped(connection_, static_cast<std::int32_t>(reason), time.count(),
                                                            count, detail::view(detail)));
    }
    /// Reports that the connection ended.
    Result<void> closed(CloseReason reason, std::string_view message = {}, std::uint16_t code = 0) const {
        const auto number = static_cast<std::int32_t>(reason);
        return detail::result(rtvi_connection_closed(connection_, number, code, detail::view(message)));
    }

    /// Reports that the connection has failed, as OpenFailed or Lost. An error of the kind Internal
    /// takes the kind of the reason.
    Result<void> failed(CloseReason reason, const Error& error) const {
        return detail::result(rtvi_connection_failed(connection_, static_cast<std::int32_t>(reason), detail::to_c(error)));
    }

    friend bool operator==(Connection a, Connection b) { return a.connection_ == b.connection_; }

private:
    rtvi_connection* connection_;
};

/// A transport of the app's own. For each connection, the SDK calls its functions on a thread of
/// that connection, open() first and released() last. An exception ends the connection: the SDK
/// calls PipecatClientOptions::on_exception, and the exception's text states why opening failed or
/// the connection was lost.
class Transport {
public:
    virtual ~Transport() = default;
    /// The largest message it takes, in bytes; 0 for no limit. The client asks once.
    virtual std::size_t max_message_size() const { return 0; }
    /// The audio it wants from the microphone; none by default. The client asks once.
    virtual std::optional<AudioFormat> capture() const { return std::nullopt; }
    /// The length of each frame of that audio, at least a millisecond. The client asks once.
    virtual std::chrono::milliseconds capture_frame() const { return std::chrono::milliseconds(20); }
    /// Begins to open a connection; `attempt` is 0 or the number of the reconnect attempt.
    virtual void open(Connection connection, const Json& params, std::uint32_t attempt) = 0;
    /// Sends an RTVI message.
    virtual void send(Connection connection, std::string_view message) = 0;
    /// Sends audio of the microphone.
    virtual void send_audio(Connection, const std::int16_t*, std::size_t) {}
    /// The microphone was turned on or off.
    virtual void mic_enabled(Connection, bool) {}
    /// The device moved to another network. A connection that can't follow should end as lost, so
    /// that the client restores it at once.
    virtual void network_changed(Connection) {}
    /// Begins to close gracefully; Connection::closed must follow within two seconds.
    virtual void close(Connection connection) { (void)connection.closed(CloseReason::Requested); }
    /// The connection is over, however it ended.
    virtual void released(Connection) {}
};

namespace detail {

using TransportPtr = std::shared_ptr<Guarded<Transport>>;

/// Calls a function of the transport for a connection, which ends when the function throws.
template <class F>
void call(void* data, rtvi_connection* it, F&& function) {
    const Use<TransportPtr> transport(data);
    const auto thrown = transport->run([&](Transport& transport_of_app) { function(transport_of_app, Connection(it)); });
    if (!thrown || Connection(it).closed(CloseReason::Lost, *thrown).ok()) return;
    // It is already over, or the text is not UTF-8.
    (void)Connection(it).closed(CloseReason::Lost, "the app's transport has thrown");
}

inline rtvi_transport_functions functions_of(const Transport& transport) {
    rtvi_transport_functions table{};
    table.size = sizeof table;
    table.max_message_size = transport.max_message_size();
    if (auto capture = transport.capture()) table.capture = capture->c();
    table.capture_frame_ms = millis(transport.capture_frame());
    table.open = [](void* data, rtvi_connection* it, rtvi_str params, std::uint32_t attempt) {
        call(data, it, [&](Transport& to, Connection on) { to.open(on, Json(view(params)), attempt); });
    };
    table.send = [](void* data, rtvi_connection* it, rtvi_str message) {
        call(data, it, [&](Transport& to, Connection on) { to.send(on, view(message)); });
    };
    table.send_audio = [](void* data, rtvi_connection* it, const std::int16_t* samples, std::size_t count) {
        call(data, it, [&](Transport& to, Connection on) { to.send_audio(on, samples, count); });
    };
    table.mic_enabled = [](void* data, rtvi_connection* it, bool enabled) {
        call(data, it, [&](Transport& to, Connection on) { to.mic_enabled(on, enabled); });
    };
    table.network_changed = [](void* data, rtvi_connection* it) {
        call(data, it, [](Transport& to, Connection on) { to.network_changed(on); });
    };
    table.close = [](void* data, rtvi_connection* it) {
        call(data, it, [](Transport& to, Connection on) { to.close(on); });
    };
    table.released = [](void* data, rtvi_connection* it) {
        call(data, it, [](Transport& to, Connection on) { to.released(on); });
    };
    return table;
}

/// The transport in the form of rtvi.h.
inline Result<rtvi_transport*> to_c(std::shared_ptr<Transport> transport, std::shared_ptr<const Context> context) {
    const auto table = functions_of(*transport);
    auto guarded = std::make_shared<Guarded<Transport>>(std::move(transport));
    guarded->attach(std::move(context));
    rtvi_transport* made = nullptr;
    void* data = give(new TransportPtr(std::move(guarded)));
    if (auto error = take(rtvi_transport_custom(&table, data, drop<TransportPtr>, &made))) return *std::move(error);
    return made;
}

}  // namespace detail
RTVI_NAMESPACE_END
