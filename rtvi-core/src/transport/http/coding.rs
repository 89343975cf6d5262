//! Content codings (RFC 9110 §8.4.1): decompresses bodies.
//!
//! Pure. A small compressed body may expand without end, so the decompressed size is also limited.

use std::io::{self, Read};

use brotli_decompressor::Decompressor;
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use http::{HeaderMap, HeaderValue, header};

use crate::error::excerpt;

/// The codings that requests accept.
pub(super) const ACCEPTED: HeaderValue = HeaderValue::from_static("gzip, deflate, br");
/// The number of codings that may be applied to a body. More are an error.
const MAX_CODINGS: usize = 3;
/// How much of the body of a refused WebSocket handshake is decompressed, in bytes; the rest is cut
/// off.
const MAX_TAIL: usize = 64 * 1024;
/// How much is decompressed at once, in bytes.
const BUFFER: usize = 4096;

/// Why a body can't be decompressed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Its contents exceed the limit.
    TooLarge,
    /// It is malformed; the text describes the fault.
    Unreadable(String),
}

/// The decompressed bytes, and the error that ended decompression early.
#[derive(Debug)]
pub(super) struct Unpacked {
    pub(super) body: Vec<u8>,
    pub(super) fault: Option<Fault>,
}

/// Decompresses a body according to its headers, to at most `limit` bytes.
pub(super) fn unpack(headers: &HeaderMap, body: Vec<u8>, limit: usize) -> Unpacked {
    let codings = codings(headers);
    let mut unpacked = Unpacked { body, fault: None };
    if unpacked.body.is_empty() {
        return unpacked;
    }
    if codings.len() > MAX_CODINGS {
        let text = format!("a body with more than {MAX_CODINGS} content codings");
        return Unpacked { body: Vec::new(), fault: Some(Fault::Unreadable(text)) };
    }
    // The coding that was applied last is removed first.
    for coding in codings.iter().rev() {
        unpacked = take_off(coding, &unpacked.body, limit);
        if unpacked.fault.is_some() {
            break;
        }
    }
    unpacked
}

/// Decompresses as much as possible from the beginning of an error's body, which may be truncated
/// anywhere.
pub(in crate::transport) fn unpack_tail(headers: &HeaderMap, body: Vec<u8>) -> Vec<u8> {
    let chunked = headers.get(header::TRANSFER_ENCODING);
    let is_chunked = chunked.is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"chunked"));
    unpack(headers, if is_chunked { join_chunks(&body) } else { body }, MAX_TAIL).body
}

/// The data of the available chunks (RFC 9112 §7.1).
fn join_chunks(mut body: &[u8]) -> Vec<u8> {
    let mut joined = Vec::new();
    while let Ok(httparse::Status::Complete((start, size @ 1..))) = httparse::parse_chunk_size(body) {
        let rest = body.get(start..).unwrap_or_default();
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        joined.extend(rest.iter().take(size));
        // A line break follows each chunk.
        body = rest.get(size.saturating_add(2)..).unwrap_or_default();
    }
    joined
}

/// The codings, in the order in which they were applied to the body.
fn codings(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all(header::CONTENT_ENCODING).iter();
    let names = values.flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    let names = names.map(|name| String::from_utf8_lossy(name.trim_ascii()).to_ascii_lowercase());
    names.filter(|name| !matches!(name.as_str(), "" | "identity")).collect()
}

fn take_off(coding: &str, body: &[u8], limit: usize) -> Unpacked {
    let unpacked = match coding {
        "gzip" | "x-gzip" => read(MultiGzDecoder::new(body), limit),
        "deflate" if is_zlib(body) => read(ZlibDecoder::new(body), limit),
        "deflate" => read(DeflateDecoder::new(body), limit),
        "br" => read(Decompressor::new(body, BUFFER), limit),
        other => {
            let text = format!("a body in the unknown content coding '{}'", excerpt(other));
            return Unpacked { body: Vec::new(), fault: Some(Fault::Unreadable(text)) };
        }
    };
    match unpacked {
        (body, Ok(())) if body.len() > limit => Unpacked { body, fault: Some(Fault::TooLarge) },
        (body, Ok(())) => Unpacked { body, fault: None },
        (body, Err(cause)) => {
            let text = format!("a body that is not valid '{coding}': {cause}");
            Unpacked { body, fault: Some(Fault::Unreadable(text)) }
        }
    }
}

/// Whether the data begins like the zlib format (RFC 1950). Some servers send raw deflate instead.
fn is_zlib(body: &[u8]) -> bool {
    match *body {
        [method, flags, ..] => method & 0x0f == 8 && u16::from_be_bytes([method, flags]).is_multiple_of(31),
        _ => false,
    }
}

