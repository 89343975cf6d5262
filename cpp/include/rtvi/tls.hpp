/// \file
/// Whom to trust.
///
/// Depends on json.hpp. Values only.
#pragma once

#include <string>
#include <vector>

#include "json.hpp"

namespace rtvi {

/// Whom to trust besides, or instead of, the authorities of the system.
struct TlsOptions {
    /// Certificates of authorities to trust besides the system's, in PEM form.
    std::string root_certificates;
    /// SHA-256 hashes, in hexadecimal, of the public keys of the only servers to accept; empty for all that are trusted.
    std::vector<std::string> pinned_keys;
    /// Whether `http` and `ws` may go beyond loopback and private networks: whoever is on the way can then read everything.
    bool allow_plaintext = false;

    /// As rtvi.h takes it.
    Json json() const {
        std::string keys;
        for (const auto& key : pinned_keys) keys += (keys.empty() ? "" : ",") + Json::of_string(key).text();
        std::string text = "{\"pinnedKeys\":[" + keys + "],\"allowPlaintext\":" + (allow_plaintext ? "true" : "false");
        if (!root_certificates.empty()) text += ",\"rootCertificates\":" + Json::of_string(root_certificates).text();
        return Json(text += '}');
    }
};

}  // namespace rtvi
