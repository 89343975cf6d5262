/// \file
/// The client of a Pipecat bot.
///
/// Depends on everything else here.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "call.hpp"
#include "events.hpp"
#include "options.hpp"
#include "typed.hpp"

RTVI_NAMESPACE_BEGIN

/// A function call by the bot; copies are the same call. Answer it once, from any thread.
class FunctionCall {
public:
    /// For PipecatClient.
    FunctionCall(rtvi_function_call* call, std::string id, std::string name, Json args)
        : tool_call_id(std::move(id)), function_name(std::move(name)), arguments(std::move(args)), call_(call) {}

    /// Answers with a result. Fails if the call was already answered, reached its deadline or was
    /// cancelled.
    Result<void> resolve(const Json& result) const {
        return detail::result(rtvi_function_call_resolve(call_, detail::view(result.text())));
    }
    /// Answers with an error; fails like resolve().
    Result<void> reject(std::string_view message) const {
        return detail::result(rtvi_function_call_reject(call_, detail::view(message)));
    }

    /// The id that the result carries. Not unique: LLMs number calls per round, or leave ids empty.
    std::string tool_call_id;
    /// The name of the function.
    std::string function_name;
    /// An object.
    Json arguments;

private:
    rtvi_function_call* call_;
};

/// A client of a Pipecat bot.
///
/// You can call every function from any thread, and from callbacks; a callback may destroy the
/// client. Destroying the client ends the session at once. Outside a callback, it also waits until
/// the callbacks on the client's own thread have returned. For a graceful end, call disconnect()
/// first. Functions that return a Call do nothing until you execute it.
class PipecatClient {
public:
    /// Creates a client; opens nothing.
    static Result<PipecatClient> create(PipecatClientOptions options);

#if RTVI_EXCEPTIONS
    /// Creates a client; opens nothing. Throws Error.
    explicit PipecatClient(PipecatClientOptions options) : PipecatClient(create(std::move(options)).value()) {}
#endif

    /// Takes the client; the other one must not be used again.
    PipecatClient(PipecatClient&&) noexcept = default;
    /// Destroys this client and takes the other one.
    PipecatClient& operator=(PipecatClient&& other) noexcept {
        PipecatClient old(std::move(*this));
        context_ = std::move(other.context_);
        client_ = std::move(other.client_);
        return *this;
    }
    ~PipecatClient() {
        if (context_) context_->alive = false;
    }

    /// Opens microphone and speaker. The other calls do so when needed.
    Call<void> init_devices() { return call<void>(rtvi_client_init_devices); }

    /// Asks the start endpoint for a bot and returns its answer, for connect().
    Call<Json> start_bot(APIRequest request) { return start<Json>(rtvi_client_start_bot, std::move(request)); }
    /// The same for an agent on Pipecat Cloud.
    Call<Json> start_bot(PipecatCloudRequest request) {
        return start<Json>(rtvi_client_start_bot, request, request.agent, request.public_key);
    }

    /// Connects to a bot and waits until it is ready. `params` holds what the transport needs,
    /// usually the start endpoint's answer.
    Call<BotReady> connect(Json params) { return call<BotReady>(rtvi_client_connect, std::move(params)); }

    /// Asks the start endpoint for a bot, connects to it, and waits until it is ready.
    Call<BotReady> start_bot_and_connect(APIRequest request) {
        return start<BotReady>(rtvi_client_start_bot_and_connect, std::move(request));
    }
    /// The same for an agent on Pipecat Cloud.
    Call<BotReady> start_bot_and_connect(PipecatCloudRequest request) {
        return start<BotReady>(rtvi_client_start_bot_and_connect, request, request.agent, request.public_key);
    }

    /// Ends the session gracefully, within two seconds. You can call it in every state.
    Call<void> disconnect() { return call<void>(rtvi_client_disconnect); }

    /// Asks the bot to leave. The session ends when the bot has left.
    Call<void> disconnect_bot() { return call<void>(rtvi_client_disconnect_bot); }

    /// Sends a message of the app's own type.
    Call<void> send_client_message(std::string kind, Json data = {}) {
        return call<void>(rtvi_client_send_client_message, std::move(kind), std::move(data));
    }

