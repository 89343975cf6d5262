// Microphones and speakers of this computer, through SDL.
#pragma once

#include <SDL.h>

#include <rtvi/rtvi.hpp>

#include <optional>
#include <string>
#include <vector>

/// The direction of a device.
enum class Direction { Playback = 0, Capture = 1 };

/// One open device. Its samples go to or come from the SDK on a thread of SDL's; push and pull never wait.
class Device {
public:
    explicit Device(Direction direction) : direction_(direction) {}
    ~Device() { close(); }
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;

    /// The names of those that are there now.
    static std::vector<std::string> names(Direction direction);

    /// Opens the one with this name, or the system's choice if it is empty, instead of the one before; says why not if it can't.
    std::optional<std::string> open(const std::string& name);
    void close();

    /// Where the samples go, of a capturing device; where they come from, of a playing one.
    void attach(rtvi::PcmInput input);
    void attach(rtvi::PcmOutput output);

    /// The chosen name; empty for the system's choice.
    const std::string& name() const { return name_; }

private:
    static void exchange(void* self, Uint8* bytes, int length);

    Direction direction_;
    SDL_AudioDeviceID id_ = 0;
    std::string name_;
    std::optional<rtvi::PcmInput> input_;
    std::optional<rtvi::PcmOutput> output_;
};
