//! What the WebRTC calls of one process may share, to cost less: encoded audio and a certificate.
//!
//! Depends on the crates `webrtc` and `rtc`.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use rtc::peer_connection::certificate::{CertificateParams, RTCCertificate};
use webrtc::peer_connection::crypto::{RTCCryptoProvider, SignatureScheme};

use crate::media::SharedOpus;

/// What many WebRTC calls of one process share, such as those of a load generator: audio that
/// another call has encoded, and one DTLS certificate. Clones are the same.
///
/// Not for apps: a server can tell that calls with one certificate come from one client.
#[derive(Clone, Default)]
pub struct SharedCalls(Arc<Shared>);

#[derive(Default)]
struct Shared {
    opus: SharedOpus,
    certificate: Mutex<Option<RTCCertificate>>,
}

impl SharedCalls {
    pub(crate) fn opus(&self) -> SharedOpus {
        self.0.opus.clone()
    }

    /// The certificate, which the first call makes. `None` if it can't be made; each call then
    /// makes its own.
    pub(super) fn certificate(&self, provider: &dyn RTCCryptoProvider) -> Option<RTCCertificate> {
        let mut certificate = self.0.certificate.lock().unwrap_or_else(PoisonError::into_inner);
        if certificate.is_none() {
            let (scheme, params) = (SignatureScheme::EcdsaP256Sha256, CertificateParams::default());
            *certificate = RTCCertificate::generate(provider.crypto(), scheme, params).ok();
        }
        certificate.clone()
    }
}

impl fmt::Debug for SharedCalls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedCalls").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use webrtc::peer_connection::crypto;

    use super::*;

    #[test]
    fn all_calls_have_one_certificate() {
        let (shared, provider) = (SharedCalls::default(), crypto::default_provider().unwrap());
        let first = shared.certificate(&*provider).unwrap();
        assert!(shared.clone().certificate(&*provider).unwrap() == first);
        assert!(SharedCalls::default().certificate(&*provider).unwrap() != first);
        assert!(!format!("{shared:?}").contains("KEY"));
    }
}
