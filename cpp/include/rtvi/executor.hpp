/// \file
/// Where the app's callbacks run.
///
/// Depends on namespace.hpp.
#pragma once

#include <functional>

#include "namespace.hpp"

RTVI_NAMESPACE_BEGIN

/// Runs a function on a thread of the app's choice, soon and in order, for example by posting it to
/// the app's event loop. The SDK calls it from any thread. It must run or drop every function that
/// it receives. It must not run a function immediately while the app holds locks.
///
/// An empty executor stands for the client's own thread.
using Executor = std::function<void(std::function<void()>)>;

/// Receives exceptions from callbacks; see PipecatClientOptions::on_exception.
using ExceptionHandler = std::function<void(const char* what)>;

RTVI_NAMESPACE_END
