#include "conversation.hpp"

#include <utility>

Conversation::Conversation(rtvi::Executor executor, Way way, VideoChoice video)
    : executor_(std::move(executor)), way_(way), video_(std::move(video)) {
    make_client(way);
}

void Conversation::make_client(Way way) {
    client_.reset();
    way_ = way;
    auto microphone = rtvi::Microphone::device(microphones_.chosen);
    auto speaker = rtvi::Speaker::device(speakers_.chosen);
    if (!microphone.ok()) return fail("the microphone", microphone.error());
    if (!speaker.ok()) return fail("the speaker", speaker.error());
    rtvi::PipecatClientOptions options;
    options.transport = way.webrtc ? "small-webrtc" : "websocket";
    options.microphone = std::move(microphone).value();
    options.speaker = std::move(speaker).value();
    options.enable_mic = !muted_;
    if (way.push_to_talk) options.voice.push_to_talk = rtvi::PushToTalk();
    pictures_ = {};
    if (way.webrtc && video_.any()) {
        auto pictures = add_video(options, video_);
        if (!pictures.ok()) return fail("the video", pictures.error());
        pictures_ = std::move(pictures).value();
        options.enable_cam = is_camera_on_ && pictures_.camera;
        options.enable_screen_share = is_screen_on_ && pictures_.screen;
    }
    options.on_event = [this, handlers = handlers()](const rtvi::Event& event) {
        transcript_.follow(event);
        handlers(event);
    };
    options.executor = executor_;
    auto client = rtvi::PipecatClient::create(std::move(options));
    if (!client.ok()) return fail("the client", client.error());
    client_.emplace(std::move(client).value());
    is_looking_ = true;
    client_->init_devices().then([this, client = ++clients_](const auto&) {
        if (client != clients_) return;
        // A device that fails is told by an event, and one can write without any.
        is_looking_ = false;
        start();
    });
}

void Conversation::connect(const std::string& endpoint, Way way) {
    wanted_ = endpoint;
    if (!client_ || way != way_) make_client(way);
    if (!is_looking_) start();
}

void Conversation::start() {
    if (!client_ || !wanted_) return;
    const char* request = way_.webrtc ? R"({"transport":"webrtc"})" : R"({"transport":"websocket"})";
    begin("connecting", client_->start_bot_and_connect({*std::exchange(wanted_, std::nullopt), {}, request}));
}

void Conversation::disconnect() {
    if (client_) begin("disconnecting", client_->disconnect());
}

void Conversation::send(const std::string& text) {
    if (client_) begin("sending", client_->send_text(text));
}

void Conversation::mute(bool muted) {
    muted_ = muted;
    if (client_) begin("the microphone", client_->enable_mic(!muted));
}

void Conversation::talk(bool is_pressed) {
    if (client_) begin("push-to-talk", is_pressed ? client_->press_to_talk() : client_->release_to_talk());
}

void Conversation::choose_microphone(const std::string& id) {
    microphones_.chosen = id;
    if (!client_) return;
    if (const auto changed = client_->update_mic(id); !changed.ok()) note("the microphone: " + std::string(changed.error().what()));
}

void Conversation::choose_speaker(const std::string& id) {
    speakers_.chosen = id;
    if (!client_) return;
    if (const auto changed = client_->update_speaker(id); !changed.ok()) note("the speaker: " + std::string(changed.error().what()));
}

void Conversation::show_camera(bool on) {
    is_camera_on_ = on;
    if (!client_) return;
    if (const auto changed = client_->enable_cam(on); !changed.ok()) note("the camera: " + std::string(changed.error().what()));
}

void Conversation::share_screen(bool on) {
    is_screen_on_ = on;
    if (!client_) return;
    if (const auto changed = client_->enable_screen_share(on); !changed.ok()) note("the screen: " + std::string(changed.error().what()));
}

void Conversation::add_device_handlers(rtvi::EventHandlers& handlers) {
    handlers.on<rtvi::AvailableMicsUpdated>([this](const auto& there) { microphones_.all = there.mics; })
        .on<rtvi::AvailableSpeakersUpdated>([this](const auto& there) { speakers_.all = there.speakers; })
        .on<rtvi::MicUpdated>([this](const auto& device) { microphones_.label = device.label; })
        .on<rtvi::SpeakerUpdated>([this](const auto& device) { speakers_.label = device.label; })
        .on<rtvi::DeviceError>([this](const auto& failed) { note(std::string("a device: ") + failed.error.message()); })
        .on<rtvi::ScreenShareError>([this](const auto& failed) { note(std::string("no screen: ") + failed.error.message()); });
}

rtvi::EventHandlers Conversation::handlers() {
    rtvi::EventHandlers handlers;
    add_device_handlers(handlers);
    handlers
        .on<rtvi::LlmFunctionCallInProgress>([this](const auto& call) { note("the bot calls " + call.function_name.value_or("a function")); })
        .on<rtvi::BotStoppedSpeaking>([this](const auto&) { ++answers_; })
        .on<rtvi::LocalAudioLevel>([this](const auto& loudness) { microphone_level_ = loudness.level; })
        .on<rtvi::RemoteAudioLevel>([this](const auto& loudness) { bot_level_ = loudness.level; })
        .on<rtvi::Reconnecting>([this](const auto& lost) { note(std::string("reconnecting: ") + lost.reason.message()); })
        .on<rtvi::ErrorEvent>([this](const auto& failed) { note(std::string("error: ") + failed.error.message()); })
        .on<rtvi::Disconnected>([this](const auto& end) {
            microphone_level_ = bot_level_ = 0;
            if (end.error) ++failures_;
            const std::string why = end.error ? end.error->message() : end.reason.value_or("");
            note("the conversation has ended: " + std::string(rtvi::to_string(end.kind)) + (why.empty() ? "" : ": " + why));
        });
    return handlers;
}

void Conversation::fail(const std::string& what, const rtvi::Error& error) {
    ++failures_;
    note(what + ": " + error.what());
}
