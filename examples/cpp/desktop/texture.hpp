// A picture of a video, on the graphics card.
#pragma once

#include <SDL.h>
#include <imgui.h>

#include <rtvi/rtvi.hpp>

#include <memory>
#include <optional>

/// Shows the newest picture of one video.
class Texture {
public:
    explicit Texture(SDL_Renderer* renderer) : renderer_(renderer) {}

    /// Takes the newest picture, if there is one; forgets the last one when the video has ended.
    void follow(std::optional<rtvi::FrameOutput>& video);
    /// Whether there is a picture.
    bool is_there() const { return texture_ != nullptr; }
    /// Lays out the picture in a width, with its proportions.
    void draw(float width) const;

private:
    struct Destroy {
        void operator()(SDL_Texture* it) const { SDL_DestroyTexture(it); }
    };

    /// Has a texture of this form and size.
    void fit(const rtvi::VideoFrameView& frame);
    void show(const rtvi::VideoFrameView& frame);

    SDL_Renderer* renderer_;
    std::unique_ptr<SDL_Texture, Destroy> texture_;
    int rotation_ = 0;
};
