/// \file
/// The options, as plain structs. Set their members by name; later versions may add more and
/// reorder them. A member that equals its default is omitted, even if it was set: a later library
/// then uses its own default.
///
/// Printed from the core by `rtvi-options cpp`; do not edit. Depends on json_maker.hpp. Values
/// only.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "json_maker.hpp"

RTVI_NAMESPACE_BEGIN

/// The name, version and platform that the client reports to the bot.
struct AboutClient {
    /// The name of the library. Default: none, which means this library's name.
    std::optional<std::string> library = {};
    /// The version of the library. Default: none, which means this library's version.
    std::optional<std::string> library_version = {};
    /// The operating system. Default: none, which means the system that the library was built for.
    std::optional<std::string> platform = {};
    /// Further details, as an object. Default: none.
    Json platform_details = {};
    /// The version of the operating system. Default: none, which means the version that the library
    /// knows, if any.
    std::optional<std::string> platform_version = {};

    /// The JSON for rtvi.h: the members that differ from their defaults.
    Result<Json> to_json() const;
};

/// The processing stages of the user's audio. Each can be turned on or off during a session.
struct AudioProcessing {
    /// Removes the bot's voice from the microphone's audio, even while the user speaks. It finds
    /// the delay between speaker and microphone itself, up to about half a second, and includes the
    /// high-pass filter. Without it, a bot on a loudspeaker interrupts itself. Default: false.
    bool echo_cancellation = false;
    /// Amplifies quiet speech and limits loud speech. Default: false.
    bool gain_control = false;
    /// Removes rumble and hum below about 100 Hz. Default: false.
    bool high_pass = false;
    /// Removes steady noise, by about 12 dB. Default: false.
    bool noise_suppression = false;

    /// Everything.
    static AudioProcessing all() noexcept {
        AudioProcessing all;
        all.echo_cancellation = true;
        all.gain_control = true;
        all.high_pass = true;
        all.noise_suppression = true;
        return all;
    }

    /// The JSON for rtvi.h: the members that differ from their defaults.
    Result<Json> to_json() const;
};

/// What the camera sends at most. The client sends less while the network carries less.
struct CameraOptions {
    /// Pictures per second. Pipecat bots fall behind at 30 and never catch up, since they show
    /// exactly 30 themselves. Default: 24.
    std::uint32_t frame_rate = 24;
    /// Height in pixels. Default: 480.
    std::uint32_t height = 480;
    /// Bits per second. Default: 1500000.
    std::uint32_t max_bitrate = 1500000;
    /// Width in pixels. Default: 640.
    std::uint32_t width = 640;

    /// The JSON for rtvi.h: the members that differ from their defaults.
    Result<Json> to_json() const;
};

/// Options of ducking: the bot gets quieter while the user speaks.
struct Ducking {
    /// The factor for the bot's samples while the user speaks, 0 to 1; 0.25 is 12 dB quieter.
    /// Default: 0.25.
    float gain = 0.25F;

    /// The JSON for rtvi.h: the members that differ from their defaults.
    Result<Json> to_json() const;
};

/// A header of a request.
struct Header {
    /// Its name, such as `Authorization`; case does not matter.
    std::string name = {};
    /// Its value.
    std::string value = {};

    /// The JSON for rtvi.h: the members that differ from their defaults.
    Result<Json> to_json() const;
};

/// A request to an HTTP endpoint that starts a bot or accepts an offer.
struct APIRequest {
    /// The `http` or `https` URL.
    std::string endpoint = {};
    /// Extra request headers, sent in this order. Requests that belong to the same session send
    /// them too. Default: none.
    std::vector<Header> headers = {};
    /// The JSON body. Default: none, which sends no body.
    Json request_data = {};
    /// The timeout for the complete request. Default: none, which means the client's timeout for
    /// start requests, and 10 s for offers.
    std::optional<std::chrono::milliseconds> timeout = {};

    /// The JSON for rtvi.h: the members that differ from their defaults.
    Result<Json> to_json() const;
};

/// A STUN or TURN server.
struct IceServer {
    /// Its URLs: `stun:host:port`, `turn:host:port` (over UDP), `turn:host:port?transport=tcp`, `turns:host:port` (over TLS).
    /// Others, and servers after the eighth of a kind, are passed over with a line in the log that names them.
    std::vector<std::string> urls = {};
    /// The password at a TURN server. Default: none, for STUN.
    std::string credential = {};
    /// The user's name at a TURN server. Default: none, for STUN.
    std::string username = {};

    /// The JSON for rtvi.h: the members that differ from their defaults.
    Result<Json> to_json() const;
};

