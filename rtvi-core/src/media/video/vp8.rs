//! VP8: its RTP payload descriptor (RFC 7741 §4.2) and its frame header (RFC 6386 §9.1).
//!
//! Pure; reads untrusted bytes and never panics. It is our own for received packets, because the
//! depacketizer of `rtc` refuses payloads below four bytes, as the last one of a frame may be.

use bytes::{Bytes, BytesMut};

use super::packet::FrameHeader;

/// The bytes that begin the data of a key frame, after the frame tag.
const START_CODE: [u8; 3] = [0x9d, 0x01, 0x2a];

/// Splits a payload into whether it is the first of its frame, and its part of the frame.
fn split(payload: &[u8]) -> Option<(bool, &[u8])> {
    let (first, mut rest) = payload.split_first()?;
    let is_first = first & 0x10 != 0 && first & 0x07 == 0;
    if first & 0x80 != 0 {
        let (extension, after) = rest.split_first()?;
        rest = after;
        if extension & 0x80 != 0 {
            let is_long = rest.first()? & 0x80 != 0;
            rest = rest.get(if is_long { 2 } else { 1 }..)?;
        }
        if extension & 0x40 != 0 {
            rest = rest.get(1..)?;
        }
        if extension & 0x30 != 0 {
            rest = rest.get(1..)?;
        }
    }
    (!rest.is_empty()).then_some((is_first, rest))
}

/// Whether a payload is the first one of a key frame.
pub(super) fn starts_key_frame(payload: &[u8]) -> bool {
    let is_key = |frame: &[u8]| frame.first().is_some_and(|tag| tag & 1 == 0);
    split(payload).is_some_and(|(is_first, frame)| is_first && is_key(frame))
}

/// Joins the payloads of a frame.
pub(super) fn join<'a>(payloads: impl Iterator<Item = &'a [u8]>) -> Option<Bytes> {
    let mut frame = BytesMut::new();
    for payload in payloads {
        let (is_first, part) = split(payload)?;
        if is_first != frame.is_empty() {
            return None;
        }
        frame.extend_from_slice(part);
    }
    (!frame.is_empty()).then(|| frame.freeze())
}

/// Reads the frame tag, and the size in a key frame.
pub(super) fn read_frame_header(frame: &[u8]) -> Option<FrameHeader> {
    let [tag, _, _, rest @ ..] = frame else { return None };
    if tag & 1 != 0 {
        return Some(FrameHeader { is_key: false, size: None });
    }
    let [a, b, c, width_low, width_high, height_low, height_high, ..] = rest else { return None };
    if [*a, *b, *c] != START_CODE {
        return None;
    }
    // The upper two bits say how the picture should be enlarged, which nobody does.
    let side = |low: u8, high: u8| u32::from(u16::from_le_bytes([low, high]) & 0x3FFF);
    let size = (side(*width_low, *width_high), side(*height_low, *height_high));
    (size.0 > 0 && size.1 > 0).then_some(FrameHeader { is_key: true, size: Some(size) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptors_of_every_length_are_read() {
        for (payload, is_first, part) in [
            (&[0x10, 9][..], true, &[9][..]),
            (&[0x00, 9, 8], false, &[9, 8]),
            (&[0x11, 9], false, &[9]),
            (&[0x90, 0x80, 0x7F, 9], true, &[9]),
            (&[0x90, 0x80, 0x80, 0x01, 9], true, &[9]),
            (&[0x90, 0xF0, 0x80, 0x01, 2, 3, 9], true, &[9]),
            (&[0x90, 0x20, 3, 9], true, &[9]),
            (&[0x90, 0x10, 3, 9], true, &[9]),
            (&[0x90, 0x40, 3, 9], true, &[9]),
            (&[0x90, 0x00, 9], true, &[9]),
        ] {
            assert_eq!(split(payload), Some((is_first, part)), "{payload:?}");
        }
        for short in [&[][..], &[0x10], &[0x90], &[0x90, 0x80], &[0x90, 0x80, 0x80], &[0x90, 0xF0, 1, 2, 3]] {
            assert_eq!(split(short), None, "{short:?}");
        }
    }

    #[test]
    fn a_frame_begins_once() {
        let join = |payloads: &[&[u8]]| join(payloads.iter().copied());
        assert_eq!(join(&[&[0x10, 1, 2], &[0x00, 3], &[0x01, 4]]).as_deref(), Some(&[1, 2, 3, 4][..]));
        for wrong in [&[&[0x00, 1][..]][..], &[&[0x10, 1], &[0x10, 2]], &[&[0x10, 1], &[0x90]], &[]] {
            assert_eq!(join(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn a_key_frame_contains_its_size() {
        let header = |frame: &[u8]| read_frame_header(frame);
        let key = [0x10, 0, 0, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0xE0, 0xC1];
        assert_eq!(header(&key), Some(FrameHeader { is_key: true, size: Some((640, 480)) }));
        assert_eq!(header(&[0x11, 0, 0]), Some(FrameHeader { is_key: false, size: None }));
        assert_eq!(header(&key[..9]), None);
        assert_eq!(header(&[0x10, 0, 0, 0x9d, 0x01, 0x2b, 0x80, 0x02, 0xE0, 0xC1]), None);
        assert_eq!(header(&[0x10, 0, 0, 0x9d, 0x01, 0x2a, 0, 0, 0xE0, 0xC1]), None);
        assert!(starts_key_frame(&[0x10, 0x10]) && !starts_key_frame(&[0x00, 0x10]));
        assert!(!starts_key_frame(&[0x10, 0x11]) && !starts_key_frame(&[0x10]));
    }
}
