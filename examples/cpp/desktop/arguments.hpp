// The command line of the desktop example.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "video.hpp"

/// What the user asks for.
struct Arguments {
    /// The start endpoint that stands in the window at first.
    std::string start = "http://127.0.0.1:7860/start";
    /// Whether to talk over WebRTC at first, not a WebSocket.
    bool webrtc = false;
    /// The camera and the screen to send, over WebRTC.
    VideoChoice video;
    /// Connect at once.
    bool connect = false;
    /// Texts to send as soon as the bot is ready, each when the one before was answered.
    std::vector<std::string> texts;
    /// Keys to press after that, by SDL's names.
    std::vector<std::string> keys;
    /// Where to put a picture of the window once all of that is done; the program ends then. A BMP
    /// file; empty for none.
    std::string screenshot;
};

/// The arguments, or nothing if they can't be used; then it has said why.
std::optional<Arguments> parse(int argc, char** argv);
