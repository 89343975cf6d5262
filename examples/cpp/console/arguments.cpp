// Reads the command line of the console example.
#include "arguments.hpp"

#include <iostream>

namespace {

constexpr const char* usage =
    "usage: console (--ws URL | --offer URL | --start URL) [--mic FILE.wav|DEVICE] [--speaker FILE.wav|DEVICE] [--send TEXT]...\n"
    "\n"
    "Talks with a Pipecat bot: by a microphone and a speaker (`default`, or their ids), with a WAV file as the user's voice, or by\n"
    "sending texts; prints who says what.\n"
    "Without --send it reads texts from standard input, a line each, until its end.\n";

}  // namespace

std::optional<Arguments> parse(int argc, char** argv) {
    Arguments arguments;
    for (int i = 1; i < argc; ++i) {
        const std::string name = argv[i];
        std::string* value = name == "--ws"        ? &arguments.ws
                             : name == "--offer"   ? &arguments.offer
                             : name == "--start"   ? &arguments.start
                             : name == "--mic"     ? &arguments.mic
                             : name == "--speaker" ? &arguments.speaker
                                                   : nullptr;
        if ((!value && name != "--send") || i + 1 == argc) {
            std::cerr << usage;
            return std::nullopt;
        }
        ++i;
        if (value) {
            *value = argv[i];
        } else {
            arguments.texts.emplace_back(argv[i]);
        }
    }
    if (!arguments.ws.empty() + !arguments.offer.empty() + !arguments.start.empty() != 1) {
        std::cerr << usage;
        return std::nullopt;
    }
    return arguments;
}
