//! Memory of C with pixels: copied, kept, and written.
//!
//! Depends on nothing else here. Sound by the rules at the head of the header, like
//! [`crate::memory`].

use std::ptr;

use bytes::Bytes;
use rtvi_core::{Error, ErrorKind};

/// Copies a block of memory from C, which is not null and at most `isize::MAX` bytes long.
pub(crate) fn copied(data: *const u8, len: usize) -> Bytes {
    // SAFETY: by the header's rules `data` points to `len` bytes that stay unchanged during the
    // call.
    Bytes::copy_from_slice(unsafe { std::slice::from_raw_parts(data, len) })
}

/// Uses a block of memory from C without a copy, like [`copied`] otherwise. Drops `owner` when no
/// part of it is used any more.
pub(crate) fn kept<T: Send + 'static>(data: *const u8, len: usize, owner: T) -> Bytes {
    Bytes::from_owner(Kept { data, len, _owner: owner })
}

struct Kept<T> {
    data: *const u8,
    len: usize,
    _owner: T,
}

// SAFETY: by the header's rules the memory stays unchanged until the owner is dropped, so that any
// thread may read it.
unsafe impl<T: Send> Send for Kept<T> {}

impl<T> AsRef<[u8]> for Kept<T> {
    fn as_ref(&self) -> &[u8] {
        // SAFETY: by the header's rules `data` points to `len` bytes that stay unchanged until the
        // owner is dropped, which this borrow outlives.
        unsafe { std::slice::from_raw_parts(self.data, self.len) }
    }
}

/// Copies rows of `row` bytes into memory of C, where they lie `stride` bytes apart. Does nothing
/// for null.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] when the rows would overlap.
pub(crate) fn write_rows(to: *mut u8, stride: usize, rows: &[u8], row: usize) -> Result<(), Error> {
    if stride < row {
        let text = format!("a stride of {stride} bytes is less than a row of {row}");
        return Err(Error::new(ErrorKind::InvalidArgument, text));
    }
    if !to.is_null() && row > 0 {
        for (index, line) in rows.chunks_exact(row).enumerate() {
            // SAFETY: by the documentation of the callers `to` has room for so many rows of
            // `stride` bytes, and a row is no longer than that.
            unsafe { ptr::copy_nonoverlapping(line.as_ptr(), to.add(index * stride), row) };
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn memory_is_kept_until_nobody_uses_it() {
        let (block, owner) = (vec![1, 2, 3, 4], Arc::new(()));
        let bytes = kept(block.as_ptr(), block.len(), Arc::clone(&owner));
        let part = bytes.slice(1..3);
        drop(bytes);
        assert_eq!((part.as_ref(), Arc::strong_count(&owner)), ([2, 3].as_slice(), 2));
        drop(part);
        assert_eq!(Arc::strong_count(&owner), 1);
        assert_eq!(copied(block.as_ptr(), 2).as_ref(), [1, 2]);
    }

    #[test]
    fn rows_keep_their_distance() {
        let mut out = [9; 7];
        write_rows(out.as_mut_ptr(), 4, &[1, 2, 3, 4], 2).unwrap();
        assert_eq!(out, [1, 2, 9, 9, 3, 4, 9]);
        assert!(write_rows(out.as_mut_ptr(), 1, &[1, 2], 2).is_err());
        write_rows(ptr::null_mut(), 4, &[1, 2], 2).unwrap();
    }
}