/// Options for the audio that the client sends.
struct OpusOptions {
    /// Target bit rate in bits per second, 6000 to 510000; 32000 is clear speech with room for
    /// error correction. Default: 32000.
    std::uint32_t bitrate = 32000;
    /// Whether almost nothing is sent while the user is silent. A server may take missing packets
    /// for a dead client. Default: false.
    bool discontinuous = false;
    /// Whether packets carry a coarse copy of the one before them, for when that is lost, if the
    /// server's answer asks for it: LiveKit's does, Pipecat's does not. Default: true.
    bool forward_error_correction = true;

    /// The JSON for rtvi.h: the members that differ from their defaults.
    Result<Json> to_json() const;
};

/// Options for buffering and playing the bot's audio.
struct Playout {
    /// How long flushed audio takes to fade out, at most 100 ms. Default: 5 ms.
    std::chrono::milliseconds fade = std::chrono::milliseconds(5);
    /// The initial gain of the bot's audio, 0 to 4. Default: 1.
    float gain = 1.0F;
    /// The longest delay after gaps. Audio with more jitter is lost. Default: 400 ms.
    std::chrono::milliseconds max_delay = std::chrono::milliseconds(400);
    /// How much audio is buffered before playback starts, so that small jitter causes no gaps. Less
    /// audio is played once it has waited that long. After a gap the delay is longer for a while.
    /// Default: 40 ms.
    std::chrono::milliseconds target_delay = std::chrono::milliseconds(40);

    /// The JSON for rtvi.h: the members that differ from their defaults.
    Result<Json> to_json() const;
};

/// Options of push-to-talk.
struct PushToTalk {
    /// How much audio from before a press is also sent; at most 2 s. People start to speak shortly
    /// before they press. Default: 200 ms.
    std::chrono::milliseconds pre_roll = std::chrono::milliseconds(200);

    /// The JSON for rtvi.h: the members that differ from their defaults.
    Result<Json> to_json() const;
};

/// The rules for restoring a lost connection.
struct ReconnectPolicy {
    /// The wait before the first attempt. It doubles with each further attempt. Default: 250 ms.
    std::chrono::milliseconds first_delay = std::chrono::milliseconds(250);
    /// The number of attempts before the session ends; 0 turns reconnecting off. The count restarts
    /// once a restored session has held for 10 s. Default: 3.
    std::uint32_t max_attempts = 3;
    /// The longest wait between attempts. Default: 5 s.
    std::chrono::milliseconds max_delay = std::chrono::milliseconds(5000);

    /// The JSON for rtvi.h: the members that differ from their defaults.
    Result<Json> to_json() const;
};

/// What the screen sends at most. The client sends less while the network carries less.
struct ScreenOptions {
    /// Pictures per second. A still screen is sent twice a second. Default: 10.
    std::uint32_t frame_rate = 10;
    /// Height in pixels. Default: 720.
    std::uint32_t height = 720;
    /// Bits per second. Default: 2500000.
    std::uint32_t max_bitrate = 2500000;
    /// Width in pixels. Default: 1280.
    std::uint32_t width = 1280;

    /// The JSON for rtvi.h: the members that differ from their defaults.
    Result<Json> to_json() const;
};

/// The deadlines of a session. Every call settles within them.
struct Timeouts {
    /// The deadline from client-ready to bot-ready; the client is connected meanwhile. Bots load
    /// models when the first client connects. Default: none, which means 30 s, or 60 s where the
    /// deadline for opening is 60 s by default.
    std::optional<std::chrono::milliseconds> bot_ready = {};
    /// The deadline for opening the microphone and speaker. Default: 10 s.
    std::chrono::milliseconds devices = std::chrono::milliseconds(10000);
    /// The deadline for a function of the app that the bot calls. After it, the client sends the
    /// bot an error result. Default: 30 s.
    std::chrono::milliseconds function_call = std::chrono::milliseconds(30000);
    /// The deadline for opening the transport; the client is connecting meanwhile. If the app's own
    /// server starts agents on Pipecat Cloud, set it to 60 s. A connection that is restored without
    /// a start request always has 15 s, because its bot is already running. Default: none, which
    /// means 15 s, or 60 s after a start request to Pipecat Cloud (any URL that ends in
    /// `/v1/public/AGENT/start`), whose agents take up to 40 s to start.
    std::optional<std::chrono::milliseconds> open = {};
    /// The deadline for the start request, unless the request sets another. Default: 30 s.
    std::chrono::milliseconds start = std::chrono::milliseconds(30000);

    /// The JSON for rtvi.h: the members that differ from their defaults.
    Result<Json> to_json() const;
};

