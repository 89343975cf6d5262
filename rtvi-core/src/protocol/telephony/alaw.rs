//! A-law (ITU-T G.711), the audio encoding of European telephone lines: 16-bit samples in 8 bits.
//!
//! Pure; depends on nothing.

/// Every second bit is inverted on the line.
const LINE: u8 = 0x55;

/// Encodes one sample as A-law.
pub(super) fn encode(sample: i16) -> u8 {
    // A negative sample is mirrored so that -1 is the first step below zero, as 0 is above it.
    let (sign, magnitude) = if sample < 0 { (0, !sample) } else { (0x80, sample) };
    let steps = magnitude >> 4;
    // Below 32 steps, the first two segments are one straight line.
    let segment = 12_u32.saturating_sub(steps.leading_zeros());
    let step = (steps >> segment.saturating_sub(1)) & 0x0F;
    // Both parts fit: the segment is 0 to 7, the step 0 to 15.
    (sign | ((segment as u8) << 4) | (step as u8)) ^ LINE
}

/// Decodes an A-law byte to a sample.
pub(super) const fn decode(byte: u8) -> i16 {
    let bits = byte ^ LINE;
    let segment = (bits >> 4) & 0x07;
    let step = ((bits & 0x0F) as i16) << 4;
    let magnitude = match segment {
        0 => step + 8,
        _ => (step + 0x108) << (segment - 1),
    };
    if bits & 0x80 == 0 { -magnitude } else { magnitude }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        assert_eq!((encode(0), encode(-1)), (0xD5, 0x55));
        assert_eq!((decode(0xD5), decode(0x55)), (8, -8));
        assert_eq!((decode(0xAA), decode(0x2A)), (32_256, -32_256));
        assert_eq!((encode(i16::MAX), encode(i16::MIN)), (0xAA, 0x2A));
    }

    #[test]
    fn every_byte_survives_a_round_trip() {
        for byte in 0..=u8::MAX {
            assert_eq!(encode(decode(byte)), byte, "{byte:#x}");
        }
    }

    #[test]
    fn error_is_bounded_by_the_step_of_the_segment() {
        for sample in i16::MIN..=i16::MAX {
            let error = (i32::from(decode(encode(sample))) - i32::from(sample)).abs();
            assert!(error <= i32::from(sample).abs() / 32 + 8, "{sample}: {error}");
        }
    }
}
