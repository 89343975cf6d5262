//! H.264: its RTP payloads (RFC 6184: single NAL unit, STAP-A, FU-A) and its key frames.
//!
//! Pure; reads untrusted bytes and never panics. It is our own for received packets, because the
//! depacketizer of `rtc` panics on a truncated STAP-A and joins fragments of different NAL units.

use bytes::{Bytes, BytesMut};

use super::{packet::FrameHeader, sps};

/// What precedes each NAL unit in Annex B form.
const START_CODE: [u8; 4] = [0, 0, 0, 1];
/// The type of a NAL unit is the lower five bits of its first byte.
const TYPE: u8 = 0x1F;
/// A slice of a key frame.
const IDR: u8 = 5;
/// The sequence parameter set, which contains the size.
const SPS: u8 = 7;
/// A packet with several NAL units.
const STAP_A: u8 = 24;
/// A packet with a part of a NAL unit.
const FU_A: u8 = 28;
/// In the second byte of a FU-A packet: the NAL unit begins.
const BEGINS: u8 = 0x80;
/// In the second byte of a FU-A packet: the NAL unit ends.
const ENDS: u8 = 0x40;

/// Whether a payload begins a key frame: it has the parameter set that decoders need first.
pub(super) fn starts_key_frame(payload: &[u8]) -> bool {
    let is_sps = |unit: &[u8]| unit.first().is_some_and(|first| first & TYPE == SPS);
    match payload {
        [first, rest @ ..] if first & TYPE == STAP_A => Aggregate(rest).flatten().any(is_sps),
        unit => is_sps(unit),
    }
}

/// Joins the payloads of an access unit into Annex B form. `None` if a part of a NAL unit is
/// missing or a payload is of another kind.
pub(super) fn join<'a>(payloads: impl Iterator<Item = &'a [u8]>) -> Option<Bytes> {
    let mut unit = BytesMut::new();
    let mut is_in_fragment = false;
    for payload in payloads {
        let kind = payload.first()? & TYPE;
        if is_in_fragment && kind != FU_A {
            return None;
        }
        match (kind, payload) {
            (1..=23, _) => add(&mut unit, payload),
            (STAP_A, [_, rest @ ..]) => {
                for part in Aggregate(rest) {
                    add(&mut unit, part?);
                }
            }
            (FU_A, [indicator, header, part @ ..]) => {
                if (header & BEGINS != 0) == is_in_fragment {
                    return None;
                }
                if !is_in_fragment {
                    add(&mut unit, &[(indicator & !TYPE) | (header & TYPE)]);
                }
                unit.extend_from_slice(part);
                is_in_fragment = header & ENDS == 0;
            }
            _ => return None,
        }
    }
    (!unit.is_empty() && !is_in_fragment).then(|| unit.freeze())
}

fn add(access_unit: &mut BytesMut, unit: &[u8]) {
    access_unit.extend_from_slice(&START_CODE);
    access_unit.extend_from_slice(unit);
}

/// Reads which NAL units a frame in Annex B form contains.
pub(super) fn read_frame_header(frame: &[u8]) -> Option<FrameHeader> {
    let mut header = None;
    for unit in units(frame) {
        let Some(kind) = unit.first().map(|first| first & TYPE) else { continue };
        let found: &mut FrameHeader = header.get_or_insert_default();
        match kind {
            IDR => found.is_key = true,
            SPS => found.size = sps::read_size(unit).or(found.size),
            _ => {}
        }
    }
    header
}

/// The NAL units of a stream in Annex B form.
fn units(mut stream: &[u8]) -> impl Iterator<Item = &[u8]> {
    let begin = find(stream).map_or(stream.len(), |(_, after)| after);
    stream = stream.get(begin..).unwrap_or_default();
    std::iter::from_fn(move || {
        if stream.is_empty() {
            return None;
        }
        let (end, next) = find(stream).unwrap_or((stream.len(), stream.len()));
        let unit = stream.get(..end).unwrap_or_default();
        stream = stream.get(next..).unwrap_or_default();
        Some(unit)
    })
}

