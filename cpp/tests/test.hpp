// The smallest test harness that does: named tests, CHECK, and waiting for something with a limit.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#define CHECK(condition)                                                                        \
    do {                                                                                        \
        if (!(condition)) {                                                                     \
            std::fprintf(stderr, "%s:%d: failed: %s\n", __FILE__, __LINE__, #condition);        \
            std::exit(1);                                                                       \
        }                                                                                       \
    } while (false)

namespace test {

struct Test {
    const char* name;
    void (*run)();
};

inline std::vector<Test>& all() {
    static std::vector<Test> tests;
    return tests;
}

struct Register {
    Register(const char* name, void (*run)()) { all().push_back({name, run}); }
};

#define TEST(name)                                       \
    static void name();                                  \
    static const test::Register register_##name{#name, name}; \
    static void name()

/// An environment variable that must be there.
inline std::string variable(const char* name) {
    const char* value = std::getenv(name);
    if (!value) {
        std::fprintf(stderr, "%s is not set\n", name);
        std::exit(2);
    }
    return value;
}

/// Sanitizers and valgrind make everything slow; nothing here is about time.
constexpr std::chrono::seconds patience{60};

/// A value that threads hand over and wait for.
template <class T>
class Box {
public:
    void change(const std::function<void(T&)>& how) {
        const std::lock_guard<std::mutex> lock(mutex_);
        how(value_);
        changed_.notify_all();
    }
    /// Waits until `fits`; gives a copy.
    T wait(const std::function<bool(const T&)>& fits) {
        const std::optional<T> value = try_wait(fits);
        CHECK(value.has_value());
        return *value;
    }
    /// The same, but nothing when it takes too long.
    std::optional<T> try_wait(const std::function<bool(const T&)>& fits) {
        std::unique_lock<std::mutex> lock(mutex_);
        if (!changed_.wait_for(lock, patience, [&] { return fits(value_); })) return std::nullopt;
        return value_;
    }
    T get() {
        const std::lock_guard<std::mutex> lock(mutex_);
        return value_;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    T value_{};
};

}  // namespace test
