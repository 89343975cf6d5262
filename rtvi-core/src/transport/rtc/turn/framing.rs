//! STUN messages and channel data on a stream (RFC 8656 §12.5), where they follow each other without gaps. Pure.

use std::fmt;

use bytes::{Buf, Bytes, BytesMut};

use crate::transport::rtc::stun::MAGIC_COOKIE;

/// The largest message, in bytes; media and messages of a call come in packets of at most 1.5 KiB. A stream with a larger one
/// is given up.
pub(super) const LARGEST: usize = 16 * 1024;
/// The length of a STUN message's header.
const STUN_HEADER: usize = 20;
/// The length of the header of channel data.
const CHANNEL_HEADER: usize = 4;
/// What channel data is padded to on a stream.
const ALIGNMENT: usize = 4;

/// Why a stream can't be read on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Malformed {
    /// It is neither a STUN message nor channel data.
    Unknown,
    /// The message has more bytes than [`LARGEST`].
    TooLarge(usize),
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => write!(f, "it sent something that is neither STUN nor channel data"),
            Self::TooLarge(size) => write!(f, "it sent a message of {size} bytes"),
        }
    }
}

/// The extent of a message: its own bytes, and those it takes on a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Extent {
    own: usize,
    padded: usize,
}

/// Takes the next whole message off the front of what a stream brought; `None` when more of it is needed.
pub(super) fn take(stream: &mut BytesMut) -> Result<Option<Bytes>, Malformed> {
    let Some(Extent { own, padded }) = extent(stream)? else { return Ok(None) };
    if padded > LARGEST {
        return Err(Malformed::TooLarge(padded));
    }
    if stream.len() < padded {
        return Ok(None);
    }
    let mut message = stream.split_to(padded);
    message.truncate(own);
    Ok(Some(message.freeze()))
}

/// How many bytes of zeros a message needs after it on a stream; `None` for what is no message.
pub(super) fn padding(message: &[u8]) -> Option<usize> {
    let Extent { own, padded } = extent(message).ok()??;
    (own..=padded).contains(&message.len()).then(|| padded - message.len())
}

fn extent(message: &[u8]) -> Result<Option<Extent>, Malformed> {
    let mut header = message;
    let (Ok(kind), Ok(length)) = (header.try_get_u16(), header.try_get_u16()) else { return Ok(None) };
    let length = usize::from(length);
    match kind >> 14 {
        0 => {
            let is_cookie = header.iter().zip(MAGIC_COOKIE).all(|(byte, expected)| *byte == expected);
            let own = STUN_HEADER + length;
            let is_stun = is_cookie && length.is_multiple_of(ALIGNMENT);
            if is_stun { Ok(Some(Extent { own, padded: own })) } else { Err(Malformed::Unknown) }
        }
        1 => {
            let own = CHANNEL_HEADER + length;
            Ok(Some(Extent { own, padded: own.next_multiple_of(ALIGNMENT) }))
        }
        _ => Err(Malformed::Unknown),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn stun(attributes: &[u8]) -> Vec<u8> {
        let length = u16::try_from(attributes.len()).unwrap().to_be_bytes();
        [&[0, 3], &length[..], &MAGIC_COOKIE, &[7; 12], attributes].concat()
    }

    fn channel_data(data: &[u8]) -> Vec<u8> {
        let length = u16::try_from(data.len()).unwrap().to_be_bytes();
        [&[0x40, 0], &length[..], data].concat()
    }

    #[test]
    fn a_stream_falls_into_its_messages() {
        let messages =
            [stun(&[]), channel_data(b"hello"), channel_data(b""), stun(&[1; 8]), channel_data(b"full")];
        let mut stream = Vec::new();
        for message in &messages {
            stream.extend_from_slice(message);
            stream.resize(stream.len() + padding(message).unwrap(), 0);
        }
        // One byte at a time, as a slow network would bring it.
        let (mut buffer, mut taken) = (BytesMut::new(), Vec::new());
        for byte in stream {
            buffer.extend_from_slice(&[byte]);
            taken.extend(take(&mut buffer).unwrap());
        }
        assert!(buffer.is_empty());
        assert_eq!(taken, messages);
    }

    #[test]
    fn padding_that_is_there_is_not_added() {
        assert_eq!(padding(&channel_data(b"hello")), Some(3));
        assert_eq!(padding(&[channel_data(b"hello"), vec![0; 3]].concat()), Some(0));
        assert_eq!(padding(&stun(&[0; 4])), Some(0));
        for no_message in [&b"GET / HTTP/1.1"[..], &[0x40, 0, 0, 9, 1], &[0, 3, 0], &[]] {
            assert_eq!(padding(no_message), None, "{no_message:?}");
        }
    }

    #[test]
    fn garbage_ends_the_stream() {
        let take = |bytes: &[u8]| take(&mut BytesMut::from(bytes));
        let unaligned = [&[0, 3, 0, 2], &MAGIC_COOKIE[..]].concat();
        for garbage in [&b"\xffnothing"[..], b"\0\x03\0\0HTTP", &unaligned] {
            assert_eq!(take(garbage), Err(Malformed::Unknown), "{garbage:?}");
        }
        assert_eq!(take(&[0x40, 0, 0xff, 0xff]), Err(Malformed::TooLarge(65_540)));
        assert_eq!(take(&[0x40, 0, 0x3f]), Ok(None));
    }

    proptest! {
        #[test]
        fn no_bytes_do_harm(bytes: Vec<u8>) {
            let mut stream = BytesMut::from(bytes.as_slice());
            let mut taken = 0;
            while let Ok(Some(message)) = take(&mut stream) {
                prop_assert!(padding(&message).is_some());
                taken += message.len();
            }
            prop_assert!(taken + stream.len() <= bytes.len());
        }
    }
}
