#include "painter.hpp"

#include <cstddef>
#include <stdexcept>

namespace {

/// The vertices of a list from an offset on, as SDL takes them: three views of the same memory.
void paint_triangles(SDL_Renderer* renderer, const ImDrawList& list, const ImDrawCmd& command) {
    const ImDrawVert* vertices = list.VtxBuffer.Data + command.VtxOffset;
    const auto* bytes = reinterpret_cast<const char*>(vertices);
    const auto* positions = reinterpret_cast<const float*>(bytes + offsetof(ImDrawVert, pos));
    const auto* colours = reinterpret_cast<const SDL_Color*>(bytes + offsetof(ImDrawVert, col));
    const auto* places = reinterpret_cast<const float*>(bytes + offsetof(ImDrawVert, uv));
    const int count = list.VtxBuffer.Size - static_cast<int>(command.VtxOffset);
    SDL_RenderGeometryRaw(renderer, reinterpret_cast<SDL_Texture*>(command.GetTexID()), positions, sizeof(ImDrawVert), colours, sizeof(ImDrawVert),
                          places, sizeof(ImDrawVert), count, list.IdxBuffer.Data + command.IdxOffset,
                          static_cast<int>(command.ElemCount), sizeof(ImDrawIdx));
}

}  // namespace

Painter::Painter(SDL_Renderer* renderer) : renderer_(renderer), letters_(nullptr) {
    ImFontAtlas& fonts = *ImGui::GetIO().Fonts;
    unsigned char* pixels = nullptr;
    int width = 0;
    int height = 0;
    fonts.GetTexDataAsRGBA32(&pixels, &width, &height);
    letters_ = SDL_CreateTexture(renderer, SDL_PIXELFORMAT_RGBA32, SDL_TEXTUREACCESS_STATIC, width, height);
    if (!letters_) throw std::runtime_error(SDL_GetError());
    SDL_UpdateTexture(letters_, nullptr, pixels, width * 4);
    SDL_SetTextureBlendMode(letters_, SDL_BLENDMODE_BLEND);
    fonts.SetTexID(reinterpret_cast<ImTextureID>(letters_));
}

Painter::~Painter() { SDL_DestroyTexture(letters_); }

void Painter::paint(const ImDrawData& frame) const {
    for (int i = 0; i < frame.CmdListsCount; ++i) {
        const ImDrawList& list = *frame.CmdLists[i];
        for (const ImDrawCmd& command : list.CmdBuffer) {
            const ImVec4& clip = command.ClipRect;
            const SDL_Rect rectangle{static_cast<int>(clip.x), static_cast<int>(clip.y), static_cast<int>(clip.z - clip.x),
                                     static_cast<int>(clip.w - clip.y)};
            if (rectangle.w <= 0 || rectangle.h <= 0) continue;
            SDL_RenderSetClipRect(renderer_, &rectangle);
            paint_triangles(renderer_, list, command);
        }
    }
    SDL_RenderSetClipRect(renderer_, nullptr);
}
