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

View::View(SDL_Renderer* renderer, Conversation& conversation, std::string endpoint, bool webrtc)
    : conversation_(conversation), endpoint_(std::move(endpoint)), webrtc_(webrtc), bot_(renderer), camera_(renderer), screen_(renderer) {}

void View::connect() { conversation_.connect(endpoint_, {webrtc_, false}); }

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
    if (conversation_.video().any()) draw_video();
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
    for (const auto& line : conversation_.transcript().lines()) draw_line(line);
    const std::size_t lines = conversation_.transcript().lines().size();
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
    if (const auto chosen = draw_choice("Microphone", conversation_.microphones())) conversation_.choose_microphone(*chosen);
    ImGui::ProgressBar(conversation_.microphone_level(), {-1, 0}, "");
    bool muted = conversation_.is_muted();
    if (ImGui::Checkbox("Mute (F2)", &muted)) conversation_.mute(muted);
    ImGui::Dummy({0, 12});
    if (const auto chosen = draw_choice("Speaker", conversation_.speakers())) conversation_.choose_speaker(*chosen);
    ImGui::ProgressBar(conversation_.bot_level(), {-1, 0}, "");
}

bool View::has_pictures() const {
    const VideoChoice& wanted = conversation_.video();
    return !wanted.any() || (bot_.is_there() && camera_.is_there() == !wanted.camera.empty() && screen_.is_there() == !wanted.screen.empty());
}

void View::draw_video() {
    Pictures& pictures = conversation_.pictures();
    bot_.follow(pictures.bot);
    camera_.follow(pictures.camera);
    screen_.follow(pictures.screen);
    bot_.draw(ImGui::GetContentRegionAvail().x);
    const float half = (ImGui::GetContentRegionAvail().x - ImGui::GetStyle().ItemSpacing.x) / 2;
    const auto draw_own = [half](const char* label, const Texture& texture, bool on) -> bool {
        ImGui::BeginGroup();
        const bool is_pressed = ImGui::Checkbox(label, &on);
        texture.draw(half);
        ImGui::EndGroup();
        return is_pressed;
    };
    if (!conversation_.video().camera.empty()) {
        if (draw_own("Camera", camera_, conversation_.is_camera_on())) conversation_.show_camera(!conversation_.is_camera_on());
        ImGui::SameLine(half + ImGui::GetStyle().ItemSpacing.x);
    }
    if (!conversation_.video().screen.empty()) {
        if (draw_own("Screen", screen_, conversation_.is_screen_on())) conversation_.share_screen(!conversation_.is_screen_on());
    }
    ImGui::NewLine();
}

std::optional<std::string> View::draw_choice(const char* label, const Devices& devices) {
    ImGui::TextUnformatted(label);
    ImGui::PushID(label);
    ImGui::SetNextItemWidth(-1);
    std::optional<std::string> chosen;
    if (ImGui::BeginCombo("##device", devices.label.empty() ? "none" : devices.label.c_str())) {
        const auto offer = [&](const std::string& id, const std::string& name) {
            ImGui::PushID(id.c_str());
            if (ImGui::Selectable(name.c_str(), id == devices.chosen)) chosen = id;
            ImGui::PopID();
        };
        offer(Devices::systems_choice, "the system's choice");
        for (const auto& device : devices.all) offer(device.device_id, device.label);
        ImGui::EndCombo();
    }
    ImGui::PopID();
    return chosen;
}
