//! The header of a WAV file, rewritten for `hound`.
//!
//! Recorders write headers that `hound` refuses: chunks of odd size before the data, and lengths
//! that they did not know yet. Here the chunks are found, and a plain header is made of the format
//! and the true length.

use std::io::{self, Read, Seek, SeekFrom};

use hound::Error;

/// How much of a format chunk is read. Every format that `hound` knows is shorter.
const MAX_FORMAT: u32 = 64;

/// Reads up to the first sample. Returns a header for the samples that are really there, in whole
/// groups of one sample per channel.
///
/// # Errors
/// Those of `hound` for what is no WAV file, or ends before its samples.
pub(super) fn read(file: &mut (impl Read + Seek)) -> Result<Vec<u8>, Error> {
    let end = file.seek(SeekFrom::End(0))?;
    file.rewind()?;
    let riff_length = hound::read_wave_header(file)? - 8;
    let mut format = None;
    loop {
        let (mut id, mut length) = ([0; 4], [0; 4]);
        file.read_exact(&mut id)?;
        file.read_exact(&mut length)?;
        let (start, length) = (file.stream_position()?, u32::from_le_bytes(length));
        match &id {
            b"fmt " => format = Some(bytes(file, length.min(MAX_FORMAT))?),
            b"data" => {
                let format = format.ok_or(Error::FormatError("missing fmt chunk"))?;
                let there = u32::try_from(end - start).unwrap_or(u32::MAX);
                let is_unknown = length == 0 && riff_length == 0;
                return Ok(header(&format, if is_unknown { there } else { length.min(there) }));
            }
            _ => {}
        }
        file.seek(SeekFrom::Start(start + u64::from(length)))?;
        if !length.is_multiple_of(2) {
            skip_pad_byte(file)?;
        }
    }
}

fn bytes(file: &mut impl Read, count: u32) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; count as usize];
    file.read_exact(&mut bytes).map(|()| bytes)
}

/// Skips the byte that follows a chunk of odd size, unless its recorder left it out: no chunk's
/// name begins with zero.
fn skip_pad_byte(file: &mut (impl Read + Seek)) -> io::Result<()> {
    match bytes(file, 1)?.first() {
        Some(0) => Ok(()),
        _ => file.seek_relative(-1),
    }
}

fn header(format: &[u8], length: u32) -> Vec<u8> {
    let group =
        format.get(12..14).map_or(1, |group| group.iter().rfold(0, |sum, byte| sum << 8 | u32::from(*byte)));
    let whole = length - length.checked_rem(group).unwrap_or(0);
    let format_length = format.len() as u32;
    let riff_length = whole.saturating_add(format_length + 20);
    let parts: [&[u8]; 7] = [
        b"RIFF",
        &riff_length.to_le_bytes(),
        b"WAVEfmt ",
        &format_length.to_le_bytes(),
        format,
        b"data",
        &whole.to_le_bytes(),
    ];
    parts.concat()
}
