#include "devices.hpp"

#include <algorithm>

namespace {

/// What we exchange with the SDK and with SDL, which converts to what a device wants.
constexpr rtvi::AudioFormat format{24000, 1};

/// Samples at a time: 20 ms, rounded to the power of two that SDL asks for.
constexpr Uint16 block = 512;

}  // namespace

std::vector<std::string> Device::names(Direction direction) {
    const int is_capture = static_cast<int>(direction);
    std::vector<std::string> names;
    for (int i = 0; i < SDL_GetNumAudioDevices(is_capture); ++i) {
        if (const char* name = SDL_GetAudioDeviceName(i, is_capture)) names.emplace_back(name);
    }
    return names;
}

std::optional<std::string> Device::open(const std::string& name) {
    close();
    SDL_AudioSpec wanted{};
    wanted.freq = static_cast<int>(format.sample_rate);
    wanted.format = AUDIO_S16SYS;
    wanted.channels = static_cast<Uint8>(format.channels);
    wanted.samples = block;
    wanted.callback = &Device::exchange;
    wanted.userdata = this;
    id_ = SDL_OpenAudioDevice(name.empty() ? nullptr : name.c_str(), static_cast<int>(direction_), &wanted, nullptr, 0);
    if (id_ == 0) return SDL_GetError();
    name_ = name;
    SDL_PauseAudioDevice(id_, 0);
    return std::nullopt;
}

void Device::close() {
    if (id_ != 0) SDL_CloseAudioDevice(id_);
    id_ = 0;
}

void Device::attach(rtvi::PcmInput input) {
    SDL_LockAudioDevice(id_);
    input_ = std::move(input);
    SDL_UnlockAudioDevice(id_);
}

void Device::attach(rtvi::PcmOutput output) {
    SDL_LockAudioDevice(id_);
    output_ = std::move(output);
    SDL_UnlockAudioDevice(id_);
}

void Device::exchange(void* self, Uint8* bytes, int length) {
    auto& device = *static_cast<Device*>(self);
    auto* samples = reinterpret_cast<std::int16_t*>(bytes);
    const std::size_t count = static_cast<std::size_t>(length) / sizeof *samples;
    if (device.direction_ == Direction::Capture) {
        if (device.input_) device.input_->push(samples, count);
        return;
    }
    const std::size_t pulled = device.output_ ? device.output_->pull(samples, count) : 0;
    std::fill(samples + pulled, samples + count, std::int16_t{0});
}
