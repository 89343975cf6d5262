/// \file
/// How C++ functions become the callback triples of rtvi.h. Not for apps.
///
/// Depends on error.hpp and executor.hpp. Nothing the app throws passes from here into the library.
#pragma once

#include <cstdio>
#include <exception>
#include <memory>
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

namespace rtvi::detail {

/// ThreadSanitizer can't see that the library, which is not instrumented, hands `data` from thread to thread with order.
inline void* give(void* data) {
#if defined(RTVI_TSAN)
    __tsan_release(data);
#endif
    return data;
}

/// What was given to the library.
template <class T>
T& given(void* data) {
#if defined(RTVI_TSAN)
    __tsan_acquire(data);
#endif
    return *static_cast<T*>(data);
}

/// An object that the library was given a pointer to, for one use of it on whatever thread.
template <class Pointer>
class Use {
public:
    explicit Use(void* data) : data_(data), pointer_(given<Pointer>(data)) {}
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;
    ~Use() { give(data_); }

    auto* operator->() const noexcept { return pointer_.get(); }

private:
    void* data_;
    const Pointer& pointer_;
};

/// For `drop_user_data`.
template <class T>
void drop(void* data) {
    delete &given<T>(data);
}

/// What all callbacks of a client share.
struct Context {
    Executor executor;
    ExceptionHandler on_exception;

    /// Calls `function`; what it throws goes to the app's handler or to stderr.
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

    /// Calls `function` where the app wants it.
    template <class F>
    static void run(const std::shared_ptr<Context>& context, F&& function) noexcept {
        if (!context->executor) return context->call(std::forward<F>(function));
        context->call([&] {
            context->executor([context, kept = std::make_shared<std::decay_t<F>>(std::forward<F>(function))] {
                context->call(std::move(*kept));
            });
        });
    }

private:
    void tell(const char* what) const noexcept {
        if (!on_exception) {
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

}  // namespace rtvi::detail
