/// \file
/// Converts C++ functions to the callback triples of rtvi.h. Not for apps.
///
/// Depends on error.hpp and executor.hpp. No exception of the app enters the library from here.
#pragma once

#include <atomic>
#include <cstdio>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "error.hpp"
#include "executor.hpp"

#if defined(__SANITIZE_THREAD__)
#define RTVI_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define RTVI_TSAN 1
#endif
#endif

#if defined(RTVI_TSAN)
extern "C" void __tsan_acquire(void*);
extern "C" void __tsan_release(void*);
#endif

RTVI_NAMESPACE_BEGIN
namespace detail {

/// ThreadSanitizer can't see that the uninstrumented library orders the hand-over of `data` between
/// threads.
inline void* give(void* data) {
#if defined(RTVI_TSAN)
    __tsan_release(data);
#endif
    return data;
}

/// An object that was passed to the library.
template <class T>
T& given(void* data) {
#if defined(RTVI_TSAN)
    __tsan_acquire(data);
#endif
    return *static_cast<T*>(data);
}

/// An object whose pointer was passed to the library, for one use on any thread.
template <class Pointer>
class Use {
public:
    explicit Use(void* data) : data_(data), pointer_(given<Pointer>(data)) {}
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;
    ~Use() { give(data_); }

    auto* operator->() const noexcept { return pointer_.get(); }
    auto& operator*() const noexcept { return *pointer_; }

private:
    void* data_;
    const Pointer& pointer_;
};

/// For `drop_user_data`.
template <class T>
void drop(void* data) {
    delete &given<T>(data);
}

/// The state that all callbacks of a client share.
struct Context {
    Executor executor;
    ExceptionHandler on_exception;
    /// False once the client is destroyed. Exceptions of the app's devices and transports then go
    /// to stderr, and events that wait in the executor are dropped.
    std::atomic<bool> alive{true};

    /// Calls `function`; exceptions go to the app's handler or to stderr.
    template <class F>
    void call(F&& function) const noexcept {
#if RTVI_EXCEPTIONS
        try {
            std::forward<F>(function)();
        } catch (const std::exception& thrown) {
            tell(thrown.what());
        } catch (...) {
            tell("something that is no std::exception");
        }
#else
        std::forward<F>(function)();
#endif
    }

    /// Calls `function` where the app's callbacks run.
    template <class F>
    static void run(const std::shared_ptr<Context>& context, F&& function) noexcept {
        if (!context->executor) return context->call(std::forward<F>(function));
        context->call([&] {
            context->executor([context, kept = std::make_shared<std::decay_t<F>>(std::forward<F>(function))] {
                context->call(std::move(*kept));
            });
        });
    }

    /// Reports an exception of the app's code to the app.
    void tell(const char* what) const noexcept {
        if (!on_exception || !alive) {
            std::fprintf(stderr, "rtvi: a callback has thrown: %s\n", what);
            return;
        }
#if RTVI_EXCEPTIONS
        try {
            on_exception(what);
        } catch (...) {
            std::fprintf(stderr, "rtvi: on_exception has thrown\n");
        }
#else
        on_exception(what);
#endif
    }
};

/// A device or transport of the app, in the form that the library calls. Its exceptions go to the
/// handler of the client that consumed it.
template <class T>
class Guarded {
public:
    explicit Guarded(std::shared_ptr<T> object) : object_(std::move(object)) {}

    /// Sets the client that consumed it; before that, exceptions go to stderr.
    void attach(std::shared_ptr<const Context> context) {
        const std::lock_guard<std::mutex> lock(mutex_);
        context_ = std::move(context);
    }

    /// Calls `function` with the object and returns what this call threw, if anything.
    template <class F>
    std::optional<std::string> run(F&& function) noexcept {
#if RTVI_EXCEPTIONS
        try {
            std::forward<F>(function)(*object_);
        } catch (const std::exception& thrown) {
            return told(thrown.what());
        } catch (...) {
            return told("something that is no std::exception");
        }
#else
        std::forward<F>(function)(*object_);
#endif
        return std::nullopt;
    }

private:
    std::string told(const char* what) {
        std::shared_ptr<const Context> context;
        {
            const std::lock_guard<std::mutex> lock(mutex_);
            context = context_;
        }
        context ? context->tell(what) : Context{}.tell(what);
        return what;
    }

    const std::shared_ptr<T> object_;
    std::mutex mutex_;
    std::shared_ptr<const Context> context_;
};

/// A device of the app. Its exceptions are also kept until the library asks for them.
template <class T>
class GuardedDevice : public Guarded<T> {
public:
    using Guarded<T>::Guarded;

    /// Calls `function` with the device and returns `fallback` when it throws.
    template <class R, class F>
    R call(R fallback, F&& function) noexcept {
        run([&](T& device) { fallback = function(device); });
        return fallback;
    }

    /// The same for functions without a result.
    template <class F>
    void run(F&& function) noexcept {
        auto thrown = Guarded<T>::run(std::forward<F>(function));
        if (!thrown) return;
        const std::lock_guard<std::mutex> lock(mutex_);
        failure_ = *std::move(thrown);
        has_failed_ = true;
    }

    /// What was thrown since the last call.
    std::optional<std::string> failure() {
        if (!has_failed_.exchange(false)) return std::nullopt;
        const std::lock_guard<std::mutex> lock(mutex_);
        return failure_;
    }

private:
    std::mutex mutex_;
    std::string failure_;
    std::atomic<bool> has_failed_{false};
};

}  // namespace detail
RTVI_NAMESPACE_END
