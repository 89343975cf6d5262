// What is in the window.
#pragma once

#include <optional>
#include <string>

#include "conversation.hpp"

/// What the user has typed and chosen, and where each thing stands. Draws with Dear ImGui.
class View {
public:
    View(Conversation& conversation, std::string endpoint, bool webrtc);

    /// Lays out one frame, and does what was pressed.
    void draw();
    /// As the button does.
    void connect();

private:
    void draw_connection();
    void draw_transcript();
    void draw_input();
    void draw_audio();
    /// Lets the user choose a device; its id if another one was chosen.
    static std::optional<std::string> draw_choice(const char* label, const Devices& devices);

    Conversation& conversation_;
    std::string endpoint_;
    bool webrtc_;
    std::string text_;
    std::size_t lines_ = 0;
};
