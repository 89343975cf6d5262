#include "conversation.hpp"

namespace {

constexpr rtvi::AudioFormat format{24000, 1};

/// Lines kept of the transcript; the oldest goes when there is one more.
constexpr std::size_t max_lines = 500;

}  // namespace

Conversation::Conversation(const Loop& loop, Device& microphone, Device& speaker)
    : loop_(loop), microphone_(microphone), speaker_(speaker) {}

void Conversation::connect(const std::string& endpoint, bool webrtc) {
    client_.reset();
    auto microphone = rtvi::Microphone::pcm(format);
    auto speaker = rtvi::Speaker::pcm(format);
    if (!microphone.ok()) return fail("the microphone", microphone.error());
    if (!speaker.ok()) return fail("the speaker", speaker.error());
    auto [to_bot, input] = std::move(microphone).value();
    auto [from_bot, output] = std::move(speaker).value();

    rtvi::ClientOptions options;
    options.transport = webrtc ? "small-webrtc" : "websocket";
    options.microphone = std::move(to_bot);
    options.speaker = std::move(from_bot);
    options.enable_mic = !muted_;
    options.on_event = handlers();
    options.executor = loop_.executor();
    auto client = rtvi::PipecatClient::create(std::move(options));
    if (!client.ok()) return fail("the client", client.error());
    microphone_.attach(std::move(input));
    speaker_.attach(std::move(output));
    client_.emplace(std::move(client).value());
    const char* request = webrtc ? R"({"transport":"webrtc"})" : R"({"transport":"websocket"})";
    begin("connecting", client_->start_bot_and_connect({endpoint, {}, request}));
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

rtvi::EventHandlers Conversation::handlers() {
    rtvi::EventHandlers handlers;
    handlers
        .on<rtvi::UserInput>([this](const auto& input) {
            interim_ = input.is_final ? std::string() : input.text;
            if (input.is_final) add(Who::User, input.text);
        })
        .on<rtvi::BotOutput>([this](const auto& output) {
            const bool is_written = output.will_be_spoken == false;
            if (is_written || output.spoken_status == "completed") add(Who::Bot, output.text);
        })
        .on<rtvi::FunctionCallInProgress>([this](const auto& call) { note("the bot calls " + call.function_name); })
        .on<rtvi::BotStoppedSpeaking>([this](const auto&) { ++answers_; })
        .on<rtvi::LocalAudioLevel>([this](const auto& loudness) { microphone_level_ = static_cast<float>(loudness.level); })
        .on<rtvi::RemoteAudioLevel>([this](const auto& loudness) { bot_level_ = static_cast<float>(loudness.level); })
        .on<rtvi::Reconnecting>([this](const auto& lost) { note("reconnecting: " + lost.reason); })
        .on<rtvi::ErrorEvent>([this](const auto& error) { note("error: " + error.message); })
        .on<rtvi::Disconnected>([this](const auto& end) {
            microphone_level_ = bot_level_ = 0;
            if (end.reason == "failed") ++failures_;
            note("the conversation has ended: " + end.reason + (end.message.empty() ? "" : ": " + end.message));
        });
    return handlers;
}

void Conversation::add(Who who, const std::string& text) {
    transcript_.push_back({who, text});
    if (transcript_.size() > max_lines) transcript_.pop_front();
}

void Conversation::fail(const std::string& what, const rtvi::Error& error) {
    ++failures_;
    note(what + ": " + error.what());
}