/// Which servers to trust.
///
/// The platform's own trust settings always apply. They are read once, when the first secure
/// connection is opened, which can take some milliseconds. A URL that begins with `ws` or `http` is
/// refused as a TLS error before anything is sent, unless its host is a loopback, private (RFC
/// 1918, `fc00::/7`) or link-local address, `localhost`, a name in `.local`, or a name without a
/// dot.
struct TlsOptions {
    /// Whether `ws` and `http` are allowed everywhere. Anyone between client and server can then
    /// read and change everything: tokens, messages and, over WebSocket, audio. If false, they are
    /// allowed only to this machine and private networks. Default: false.
    bool allow_plaintext = false;
    /// The only server keys to accept, if any are given. Each is a SHA-256 hash in hexadecimal of
    /// the public key of the server's own certificate in DER form, as printed by `openssl x509
    /// -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256`. The system must
    /// also trust the certificate. Add a second key that is stored elsewhere; otherwise losing the
    /// first key locks the app out. A hash of another length is an invalid argument. Default: none.
    std::vector<std::string> pinned_keys = {};
    /// Certificates of authorities to trust in addition to the system's, in PEM form. Not supported
    /// on Android, where the app's network security configuration decides: opening a secure
    /// connection then fails. Default: none.
    std::optional<std::string> root_certificates = {};

    /// The JSON for rtvi.h: the members that differ from their defaults.
    Result<Json> to_json() const;
};

/// WebRTC with a bot in a room of a LiveKit server.
struct LiveKitTransportOptions {
    /// The identity of the bot in the room, for rooms in which a bot can't be told from people.
    /// Default: none, which means the first participant whose token says that it is an agent; if
    /// there is none after 5 s, the first one that publishes audio.
    std::optional<std::string> bot_identity = {};
    /// STUN and TURN servers to use beside the TURN servers that the LiveKit server names. Default:
    /// none.
    std::vector<IceServer> ice_servers = {};
    /// Whether the client also connects to the server's TCP candidates (ICE over TCP, RFC 6544), for
    /// networks that block UDP. UDP gets a head start of 250 ms. The option has no effect together
    /// with relaying only. Default: true.
    bool ice_tcp = true;
    /// How the user's audio is encoded.
    OpusOptions opus = {};
    /// Whether to connect through TURN servers only, which hides the user's address from the LiveKit
    /// server. Connecting then fails if there are none, or if none of them relays. Default: false.
    bool relay_only = false;
    /// How long the client tries to resume the session in the room after it lost its connection.
    /// After that, the connection counts as lost, and the client joins the room once more. The server
    /// keeps a silent participant for 15 to 20 s; common bots end when it is gone. Default: 15 s.
    std::chrono::milliseconds resume_timeout = std::chrono::milliseconds(15000);
    /// How long the server may be silent before the client counts its signalling connection as lost
    /// and resumes the session. The client pings the server. Default: 5.75 s.
    std::chrono::milliseconds stall_timeout = std::chrono::milliseconds(5750);
    /// Which servers to trust on `wss` and `turns` URLs, and whether `ws` is allowed outside private
    /// networks. Default: none, which means the client's options.
    std::optional<TlsOptions> tls = {};
    /// The token for the room if the connect parameters contain none. Default: none.
    std::optional<std::string> token = {};
    /// The URL of the LiveKit server if the connect parameters contain none. Default: none.
    std::optional<std::string> url = {};

    /// The JSON for rtvi.h: the members that differ from their defaults.
    Result<Json> to_json() const;
};

/// A call as a telephone provider makes it, to test bots that are written for phones.
struct PhoneTransportOptions {
    /// The encoding of the caller's voice: `pcmu`, `pcma`, `l16-8000`, `l16-16000` or `l16-24000`.
    /// Twilio and Genesys have pcmu; Telnyx pcmu and pcma; Plivo pcmu, l16-8000 and l16-16000;
    /// Exotel l16-8000; Vonage all of the l16. Default: none, which means the first that the
    /// provider has, and l16-16000 for Vonage.
    std::optional<std::string> encoding = {};
    /// The caller's number. Default: none.
    std::optional<std::string> from = {};
    /// The headers of every upgrade request, sent in this order. Headers in the connect parameters
    /// replace those of the same name. Default: none.
    std::vector<Header> headers = {};
    /// Parameters for the bot, by name: what an app sets when it lets the provider connect the
    /// call. Twilio, Plivo and Vonage do not announce numbers; with them, `from` and `to` are the
    /// parameters `from_number` and `to_number`. Default: none.
    Json parameters = {};
    /// The provider: `twilio`, `telnyx`, `plivo`, `exotel`, `vonage` or `genesys`. Default: "twilio".
    std::string provider = "twilio";
    /// How long a bot that has sent audio may be silent on the socket before the connection counts
    /// as lost; as for a WebSocket. Default: 5.5 s.
    std::chrono::milliseconds stall_timeout = std::chrono::milliseconds(5500);
    /// Which servers to trust on `wss` URLs, and whether `ws` is allowed outside private networks.
    /// Default: none, which means the client's options.
    std::optional<TlsOptions> tls = {};
    /// The number that is called. Default: none.
    std::optional<std::string> to = {};
    /// The URL to use if the connect parameters contain none. Default: none.
    std::optional<std::string> url = {};

