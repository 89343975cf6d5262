//! How the audio of a call is encoded.
//!
//! Pure; depends on the codecs of G.711.

use std::{fmt, sync::Arc};

use bytes::BufMut;
use serde::{Deserialize, Serialize};

use super::{alaw, mulaw};

/// An encoding of a call's audio, which has one channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PhoneEncoding {
    /// µ-law (ITU-T G.711), 8 kHz: telephone lines in America and Japan.
    #[serde(rename = "pcmu")]
    MuLaw,
    /// A-law (ITU-T G.711), 8 kHz: telephone lines elsewhere.
    #[serde(rename = "pcma")]
    ALaw,
    /// 16-bit little-endian PCM, 8 kHz.
    #[serde(rename = "l16-8000")]
    Pcm8k,
    /// 16-bit little-endian PCM, 16 kHz.
    #[serde(rename = "l16-16000")]
    Pcm16k,
    /// 16-bit little-endian PCM, 24 kHz.
    #[serde(rename = "l16-24000")]
    Pcm24k,
}

impl PhoneEncoding {
    /// Samples per second.
    pub const fn sample_rate(self) -> u32 {
        match self {
            Self::MuLaw | Self::ALaw | Self::Pcm8k => 8_000,
            Self::Pcm16k => 16_000,
            Self::Pcm24k => 24_000,
        }
    }

    /// Its name in options.
    pub const fn name(self) -> &'static str {
        match self {
            Self::MuLaw => "pcmu",
            Self::ALaw => "pcma",
            Self::Pcm8k => "l16-8000",
            Self::Pcm16k => "l16-16000",
            Self::Pcm24k => "l16-24000",
        }
    }

    /// Appends the samples' bytes to `out`.
    pub fn encode(self, samples: &[i16], out: &mut impl BufMut) {
        match self {
            Self::MuLaw => samples.iter().for_each(|sample| out.put_u8(mulaw::encode(*sample))),
            Self::ALaw => samples.iter().for_each(|sample| out.put_u8(alaw::encode(*sample))),
            Self::Pcm8k | Self::Pcm16k | Self::Pcm24k => {
                samples.iter().for_each(|sample| out.put_i16_le(*sample));
            }
        }
    }

    /// The samples of these bytes; `None` if the last sample is incomplete.
    pub fn decode(self, bytes: &[u8]) -> Option<Arc<[i16]>> {
        match self {
            Self::MuLaw => Some(bytes.iter().map(|byte| mulaw::decode(*byte)).collect()),
            Self::ALaw => Some(bytes.iter().map(|byte| alaw::decode(*byte)).collect()),
            Self::Pcm8k | Self::Pcm16k | Self::Pcm24k => {
                let (samples, rest) = bytes.as_chunks();
                rest.is_empty().then(|| samples.iter().map(|sample| i16::from_le_bytes(*sample)).collect())
            }
        }
    }
}

impl fmt::Display for PhoneEncoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_decoded() {
        for encoding in [
            PhoneEncoding::MuLaw,
            PhoneEncoding::ALaw,
            PhoneEncoding::Pcm8k,
            PhoneEncoding::Pcm16k,
            PhoneEncoding::Pcm24k,
        ] {
            let mut bytes = Vec::new();
            encoding.encode(&[8, -8, 988, 32_124], &mut bytes);
            let mut again = Vec::new();
            encoding.encode(&encoding.decode(&bytes).unwrap(), &mut again);
            assert_eq!(bytes, again, "{encoding}");
            assert_eq!(serde_json::to_value(encoding).unwrap(), encoding.name());
        }
        assert_eq!(PhoneEncoding::Pcm8k.decode(&[1, 2, 3]), None);
        assert_eq!(PhoneEncoding::Pcm16k.decode(&[0xFE, 0xFF]).as_deref(), Some(&[-2][..]));
    }
}
