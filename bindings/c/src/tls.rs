//! Whom to trust, as JSON: in the options of a client, and in those of a transport where that differs.
//!
//! Depends on the core's [`TlsOptions`]. Values only.

use rtvi_core::{Error, ErrorKind, transport::TlsOptions};
use serde::Deserialize;

/// [`TlsOptions`] as JSON.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct TlsJson {
    root_certificates: Option<String>,
    pinned_keys: Vec<String>,
    allow_plaintext: bool,
}

impl TlsJson {
    /// What it says.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] for text that is no PEM, and keys that are no SHA-256 in hexadecimal.
    pub(crate) fn read(self) -> Result<TlsOptions, Error> {
        let mut options = TlsOptions::default();
        if let Some(pem) = self.root_certificates {
            options = options.with_roots_pem(pem)?;
        }
        for key in &self.pinned_keys {
            options = options.with_pinned_key(sha256(key)?);
        }
        Ok(if self.allow_plaintext { options.allow_plaintext() } else { options })
    }
}

fn sha256(hex: &str) -> Result<[u8; 32], Error> {
    let wrong = || {
        Error::new(ErrorKind::InvalidArgument, format!("pinnedKeys: {hex:?} is not 64 hexadecimal digits"))
    };
    let mut hash = [0; 32];
    if hex.len() != 64 || !hex.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Err(wrong());
    }
    for (byte, digits) in hash.iter_mut().zip(hex.as_bytes().chunks_exact(2)) {
        let digits = std::str::from_utf8(digits).map_err(|_| wrong())?;
        *byte = u8::from_str_radix(digits, 16).map_err(|_| wrong())?;
    }
    Ok(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<TlsOptions, Error> {
        serde_json::from_str::<TlsJson>(json).unwrap().read()
    }

    #[test]
    fn keys_are_hexadecimal() {
        let key = "0f".repeat(32);
        assert!(read(&format!(r#"{{"pinnedKeys":["{key}"],"allowPlaintext":true}}"#)).is_ok());
        for bad in ["", "0f", &"0g".repeat(32), &"+f".repeat(32), &"é".repeat(32)] {
            let error = read(&format!(r#"{{"pinnedKeys":["{bad}"]}}"#)).unwrap_err();
            assert!(error.message().contains("64 hexadecimal digits"), "{error}");
        }
        assert!(read(r#"{"rootCertificates":"no"}"#).unwrap_err().message().contains("PEM"));
    }
}
