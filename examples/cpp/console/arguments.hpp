// The command line of the console example.
#pragma once

#include <optional>
#include <string>
#include <vector>

/// What the user asks for.
struct Arguments {
    /// A bot's WebSocket, or empty.
    std::string ws;
    /// An offer endpoint of a WebRTC bot, or empty.
    std::string offer;
    /// A start endpoint, or empty.
    std::string start;
    /// A WAV file to speak; without one the user is silent.
    std::string mic;
    /// A WAV file for what the bot says; without one it is not kept.
    std::string speaker;
    /// Texts to send, in order.
    std::vector<std::string> texts;
};

/// The arguments, or nothing if they can't be used; then it has said why.
std::optional<Arguments> parse(int argc, char** argv);
