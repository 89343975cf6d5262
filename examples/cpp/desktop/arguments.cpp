// Reads the command line of the desktop example.
#include "arguments.hpp"

#include <iostream>

namespace {

constexpr const char* usage =
    "usage: desktop [--start URL] [--webrtc] [--cam pattern|y4m:FILE|v4l:N] [--screen pattern|x11]\n"
    "               [--connect] [--send TEXT]... [--press KEY]... [--screenshot FILE.bmp]\n"
    "\n"
    "A window to talk with a Pipecat bot. URL is a start endpoint, such as that of `rtvi bot`.\n"
    "F2 mutes the microphone and F4 ends the conversation.\n"
    "--cam and --screen send video and show the bot's; they need WebRTC and a library with video.\n"
    "--send connects at once and sends the texts, --press then presses keys; --screenshot saves a picture of the window and leaves.\n";

/// The place for the value of an option; null if it takes none or is none.
std::string* place(Arguments& arguments, const std::string& option) {
    if (option == "--start") return &arguments.start;
    if (option == "--cam") return &arguments.video.camera;
    if (option == "--screen") return &arguments.video.screen;
    if (option == "--send") return &arguments.texts.emplace_back();
    if (option == "--press") return &arguments.keys.emplace_back();
    if (option == "--screenshot") return &arguments.screenshot;
    return nullptr;
}

}  // namespace

std::optional<Arguments> parse(int argc, char** argv) {
    Arguments arguments;
    for (int i = 1; i < argc; ++i) {
        const std::string option = argv[i];
        if (option == "--webrtc") {
            arguments.webrtc = true;
        } else if (option == "--connect") {
            arguments.connect = true;
        } else if (std::string* value = place(arguments, option); value && i + 1 < argc) {
            *value = argv[++i];
        } else {
            std::cerr << usage;
            return std::nullopt;
        }
    }
    arguments.webrtc = arguments.webrtc || arguments.video.any();
    arguments.connect = arguments.connect || !arguments.texts.empty();
    return arguments;
}
