#include "loop.hpp"

#include <functional>
#include <memory>
#include <stdexcept>

namespace {

using Job = std::function<void()>;

Job* job_of(const SDL_Event& event) { return static_cast<Job*>(event.user.data1); }

}  // namespace

Loop::Loop() : type_(SDL_RegisterEvents(1)) {
    if (type_ == static_cast<Uint32>(-1)) throw std::runtime_error("SDL has no event types left");
}

Loop::~Loop() {
    SDL_Event event;
    while (SDL_PeepEvents(&event, 1, SDL_GETEVENT, type_, type_) == 1) delete job_of(event);
}

rtvi::Executor Loop::executor() const {
    return [type = type_](Job job) {
        auto kept = std::make_unique<Job>(std::move(job));
        SDL_Event event{};
        event.type = type;
        event.user.data1 = kept.get();
        if (SDL_PushEvent(&event) == 1) kept.release();
    };
}

bool Loop::run(const SDL_Event& event) const {
    if (event.type != type_) return false;
    const std::unique_ptr<Job> job(job_of(event));
    (*job)();
    return true;
}
