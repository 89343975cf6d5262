/// \file
/// The loaded library: its version and its parts.
///
/// Depends on error.hpp.
#pragma once

#include <string_view>

#include "error.hpp"

RTVI_NAMESPACE_BEGIN

/// A part of the library that a build may leave out.
enum class Feature {
    /// The computer's microphones and speakers.
    Devices = RTVI_FEATURE_DEVICES,
    /// Echo cancellation, noise suppression, automatic gain and the high-pass filter.
    Processing = RTVI_FEATURE_PROCESSING,
    /// The transports over WebRTC: SmallWebRTC and LiveKit.
    WebRtc = RTVI_FEATURE_WEBRTC,
    /// Cameras, screens and displays of video, and VP8.
    Video = RTVI_FEATURE_VIDEO,
};

/// Whether the loaded library contains a part. Using a part that is missing fails as
/// ErrorKind::UnsupportedFeature.
inline bool has_feature(Feature feature) noexcept { return rtvi_has_feature(static_cast<int>(feature)); }

/// The release of the loaded library, such as `0.1.0`.
inline std::string_view version() noexcept { return detail::view(rtvi_version()); }

RTVI_NAMESPACE_END
