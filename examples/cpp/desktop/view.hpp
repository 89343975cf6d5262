// What is in the window.
#pragma once

#include <optional>
#include <string>

#include "conversation.hpp"
#include "texture.hpp"

/// What the user has typed and chosen, and where each thing stands. Draws with Dear ImGui.
class View {
public:
    View(SDL_Renderer* renderer, Conversation& conversation, std::string endpoint, bool webrtc);

    /// Lays out one frame, and does what was pressed.
    void draw();
    /// Whether every picture is there that the user asked for, and the bot's.
    bool has_pictures() const;
    /// As the button does.
    void connect();

private:
    void draw_connection();
    void draw_transcript();
    void draw_input();
    void draw_audio();
    void draw_video();
    /// Lets the user choose a device; its id if another one was chosen.
    static std::optional<std::string> draw_choice(const char* label, const Devices& devices);

    Conversation& conversation_;
    std::string endpoint_;
    bool webrtc_;
    std::string text_;
    std::size_t lines_ = 0;
    Texture bot_;
    Texture camera_;
    Texture screen_;
};
