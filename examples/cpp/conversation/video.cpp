#include "video.hpp"

#include <utility>

namespace {

rtvi::Result<rtvi::VideoFeed> camera(const std::string& name) {
    if (name == "pattern") return rtvi::VideoFeed::pattern();
    if (name.rfind("y4m:", 0) == 0) return rtvi::VideoFeed::y4m(name.substr(4), true);
    return rtvi::VideoFeed::camera(name);
}

rtvi::Result<rtvi::VideoFeed> screen(const std::string& name) {
    if (name == "pattern") return rtvi::VideoFeed::pattern();
    if (name == "x11") return rtvi::VideoFeed::screen();
    return rtvi::Error(rtvi::ErrorKind::InvalidArgument, "there is no screen " + name);
}

/// Passes a feed to the client, and keeps its preview.
rtvi::Result<void> add(rtvi::Result<rtvi::VideoFeed> made, rtvi::VideoFeed& to, std::optional<rtvi::FrameOutput>& preview) {
    if (!made.ok()) return made.error();
    to = std::move(made).value();
    auto shown = to.preview();
    if (!shown.ok()) return shown.error();
    preview.emplace(std::move(shown).value());
    return std::monostate{};
}

}  // namespace

rtvi::Result<Pictures> add_video(rtvi::PipecatClientOptions& options, const VideoChoice& choice) {
    Pictures pictures;
    if (!choice.camera.empty()) {
        if (auto added = add(camera(choice.camera), options.camera, pictures.camera); !added.ok()) return added.error();
    }
    if (!choice.screen.empty()) {
        if (auto added = add(screen(choice.screen), options.screen, pictures.screen); !added.ok()) return added.error();
    }
    auto display = rtvi::VideoDisplay::pictures();
    if (!display.ok()) return display.error();
    auto [sink, bot] = std::move(display).value();
    options.display = std::move(sink);
    pictures.bot.emplace(std::move(bot));
    return pictures;
}
