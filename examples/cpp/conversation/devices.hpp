// The microphones or the speakers of this computer, and the one that is wanted.
#pragma once

#include <rtvi/rtvi.hpp>

#include <string>
#include <vector>

/// Those there are and the one that is wanted.
struct Devices {
    /// The id that stands for the system's choice, whichever that is at any time.
    static constexpr const char* systems_choice = "default";

    std::vector<rtvi::MediaDevice> all;
    std::string chosen = systems_choice;
    /// What the one in use is called; empty if there is none.
    std::string label;
};