    /// The JSON for rtvi.h: the members that differ from their defaults.
    Result<Json> to_json() const;
};

/// WebRTC with a bot, without a service between them: what Pipecat recommends for apps.
struct SmallWebRtcTransportOptions {
    /// STUN and TURN servers, used unless the connect parameters bring their own. Default: none.
    std::vector<IceServer> ice_servers = {};
    /// Whether the client also connects to the server's TCP candidates (ICE over TCP, RFC 6544),
    /// for networks that block UDP. UDP gets a head start of 250 ms. The client itself accepts no
    /// connections. The option has no effect together with relaying only, or with servers that
    /// offer no TCP candidates, such as Pipecat's own. Default: false.
    bool ice_tcp = false;
    /// The offer request to make when the connect parameters hold none. Default: none.
    std::optional<APIRequest> offer = {};
    /// Where offers go after a start request, with `:sessionId` in the session's place; relative to
    /// the start URL or absolute. Default: none, and then the `/start` of the start URL becomes
    /// `/sessions/:sessionId/api/offer`.
    std::optional<std::string> offer_url_template = {};
    /// How the user's audio is encoded.
    OpusOptions opus = {};
    /// Whether to connect through TURN servers only, which hides the user's address from the
    /// server. Connecting then fails as soon as none of them relays, with the reasons. Default:
    /// false.
    bool relay_only = false;
    /// How long a server that has sent messages before may be silent before the connection counts
    /// as lost. It confirms one of ours each second; checked ten times a second. One whose HTTP
    /// port refuses connections while its audio is missing is given up after 1 s. Default: 5.75 s,
    /// so that a gap in the network, or a bot whose event loop stands still for 4.5 s, is waited
    /// for and a frozen server is noticed within 6 s.
    std::chrono::milliseconds stall_timeout = std::chrono::milliseconds(5750);
    /// Whom to trust on `https` and `turns` URLs, and whether `http` is allowed outside private
    /// networks. Default: none, which is as the client's options say.
    std::optional<TlsOptions> tls = {};
    /// Whether the offer waits until all network candidates are known, up to 2 s, so that none has
    /// to be sent after it. For servers that take no later ones. Default: false.
    bool wait_for_ice_gathering = false;

    /// The JSON for rtvi.h: the members that differ from their defaults.
    Result<Json> to_json() const;
};

/// The video options: what the camera and the screen send at most, and what the bot sends. Without
/// effect in a library that was built without video.
struct VideoOptions {
    /// What the camera sends at most.
    CameraOptions camera = {};
    /// The highest bitrate of the bot's video, in bits per second; at least 250000. The client
    /// lowers it while packets are lost. Default: 1500000.
    std::uint32_t max_receive_bitrate = 1500000;
    /// What the screen sends at most.
    ScreenOptions screen = {};

    /// The JSON for rtvi.h: the members that differ from their defaults.
    Result<Json> to_json() const;
};

/// When speech counts as started and as ended.
struct VoiceActivity {
    /// How long speech must last to count as started, so that a click does not. Default: 64 ms.
    std::chrono::milliseconds start_after = std::chrono::milliseconds(64);
    /// How long a pause must last to end speech, so that a breath does not. Default: 500 ms.
    std::chrono::milliseconds stop_after = std::chrono::milliseconds(500);
    /// The likelihood from which audio counts as speech, 0 to 1. A higher value is less sensitive.
    /// Default: 0.5.
    float threshold = 0.5F;

    /// The JSON for rtvi.h: the members that differ from their defaults.
    Result<Json> to_json() const;
};

/// The audio options: processing, push-to-talk, ducking and playout.
struct VoiceOptions {
    /// The processing stages for the microphone's audio. They can be switched later. Default: none,
    /// which lets the microphone decide: all stages for one that hears the room, no stages if the
    /// system processes its audio or the app provides the audio.
    std::optional<AudioProcessing> audio_processing = {};
    /// Makes the bot quieter while the user speaks, as detected on this device. Default: none,
    /// which turns it off.
    std::optional<Ducking> ducking = {};
    /// The period of the level reports for microphone and bot; at least 20 ms. Default: 100 ms.
    std::chrono::milliseconds level_period = std::chrono::milliseconds(100);
    /// How long the microphone stays open after it is muted. Then the client releases it: it stops
    /// the source, and the system shows the microphone as off. Unmuting opens it again, which takes
    /// a device some tenths of a second. 0 releases it at once; no value keeps it open until the
    /// session ends. If it can't be opened again, the client reports a device error, and the
    /// session continues.
    ///
    /// Only muting counts. With push-to-talk, an enabled microphone stays open even while the
    /// button is not pressed, because the client also sends what the user said just before a press.
    /// A muted microphone is still released, and a press does not open it. Default: 10 s.
    std::optional<std::chrono::milliseconds> mic_release_after = std::chrono::milliseconds(10000);
    /// The options for buffering and playing the bot's audio.
    Playout playout = {};
    /// Records the user from the call that begins a session, and sends the recording at five times
    /// the speed when the bot is ready. It keeps at most this much of the newest audio, and at most
    /// 30 s. A disabled microphone is not recorded. Default: none, which records nothing.
    std::optional<std::chrono::milliseconds> pre_connect_audio = {};
    /// Sends audio only while a button is pressed. Default: none, which always sends audio.
    std::optional<PushToTalk> push_to_talk = {};
    /// Detects the user's speech on this device and reports it. Costs about 1 ms of CPU time per
    /// second. Default: none, which turns it off.
    std::optional<VoiceActivity> voice_activity = {};

