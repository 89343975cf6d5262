#include "view.hpp"

#include <imgui.h>
#include <imgui_stdlib.h>

namespace {

constexpr float side_width = 260;

struct Look {
    const char* name;
    ImVec4 colour;
};

Look look(Who who) {
    switch (who) {
    case Who::User: return {"you", {0.55f, 0.80f, 1.00f, 1}};
    case Who::Bot: return {"bot", {0.60f, 0.95f, 0.60f, 1}};
    case Who::Notice: break;
    }
    return {"", {0.65f, 0.65f, 0.65f, 1}};
}

bool is_idle(rtvi::TransportState state) {
    return state == rtvi::TransportState::Disconnected || state == rtvi::TransportState::Initialized ||
           state == rtvi::TransportState::Error;
}

void draw_line(const Line& line) {
    const Look looks = look(line.who);
    ImGui::PushStyleColor(ImGuiCol_Text, looks.colour);
    const std::string name = looks.name;
    ImGui::TextWrapped("%s%s%s", name.c_str(), name.empty() ? "" : ": ", line.text.c_str());
    ImGui::PopStyleColor();
}

}  // namespace

View::View(Conversation& conversation, Device& microphone, Device& speaker, std::string endpoint, bool webrtc)
    : conversation_(conversation), microphone_(microphone), speaker_(speaker), endpoint_(std::move(endpoint)), webrtc_(webrtc) {}

void View::connect() { conversation_.connect(endpoint_, webrtc_); }

void View::draw() {
    const ImVec2 size = ImGui::GetIO().DisplaySize;
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize(size);
    ImGui::Begin("conversation", nullptr, ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings);
    draw_connection();
    ImGui::Separator();
    ImGui::BeginChild("left", {-side_width, 0});
    draw_transcript();
    draw_input();
    ImGui::EndChild();
    ImGui::SameLine();
    ImGui::BeginChild("right", {0, 0});
    draw_audio();
    ImGui::EndChild();
    ImGui::End();
}

void View::draw_connection() {
    const auto state = conversation_.state();
    ImGui::SetNextItemWidth(ImGui::GetContentRegionAvail().x - 420);
    ImGui::InputText("##endpoint", &endpoint_);
    ImGui::SameLine();
    int transport = webrtc_ ? 1 : 0;
    ImGui::SetNextItemWidth(130);
    if (ImGui::Combo("##transport", &transport, "WebSocket\0WebRTC\0")) webrtc_ = transport == 1;
    ImGui::SameLine();
    if (is_idle(state)) {
        if (ImGui::Button("Connect", {110, 0})) connect();
    } else if (ImGui::Button("Disconnect (F4)", {110, 0})) {
        conversation_.disconnect();
    }
    ImGui::SameLine();
    const std::string name(rtvi::to_string(state));
    ImGui::TextUnformatted(name.c_str());
}

void View::draw_transcript() {
    ImGui::BeginChild("transcript", {0, -ImGui::GetFrameHeightWithSpacing()}, true);
    for (const auto& line : conversation_.transcript()) draw_line(line);
    if (!conversation_.interim().empty()) draw_line({Who::Notice, conversation_.interim() + " ..."});
    const std::size_t lines = conversation_.transcript().size();
    if (lines != lines_) ImGui::SetScrollHereY(1);
    lines_ = lines;
    ImGui::EndChild();
}

void View::draw_input() {
    ImGui::SetNextItemWidth(ImGui::GetContentRegionAvail().x - 80);
    const bool is_entered = ImGui::InputTextWithHint("##text", "Type to the bot", &text_, ImGuiInputTextFlags_EnterReturnsTrue);
    ImGui::SameLine();
    const bool is_pressed = ImGui::Button("Send", {70, 0});
    if ((is_entered || is_pressed) && !text_.empty()) {
        conversation_.send(text_);
        text_.clear();
    }
}

void View::draw_audio() {
    draw_choice("Microphone", Direction::Capture, microphone_);
    ImGui::ProgressBar(conversation_.microphone_level(), {-1, 0}, "");
    bool muted = conversation_.is_muted();
    if (ImGui::Checkbox("Mute (F2)", &muted)) conversation_.mute(muted);
    ImGui::Dummy({0, 12});
    draw_choice("Speaker", Direction::Playback, speaker_);
    ImGui::ProgressBar(conversation_.bot_level(), {-1, 0}, "");
}

void View::draw_choice(const char* label, Direction direction, Device& device) {
    ImGui::TextUnformatted(label);
    ImGui::PushID(label);
    ImGui::SetNextItemWidth(-1);
    const std::string chosen = device.name().empty() ? "the system's choice" : device.name();
    if (ImGui::BeginCombo("##device", chosen.c_str())) {
        std::vector<std::string> names = Device::names(direction);
        names.insert(names.begin(), std::string());
        for (const auto& name : names) {
            const std::string shown = name.empty() ? "the system's choice" : name;
            if (!ImGui::Selectable(shown.c_str(), name == device.name())) continue;
            if (const auto why = device.open(name)) conversation_.note(shown + ": " + *why);
        }
        ImGui::EndCombo();
    }
    ImGui::PopID();
}
