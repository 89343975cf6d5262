#include "texture.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace {

Uint32 format_of(rtvi::PixelFormat format) {
    switch (format) {
    case rtvi::PixelFormat::I420: return SDL_PIXELFORMAT_IYUV;
    case rtvi::PixelFormat::NV12: return SDL_PIXELFORMAT_NV12;
    case rtvi::PixelFormat::BGRA: return SDL_PIXELFORMAT_BGRA32;
    }
    return SDL_PIXELFORMAT_UNKNOWN;
}

int stride(const rtvi::PlaneView& plane) { return static_cast<int>(plane.stride); }

}  // namespace

void Texture::follow(std::optional<rtvi::FrameOutput>& video) {
    if (!video || !video->is_on()) {
        texture_.reset();
        return;
    }
    if (const auto picture = video->read()) {
        if (const auto frame = picture->frame()) show(*frame);
    }
}

void Texture::fit(const rtvi::VideoFrameView& frame) {
    Uint32 format = SDL_PIXELFORMAT_UNKNOWN;
    int width = 0;
    int height = 0;
    if (texture_) SDL_QueryTexture(texture_.get(), &format, nullptr, &width, &height);
    const auto [wanted, w, h] = std::tuple(format_of(frame.format), static_cast<int>(frame.width), static_cast<int>(frame.height));
    if (texture_ && format == wanted && width == w && height == h) return;
    texture_.reset(SDL_CreateTexture(renderer_, wanted, SDL_TEXTUREACCESS_STREAMING, w, h));
    if (texture_) SDL_SetTextureBlendMode(texture_.get(), SDL_BLENDMODE_NONE);
}

void Texture::show(const rtvi::VideoFrameView& frame) {
    fit(frame);
    if (!texture_) return;
    rotation_ = frame.rotation;
    const auto& [first, second, third] = frame.planes;
    switch (frame.format) {
    case rtvi::PixelFormat::I420:
        SDL_UpdateYUVTexture(texture_.get(), nullptr, first.data, stride(first), second.data, stride(second), third.data, stride(third));
        break;
    case rtvi::PixelFormat::NV12:
        SDL_UpdateNVTexture(texture_.get(), nullptr, first.data, stride(first), second.data, stride(second));
        break;
    case rtvi::PixelFormat::BGRA:
        SDL_UpdateTexture(texture_.get(), nullptr, first.data, stride(first));
        break;
    }
}

void Texture::draw(float width) const {
    if (!texture_) return;
    int w = 1;
    int h = 1;
    SDL_QueryTexture(texture_.get(), nullptr, nullptr, &w, &h);
    if (rotation_ % 180 != 0) std::swap(w, h);
    const float height = width * static_cast<float>(h) / static_cast<float>(std::max(w, 1));
    const ImVec2 from = ImGui::GetCursorScreenPos();
    // The corners of the stored picture, clockwise from where the left top corner is shown.
    const std::array<ImVec2, 4> corners{{{0, 0}, {1, 0}, {1, 1}, {0, 1}}};
    const auto corner = [&](int index) { return corners[static_cast<std::size_t>((index + 4 - rotation_ / 90 % 4) % 4)]; };
    ImGui::GetWindowDrawList()->AddImageQuad(reinterpret_cast<ImTextureID>(texture_.get()), from, {from.x + width, from.y},
                                             {from.x + width, from.y + height}, {from.x, from.y + height}, corner(0), corner(1), corner(2),
                                             corner(3));
    ImGui::Dummy({width, height});
}
