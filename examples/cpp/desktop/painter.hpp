// Paints what Dear ImGui has laid out, with SDL's 2D renderer: on any screen, without OpenGL.
#pragma once

#include <SDL.h>
#include <imgui.h>

/// Owns the texture with the letters.
class Painter {
public:
    /// For the current context of Dear ImGui; throws when there is no texture.
    explicit Painter(SDL_Renderer* renderer);
    ~Painter();
    Painter(const Painter&) = delete;
    Painter& operator=(const Painter&) = delete;

    /// Paints one frame; does not show it yet.
    void paint(const ImDrawData& frame) const;

private:
    SDL_Renderer* renderer_;
    SDL_Texture* letters_;
};
