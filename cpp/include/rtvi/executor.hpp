/// \file
/// Where the app's callbacks run.
///
/// Depends on nothing of ours.
#pragma once

#include <functional>

namespace rtvi {

/// Runs a function on a thread of the app's choice, soon and in order: posts to the app's event loop, for example. Called from any
/// thread. Must run or drop every function it is given; must not run it on the spot while the app's locks are held.
///
/// An empty one stands for the client's own thread.
using Executor = std::function<void(std::function<void()>)>;

/// What a callback has thrown, for those who want to know; see PipecatClientOptions::on_exception.
using ExceptionHandler = std::function<void(const char* what)>;

}  // namespace rtvi
