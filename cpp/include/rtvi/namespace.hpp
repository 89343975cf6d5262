/// \file
/// The namespace `rtvi`, with the version of these headers in the names of its symbols.
///
/// Depends on nothing. Two parts of a program that were compiled with different versions of the
/// headers, or with and without exceptions, such as an app and its plugin, therefore never share
/// each other's classes.
#pragma once

#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
#define RTVI_EXCEPTIONS 1
#define RTVI_INLINE_NAMESPACE v0_1_0
#else
#define RTVI_EXCEPTIONS 0
#define RTVI_INLINE_NAMESPACE v0_1_0_no_exceptions
#endif

#define RTVI_NAMESPACE_BEGIN \
    namespace rtvi {         \
    inline namespace RTVI_INLINE_NAMESPACE {
#define RTVI_NAMESPACE_END \
    }                      \
    }