/// Reads to the end, but at most one byte over the limit.
fn read(from: impl Read, limit: usize) -> (Vec<u8>, io::Result<()>) {
    let mut body = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let result = from.take(most).read_to_end(&mut body).map(drop);
    (body, result)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{
        Compression,
        write::{DeflateEncoder, GzEncoder, ZlibEncoder},
    };

    use super::*;

    /// `{"ok":true}` in brotli: one uncompressed meta-block, and an empty last one (RFC 7932 §9.2).
    const BROTLI: &[u8] = b"\x0b\x05\x80{\"ok\":true}\x03";
    const PLAIN: &[u8] = br#"{"ok":true}"#;

    fn gzip(body: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(body).unwrap();
        encoder.finish().unwrap()
    }

    fn zlib(body: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(body).unwrap();
        encoder.finish().unwrap()
    }

    fn deflate(body: &[u8]) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(body).unwrap();
        encoder.finish().unwrap()
    }

    fn unpacked(coding: &str, body: &[u8]) -> Unpacked {
        let headers = [(header::CONTENT_ENCODING, coding.parse().unwrap())].into_iter().collect();
        unpack(&headers, body.to_vec(), 1024)
    }

    fn unreadable(coding: &str, body: &[u8]) -> String {
        match unpacked(coding, body).fault {
            Some(Fault::Unreadable(text)) => text,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_coding_in_every_spelling_is_taken_off() {
        for (coding, body) in [
            ("gzip", gzip(PLAIN)),
            ("GZIP", gzip(PLAIN)),
            ("x-gzip", gzip(PLAIN)),
            ("deflate", zlib(PLAIN)),
            ("deflate", deflate(PLAIN)),
            ("br", BROTLI.to_vec()),
            ("identity", PLAIN.to_vec()),
            ("", PLAIN.to_vec()),
            ("deflate, gzip", gzip(&zlib(PLAIN))),
            ("identity,gzip ,", gzip(PLAIN)),
        ] {
            let unpacked = unpacked(coding, &body);
            assert_eq!((unpacked.body.as_slice(), unpacked.fault), (PLAIN, None), "{coding}");
        }
        let two = [gzip(br#"{"ok":"#), gzip(b"true}")].concat();
        assert_eq!(unpacked("gzip", &two).body, PLAIN, "gzip's members follow each other");
    }

    #[test]
    fn an_empty_body_is_never_packed() {
        for coding in ["gzip", "br", "zstd"] {
            assert_eq!(unpacked(coding, b"").fault, None);
        }
    }

    #[test]
    fn what_unpacks_to_too_much_is_not_unpacked_whole() {
        for (coding, bomb) in [("gzip", gzip(&[b' '; 100_000])), ("deflate", zlib(&[b' '; 100_000]))] {
            let unpacked = unpacked(coding, &bomb);
            assert_eq!((unpacked.body.len(), unpacked.fault), (1025, Some(Fault::TooLarge)));
        }
        let twice = unpacked("gzip, gzip", &gzip(&gzip(&[b' '; 100_000])));
        assert_eq!(twice.fault, Some(Fault::TooLarge));
    }

    #[test]
    fn the_beginning_of_an_errors_body_is_enough() {
        let tail = |headers: &[(header::HeaderName, &str)], body: &[u8]| {
            let headers = headers.iter().map(|(name, value)| (name.clone(), value.parse().unwrap()));
            unpack_tail(&headers.collect(), body.to_vec())
        };
        let (coding, chunked) = ((header::CONTENT_ENCODING, "gzip"), (header::TRANSFER_ENCODING, "chunked"));
        let packed = gzip(PLAIN);
        assert_eq!(tail(std::slice::from_ref(&coding), &packed[..packed.len() - 8]), PLAIN);
        let first = [b"5;x=y\r\n".as_slice(), &packed[..5], b"\r\n"].concat();
        let rest =
            [format!("{:x}\r\n", packed.len() - 5).as_bytes(), &packed[5..], b"\r\n0\r\n\r\n"].concat();
        assert_eq!(tail(&[coding, chunked.clone()], &[first, rest].concat()), PLAIN);
        for (body, joined) in [
            ("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", "abcde"),
            ("3\r\nabc\r\n20\r\nde", "abcde"),
            ("ffffffffffffffff\r\nabc", "abc"),
            ("3\r\nabc\r\nnone", "abc"),
            ("{}", ""),
            ("", ""),
        ] {
            assert_eq!(tail(std::slice::from_ref(&chunked), body.as_bytes()), joined.as_bytes(), "{body}");
        }
    }

    #[test]
    fn what_cant_be_unpacked_is_described() {
        assert!(unreadable("gzip", PLAIN).contains("not valid 'gzip'"));
        assert!(unreadable("br", b"\xff\xff\xff").contains("not valid 'br'"));
        assert!(unreadable("zstd", PLAIN).contains("content coding 'zstd'"));
        assert!(unreadable("gzip, gzip, gzip, gzip", PLAIN).contains("more than 3"));
        assert!(unreadable(&"x".repeat(1000), PLAIN).chars().count() < 300);
        let packed = gzip(PLAIN);
        let cut = unpacked("gzip", &packed[..packed.len() - 4]);
        assert_eq!(cut.body, PLAIN, "what is there is read");
        assert!(cut.fault.is_some());
    }
}
