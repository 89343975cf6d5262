// The window's event loop, as the place where the SDK calls us back.
#pragma once

#include <SDL.h>

#include <rtvi/rtvi.hpp>

/// Lets functions run on the thread that handles SDL's events. They travel in SDL's own queue,
/// which is bounded: when it is full, a function is dropped, and with it one event of the
/// conversation.
class Loop {
public:
    Loop();
    /// Drops what has not run.
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    /// For rtvi::PipecatClientOptions::executor.
    rtvi::Executor executor() const;

    /// Runs the function that the event carries; false if it carries none.
    bool run(const SDL_Event& event) const;

private:
    Uint32 type_;
};