    /// The JSON for rtvi.h: the members that differ from their defaults.
    Result<Json> to_json() const;
};

/// The plain-data options that an app sets when it creates a client. Transport, microphone and
/// speaker are not among them.
struct ClientOptions {
    /// The name, version and platform that the client reports to the bot.
    AboutClient about = {};
    /// Whether the session ends when the bot leaves a room that outlives it. A transport whose
    /// connection is the bot (WebSocket) always ends the session. Default: true.
    bool disconnect_on_bot_disconnect = true;
    /// Whether the camera is on from the start. Without a camera, or if the bot or the transport
    /// takes no video, the client reports an unsupported feature. Default: false.
    bool enable_cam = false;
    /// Whether the microphone is on from the start. Default: true.
    bool enable_mic = true;
    /// Whether the screen is shared from the start, with the same limitation as the camera.
    /// Default: false.
    bool enable_screen_share = false;
    /// The rules for restoring lost connections.
    ReconnectPolicy reconnect = {};
    /// The deadlines.
    Timeouts timeouts = {};
    /// The trust settings for start endpoints, and for transports whose own options do not set any.
    TlsOptions tls = {};
    /// The video options: what camera, screen and bot send at most.
    VideoOptions video = {};
    /// The audio options: processing, push-to-talk, ducking and playout.
    VoiceOptions voice = {};

    /// The JSON for rtvi.h: the members that differ from their defaults.
    Result<Json> to_json() const;
};

/// A WebSocket with Pipecat's protobuf framing: for prototypes, servers and networks without UDP.
struct WebSocketTransportOptions {
    /// The headers of every upgrade request, sent in this order. Headers in the connect parameters
    /// replace those of the same name. The headers of the start request are not included, because
    /// they are secrets of another server. Default: none.
    std::vector<Header> headers = {};
    /// The sample rate of the sent audio, in Hz; 16-bit mono in frames of 20 ms. Default: 16000.
    std::uint32_t sample_rate = 16000;
    /// How long a server that has sent messages or audio may be silent before the connection counts
    /// as lost. A silent server is pinged twice a second. A server that has never answered a ping
    /// counts as lost only if it accepts no data for this long. Default: 5.5 s, so that the client
    /// waits for a bot whose event loop stalls for 4.5 s and notices a frozen server within 6 s.
    std::chrono::milliseconds stall_timeout = std::chrono::milliseconds(5500);
    /// Which servers to trust on `wss` URLs, and whether `ws` is allowed outside private networks.
    /// Default: none, which means the client's options.
    std::optional<TlsOptions> tls = {};
    /// The URL to use if the connect parameters contain none. Default: none.
    std::optional<std::string> url = {};

    /// The JSON for rtvi.h: the members that differ from their defaults.
    Result<Json> to_json() const;
};

/// Chooses the transport by the connect parameters, so that an app can pass on any start answer.
struct AutoTransportOptions {
    /// The options of LiveKit connections.
    LiveKitTransportOptions live_kit = {};
    /// The options of SmallWebRTC connections.
    SmallWebRtcTransportOptions small_web_rtc = {};
    /// The options of WebSocket connections.
    WebSocketTransportOptions websocket = {};

    /// The JSON for rtvi.h: the members that differ from their defaults.
    Result<Json> to_json() const;
};