    /// Sends a request of the app's own type and returns the data of the answer, empty if it has
    /// none. A timeout of zero means 10 s.
    Call<Json> send_client_request(std::string kind, Json data = {}, std::chrono::milliseconds timeout = {}) {
        return call<Json>(rtvi_client_send_client_request, std::move(kind), std::move(data), detail::millis(timeout));
    }

    /// Sends a request to an HTTP endpoint of the bot itself. `path` is relative to the URL of a
    /// session that a start request began; see rtvi.h. If the bot refuses, the call fails with its
    /// status and code. A timeout of zero means 10 s.
    Call<SessionAnswer> session_request(std::string method, std::string path, Json body = {},
                                        std::chrono::milliseconds timeout = {}) {
        return call<SessionAnswer>(rtvi_client_session_request, std::move(method), std::move(path), std::move(body),
                                   detail::millis(timeout));
    }

    /// Sends text of the user, as if it had been spoken.
    Call<void> send_text(std::string content, SendTextOptions options = {}) {
        JsonMaker json;
        if (!options.run_immediately) json.with("/run_immediately", false);
        if (!options.audio_response) json.with("/audio_response", false);
        return call<void>(rtvi_client_send_text, std::move(content), json.finish().value_or({}));
    }

    /// Sends a file: the data of the message `send-file`, see rtvi.h.
    Call<void> send_file(Json file) { return call<void>(rtvi_client_send_file, std::move(file)); }

    /// Sends keys of a telephone.
    Call<void> send_dtmf(std::string keys) { return call<void>(rtvi_client_send_dtmf, std::move(keys)); }

    /// Reports an event of the app's user interface.
    Call<void> send_ui_event(std::string event, Json payload = {}) {
        return call<void>(rtvi_client_send_ui_event, std::move(event), std::move(payload));
    }

    /// Sends a snapshot of the app's user interface: the data of the message `ui-snapshot`.
    Call<void> send_ui_snapshot(Json snapshot) { return call<void>(rtvi_client_send_ui_snapshot, std::move(snapshot)); }

    /// Asks the bot to cancel a group of jobs.
    Call<void> cancel_ui_job_group(std::string job_id, std::string reason = {}) {
        return call<void>(rtvi_client_cancel_ui_job_group, std::move(job_id), std::move(reason));
    }

    /// Adds a message to the bot's context; current servers refuse it.
    [[deprecated("servers since RTVI 1 reject it; send a text with run_immediately false")]]
    Call<void> append_to_context(Json message) {
        return call<void>(rtvi_client_append_to_context, std::move(message));
    }

    /// Turns the microphone on or off, in any state.
    Call<void> enable_mic(bool enable) { return call<void>(rtvi_client_enable_mic, enable); }

    /// Drops bot audio that has not been played yet.
    Call<void> flush_bot_audio() { return call<void>(rtvi_client_flush_bot_audio); }

    /// The same, fading out within at most 100 ms.
    Call<void> fade_out_bot_audio(std::chrono::milliseconds fade) {
        return call<void>(rtvi_client_fade_out_bot_audio, detail::millis(fade));
    }

    /// Changes the bot's volume: multiplies its samples by `gain`, 0 to 4, and limits them.
    Result<void> set_bot_gain(float gain) { return detail::result(rtvi_client_set_bot_gain(get(), gain)); }

    /// Selects the processing stages of the microphone's audio.
    Call<void> update_audio_processing(AudioProcessing stages) {
        return call<void>(rtvi_client_update_audio_processing, stages.to_json().value_or({}));
    }

    /// Presses the push-to-talk button. Does nothing unless the voice options enable push-to-talk.
    Call<void> press_to_talk() { return call<void>(rtvi_client_press_to_talk); }
    /// Releases the push-to-talk button.
    Call<void> release_to_talk() { return call<void>(rtvi_client_release_to_talk); }

    /// Records the conversation to a stereo WAV file of 24 kHz. The left channel is the user as
    /// sent, the right the bot as played.
    Call<void> start_recording(std::string path) { return call<void>(rtvi_client_start_recording, std::move(path)); }
    /// Completes the recording and returns its length, zero if there was none.
    Call<std::chrono::milliseconds> stop_recording() {
        return call<std::chrono::milliseconds>(rtvi_client_stop_recording);
    }

    /// Tells the client that the device moved to another network, or is online again. The client
    /// then restores a broken session at once.
    Call<void> network_changed() { return call<void>(rtvi_client_network_changed); }

