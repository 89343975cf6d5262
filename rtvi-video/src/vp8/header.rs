//! The header of a VP8 frame (RFC 6386, section 9.1): whether it is a key frame, and its size.

/// What the first ten bytes of a frame say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Header {
    /// A frame that depends on earlier ones.
    Delta,
    /// A key frame of this width and height.
    Key(u32, u32),
}

impl Header {
    /// Reads the header; `None` if the frame is too short or not VP8.
    pub(super) fn read(frame: &[u8]) -> Option<Self> {
        let (tag, rest) = frame.split_first_chunk::<3>()?;
        let [first, _, _] = tag;
        if first & 1 == 1 {
            return Some(Self::Delta);
        }
        let (start_code, rest) = rest.split_first_chunk::<3>()?;
        let (sides, _) = rest.split_first_chunk::<4>()?;
        let [w0, w1, h0, h1] = *sides;
        // The two uppermost bits scale the picture for display.
        let side = |low, high| u32::from(u16::from_le_bytes([low, high]) & 0x3fff);
        (*start_code == [0x9d, 0x01, 0x2a]).then(|| Self::Key(side(w0, w1), side(h0, h1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_frame_has_a_size() {
        let frame = [0x10, 2, 0, 0x9d, 0x01, 0x2a, 0x80, 0x42, 0xe0, 0x01, 9];
        assert_eq!(Header::read(&frame), Some(Header::Key(640, 480)));
        assert_eq!(Header::read(&[0x11, 2, 0]), Some(Header::Delta));
    }

    #[test]
    fn other_bytes_are_no_frame() {
        for frame in [&[][..], &[0x11, 2], &[0x10, 2, 0, 0x9d], &[0x10, 2, 0, 1, 1, 1, 1, 1, 1, 1]] {
            assert_eq!(Header::read(frame), None, "{frame:?}");
        }
    }
}
