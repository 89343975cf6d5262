//! A decompression bomb: a JSON object of many megabytes in a few kilobytes of gzip (RFC 1951, RFC
//! 1952).

/// How often the last byte is repeated, 258 times each: 10 MB in total.
const REPETITIONS: usize = 40_000;

/// The bits of a deflate stream, which fill each byte from its lowest bit.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    count: usize,
}

impl Bits {
    /// Appends bits in the notation of the RFC's tables.
    fn push(&mut self, bits: &str) {
        for bit in bits.bytes() {
            if self.count.is_multiple_of(8) {
                self.bytes.push(0);
            }
            if let (b'1', Some(last)) = (bit, self.bytes.last_mut()) {
                *last |= 1 << (self.count % 8);
            }
            self.count += 1;
        }
    }

    /// Appends a byte with its fixed code.
    fn push_literal(&mut self, byte: u8) {
        self.push(&format!("{:08b}", 0b0011_0000 + u16::from(byte)));
    }
}

/// `{"a":"xxxx…` as gzip. It never ends in a quotation mark; no reader should get that far.
fn gzip() -> Vec<u8> {
    let mut bits = Bits::default();
    // The last block, with fixed codes.
    bits.push("110");
    b"{\"a\":\"x".iter().for_each(|byte| bits.push_literal(*byte));
    for _ in 0..REPETITIONS {
        // A length of 258, a distance of one.
        bits.push("1100010100000");
    }
    bits.push("0000000");
    let head = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    [&head[..], &bits.bytes, &[0; 8]].concat()
}

/// The complete HTTP answer.
pub(super) fn answer() -> Vec<u8> {
    let body = gzip();
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    [head.into_bytes(), body].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_small_and_what_the_standard_says() {
        let bomb = gzip();
        assert!(bomb.len() < 70_000, "{}", bomb.len());
        // 1 (last), 01 (fixed codes), then '{' as 0xAB from its highest bit.
        assert_eq!(bomb[10] & 0b111, 0b011);
        let literal = (3..11).fold(0_u8, |code, bit| code << 1 | (bomb[10 + bit / 8] >> (bit % 8)) & 1);
        assert_eq!(literal, 0x30 + b'{');
    }
}
