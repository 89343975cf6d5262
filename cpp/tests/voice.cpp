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
    voice.voice_activity = rtvi::VoiceActivity{0.25F, 64ms, 700ms};
    voice.push_to_talk_pre_roll = 150ms;
    voice.ducking_gain = 0.5F;
    voice.pre_connect_audio = 2s;
    voice.playout = rtvi::Playout{60ms, 300ms, 10ms, 0.75F};
    voice.level_period = 50ms;
    voice.mic_release_after = 1500ms;
    return voice;
}

}  // namespace

TEST(voice_options_are_written_as_the_library_reads_them) {
    const rtvi::JsonView voice = everything().json().view();
    CHECK(voice["voiceActivity"]["threshold"].number() == 0.25);
    CHECK(voice["playout"]["targetDelayMs"].integer() == 60);
    CHECK(voice["pushToTalk"]["preRollMs"].integer() == 150);
    CHECK(voice["micReleaseAfterMs"].integer() == 1500);
    rtvi::VoiceOptions open;
    open.mic_release_after.reset();
    CHECK(open.json().text() == R"({"micReleaseAfterMs":null})");
    CHECK(rtvi::VoiceOptions().json().text() == R"({"micReleaseAfterMs":10000})");
    rtvi::ClientOptions options;
    options.voice = everything();
    CHECK(rtvi::PipecatClient::create(std::move(options)).ok());
}

TEST(voice_in_a_session) {
    rtvi::ClientOptions options;
    options.microphone = rtvi::Microphone::tone(mono, 440).value();
    options.voice.push_to_talk_pre_roll = 100ms;
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
    CHECK(client.processing_stats().view().type() == rtvi::JsonType::Object);
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
    rtvi::ClientOptions options;
    options.microphone = rtvi::Microphone::device("no such microphone").value();
    auto [client, recorder] = test::client(std::move(options));
    const auto connected = client.connect(test::bot_params()).result();
    // A bot can be talked to without a microphone; what failed is told.
    const rtvi::JsonView error = rtvi::Json(recorder.wait_for("deviceError")).view();
    CHECK(!error["message"].string_or().empty());
    CHECK(connected.ok());
}