    /// The current state.
    TransportState state() const noexcept { return static_cast<TransportState>(rtvi_client_get_state(get())); }
    /// Whether the transport is open.
    bool is_connected() const noexcept {
        return state() == TransportState::Connected || state() == TransportState::Ready;
    }
    /// What the client knows now of its bot, its devices and its audio.
    ClientInfo info() const {
        const std::unique_ptr<rtvi_info, void (*)(rtvi_info*)> info(rtvi_client_get_info(get()), rtvi_info_free);
        return detail::optional_struct<ClientInfo>(rtvi_info_read(info.get())).value_or(ClientInfo{});
    }
    /// What the bot reported when it became ready; nothing without a session.
    std::optional<BotReadyData> bot() const { return info().bot; }
    /// The state of the devices.
    MediaState media_state() const { return info().media_state; }
    /// The audio and video that flows now.
    std::vector<Track> tracks() const { return info().tracks; }
    /// How much audio was transferred.
    AudioStats audio_stats() const { return info().audio_stats; }
    /// The trace of the present session, or of the last one, for a bug report: JSON Lines that
    /// `rtvi trace` shows. It holds no token, header, URL or address and nothing that was said or
    /// sent. In every state.
    std::string session_trace() const { return detail::take(rtvi_client_get_session_trace(get())); }
    /// The state of the microphone's audio processing.
    ProcessingStats processing_stats() const { return info().processing_stats; }
    /// The microphones of this computer; empty before they are known.
    std::vector<MediaDevice> get_all_mics() const { return info().mics; }
    /// The speakers of this computer; empty before they are known.
    std::vector<MediaDevice> get_all_speakers() const { return info().speakers; }
    /// The cameras of this computer; empty before they are known.
    std::vector<MediaDevice> get_all_cams() const { return info().cams; }
    /// The microphone in use, if it is a device.
    std::optional<MediaDevice> selected_mic() const { return info().selected_mic; }
    /// The speaker in use, if it is a device.
    std::optional<MediaDevice> selected_speaker() const { return info().selected_speaker; }
    /// The camera in use, if it is a device.
    std::optional<MediaDevice> selected_cam() const { return info().selected_cam; }
    /// Whether the microphone is on.
    bool is_mic_enabled() const { return info().is_mic_enabled; }
    /// Whether the camera is on.
    bool is_cam_enabled() const { return info().is_cam_enabled; }
    /// Whether the screen is shared.
    bool is_sharing_screen() const { return info().is_sharing_screen; }

    /// Selects another microphone by its id, also during a session.
    Result<void> update_mic(std::string_view id) { return detail::result(rtvi_client_update_mic(get(), detail::view(id))); }
    /// Selects another speaker by its id, also during a session.
    Result<void> update_speaker(std::string_view id) {
        return detail::result(rtvi_client_update_speaker(get(), detail::view(id)));
    }
    /// Switches to the camera with this id. Fails unless the client has a camera of the machine.
    Result<void> update_cam(std::string_view id) { return detail::result(rtvi_client_update_cam(get(), detail::view(id))); }
    /// Turns the camera on or off, in any state. Turning it on fails if the client has none, or if the
    /// bot sees no video.
    Result<void> enable_cam(bool enable) { return detail::result(rtvi_client_enable_cam(get(), enable)); }
    /// Starts or stops sharing the screen. Starting fails if the client has none, or if the bot sees no
    /// screens.
    Result<void> enable_screen_share(bool enable) {
        return detail::result(rtvi_client_enable_screen_share(get(), enable));
    }

    /// Lets the bot call a function of the app, which answers with its return value or, when it
    /// throws, with an error.
    Result<void> register_function_call_handler(std::string_view name, std::function<Json(const FunctionCall&)> handler) {
        return register_async_function_call_handler(name, [handler = std::move(handler)](FunctionCall call) {
            const auto answered = call.resolve(handler(call));
            // The result is not UTF-8 or not JSON. Or the answer is too late, and so is this one.
            if (!answered.ok()) (void)call.reject(answered.error().message());
        });
    }
    /// Lets the bot call a function of the app, which answers now or later. Throwing answers with
    /// an error.
    Result<void> register_async_function_call_handler(std::string_view name, std::function<void(FunctionCall)> handler);

