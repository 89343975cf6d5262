// What an app does with voices, and with the machine's devices.
#include <rtvi/rtvi.hpp>

#include <fstream>

#include "recorder.hpp"

using namespace std::chrono_literals;

namespace {

constexpr rtvi::AudioFormat mono{16000, 1};

rtvi::VoiceOptions everything() {
    rtvi::VoiceOptions voice;
    voice.audio_processing = rtvi::AudioProcessing::all();
    voice.voice_activity.emplace();
    voice.voice_activity->threshold = 0.25F;
    voice.voice_activity->stop_after = 700ms;
    voice.push_to_talk.emplace().pre_roll = 150ms;
    voice.ducking.emplace().gain = 0.5F;
    voice.pre_connect_audio = 2s;
    voice.playout.target_delay = 60ms;
    voice.playout.max_delay = 300ms;
    voice.playout.fade = 10ms;
    voice.playout.gain = 0.75F;
    voice.level_period = 50ms;
    voice.mic_release_after = 1500ms;
    return voice;
}

}  // namespace

TEST(the_library_has_its_parts) {
    CHECK(rtvi::has_feature(rtvi::Feature::Devices) && rtvi::has_feature(rtvi::Feature::WebRtc));
    CHECK(rtvi::has_feature(rtvi::Feature::Processing) && !rtvi::has_feature(static_cast<rtvi::Feature>(99)));
    CHECK(!rtvi::version().empty());
}

TEST(voice_options_are_written_as_the_library_reads_them) {
    const rtvi::JsonView voice = everything().to_json().value().view();
    CHECK(voice["voiceActivity"]["threshold"].number() == 0.25);
    CHECK(voice["playout"]["targetDelayMs"].integer() == 60);
    CHECK(voice["pushToTalk"]["preRollMs"].integer() == 150);
    CHECK(voice["micReleaseAfterMs"].integer() == 1500);
    rtvi::VoiceOptions open;
    open.mic_release_after.reset();
    CHECK(open.to_json().value().text() == R"({"micReleaseAfterMs":null,"playout":{}})");
    CHECK(rtvi::VoiceOptions().to_json().value().text() == R"({"playout":{}})");
    rtvi::PipecatClientOptions options;
    options.voice = everything();
    CHECK(rtvi::PipecatClient::create(std::move(options)).ok());
}

TEST(transport_options_are_written_as_the_library_reads_them) {
    rtvi::SmallWebRtcTransportOptions webrtc;
    webrtc.ice_servers = {{{"turn:relay.example:3478"}, "secret", "me"}};
    webrtc.offer = rtvi::APIRequest{"https://bot.example/offer", {{"B", "1"}, {"A", "2"}, {"B", "3"}}, R"({"bot":7})", 1500ms};
    webrtc.tls.emplace().pinned_keys = {std::string(64, 'a')};
    const rtvi::Json json = webrtc.to_json().value();
    const rtvi::JsonView view = json.view();
    CHECK(view.at("/offer/headers/0/name").string() == "B" && view.at("/offer/headers/2/value").string() == "3");
    CHECK(view.at("/offer/timeoutMs").integer() == 1500 && view.at("/offer/requestData/bot").integer() == 7);
    rtvi::PipecatClientOptions options;
    options.transport = "small-webrtc";
    options.transport_options = json;
    CHECK(rtvi::PipecatClient::create(std::move(options)).ok());
    webrtc.offer_url_template = "cut \xf0\x9f";
    const auto wrong = webrtc.to_json();
    CHECK(!wrong.ok() && wrong.error().kind() == rtvi::ErrorKind::InvalidArgument);
}

TEST(voice_in_a_session) {
    rtvi::PipecatClientOptions options;
    options.microphone = rtvi::Microphone::tone(mono, 440).value();
    options.voice.push_to_talk.emplace().pre_roll = 100ms;
    auto [client, recorder] = test::client(std::move(options));
    client.press_to_talk().get();
    client.update_audio_processing(rtvi::AudioProcessing::all()).get();
    // A session under valgrind can't do that work in real time.
    client.update_audio_processing({}).get();
    CHECK(client.set_bot_gain(0.5F).ok());
    CHECK(client.stop_recording().get() == 0ms);
    const std::string path = test::variable("RTVI_TEST_FOLDER") + "/conversation.wav";
    client.start_recording(path).get();
    client.connect(test::bot_params()).get();
    recorder.wait_for("userStartedSpeaking");
    // A tone that goes on would interrupt the answer, perhaps before any of it arrives.
    client.release_to_talk().get();
    const rtvi::JsonView heard = rtvi::Json(recorder.wait_for("botAudioHeard")).view();
    CHECK(heard["receivedMs"].number().value_or(0) > 0);
    client.fade_out_bot_audio(20ms).get();
    CHECK(client.audio_stats().sent > 0ms && client.processing_stats().echo_delay.value_or(0ms) >= 0ms);
    CHECK(client.stop_recording().get() > 0ms);
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    CHECK(file.tellg() > 1000);
    client.disconnect().get();
    const auto refused = client.start_recording("/no/such/folder/at.all").result();
    CHECK(!refused.ok() && refused.error().kind() == rtvi::ErrorKind::InvalidArgument);
}

TEST(another_network) {
    auto [client, recorder] = test::client();
    client.network_changed().get();
    client.connect(test::bot_params()).get();
    // The server still answers where it was: over a WebSocket nothing need be restored.
    client.network_changed().get();
    CHECK(client.send_client_request("echo", "1").get().text() == "1");
    client.disconnect().get();
    CHECK(!recorder.has("reconnecting"));
}

TEST(a_device_that_is_not_there) {
    rtvi::PipecatClientOptions options;
    options.microphone = rtvi::Microphone::device("no such microphone").value();
    auto [client, recorder] = test::client(std::move(options));
    const auto connected = client.connect(test::bot_params()).result();
    // A bot can be talked to without a microphone; what failed is told.
    const rtvi::JsonView error = rtvi::Json(recorder.wait_for("deviceError")).view();
    CHECK(!error["message"].string_or().empty());
    CHECK(connected.ok());
}
