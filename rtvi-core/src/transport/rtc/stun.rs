//! A STUN message as far as it matters here (RFC 8489 §5, §14). Pure.

use bytes::Buf;

/// What bytes 4 to 7 of a STUN message are.
pub(crate) const MAGIC_COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];
/// The attribute with whom a request comes from; in a check of ICE, whom it is for as well.
pub(crate) const USERNAME: u16 = 0x0006;

/// A STUN message that is read without a copy.
#[derive(Debug)]
pub(crate) struct Message<'a> {
    pub(crate) kind: u16,
    pub(crate) transaction: [u8; 12],
    attributes: &'a [u8],
}

impl<'a> Message<'a> {
    /// The message in this datagram; `None` when it is something else.
    pub(crate) fn read(mut datagram: &'a [u8]) -> Option<Self> {
        let kind = datagram.try_get_u16().ok()?;
        let length = usize::from(datagram.try_get_u16().ok()?);
        let (cookie, rest) = datagram.split_first_chunk()?;
        let (transaction, rest) = rest.split_first_chunk()?;
        let attributes = rest.get(..length)?;
        (*cookie == MAGIC_COOKIE).then_some(Self { kind, transaction: *transaction, attributes })
    }

    /// The value of the first attribute of this type.
    pub(crate) fn attribute(&self, wanted: u16) -> Option<&'a [u8]> {
        let mut rest = self.attributes;
        loop {
            let kind = rest.try_get_u16().ok()?;
            let length = usize::from(rest.try_get_u16().ok()?);
            let value = rest.get(..length)?;
            if kind == wanted {
                return Some(value);
            }
            rest = rest.get(length.next_multiple_of(4)..)?;
        }
    }
}

/// A message with these attributes, for tests.
#[cfg(test)]
pub(crate) fn message(kind: u16, transaction: u8, attributes: &[(u16, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (kind, value) in attributes {
        body.extend(kind.to_be_bytes());
        body.extend(u16::try_from(value.len()).unwrap().to_be_bytes());
        body.extend_from_slice(value);
        body.resize(body.len().next_multiple_of(4), 0);
    }
    let length = u16::try_from(body.len()).unwrap().to_be_bytes();
    [&kind.to_be_bytes(), &length[..], &MAGIC_COOKIE, &[transaction; 12], &body].concat()
}