    /// Removes a function. An empty name removes all.
    Result<void> unregister_function_call_handler(std::string_view name = {}) {
        return detail::result(rtvi_client_unregister_function(get(), detail::view(name)));
    }

    /// Takes the next event, if one arrives in time, of a client that was created without on_event.
    /// Also runs call completions and functions that the bot calls. A negative timeout waits
    /// without limit.
    Result<std::optional<Event>> next_event(std::chrono::milliseconds timeout) {
        rtvi_event* event = nullptr;
        if (auto error = detail::take(rtvi_client_next_event(get(), timeout.count(), &event))) return *std::move(error);
        if (!event) return std::optional<Event>();
        return std::optional<Event>(Event::owned(event));
    }
#if !defined(_WIN32)
    /// A file descriptor that is readable while the app should call next_event() with a timeout of
    /// zero, until it returns no event.
    Result<int> event_descriptor() {
        std::int32_t descriptor = -1;
        if (auto error = detail::take(rtvi_client_event_fd(get(), &descriptor))) return *std::move(error);
        return static_cast<int>(descriptor);
    }
#endif

#if defined(_WIN32)
    /// The handle of an event that is set while the app should call next_event() with a timeout of
    /// zero, until it returns no event.
    Result<void*> event_handle() {
        void* handle = nullptr;
        if (auto error = detail::take(rtvi_client_event_handle(get(), &handle))) return *std::move(error);
        return handle;
    }
#endif

    /// The client for rtvi.h.
    rtvi_client* get() const noexcept { return client_.get(); }

private:
    struct Shared : detail::Context {
        std::function<void(const Event&)> on_event;
    };
    using SharedPtr = std::shared_ptr<Shared>;
    struct Free {
        void operator()(rtvi_client* it) const noexcept { rtvi_client_free(it); }
    };
    struct Function {
        std::shared_ptr<detail::Context> context;
        std::function<void(FunctionCall)> handler;

        void answer(const FunctionCall& call) const;
    };
    /// A function call on its way to where callbacks run; answered with an error if it does not
    /// arrive.
    struct Errand {
        std::shared_ptr<Function> function;
        FunctionCall call;
        bool has_begun = false;

        Errand(std::shared_ptr<Function> to, FunctionCall of) : function(std::move(to)), call(std::move(of)) {}
        Errand(const Errand&) = delete;
        Errand& operator=(const Errand&) = delete;
        ~Errand() {
            if (!has_begun) (void)call.reject("the app's executor did not run the function");
        }
        void run() {
            has_begun = true;
            function->answer(call);
        }
    };
    using FunctionPtr = std::shared_ptr<Function>;

    PipecatClient() = default;

    static void on_event(void* data, rtvi_client*, const rtvi_event* event);
    static void on_function(void* data, rtvi_function_call* call, rtvi_str id, rtvi_str name, const rtvi_json* arguments);

    /// An argument in the form of rtvi.h.
    static rtvi_str arg(const std::string& text) { return detail::view(text); }
    static rtvi_str arg(const Json& json) { return detail::view(json.text()); }
    static bool arg(bool value) { return value; }
    static std::uint32_t arg(std::uint32_t value) { return value; }

    template <class T, class F, class... Args>
    Call<T> call(F function, Args... args) const {
        return Call<T>(context_, [client = get(), function, args...](const rtvi_call* how) {
            return function(client, arg(args)..., how);
        });
    }
    template <class T, class F>
    Call<T> start(F function, APIRequest request, std::string agent = {}, std::string public_key = {}) const {
        return Call<T>(context_, [client = get(), function, request = std::move(request), agent = std::move(agent),
                                  public_key = std::move(public_key)](const rtvi_call* how) {
            const Result<Json> made = JsonMaker().with("", request.headers).finish();
            // The function itself reports text that is not UTF-8.
            const Json headers = made.ok() ? made.value() : Json("\xff");
            rtvi_start_request c{};
            c.size = sizeof c;
            c.endpoint = detail::view(request.endpoint);
            c.headers = detail::view(headers.text());
            c.data = detail::view(request.request_data.text());
            c.timeout_ms = detail::millis(request.timeout.value_or(std::chrono::milliseconds(0)));
            c.agent = detail::view(agent);
            c.public_key = detail::view(public_key);
            return function(client, &c, how);
        });
    }

