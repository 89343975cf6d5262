// The user's camera and screen, and the pictures to show.
#pragma once

#include <rtvi/rtvi.hpp>

#include <optional>
#include <string>

/// What the user wants to send: empty for nothing.
struct VideoChoice {
    /// `pattern`, `y4m:FILE`, or the id of a camera such as `v4l:0` or `default`.
    std::string camera;
    /// `pattern` or `x11`.
    std::string screen;

    /// Whether there is video in the conversation.
    bool any() const { return !camera.empty() || !screen.empty(); }
};

/// Where the pictures of a conversation come from.
struct Pictures {
    std::optional<rtvi::FrameOutput> bot;
    std::optional<rtvi::FrameOutput> camera;
    std::optional<rtvi::FrameOutput> screen;
};

/// Gives the options a camera, a screen and a display, and returns their pictures.
rtvi::Result<Pictures> add_video(rtvi::PipecatClientOptions& options, const VideoChoice& choice);
