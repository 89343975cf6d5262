//! The picture size in an H.264 sequence parameter set (ITU-T H.264 §7.3.2.1.1).
//!
//! Pure; reads untrusted bytes and never panics. Reads no further than the size. It is our own
//! because the existing crate (`h264-reader` 0.8) brings six others for it.

use super::frame::is_supported;

/// The profiles whose parameter sets describe chroma and scaling.
const DETAILED: [u32; 13] = [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135];
/// The most frames that a picture order count may cycle over (§7.4.2.1.1).
const MAX_CYCLE: u32 = 255;

/// Reads width and height in pixels from a NAL unit with a sequence parameter set. `None` if it is
/// cut off, invalid, or the size is not supported.
pub(super) fn read_size(unit: &[u8]) -> Option<(u32, u32)> {
    let bytes = unescaped(unit.get(1..)?);
    let mut bits = Bits { bytes: &bytes, at: 0 };
    let profile = bits.take(8)?;
    bits.take(16)?;
    bits.number()?;
    let mut chroma = 1;
    let mut has_separate_planes = false;
    if DETAILED.contains(&profile) {
        chroma = bits.number()?;
        has_separate_planes = chroma == 3 && bits.flag()?;
        bits.number()?;
        bits.number()?;
        bits.flag()?;
        if bits.flag()? {
            skip_scaling(&mut bits, if chroma == 3 { 12 } else { 8 })?;
        }
    }
    bits.number()?;
    skip_order_count(&mut bits)?;
    bits.number()?;
    bits.flag()?;
    let width = bits.number()?.checked_add(1)?.checked_mul(16)?;
    let units = bits.number()?.checked_add(1)?;
    let is_progressive = bits.flag()?;
    let height = units.checked_mul(if is_progressive { 16 } else { 32 })?;
    if !is_progressive {
        bits.flag()?;
    }
    bits.flag()?;
    let chroma = if has_separate_planes { 0 } else { chroma };
    let (left, right, top, bottom) = match bits.flag()? {
        true => (bits.number()?, bits.number()?, bits.number()?, bits.number()?),
        false => (0, 0, 0, 0),
    };
    let across = if matches!(chroma, 1 | 2) { 2 } else { 1 };
    let down = if chroma == 1 { 2 } else { 1 } * if is_progressive { 1 } else { 2 };
    let crop = |side: u32, a: u32, b: u32, step: u32| {
        a.checked_add(b).and_then(|sum| sum.checked_mul(step)).and_then(|cut| side.checked_sub(cut))
    };
    let size = (crop(width, left, right, across)?, crop(height, top, bottom, down)?);
    is_supported(size.0, size.1).then_some(size)
}

fn skip_scaling(bits: &mut Bits<'_>, lists: u32) -> Option<()> {
    for list in 0..lists {
        if !bits.flag()? {
            continue;
        }
        let (mut last, mut next) = (8_i64, 8_i64);
        for _ in 0..if list < 6 { 16 } else { 64 } {
            if next != 0 {
                next = (last + bits.signed()?).rem_euclid(256);
            }
            last = if next == 0 { last } else { next };
        }
    }
    Some(())
}

fn skip_order_count(bits: &mut Bits<'_>) -> Option<()> {
    match bits.number()? {
        0 => drop(bits.number()?),
        1 => {
            bits.flag()?;
            bits.number()?;
            bits.number()?;
            let cycle = bits.number()?;
            if cycle > MAX_CYCLE {
                return None;
            }
            (0..cycle).try_for_each(|_| bits.number().map(drop))?;
        }
        _ => {}
    }
    Some(())
}

/// The bytes without those that only prevent start codes (§7.4.1.1).
fn unescaped(bytes: &[u8]) -> Vec<u8> {
    let mut zeros = 0;
    let is_kept = |byte: &u8| {
        let is_escape = zeros >= 2 && *byte == 3;
        zeros = if *byte == 0 { zeros + 1 } else { 0 };
        !is_escape
    };
    bytes.iter().copied().filter(is_kept).collect()
}

/// Reads bits, the highest of each byte first.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn flag(&mut self) -> Option<bool> {
        let byte = self.bytes.get(self.at / 8)?;
        let bit = byte >> (7 - self.at % 8) & 1;
        self.at += 1;
        Some(bit == 1)
    }

    fn take(&mut self, count: u32) -> Option<u32> {
        (0..count).try_fold(0, |sum: u32, _| Some(sum << 1 | u32::from(self.flag()?)))
    }

    /// An unsigned number in Exp-Golomb form (§9.1).
    fn number(&mut self) -> Option<u32> {
        let mut zeros = 0;
        while !self.flag()? {
            zeros += 1;
            if zeros > 31 {
                return None;
            }
        }
        let rest = self.take(zeros)?;
        Some((1_u32 << zeros) - 1 + rest)
    }

    /// A signed number in Exp-Golomb form (§9.1.1).
    fn signed(&mut self) -> Option<i64> {
        let number = i64::from(self.number()?);
        Some(if number % 2 == 0 { -(number / 2) } else { (number + 1) / 2 })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// 640x480, constrained baseline.
    pub(in crate::media::video) const VGA: &[u8] = &[0x67, 0x42, 0xC0, 0x1E, 0xF4, 0x05, 0x01, 0xE8];
    /// 1920x1080, high profile, from x264: cropped from 1088 lines.
    const FULL_HD: &[u8] = &[
        0x67, 0x64, 0x00, 0x28, 0xAC, 0xD9, 0x40, 0x78, 0x02, 0x27, 0xE5, 0x84, 0x00, 0x00, 0x03, 0x00, 0x04,
        0x00, 0x00, 0x03, 0x00, 0xF0, 0x3C, 0x60, 0xC6, 0x58,
    ];

    #[test]
    fn the_size_is_read() {
        assert_eq!(read_size(VGA), Some((640, 480)));
        assert_eq!(read_size(FULL_HD), Some((1920, 1080)));
    }

    #[test]
    fn one_that_is_cut_off_has_no_size() {
        for end in 0..VGA.len() - 1 {
            assert_eq!(read_size(&VGA[..end]), None, "{end}");
        }
        assert_eq!(read_size(&[0x67, 0x42, 0xC0, 0x1E, 0, 0, 0, 0, 0, 0]), None);
        assert_eq!(read_size(&[0xFF; 64]), read_size(&[0xFF; 65]));
    }

    proptest::proptest! {
        #[test]
        fn nothing_makes_it_panic(bytes: Vec<u8>) {
            read_size(&bytes);
        }
    }
}
