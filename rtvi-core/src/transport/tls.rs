//! TLS: which servers to trust, where plaintext is allowed, and errors that explain what is wrong
//! with a server's certificate.
//!
//! Uses rustls with an explicit *ring* provider. Never reads or sets the process-wide default
//! provider, which belongs to the app.

use std::{error::Error as StdError, io, sync::Arc};

use rustls::{
    CertificateError, ClientConfig, InvalidMessage, client::danger::ServerCertVerifier,
    crypto::CryptoProvider, pki_types::CertificateDer,
};
use rustls_platform_verifier::Verifier;
use serde::{Deserialize, Serialize};
use tokio::sync::OnceCell;
use url::Url;

use crate::error::{Error, ErrorKind};

use super::{
    pinning::{Pin, PinningVerifier},
    plaintext, tls_json,
};

/// Which servers to trust.
///
/// The platform's own trust settings always apply. They are read once, when the first secure
/// connection is opened, which can take some milliseconds. A URL that begins with `ws` or `http` is
/// refused as a TLS error before anything is sent, unless its host is a loopback, private (RFC
/// 1918, `fc00::/7`) or link-local address, `localhost`, a name in `.local`, or a name without a
/// dot.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct TlsOptions {
    /// Certificates of authorities to trust in addition to the system's, in PEM form. Not supported
    /// on Android, where the app's network security configuration decides: opening a secure
    /// connection then fails. Default: none.
    #[serde(with = "tls_json::roots")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    root_certificates: Vec<CertificateDer<'static>>,
    /// The only server keys to accept, if any are given. Each is a SHA-256 hash in hexadecimal of
    /// the public key of the server's own certificate in DER form, as printed by `openssl x509
    /// -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256`. The system must
    /// also trust the certificate. Add a second key that is stored elsewhere; otherwise losing the
    /// first key locks the app out. A hash of another length is an invalid argument. Default: none.
    #[serde(with = "tls_json::pins")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))]
    pinned_keys: Vec<Pin>,
    /// Whether `ws` and `http` are allowed everywhere. Anyone between client and server can then
    /// read and change everything: tokens, messages and, over WebSocket, audio. If false, they are
    /// allowed only to this machine and private networks. Default: false.
    allow_plaintext: bool,
    #[serde(skip)]
    config: Arc<OnceCell<Arc<ClientConfig>>>,
}

impl TlsOptions {
    /// Returns the same options that also trust the authority `certificate` (X.509 in DER form).
    ///
    /// The certificate is checked when the first secure connection is opened. Not supported on
    /// Android, where the app's network security configuration decides: opening a secure connection
    /// then fails.
    #[must_use]
    pub fn with_root_der(self, certificate: impl Into<Vec<u8>>) -> Self {
        self.with_roots([CertificateDer::from(certificate.into())])
    }

    /// Returns the same options that also trust every authority in `pem` (X.509 in PEM form), as
    /// for [`with_root_der`](Self::with_root_der).
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] if the text can't be read or contains no certificate.
    pub fn with_roots_pem(self, pem: impl AsRef<[u8]>) -> Result<Self, Error> {
        let roots = tls_json::roots::parse(pem.as_ref());
        Ok(self.with_roots(roots.map_err(|cause| Error::new(ErrorKind::InvalidArgument, cause))?))
    }

    /// Returns the same options that accept only servers with this key, or with another key pinned
    /// in the same way.
    ///
    /// `sha256` is the SHA-256 hash of the public key of the server's own certificate in DER form
    /// (its `SubjectPublicKeyInfo`), as printed by `openssl x509 -pubkey -noout | openssl pkey
    /// -pubin -outform der | openssl dgst -sha256`. The platform must also trust the certificate.
    /// Pin a second key that is stored elsewhere; otherwise losing the first key locks the app out.
    #[must_use]
    pub fn with_pinned_key(mut self, sha256: [u8; 32]) -> Self {
        self.pinned_keys.push(sha256);
        self.without_derived_config()
    }

    /// Returns the same options that allow `ws` and `http` everywhere. Anyone between client and
    /// server can then read and change everything: tokens, messages and, over WebSocket, audio.
    #[must_use]
    pub fn allow_plaintext(mut self) -> Self {
        self.allow_plaintext = true;
        self
    }

    fn with_roots(mut self, roots: impl IntoIterator<Item = CertificateDer<'static>>) -> Self {
        self.root_certificates.extend(roots);
        self.without_derived_config()
    }

    /// Discards what was derived from the options before the change.
    fn without_derived_config(self) -> Self {
        Self { config: Arc::default(), ..self }
    }

    /// Refuses a URL that would need plaintext where it is not allowed.
    pub(super) fn permit(&self, url: &Url) -> Result<(), Error> {
        if self.allow_plaintext || !plaintext::is_plaintext(url) || plaintext::is_nearby(url) {
            return Ok(());
        }
        Err(plaintext::refusal(url))
    }

    /// The TLS configuration for clients, created on first use.
    pub(super) async fn client_config(&self) -> Result<Arc<ClientConfig>, Error> {
        let config = self.config.get_or_try_init(|| async {
            let (roots, pins) = (self.root_certificates.clone(), self.pinned_keys.clone());
            let made = tokio::task::spawn_blocking(move || make_config(roots, pins)).await;
            made.map_err(|cause| Error::new(ErrorKind::Tls, format!("TLS could not be set up: {cause}")))?
        });
        config.await.cloned()
    }
}