namespace detail {

inline void put(JsonMaker& json, const std::string& at, const AboutClient& it) {
    const AboutClient by_default;
    json.object(at);
    if (it.library != by_default.library) put(json, at + "/library", it.library);
    if (it.library_version != by_default.library_version) put(json, at + "/libraryVersion", it.library_version);
    if (it.platform != by_default.platform) put(json, at + "/platform", it.platform);
    if (it.platform_details != by_default.platform_details) put(json, at + "/platformDetails", it.platform_details);
    if (it.platform_version != by_default.platform_version) put(json, at + "/platformVersion", it.platform_version);
}

inline void put(JsonMaker& json, const std::string& at, const AudioProcessing& it) {
    const AudioProcessing by_default;
    json.object(at);
    if (it.echo_cancellation != by_default.echo_cancellation) put(json, at + "/echoCancellation", it.echo_cancellation);
    if (it.gain_control != by_default.gain_control) put(json, at + "/gainControl", it.gain_control);
    if (it.high_pass != by_default.high_pass) put(json, at + "/highPass", it.high_pass);
    if (it.noise_suppression != by_default.noise_suppression) put(json, at + "/noiseSuppression", it.noise_suppression);
}

inline void put(JsonMaker& json, const std::string& at, const CameraOptions& it) {
    const CameraOptions by_default;
    json.object(at);
    if (it.frame_rate != by_default.frame_rate) put(json, at + "/frameRate", it.frame_rate);
    if (it.height != by_default.height) put(json, at + "/height", it.height);
    if (it.max_bitrate != by_default.max_bitrate) put(json, at + "/maxBitrate", it.max_bitrate);
    if (it.width != by_default.width) put(json, at + "/width", it.width);
}

inline void put(JsonMaker& json, const std::string& at, const Ducking& it) {
    const Ducking by_default;
    json.object(at);
    if (it.gain != by_default.gain) put(json, at + "/gain", it.gain);
}

inline void put(JsonMaker& json, const std::string& at, const Header& it) {
    json.object(at);
    put(json, at + "/name", it.name);
    put(json, at + "/value", it.value);
}

inline void put(JsonMaker& json, const std::string& at, const APIRequest& it) {
    const APIRequest by_default;
    json.object(at);
    put(json, at + "/endpoint", it.endpoint);
    if (!it.headers.empty()) put(json, at + "/headers", it.headers);
    if (it.request_data != by_default.request_data) put(json, at + "/requestData", it.request_data);
    if (it.timeout != by_default.timeout) put(json, at + "/timeoutMs", it.timeout);
}

inline void put(JsonMaker& json, const std::string& at, const IceServer& it) {
    const IceServer by_default;
    json.object(at);
    put(json, at + "/urls", it.urls);
    if (it.credential != by_default.credential) put(json, at + "/credential", it.credential);
    if (it.username != by_default.username) put(json, at + "/username", it.username);
}

inline void put(JsonMaker& json, const std::string& at, const OpusOptions& it) {
    const OpusOptions by_default;
    json.object(at);
    if (it.bitrate != by_default.bitrate) put(json, at + "/bitrate", it.bitrate);
    if (it.discontinuous != by_default.discontinuous) put(json, at + "/discontinuous", it.discontinuous);
    if (it.forward_error_correction != by_default.forward_error_correction) put(json, at + "/forwardErrorCorrection", it.forward_error_correction);
}

inline void put(JsonMaker& json, const std::string& at, const Playout& it) {
    const Playout by_default;
    json.object(at);
    if (it.fade != by_default.fade) put(json, at + "/fadeMs", it.fade);
    if (it.gain != by_default.gain) put(json, at + "/gain", it.gain);
    if (it.max_delay != by_default.max_delay) put(json, at + "/maxDelayMs", it.max_delay);
    if (it.target_delay != by_default.target_delay) put(json, at + "/targetDelayMs", it.target_delay);
}

inline void put(JsonMaker& json, const std::string& at, const PushToTalk& it) {
    const PushToTalk by_default;
    json.object(at);
    if (it.pre_roll != by_default.pre_roll) put(json, at + "/preRollMs", it.pre_roll);
}

inline void put(JsonMaker& json, const std::string& at, const ReconnectPolicy& it) {
    const ReconnectPolicy by_default;
    json.object(at);
    if (it.first_delay != by_default.first_delay) put(json, at + "/firstDelayMs", it.first_delay);
    if (it.max_attempts != by_default.max_attempts) put(json, at + "/maxAttempts", it.max_attempts);
    if (it.max_delay != by_default.max_delay) put(json, at + "/maxDelayMs", it.max_delay);
}

inline void put(JsonMaker& json, const std::string& at, const ScreenOptions& it) {
    const ScreenOptions by_default;
    json.object(at);
    if (it.frame_rate != by_default.frame_rate) put(json, at + "/frameRate", it.frame_rate);
    if (it.height != by_default.height) put(json, at + "/height", it.height);
    if (it.max_bitrate != by_default.max_bitrate) put(json, at + "/maxBitrate", it.max_bitrate);
    if (it.width != by_default.width) put(json, at + "/width", it.width);
}

inline void put(JsonMaker& json, const std::string& at, const Timeouts& it) {
    const Timeouts by_default;
    json.object(at);
    if (it.bot_ready != by_default.bot_ready) put(json, at + "/botReadyMs", it.bot_ready);
    if (it.devices != by_default.devices) put(json, at + "/devicesMs", it.devices);
    if (it.function_call != by_default.function_call) put(json, at + "/functionCallMs", it.function_call);
    if (it.open != by_default.open) put(json, at + "/openMs", it.open);
    if (it.start != by_default.start) put(json, at + "/startMs", it.start);
}

inline void put(JsonMaker& json, const std::string& at, const TlsOptions& it) {
    const TlsOptions by_default;
    json.object(at);
    if (it.allow_plaintext != by_default.allow_plaintext) put(json, at + "/allowPlaintext", it.allow_plaintext);
    if (!it.pinned_keys.empty()) put(json, at + "/pinnedKeys", it.pinned_keys);
    if (it.root_certificates != by_default.root_certificates) put(json, at + "/rootCertificates", it.root_certificates);
}

inline void put(JsonMaker& json, const std::string& at, const LiveKitTransportOptions& it) {
    const LiveKitTransportOptions by_default;
    json.object(at);
    if (it.bot_identity != by_default.bot_identity) put(json, at + "/botIdentity", it.bot_identity);
    if (!it.ice_servers.empty()) put(json, at + "/iceServers", it.ice_servers);
    if (it.ice_tcp != by_default.ice_tcp) put(json, at + "/iceTcp", it.ice_tcp);
    put(json, at + "/opus", it.opus);
    if (it.relay_only != by_default.relay_only) put(json, at + "/relayOnly", it.relay_only);
    if (it.resume_timeout != by_default.resume_timeout) put(json, at + "/resumeTimeoutMs", it.resume_timeout);
    if (it.stall_timeout != by_default.stall_timeout) put(json, at + "/stallTimeoutMs", it.stall_timeout);
    if (it.tls) put(json, at + "/tls", it.tls);
    if (it.token != by_default.token) put(json, at + "/token", it.token);
    if (it.url != by_default.url) put(json, at + "/url", it.url);
}

inline void put(JsonMaker& json, const std::string& at, const PhoneTransportOptions& it) {
    const PhoneTransportOptions by_default;
    json.object(at);
    if (it.encoding != by_default.encoding) put(json, at + "/encoding", it.encoding);
    if (it.from != by_default.from) put(json, at + "/from", it.from);
    if (!it.headers.empty()) put(json, at + "/headers", it.headers);
    if (it.parameters != by_default.parameters) put(json, at + "/parameters", it.parameters);
    if (it.provider != by_default.provider) put(json, at + "/provider", it.provider);
    if (it.stall_timeout != by_default.stall_timeout) put(json, at + "/stallTimeoutMs", it.stall_timeout);
    if (it.tls) put(json, at + "/tls", it.tls);
    if (it.to != by_default.to) put(json, at + "/to", it.to);
    if (it.url != by_default.url) put(json, at + "/url", it.url);
}

inline void put(JsonMaker& json, const std::string& at, const SmallWebRtcTransportOptions& it) {
    const SmallWebRtcTransportOptions by_default;
    json.object(at);
    if (!it.ice_servers.empty()) put(json, at + "/iceServers", it.ice_servers);
    if (it.ice_tcp != by_default.ice_tcp) put(json, at + "/iceTcp", it.ice_tcp);
    if (it.offer) put(json, at + "/offer", it.offer);
    if (it.offer_url_template != by_default.offer_url_template) put(json, at + "/offerUrlTemplate", it.offer_url_template);
    put(json, at + "/opus", it.opus);
    if (it.relay_only != by_default.relay_only) put(json, at + "/relayOnly", it.relay_only);
    if (it.stall_timeout != by_default.stall_timeout) put(json, at + "/stallTimeoutMs", it.stall_timeout);
    if (it.tls) put(json, at + "/tls", it.tls);
    if (it.wait_for_ice_gathering != by_default.wait_for_ice_gathering) put(json, at + "/waitForIceGathering", it.wait_for_ice_gathering);
}

inline void put(JsonMaker& json, const std::string& at, const VideoOptions& it) {
    const VideoOptions by_default;
    json.object(at);
    put(json, at + "/camera", it.camera);
    if (it.max_receive_bitrate != by_default.max_receive_bitrate) put(json, at + "/maxReceiveBitrate", it.max_receive_bitrate);
    put(json, at + "/screen", it.screen);
}

inline void put(JsonMaker& json, const std::string& at, const VoiceActivity& it) {
    const VoiceActivity by_default;
    json.object(at);
    if (it.start_after != by_default.start_after) put(json, at + "/startAfterMs", it.start_after);
    if (it.stop_after != by_default.stop_after) put(json, at + "/stopAfterMs", it.stop_after);
    if (it.threshold != by_default.threshold) put(json, at + "/threshold", it.threshold);
}

inline void put(JsonMaker& json, const std::string& at, const VoiceOptions& it) {
    const VoiceOptions by_default;
    json.object(at);
    if (it.audio_processing) put(json, at + "/audioProcessing", it.audio_processing);
    if (it.ducking) put(json, at + "/ducking", it.ducking);
    if (it.level_period != by_default.level_period) put(json, at + "/levelPeriodMs", it.level_period);
    if (it.mic_release_after != by_default.mic_release_after) put(json, at + "/micReleaseAfterMs", it.mic_release_after);
    put(json, at + "/playout", it.playout);
    if (it.pre_connect_audio != by_default.pre_connect_audio) put(json, at + "/preConnectAudioMs", it.pre_connect_audio);
    if (it.push_to_talk) put(json, at + "/pushToTalk", it.push_to_talk);
    if (it.voice_activity) put(json, at + "/voiceActivity", it.voice_activity);
}

inline void put(JsonMaker& json, const std::string& at, const ClientOptions& it) {
    const ClientOptions by_default;
    json.object(at);
    put(json, at + "/about", it.about);
    if (it.disconnect_on_bot_disconnect != by_default.disconnect_on_bot_disconnect) put(json, at + "/disconnectOnBotDisconnect", it.disconnect_on_bot_disconnect);
    if (it.enable_cam != by_default.enable_cam) put(json, at + "/enableCam", it.enable_cam);
    if (it.enable_mic != by_default.enable_mic) put(json, at + "/enableMic", it.enable_mic);
    if (it.enable_screen_share != by_default.enable_screen_share) put(json, at + "/enableScreenShare", it.enable_screen_share);
    put(json, at + "/reconnect", it.reconnect);
    put(json, at + "/timeouts", it.timeouts);
    put(json, at + "/tls", it.tls);
    put(json, at + "/video", it.video);
    put(json, at + "/voice", it.voice);
}

inline void put(JsonMaker& json, const std::string& at, const WebSocketTransportOptions& it) {
    const WebSocketTransportOptions by_default;
    json.object(at);
    if (!it.headers.empty()) put(json, at + "/headers", it.headers);
    if (it.sample_rate != by_default.sample_rate) put(json, at + "/sampleRate", it.sample_rate);
    if (it.stall_timeout != by_default.stall_timeout) put(json, at + "/stallTimeoutMs", it.stall_timeout);
    if (it.tls) put(json, at + "/tls", it.tls);
    if (it.url != by_default.url) put(json, at + "/url", it.url);
}

inline void put(JsonMaker& json, const std::string& at, const AutoTransportOptions& it) {
    json.object(at);
    put(json, at + "/liveKit", it.live_kit);
    put(json, at + "/smallWebRtc", it.small_web_rtc);
    put(json, at + "/websocket", it.websocket);
}

}  // namespace detail

