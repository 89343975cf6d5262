//! Whom to trust, for every secure connection of a client.
//!
//! Values only; depends on the core's options.

use rtvi_core::{Error, ErrorKind, transport::TlsOptions};

/// Whom to trust.
#[derive(Clone, Debug, Default, PartialEq, Eq, uniffi::Record)]
pub struct FfiTls {
    /// Certificates of authorities to trust besides the system's, in PEM form.
    #[uniffi(default)]
    pub root_certificates: Option<String>,
    /// If any, only servers with one of these keys are talked to: each the SHA-256 hash, 32 bytes, of the public key of the server's own
    /// certificate in DER form. The system must trust the certificate as well.
    #[uniffi(default)]
    pub pinned_keys: Vec<Vec<u8>>,
    /// Whether `ws` and `http` are allowed everywhere; otherwise to this machine and private networks only.
    #[uniffi(default = false)]
    pub allow_plaintext: bool,
}

impl FfiTls {
    pub(crate) fn into_core(self) -> Result<TlsOptions, Error> {
        let mut core = TlsOptions::default();
        if let Some(pem) = self.root_certificates {
            core = core.with_roots_pem(pem)?;
        }
        for key in self.pinned_keys {
            let hash = <[u8; 32]>::try_from(key).map_err(|key| wrong_length(key.len()))?;
            core = core.with_pinned_key(hash);
        }
        Ok(if self.allow_plaintext { core.allow_plaintext() } else { core })
    }
}

fn wrong_length(bytes: usize) -> Error {
    let text = format!("a pinned key is a SHA-256 hash of 32 bytes, not of {bytes}");
    Error::new(ErrorKind::InvalidArgument, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_another_length_is_refused() {
        let keys = |key: Vec<u8>| FfiTls { pinned_keys: vec![key], ..FfiTls::default() };
        let error = keys(vec![0; 20]).into_core().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert!(error.message().contains("not of 20"), "{error}");
        keys(vec![0; 32]).into_core().unwrap();
    }

    #[test]
    fn what_is_no_certificate_is_refused() {
        let tls = FfiTls { root_certificates: Some("no PEM".to_owned()), ..FfiTls::default() };
        assert_eq!(tls.into_core().unwrap_err().kind(), ErrorKind::InvalidArgument);
    }
}