fn make_config(roots: Vec<CertificateDer<'static>>, pins: Vec<Pin>) -> Result<Arc<ClientConfig>, Error> {
    let failed = |cause: rustls::Error| {
        Error::new(ErrorKind::Tls, format!("the trusted certificates could not be loaded: {cause}"))
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = verifier(roots, Arc::clone(&provider)).map_err(failed)?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(failed)?
        .dangerous()
        .with_custom_certificate_verifier(pinning(verifier, pins))
        .with_no_client_auth();
    Ok(Arc::new(config))
}

fn pinning(platform: Verifier, pins: Vec<Pin>) -> Arc<dyn ServerCertVerifier> {
    if pins.is_empty() {
        return Arc::new(platform);
    }
    Arc::new(PinningVerifier { platform, pins })
}

#[cfg(not(target_os = "android"))]
fn verifier(
    roots: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
) -> Result<Verifier, rustls::Error> {
    Verifier::new_with_extra_roots(roots, provider)
}

#[cfg(target_os = "android")]
fn verifier(
    roots: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
) -> Result<Verifier, rustls::Error> {
    if roots.is_empty() {
        return Verifier::new(provider);
    }
    Err(rustls::Error::General(
        "on Android, add extra authorities to the network security configuration".into(),
    ))
}

/// A configuration that trusts nobody, for clients that only ever use plain HTTP. It is cheap.
pub(super) fn trust_nobody() -> Result<ClientConfig, rustls::Error> {
    let builder = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions()?;
    Ok(builder.with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth())
}

/// Explains the TLS error inside an I/O error; `None` if it is another error.
pub(super) fn explain_io(server: &str, error: &io::Error) -> Option<Error> {
    error.get_ref().and_then(|inner| explain(server, inner))
}

/// Explains the TLS error anywhere in a chain of causes; `None` if there is none.
pub(super) fn explain(server: &str, error: &(dyn StdError + 'static)) -> Option<Error> {
    if let Some(tls) = error.downcast_ref::<rustls::Error>() {
        return Some(Error::new(ErrorKind::Tls, format!("no secure connection to {server}: {}", cause(tls))));
    }
    if let Some(inner) = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        return explain(server, inner);
    }
    error.source().and_then(|source| explain(server, source))
}

fn cause(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidCertificate(certificate) => certificate_cause(certificate),
        rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
            "it does not speak TLS (is it ws:// or http://?)".to_owned()
        }
        other => other.to_string(),
    }
}

fn certificate_cause(error: &CertificateError) -> String {
    match error {
        CertificateError::UnknownIssuer => "its certificate is from an unknown authority".to_owned(),
        CertificateError::NotValidForName => "its certificate is for another host name".to_owned(),
        CertificateError::NotValidForNameContext { presented, .. } => {
            format!("its certificate is for another host name ({})", presented.join(", "))
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "its certificate has expired".to_owned()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "its certificate is not valid yet (is the clock right?)".to_owned()
        }
        CertificateError::ApplicationVerificationFailure => {
            "its key is not one of the pinned keys".to_owned()
        }
        CertificateError::Revoked => "its certificate was revoked".to_owned(),
        other => format!("its certificate is not acceptable: {other}"),
    }
}