    SharedPtr context_;
    std::unique_ptr<rtvi_client, Free> client_;
};

template <>
struct detail::FromResult<BotReady> {
    static Result<BotReady> read(rtvi_str text) {
        auto event = Event::from_message("{\"label\":\"rtvi-ai\",\"type\":\"bot-ready\",\"id\":\"\",\"data\":" + std::string(view(text)) + "}");
        if (!event.ok()) return event.error();
        return BotReady::read(std::move(event).value());
    }
};

template <>
struct detail::FromResult<SessionAnswer> {
    static Result<SessionAnswer> read(rtvi_str text) {
        const JsonView answer = Json(view(text)).view();
        return SessionAnswer{static_cast<int>(answer["status"].integer().value_or(0)), Json(answer["body"].text())};
    }
};

template <>
struct detail::FromResult<std::chrono::milliseconds> {
    static Result<std::chrono::milliseconds> read(rtvi_str text) {
        return std::chrono::milliseconds(Json(view(text)).view().integer().value_or(0));
    }
};

inline Result<PipecatClient> PipecatClient::create(PipecatClientOptions options) {
    auto shared = std::make_shared<Shared>();
    shared->executor = std::move(options.executor);
    shared->on_exception = std::move(options.on_exception);
    shared->on_event = std::move(options.on_event);
    const Result<Json> plain = options.to_json();
    if (!plain.ok()) return plain.error();
    rtvi_client_options c = detail::to_c(options, plain.value());
    if (options.custom_transport) {
        auto transport = detail::to_c(std::move(options.custom_transport), shared);
        if (!transport.ok()) return transport.error();
        c.custom_transport = std::move(transport).value();
    }
    c.microphone = options.microphone.release(shared);
    c.speaker = options.speaker.release(shared);
    c.camera = options.camera.release(shared);
    c.screen = options.screen.release(shared);
    c.display = options.display.release(shared);
    if (shared->on_event) {
        c.on_event = &PipecatClient::on_event;
        c.user_data = detail::give(new SharedPtr(shared));
        c.drop_user_data = &detail::drop<SharedPtr>;
    }
    rtvi_client* made = nullptr;
    if (auto error = detail::take(rtvi_client_new(&c, &made))) return *std::move(error);
    PipecatClient client;
    client.context_ = std::move(shared);
    client.client_.reset(made);
    return client;
}

inline void PipecatClient::on_event(void* data, rtvi_client*, const rtvi_event* event) {
    const SharedPtr shared = detail::given<SharedPtr>(data);
    if (!shared->executor) {
        return shared->call([&] { shared->on_event(Event::borrowed(event)); });
    }
    auto kept = std::make_shared<Event>(Event::borrowed(event).clone());
    detail::Context::run(shared, [shared, kept] {
        if (shared->alive) shared->on_event(*kept);
    });
}

inline Result<void> PipecatClient::register_async_function_call_handler(std::string_view name,
                                                                        std::function<void(FunctionCall)> handler) {
    auto function = std::make_shared<Function>(Function{context_, std::move(handler)});
    void* data = detail::give(new FunctionPtr(std::move(function)));
    return detail::result(rtvi_client_register_function(get(), detail::view(name), &PipecatClient::on_function, data,
                                                        &detail::drop<FunctionPtr>));
}

inline void PipecatClient::on_function(void* data, rtvi_function_call* call, rtvi_str id, rtvi_str name,
                                       const rtvi_json* arguments) {
    const FunctionPtr function = detail::given<FunctionPtr>(data);
    FunctionCall made(call, std::string(detail::view(id)), std::string(detail::view(name)),
                      Json(JsonView(arguments).text()));
    auto errand = std::make_shared<Errand>(function, std::move(made));
    detail::Context::run(function->context, [errand] { errand->run(); });
}

inline void PipecatClient::Function::answer(const FunctionCall& call) const {
#if RTVI_EXCEPTIONS
    try {
        handler(call);
    } catch (const std::exception& thrown) {
        if (!call.reject(thrown.what()).ok()) (void)call.reject("the function has thrown a text that is not UTF-8");
    } catch (...) {
        (void)call.reject("the function has failed");
    }
#else
    handler(call);
#endif
}

RTVI_NAMESPACE_END
