//! µ-law (ITU-T G.711), the audio encoding of telephone lines: 16-bit samples in 8 bits.
//!
//! Pure; depends on nothing.

/// Added before encoding so that every segment starts at a power of two.
const BIAS: i16 = 0x84;
/// The loudest sample that still fits after the bias.
const CLIP: i16 = i16::MAX - BIAS;

/// Encodes one sample as µ-law.
pub(super) fn encode(sample: i16) -> u8 {
    let sign = if sample < 0 { 0x80 } else { 0 };
    // As other encoders do: 14 bits count, and of a negative sample they are rounded away from zero.
    let magnitude = if sample < 0 { (sample & !3).saturating_neg() } else { sample };
    let magnitude = magnitude.min(CLIP) + BIAS;
    // The bias makes bit 7 or a higher one the topmost set bit.
    let segment = 14 - magnitude.leading_zeros().saturating_sub(1) - 7;
    let step = (magnitude >> (segment + 3)) & 0x0F;
    // Both parts fit: the segment is 0 to 7, the step 0 to 15.
    let bits = sign | ((segment as u8) << 4) | (step as u8);
    !bits
}

/// Decodes a µ-law byte to a sample.
pub(super) const fn decode(byte: u8) -> i16 {
    let bits = !byte;
    let segment = (bits >> 4) & 0x07;
    let step = (bits & 0x0F) as i16;
    let magnitude = (((step << 3) + BIAS) << segment) - BIAS;
    if bits & 0x80 == 0 { magnitude } else { -magnitude }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        assert_eq!(encode(0), 0xFF);
        assert_eq!((decode(0xFF), decode(0x7F)), (0, 0));
        assert_eq!((decode(0x80), decode(0x00)), (32124, -32124));
        assert_eq!((encode(i16::MAX), encode(i16::MIN)), (0x80, 0x00));
        assert_eq!((encode(1000), encode(-1000)), (0xCE, 0x4E));
    }

    #[test]
    fn every_byte_survives_a_round_trip() {
        // 0x7F is negative zero; it decodes to zero.
        for byte in (0..=u8::MAX).filter(|byte| *byte != 0x7F) {
            assert_eq!(encode(decode(byte)), byte, "{byte:#x}");
        }
    }

    #[test]
    fn error_is_bounded_by_the_step_of_the_segment() {
        for sample in (-32_000..=32_000).step_by(7) {
            let error = (i32::from(decode(encode(sample))) - i32::from(sample)).abs();
            assert!(error <= (i32::from(sample).abs() + 132) / 16, "{sample}: {error}");
        }
    }
}
