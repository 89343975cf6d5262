//! How the crate is made to accept what an answer says of the server's certificate.
//!
//! The crate compares the certificate's SHA-256 hash with one fingerprint. An answer may name several, and hashes of other kinds. So the
//! crate gets one fingerprint that stands for all, and hashes through this module: what has the hash of an announced certificate gets the
//! one that stands for it. All else gets its own hash, which is not the fingerprint, and is refused by the crate as ever.

use std::sync::{Arc, OnceLock};

use webrtc::peer_connection::crypto::{
    ActiveKeyExchange, AeadAlgorithm, AeadCipher, BlockCipherAlgorithm, CbcAlgorithm, CbcCipher,
    CryptoAlgorithm, CryptoError, HashAlgorithm, HmacAlgorithm, KeyExchangeAlgorithm, Mac, PublicKey,
    RTCCrypto, RTCCryptoProvider, RTCRandom, SignatureScheme, SigningKey, StreamCipher,
    StreamCipherAlgorithm,
};

use super::sdp::Fingerprints;

/// What the answer announced, once there is one. The first counts: a connection keeps its certificate.
pub(super) type Announced = Arc<OnceLock<Fingerprints>>;

/// The crate's own cryptography, but for the hash of an announced certificate.
pub(super) struct Cryptography {
    inner: Arc<dyn RTCCryptoProvider>,
    announced: Announced,
}

impl Cryptography {
    pub(super) fn new(inner: Arc<dyn RTCCryptoProvider>, announced: Announced) -> Self {
        Self { inner, announced }
    }
}

impl RTCCryptoProvider for Cryptography {
    fn name(&self) -> &'static str {
        self.inner.name()
    }

    fn crypto(&self) -> &dyn RTCCrypto {
        self
    }

    fn random(&self) -> &dyn RTCRandom {
        self.inner.random()
    }
}

type Made<T> = Result<T, CryptoError>;

impl RTCCrypto for Cryptography {
    fn supports(&self, algorithm: CryptoAlgorithm) -> bool {
        self.inner.crypto().supports(algorithm)
    }

    fn hash(&self, algorithm: HashAlgorithm, data: &[u8]) -> Made<Vec<u8>> {
        let announced = self.announced.get().filter(|_| algorithm == HashAlgorithm::Sha256);
        match announced.filter(|announced| announced.match_certificate(data)) {
            Some(announced) => Ok(announced.representative().to_vec()),
            None => self.inner.crypto().hash(algorithm, data),
        }
    }

    fn block_encrypt(&self, algorithm: BlockCipherAlgorithm, key: &[u8], block: &mut [u8]) -> Made<()> {
        self.inner.crypto().block_encrypt(algorithm, key, block)
    }

    fn new_hmac(&self, algorithm: HmacAlgorithm, key: &[u8]) -> Made<Box<dyn Mac>> {
        self.inner.crypto().new_hmac(algorithm, key)
    }

    fn new_stream_cipher(&self, algorithm: StreamCipherAlgorithm, key: &[u8]) -> Made<Box<dyn StreamCipher>> {
        self.inner.crypto().new_stream_cipher(algorithm, key)
    }

    fn new_aead(&self, algorithm: AeadAlgorithm, key: &[u8]) -> Made<Box<dyn AeadCipher>> {
        self.inner.crypto().new_aead(algorithm, key)
    }

    fn new_cbc(&self, algorithm: CbcAlgorithm, key: &[u8]) -> Made<Box<dyn CbcCipher>> {
        self.inner.crypto().new_cbc(algorithm, key)
    }

    fn start_key_exchange(&self, algorithm: KeyExchangeAlgorithm) -> Made<Box<dyn ActiveKeyExchange>> {
        self.inner.crypto().start_key_exchange(algorithm)
    }

    fn generate_signing_key(&self, scheme: SignatureScheme) -> Made<Arc<dyn SigningKey>> {
        self.inner.crypto().generate_signing_key(scheme)
    }

    fn import_signing_key(&self, scheme: SignatureScheme, pkcs8_der: &[u8]) -> Made<Arc<dyn SigningKey>> {
        self.inner.crypto().import_signing_key(scheme, pkcs8_der)
    }

    fn verify_signature(
        &self,
        scheme: SignatureScheme,
        public_key: PublicKey<'_>,
        message: &[u8],
        signature: &[u8],
    ) -> Made<()> {
        self.inner.crypto().verify_signature(scheme, public_key, message, signature)
    }
}

#[cfg(test)]
mod tests {
    use webrtc::peer_connection::crypto::default_provider;

    use super::*;
    use crate::transport::rtc::sdp;

    /// A certificate and the colon-separated SHA-512 hash of it.
    fn announced() -> (&'static [u8], Fingerprints) {
        let certificate: &[u8] = b"a certificate";
        let hash = ring::digest::digest(&ring::digest::SHA512, certificate);
        let pairs: Vec<_> = hash.as_ref().iter().map(|byte| format!("{byte:02X}")).collect();
        let answer = format!(
            "v=0\nm=audio 9 X 111\na=rtpmap:111 opus/48000/2\nm=application 9 X Y\na=fingerprint:sha-512 {}\n",
            pairs.join(":")
        );
        let accepted = sdp::read_answer(&answer, "v=0\nm=audio 9 X 111\nm=application 9 X Y\n", 1).unwrap();
        (certificate, accepted.remote.fingerprints)
    }

    #[test]
    fn only_an_announced_certificate_has_the_fingerprint_that_the_crate_compares() {
        let (certificate, fingerprints) = announced();
        let (provider, known) = (default_provider().unwrap(), Announced::default());
        let cryptography = Cryptography::new(Arc::clone(&provider), Arc::clone(&known));
        let hash = |data: &[u8]| cryptography.crypto().hash(HashAlgorithm::Sha256, data).unwrap();
        let own = |data: &[u8]| provider.crypto().hash(HashAlgorithm::Sha256, data).unwrap();
        assert_eq!(hash(certificate), own(certificate), "nothing is announced yet");
        known.set(fingerprints.clone()).unwrap();
        assert_eq!(hash(certificate), fingerprints.representative());
        assert_eq!(hash(b"another"), own(b"another"));
        let md5 = |crypto: &dyn RTCCrypto| crypto.hash(HashAlgorithm::Md5, certificate).unwrap();
        assert_eq!(md5(cryptography.crypto()), md5(provider.crypto()));
    }
}
