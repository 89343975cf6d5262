//! Certificates and keys in JSON: PEM text, and hashes in hexadecimal.
//!
//! Depends on rustls and serde. Values only.

/// Certificates as PEM text; `null` for none.
pub(super) mod roots {
    use base64::{Engine, engine::general_purpose::STANDARD};
    use rustls::pki_types::{CertificateDer, pem::PemObject};
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    /// The certificates in a PEM text, at least one, or a description of the fault.
    pub(in crate::transport) fn parse(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
        let roots = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>();
        let roots = roots.map_err(|cause| format!("unreadable PEM: {cause:?}"))?;
        if roots.is_empty() {
            return Err("the PEM text contains no certificate".to_owned());
        }
        Ok(roots)
    }

    pub(in crate::transport) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<CertificateDer<'static>>, D::Error> {
        let Some(pem) = Option::<String>::deserialize(deserializer)? else { return Ok(Vec::new()) };
        parse(pem.as_bytes()).map_err(|cause| D::Error::custom(format!("rootCertificates: {cause}")))
    }

    pub(in crate::transport) fn serialize<S: Serializer>(
        roots: &[CertificateDer<'static>],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let pem = |root: &CertificateDer<'_>| {
            format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", STANDARD.encode(root))
        };
        (!roots.is_empty()).then(|| roots.iter().map(pem).collect::<String>()).serialize(serializer)
    }
}

/// SHA-256 hashes in hexadecimal.
pub(super) mod pins {
    use std::fmt::Write;

    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use crate::transport::pinning::Pin;

    pub(in crate::transport) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<Pin>, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        let pins = texts.iter().map(|hex| parse(hex));
        pins.collect::<Option<_>>()
            .ok_or_else(|| D::Error::custom("a hash in pinnedKeys is not 64 hexadecimal digits"))
    }

    pub(in crate::transport) fn serialize<S: Serializer>(
        pins: &[Pin],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(pins.iter().map(|pin| {
            pin.iter().fold(String::new(), |mut hex, byte| {
                let _ = write!(hex, "{byte:02x}");
                hex
            })
        }))
    }

    fn parse(hex: &str) -> Option<Pin> {
        let mut pin = Pin::default();
        if hex.len() != 2 * pin.len() || !hex.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        for (byte, digits) in pin.iter_mut().zip(hex.as_bytes().chunks_exact(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
        }
        Some(pin)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::transport::TlsOptions;

    fn read(json: &Value) -> Result<TlsOptions, serde_json::Error> {
        serde_json::from_value(json.clone())
    }

    #[test]
    fn what_is_read_is_written() {
        let authority = rcgen::generate_simple_self_signed(["bot.example".to_owned()]).unwrap();
        let given = json!({"pinnedKeys": ["0f".repeat(32)], "allowPlaintext": true, "rootCertificates": authority.cert.pem()});
        let options = read(&given).unwrap();
        let written = json!(options);
        assert_eq!(json!(read(&written).unwrap()), written);
        assert_eq!(
            (&written["pinnedKeys"], &written["allowPlaintext"]),
            (&given["pinnedKeys"], &json!(true))
        );
        assert!(written["rootCertificates"].as_str().unwrap().starts_with("-----BEGIN"), "{written}");
        let nothing = json!({"rootCertificates": null, "pinnedKeys": [], "allowPlaintext": false});
        assert_eq!(json!(read(&json!({})).unwrap()), nothing);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for bad in ["", "0f", &"0g".repeat(32), &"+f".repeat(32), &"é".repeat(32)] {
            let error = read(&json!({"pinnedKeys": [bad]})).unwrap_err().to_string();
            assert!(error.contains("64 hexadecimal digits"), "{error}");
        }
        assert!(read(&json!({"rootCertificates": "no"})).unwrap_err().to_string().contains("PEM"));
    }
}