/// Where the next start code begins and ends. It has three bytes; the zeros before it belong to it.
fn find(stream: &[u8]) -> Option<(usize, usize)> {
    let at = stream.windows(3).position(|bytes| bytes == [0, 0, 1])?;
    let before = stream.get(..at).unwrap_or_default();
    let zeros = before.iter().rev().take_while(|byte| **byte == 0).count();
    Some((at - zeros, at + 3))
}

/// The NAL units of a STAP-A payload after its first byte; the last one is `None` if it is cut off.
struct Aggregate<'a>(&'a [u8]);

impl<'a> Iterator for Aggregate<'a> {
    type Item = Option<&'a [u8]>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let parts = self.0.split_first_chunk::<2>().and_then(|(length, rest)| {
            rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
                .filter(|(unit, _)| !unit.is_empty())
        });
        self.0 = parts.map_or(&[], |(_, rest)| rest);
        Some(parts.map(|(unit, _)| unit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(payloads: &[&[u8]]) -> Option<Vec<u8>> {
        join(payloads.iter().copied()).map(|frame| frame.to_vec())
    }

    #[test]
    fn every_kind_of_payload_is_joined() {
        assert_eq!(joined(&[&[0x61, 1, 2]]), Some(vec![0, 0, 0, 1, 0x61, 1, 2]));
        let stap = [0x78, 0, 2, 0x67, 1, 0, 1, 0x68];
        assert_eq!(joined(&[&stap]), Some(vec![0, 0, 0, 1, 0x67, 1, 0, 0, 0, 1, 0x68]));
        let parts: [&[u8]; 3] = [&[0x7C, 0x85, 1], &[0x7C, 0x05, 2], &[0x7C, 0x45, 3]];
        assert_eq!(joined(&parts), Some(vec![0, 0, 0, 1, 0x65, 1, 2, 3]));
        let whole: &[u8] = &[0x7C, 0xC5, 1];
        assert_eq!(joined(&[whole]), Some(vec![0, 0, 0, 1, 0x65, 1]));
    }

    #[test]
    fn parts_that_do_not_fit_are_refused() {
        let wrong: [&[&[u8]]; 12] = [
            &[],
            &[&[]],
            &[&[0x00, 1]],
            &[&[0x79, 1]],
            &[&[0x7C]],
            &[&[0x7C, 0x05, 1]],
            &[&[0x7C, 0x85, 1]],
            &[&[0x7C, 0x85, 1], &[0x7C, 0x85, 1]],
            &[&[0x7C, 0x85, 1], &[0x61, 1]],
            &[&[0x78, 0]],
            &[&[0x78, 0, 3, 1]],
            &[&[0x78, 0, 0]],
        ];
        for payloads in wrong {
            assert_eq!(joined(payloads), None, "{payloads:?}");
        }
    }

    #[test]
    fn a_key_frame_is_recognised_by_its_first_payload() {
        for key in [&[0x67, 1][..], &[0x78, 0, 1, 0x67, 0, 1, 0x68]] {
            assert!(starts_key_frame(key), "{key:?}");
        }
        for other in [
            &[][..],
            &[0x61, 1],
            &[0x65, 1],
            &[0x7C, 0x85, 1],
            &[0x78, 0, 1, 0x61],
            &[0x7C, 0x05, 1],
            &[0x7C, 0x81, 1],
            &[0x78],
        ] {
            assert!(!starts_key_frame(other), "{other:?}");
        }
    }

    #[test]
    fn a_frame_is_a_key_frame_if_it_has_such_a_slice() {
        let header = |frame: &[u8]| read_frame_header(frame);
        assert_eq!(header(&[0, 0, 1, 0x61, 5]), Some(FrameHeader { is_key: false, size: None }));
        let key = [&[0, 0, 0, 1][..], sps::tests::VGA, &[0, 0, 1, 0x68, 1, 0, 0, 0, 1, 0x65, 9]].concat();
        assert_eq!(header(&key), Some(FrameHeader { is_key: true, size: Some((640, 480)) }));
        assert_eq!((header(&[]), header(&[0x65, 1]), header(&[0, 0, 1])), (None, None, None));
    }
}
