// A window to talk with a Pipecat bot.
#include <SDL.h>
#include <imgui.h>
#if __has_include(<backends/imgui_impl_sdl2.h>)
#include <backends/imgui_impl_sdl2.h>
#else
#include <backends/imgui_impl_sdl.h>
#endif

#include <iostream>
#include <memory>
#include <stdexcept>

#include "arguments.hpp"
#include "loop.hpp"
#include "painter.hpp"
#include "view.hpp"

namespace {

/// How long a frame stays when nothing happens, in milliseconds: as long as a picture of a video.
constexpr int frame_ms = 33;

struct Close {
    void operator()(SDL_Window* it) const { SDL_DestroyWindow(it); }
    void operator()(SDL_Renderer* it) const { SDL_DestroyRenderer(it); }
    void operator()(SDL_Surface* it) const { SDL_FreeSurface(it); }
};

template <class T>
std::unique_ptr<T, Close> made(T* it) {
    if (!it) throw std::runtime_error(SDL_GetError());
    return std::unique_ptr<T, Close>(it);
}

/// SDL from here to the end of main.
struct Sdl {
    Sdl() {
        if (SDL_Init(SDL_INIT_VIDEO) != 0) throw std::runtime_error(SDL_GetError());
    }
    ~Sdl() { SDL_Quit(); }
};

/// The window and Dear ImGui in it.
class Window {
public:
    Window()
        : window_(made(SDL_CreateWindow("Pipecat", SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED, 960, 600, SDL_WINDOW_RESIZABLE))),
          renderer_(made(SDL_CreateRenderer(window_.get(), -1, 0))) {
        ImGui::CreateContext();
        ImGui::GetIO().IniFilename = nullptr;
        ImGui::StyleColorsDark();
        ImGui_ImplSDL2_InitForSDLRenderer(window_.get());
        painter_ = std::make_unique<Painter>(renderer_.get());
    }
    ~Window() {
        painter_.reset();
        ImGui_ImplSDL2_Shutdown();
        ImGui::DestroyContext();
    }
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;

    void paint(View& view) {
        ImGui_ImplSDL2_NewFrame();
        ImGui::NewFrame();
        view.draw();
        ImGui::Render();
        SDL_SetRenderDrawColor(renderer_.get(), 0, 0, 0, 255);
        SDL_RenderClear(renderer_.get());
        painter_->paint(*ImGui::GetDrawData());
    }
    void show() { SDL_RenderPresent(renderer_.get()); }
    SDL_Renderer* renderer() const { return renderer_.get(); }

    /// Saves what was painted; throws when it can't.
    void save(const std::string& file) {
        int width = 0;
        int height = 0;
        SDL_GetRendererOutputSize(renderer_.get(), &width, &height);
        const auto picture = made(SDL_CreateRGBSurfaceWithFormat(0, width, height, 24, SDL_PIXELFORMAT_BGR24));
        const bool is_saved = SDL_RenderReadPixels(renderer_.get(), nullptr, SDL_PIXELFORMAT_BGR24, picture->pixels, picture->pitch) == 0 &&
                              SDL_SaveBMP(picture.get(), file.c_str()) == 0;
        if (!is_saved) throw std::runtime_error(SDL_GetError());
    }

private:
    std::unique_ptr<SDL_Window, Close> window_;
    std::unique_ptr<SDL_Renderer, Close> renderer_;
    std::unique_ptr<Painter> painter_;
};

/// Sends the texts of the command line, one after another's answer, and then presses its keys.
class Script {
public:
    Script(const Arguments& arguments, Conversation& conversation) : arguments_(arguments), conversation_(conversation) {}

    void go_on() {
        if (conversation_.is_busy() || conversation_.answers() < static_cast<int>(sent_)) return;
        if (sent_ < arguments_.texts.size()) {
            if (conversation_.state() == rtvi::TransportState::Ready) conversation_.send(arguments_.texts[sent_++]);
        } else if (pressed_ < arguments_.keys.size()) {
            press(arguments_.keys[pressed_++]);
        } else {
            is_over_ = true;
        }
    }
    bool is_over() const { return conversation_.failures() > 0 || is_over_; }

private:
    static void press(const std::string& key) {
        SDL_Event event{};
        event.type = SDL_KEYDOWN;
        event.key.keysym.sym = SDL_GetKeyFromName(key.c_str());
        SDL_PushEvent(&event);
    }

    const Arguments& arguments_;
    Conversation& conversation_;
    std::size_t sent_ = 0;
    std::size_t pressed_ = 0;
    bool is_over_ = false;
};

/// Does what a key stands for, whatever is in the window.
void handle_key(SDL_Keycode key, Conversation& conversation) {
    if (key == SDLK_F2) conversation.mute(!conversation.is_muted());
    if (key == SDLK_F4) conversation.disconnect();
}

/// Handles what has happened; false when the window was closed.
bool handle_events(const Loop& loop, Conversation& conversation) {
    SDL_Event event;
    if (!SDL_WaitEventTimeout(&event, frame_ms)) return true;
    do {
        if (event.type == SDL_QUIT) return false;
        if (event.type == SDL_KEYDOWN && event.key.repeat == 0) handle_key(event.key.keysym.sym, conversation);
        if (!loop.run(event)) ImGui_ImplSDL2_ProcessEvent(&event);
    } while (SDL_PollEvent(&event));
    return true;
}

int run(const Arguments& arguments) {
    const Sdl sdl;
    const Loop loop;
    Window window;
    Conversation conversation(loop.executor(), {arguments.webrtc, false}, arguments.video);
    View view(window.renderer(), conversation, arguments.start, arguments.webrtc);
    if (arguments.connect) view.connect();
    Script script(arguments, conversation);
    while (handle_events(loop, conversation)) {
        script.go_on();
        const bool is_over = !arguments.screenshot.empty() && script.is_over();
        window.paint(view);
        if (is_over && (view.has_pictures() || conversation.failures() > 0)) {
            window.save(arguments.screenshot);
            return conversation.failures() == 0 ? 0 : 1;
        }
        window.show();
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const auto arguments = parse(argc, argv);
    if (!arguments) return 2;
    try {
        return run(*arguments);
    } catch (const std::exception& error) {
        std::cerr << "desktop: " << error.what() << "\n";
        return 1;
    }
}
