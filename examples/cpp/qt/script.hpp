// What the command line wants done before the window is left.
#pragma once

#include "arguments.hpp"
#include "window.hpp"

/// Sends the texts of the command line, one after another's answer, then holds the button of
/// push-to-talk, then presses the keys.
class Script {
public:
    Script(const Arguments& arguments, Window& window) : arguments_(arguments), window_(window) {}

    /// Does the next step once the one before has had its effect.
    void go_on();
    bool is_over() const { return is_over_; }

private:
    /// Does the next step; false if there is none.
    bool step();

    const Arguments& arguments_;
    Window& window_;
    /// The answers to wait for before the next step.
    int expected_ = 0;
    qsizetype sent_ = 0;
    qsizetype pressed_ = 0;
    bool is_held_ = false;
    bool was_held_ = false;
    bool is_over_ = false;
};