inline Result<Json> AboutClient::to_json() const { return detail::made(*this); }

inline Result<Json> AudioProcessing::to_json() const { return detail::made(*this); }

inline Result<Json> CameraOptions::to_json() const { return detail::made(*this); }

inline Result<Json> Ducking::to_json() const { return detail::made(*this); }

inline Result<Json> Header::to_json() const { return detail::made(*this); }

inline Result<Json> APIRequest::to_json() const { return detail::made(*this); }

inline Result<Json> IceServer::to_json() const { return detail::made(*this); }

inline Result<Json> OpusOptions::to_json() const { return detail::made(*this); }

inline Result<Json> Playout::to_json() const { return detail::made(*this); }

inline Result<Json> PushToTalk::to_json() const { return detail::made(*this); }

inline Result<Json> ReconnectPolicy::to_json() const { return detail::made(*this); }

inline Result<Json> ScreenOptions::to_json() const { return detail::made(*this); }

inline Result<Json> Timeouts::to_json() const { return detail::made(*this); }

inline Result<Json> TlsOptions::to_json() const { return detail::made(*this); }

inline Result<Json> LiveKitTransportOptions::to_json() const { return detail::made(*this); }

inline Result<Json> PhoneTransportOptions::to_json() const { return detail::made(*this); }

inline Result<Json> SmallWebRtcTransportOptions::to_json() const { return detail::made(*this); }

inline Result<Json> VideoOptions::to_json() const { return detail::made(*this); }

inline Result<Json> VoiceActivity::to_json() const { return detail::made(*this); }

inline Result<Json> VoiceOptions::to_json() const { return detail::made(*this); }

inline Result<Json> ClientOptions::to_json() const { return detail::made(*this); }

inline Result<Json> WebSocketTransportOptions::to_json() const { return detail::made(*this); }

inline Result<Json> AutoTransportOptions::to_json() const { return detail::made(*this); }

RTVI_NAMESPACE_END
