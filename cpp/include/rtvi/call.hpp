/// \file
/// Calls that take time, and the ways to execute one: wait, future, callback, coroutine.
///
/// Depends on callback.hpp and json.hpp.
#pragma once

#include <functional>
#include <future>
#include <memory>
#include <type_traits>
#include <utility>

#if defined(__cpp_impl_coroutine)
#include <coroutine>
#endif

#include "callback.hpp"
#include "json.hpp"

RTVI_NAMESPACE_BEGIN

/// Cancels the calls that were started with it. Copies are the same token.
class CancelToken {
public:
    CancelToken() : cancel_(rtvi_cancel_new(), rtvi_cancel_free) {}

    /// Cancels all calls started with the token, including future ones: they end as
    /// ErrorKind::Cancelled. Any thread.
    void cancel() const { detail::take(rtvi_cancel_now(cancel_.get())); }

    /// The token for rtvi.h.
    rtvi_cancel* get() const noexcept { return cancel_.get(); }

private:
    std::shared_ptr<rtvi_cancel> cancel_;
};

namespace detail {

/// Converts the result of a call; a type that has a conversion reads it from JSON text.
template <class T>
struct FromResult {
    static Result<T> read(rtvi_str text) { return T(Json(std::string(view(text)))); }
};
template <>
struct FromResult<void> {
    static Result<void> read(rtvi_str) { return std::monostate{}; }
};

}  // namespace detail

/// A call that is ready to run. Nothing happens until one of its functions is called. Run it once.
template <class T>
class [[nodiscard]] Call {
public:
    /// Starts the call with a function of rtvi.h.
    using Start = std::function<rtvi_error*(const rtvi_call*)>;
    /// Receives the result.
    using Done = std::function<void(Result<T>)>;

    /// For the functions of PipecatClient.
    Call(std::shared_ptr<detail::Context> context, Start start)
        : context_(std::move(context)), start_(std::move(start)) {}

    /// The same call, cancellable through `token`.
    Call with(CancelToken token) && {
        token_ = std::move(token);
        return std::move(*this);
    }

    /// Runs the call and waits for its end; throws Error. Not allowed in functions of audio
    /// sources, sinks or transports.
    T get() && { return std::move(*this).result().value(); }

    /// Runs the call and waits for its end, without exceptions.
    Result<T> result() && {
        rtvi_string* text = nullptr;
        rtvi_call call = how();
        call.result = &text;
        if (auto error = detail::take(start_(&call))) return *std::move(error);
        auto read = detail::FromResult<T>::read(rtvi_string_view(text));
        rtvi_string_free(text);
        return read;
    }

    /// Runs the call in the background and passes the result to `done`, exactly once, where the
    /// client's callbacks run. If the call can't start and there is no executor, `done` runs on the
    /// calling thread.
    void then(Done done) && {
        auto pending = std::make_shared<Pending>(Pending{context_, std::move(done)});
        rtvi_call call = how();
        call.on_done = &Pending::on_done;
        call.user_data = detail::give(new std::shared_ptr<Pending>(pending));
        call.drop_user_data = &detail::drop<std::shared_ptr<Pending>>;
        if (auto error = detail::take(start_(&call))) pending->tell(*std::move(error));
    }

    /// Runs the call in the background.
    std::future<Result<T>> future_result() && {
        auto promise = std::make_shared<std::promise<Result<T>>>();
        auto future = promise->get_future();
        std::move(*this).then([promise](Result<T> result) { promise->set_value(std::move(result)); });
        return future;
    }

#if RTVI_EXCEPTIONS
    /// Runs the call in the background; the future throws Error.
    std::future<T> future() && {
        auto promise = std::make_shared<std::promise<T>>();
        auto future = promise->get_future();
        std::move(*this).then([promise](Result<T> result) {
            if (!result.ok()) return promise->set_exception(std::make_exception_ptr(result.error()));
            if constexpr (std::is_void_v<T>) {
                promise->set_value();
            } else {
                promise->set_value(std::move(result).value());
            }
        });
        return future;
    }
#endif

#if defined(__cpp_impl_coroutine)
    /// What `co_await` makes of a call.
    struct Awaiter {
        /// The call, until the coroutine is suspended.
        Call call;
        /// Its result, once the coroutine is resumed.
        std::optional<Result<T>> result{};

        /// Never: the call has not begun.
        bool await_ready() const noexcept { return false; }
        /// Runs the call.
        void await_suspend(std::coroutine_handle<> waiting) {
            // The coroutine, and this object with it, may end before `then` returns.
            Call begun = std::move(call);
            std::move(begun).then([this, waiting](Result<T> ended) {
                result = std::move(ended);
                waiting.resume();
            });
        }
        /// The result; throws Error.
        T await_resume() { return (*std::move(result)).value(); }
    };
    /// `co_await std::move(call)`: resumes where the client's callbacks run; throws Error.
    Awaiter operator co_await() && { return Awaiter{std::move(*this)}; }
#endif

private:
    struct Pending {
        std::shared_ptr<detail::Context> context;
        Done done;

        void tell(Result<T> result) {
            detail::Context::run(context, [done = std::move(done), result = std::move(result)]() mutable {
                if (done) done(std::move(result));
            });
        }

        static void on_done(void* data, const rtvi_error* error, rtvi_str result) {
            auto& pending = detail::given<std::shared_ptr<Pending>>(data);
            if (error) return pending->tell(detail::to_error(error));
            pending->tell(detail::FromResult<T>::read(result));
        }
    };

    rtvi_call how() const {
        rtvi_call call{};
        call.size = sizeof call;
        call.cancel = token_ ? token_->get() : nullptr;
        return call;
    }

    std::shared_ptr<detail::Context> context_;
    Start start_;
    std::optional<CancelToken> token_;
};

RTVI_NAMESPACE_END
