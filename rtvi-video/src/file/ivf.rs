//! The IVF container: a header of 32 bytes, then frames with a header of 12 bytes each. All numbers
//! are little-endian.
//!
//! Reading and writing of bytes only. The crate `ivf` trusts the lengths in a file, and writes AV1.

use std::io::{self, Read, Write};

use rtvi_core::media::video::VideoCodec;

/// The largest frame that is read. A larger length means a damaged file.
const MAX_FRAME: u32 = 16 << 20;

/// What the header says. Times count `1 / rate` seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) codec: VideoCodec,
    pub(super) width: u16,
    pub(super) height: u16,
    /// The time's unit is `scale / rate` seconds.
    pub(super) rate: u32,
    pub(super) scale: u32,
}

impl Header {
    pub(super) fn write(self, to: &mut impl Write) -> io::Result<()> {
        to.write_all(b"DKIF\0\0\x20\0")?;
        to.write_all(match self.codec {
            VideoCodec::H264 => b"H264",
            _ => b"VP80",
        })?;
        to.write_all(&self.width.to_le_bytes())?;
        to.write_all(&self.height.to_le_bytes())?;
        to.write_all(&self.rate.to_le_bytes())?;
        to.write_all(&self.scale.to_le_bytes())?;
        // The number of frames, which readers do not rely on, and four unused bytes.
        to.write_all(&[0; 8])
    }

    pub(super) fn read(from: &mut impl Read) -> io::Result<Self> {
        let bytes = array::<32>(from)?;
        let (magic, rest) = bytes.split_at(8);
        if !magic.starts_with(b"DKIF") {
            return Err(invalid("not an IVF file"));
        }
        let (codec, rest) = rest.split_at(4);
        let codec = match codec {
            b"VP80" => VideoCodec::Vp8,
            b"H264" => VideoCodec::H264,
            other => return Err(invalid(&format!("unsupported codec {:?}", String::from_utf8_lossy(other)))),
        };
        let mut rest = rest;
        let header = Self {
            codec,
            width: u16::from_le_bytes(array(&mut rest)?),
            height: u16::from_le_bytes(array(&mut rest)?),
            rate: u32::from_le_bytes(array(&mut rest)?),
            scale: u32::from_le_bytes(array(&mut rest)?),
        };
        if header.rate == 0 || header.scale == 0 {
            return Err(invalid("its frames have no time"));
        }
        Ok(header)
    }
}

/// A frame with its time.
pub(super) struct Packet {
    pub(super) time: u64,
    pub(super) data: Vec<u8>,
}

impl Packet {
    pub(super) fn write(time: u64, data: &[u8], to: &mut impl Write) -> io::Result<()> {
        let length = u32::try_from(data.len()).map_err(|_| invalid("a frame is too long"))?;
        to.write_all(&length.to_le_bytes())?;
        to.write_all(&time.to_le_bytes())?;
        to.write_all(data)
    }

    /// The next frame; `None` at the end of the file, also if it ends within a frame.
    pub(super) fn read(from: &mut impl Read) -> io::Result<Option<Self>> {
        let length = match array(from) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            length => u32::from_le_bytes(length?),
        };
        if length > MAX_FRAME {
            return Err(invalid(&format!("a frame of {length} bytes")));
        }
        let time = u64::from_le_bytes(array(from)?);
        let mut data = Vec::new();
        from.take(length.into()).read_to_end(&mut data)?;
        Ok((data.len() == length as usize).then_some(Self { time, data }))
    }
}

fn array<const N: usize>(from: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn invalid(text: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: Header = Header { codec: VideoCodec::Vp8, width: 640, height: 480, rate: 1000, scale: 1 };

    fn file() -> Vec<u8> {
        let mut file = Vec::new();
        HEADER.write(&mut file).unwrap();
        Packet::write(40, b"abc", &mut file).unwrap();
        file
    }

    #[test]
    fn what_was_written_is_read() {
        let bytes = file();
        assert_eq!((bytes.len(), bytes.get(..4)), (32 + 12 + 3, Some(&b"DKIF"[..])));
        let mut file = bytes.as_slice();
        assert_eq!(Header::read(&mut file).unwrap(), HEADER);
        let packet = Packet::read(&mut file).unwrap().unwrap();
        assert_eq!((packet.time, packet.data.as_slice()), (40, &b"abc"[..]));
        assert!(Packet::read(&mut file).unwrap().is_none());
    }

    #[test]
    fn a_file_may_end_anywhere() {
        let file = file();
        for length in 0..file.len() {
            let mut cut = &file[..length];
            let Ok(_) = Header::read(&mut cut) else {
                assert!(length < 32);
                continue;
            };
            assert!(!matches!(Packet::read(&mut cut), Ok(Some(_))), "{length}");
        }
    }

    #[test]
    fn lengths_are_not_trusted() {
        let mut file = file();
        file.get_mut(32..36).unwrap().copy_from_slice(&u32::MAX.to_le_bytes());
        let error = Packet::read(&mut &file[32..]).err().unwrap();
        assert!(error.to_string().contains("4294967295 bytes"), "{error}");
    }
}
