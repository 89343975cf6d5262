// A client whose events are recorded and can be waited for.
#pragma once

#include <rtvi/rtvi.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "test.hpp"

namespace test {

using Log = std::vector<std::pair<std::string, std::string>>;

/// Where the bot is.
inline rtvi::Json bot_params() {
    return rtvi::JsonMaker().with("/wsUrl", variable("RTVI_TEST_WS")).finish().value();
}

/// What events were told: names and data, without levels.
class Recorder {
public:
    void operator()(const rtvi::Event& event) const {
        const auto kind = event.kind();
        if (kind == rtvi::EventKind::LocalAudioLevel || kind == rtvi::EventKind::RemoteAudioLevel) return;
        log_->change([&](Log& log) { log.emplace_back(event.name(), event.json()); });
        events_->change([&](auto& events) { events.push_back(std::make_shared<rtvi::Event>(event.clone())); });
    }
    /// Waits for an event of this type.
    template <class E>
    E wait() const {
        const auto find = [](const auto& events) {
            return std::find_if(events.begin(), events.end(), [](const auto& it) { return it->kind() == E::event_kind; });
        };
        const auto events = events_->try_wait([&](const auto& all) { return find(all) != all.end(); });
        if (!events) give_up("event of this kind");
        return E::read(**find(*events));
    }
    /// Waits for an event with this name; if none comes, the test ends with what came.
    std::string wait_for(const std::string& name) const {
        const auto log = log_->try_wait([&](const Log& it) { return find(it, name) != nullptr; });
        if (!log) give_up(name);
        return find(*log, name)->second;
    }
    bool has(const std::string& name) const { return find(log_->get(), name) != nullptr; }
    Log log() const { return log_->get(); }

private:
    [[noreturn]] void give_up(const std::string& name) const {
        std::fprintf(stderr, "no %s came after:\n", name.c_str());
        for (const auto& [event, data] : log()) std::fprintf(stderr, "  %s %s\n", event.c_str(), data.c_str());
        std::exit(1);
    }

    static const std::pair<std::string, std::string>* find(const Log& log, const std::string& name) {
        for (const auto& entry : log) {
            if (entry.first == name) return &entry;
        }
        return nullptr;
    }

    using Events = std::vector<std::shared_ptr<rtvi::Event>>;

    std::shared_ptr<Box<Log>> log_ = std::make_shared<Box<Log>>();
    std::shared_ptr<Box<Events>> events_ = std::make_shared<Box<Events>>();
};

/// A client with silence for a microphone, and its recorder.
inline std::pair<rtvi::PipecatClient, Recorder> client(rtvi::PipecatClientOptions options = {}) {
    Recorder recorder;
    if (!options.on_event) options.on_event = recorder;
    return {rtvi::PipecatClient(std::move(options)), recorder};
}

}  // namespace test
