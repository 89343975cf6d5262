//! Memory that C passes: texts, structs, arrays and places for results.
//!
//! Depends on nothing else here. Each function here is sound because of the rules at the head of
//! the header: pointers are null or valid during the call, with the length that is passed with
//! them.

use std::{ffi::c_char, mem::MaybeUninit, ptr};

use rtvi_core::{Error, ErrorKind};

/// Plain C structs that may be copied byte by byte, and whose first member is their size as C knows
/// it.
///
/// # Safety
/// `repr(C)`, `size: usize` first, and zero bytes are a value of every member.
pub(crate) unsafe trait SizedStruct: Copy {}

/// Reads a struct that states its own size. Members that C does not know are zero.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] when `size` is not set, or when a member is set that this version
/// does not know.
pub(crate) fn read_sized<T: SizedStruct>(from: *const T, what: &str) -> Result<Option<T>, Error> {
    if from.is_null() {
        return Ok(None);
    }
    let refuse =
        |problem: &str| Err(Error::new(ErrorKind::InvalidArgument, format!("{what}.size {problem}")));
    // SAFETY: by the header's rules `from` points to a struct of this kind, which begins with its
    // size.
    let size = unsafe { from.cast::<usize>().read() };
    if size < size_of::<usize>() || size > 64 * 1024 {
        return refuse("is not set");
    }
    let known = size.min(size_of::<T>());
    // SAFETY: by the header's rules `from` points to `size` bytes.
    let unknown = unsafe { std::slice::from_raw_parts(from.cast::<u8>().add(known), size - known) };
    if unknown.iter().any(|byte| *byte != 0) {
        return refuse("is from a newer header, and a member is set that this library does not know");
    }
    let mut value = MaybeUninit::<T>::zeroed();
    // SAFETY: both sides have `known` bytes; `SizedStruct` promises that bytes of C and zeros make
    // a value.
    Ok(Some(unsafe {
        ptr::copy_nonoverlapping(from.cast::<u8>(), value.as_mut_ptr().cast(), known);
        value.assume_init()
    }))
}

/// Writes as much of a struct as the `size` bytes at `to` hold.
pub(crate) fn write_sized<T: SizedStruct>(to: *mut T, size: usize, value: &T) {
    if !to.is_null() {
        let bytes = ptr::from_ref(value).cast::<u8>();
        // SAFETY: by the header's rules `to` points to `size` writable bytes; `value` has at least
        // as many as are copied.
        unsafe { ptr::copy_nonoverlapping(bytes, to.cast(), size.min(size_of::<T>())) };
    }
}

/// Stores a result where C wants it. Drops it if C does not want it.
pub(crate) fn write<T>(to: *mut T, value: T) {
    if !to.is_null() {
        // SAFETY: by the header's rules a place for a result is writable; what lies there is not
        // read or dropped.
        unsafe { to.write(value) };
    }
}

/// The bytes of a text from C; empty for null.
pub(crate) fn bytes<'a>(data: *const c_char, len: usize) -> &'a [u8] {
    if data.is_null() {
        return &[];
    }
    // SAFETY: by the header's rules `data` points to `len` bytes that stay unchanged during the
    // call.
    unsafe { std::slice::from_raw_parts(data.cast(), len) }
}

/// The samples from C; none for null.
pub(crate) fn samples<'a>(data: *const i16, count: usize) -> &'a [i16] {
    if data.is_null() {
        return &[];
    }
    // SAFETY: by the header's rules `data` points to `count` samples that stay unchanged during the
    // call.
    unsafe { std::slice::from_raw_parts(data, count) }
}

/// The room for samples in C; none for null.
pub(crate) fn samples_mut<'a>(data: *mut i16, count: usize) -> &'a mut [i16] {
    if data.is_null() {
        return &mut [];
    }
    // SAFETY: by the header's rules `data` points to `count` samples that nobody else touches
    // during the call.
    unsafe { std::slice::from_raw_parts_mut(data, count) }
}

/// The numbers from C; none for null.
pub(crate) fn numbers<'a>(data: *const i32, count: usize) -> &'a [i32] {
    if data.is_null() {
        return &[];
    }
    // SAFETY: by the header's rules `data` points to `count` numbers that stay unchanged during the
    // call.
    unsafe { std::slice::from_raw_parts(data, count) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[repr(C)]
    #[derive(Clone, Copy, Debug, PartialEq)]
    struct Two {
        size: usize,
        one: u32,
        two: u32,
    }
    // SAFETY: `repr(C)`, size first, and zeros are numbers.
    unsafe impl SizedStruct for Two {}

    #[test]
    fn structs_of_older_and_newer_headers_are_read() {
        let full = Two { size: size_of::<Two>(), one: 1, two: 2 };
        assert_eq!(read_sized(&raw const full, "two").unwrap(), Some(full));
        let short = Two { size: size_of::<usize>() + 4, ..full };
        assert_eq!(read_sized(&raw const short, "two").unwrap().unwrap().two, 0);
        let none = Two { size: 0, ..full };
        assert!(read_sized(&raw const none, "two").is_err());
        assert_eq!(read_sized(ptr::null::<Two>(), "two").unwrap(), None);
        let newer = [Two { size: 2 * size_of::<Two>(), ..full }, Two { size: 0, one: 0, two: 0 }];
        assert_eq!(read_sized(newer.as_ptr(), "two").unwrap().unwrap().two, 2);
        let unknown = [newer[0], Two { size: 0, one: 0, two: 1 }];
        assert!(read_sized(unknown.as_ptr(), "two").is_err());
    }

    #[test]
    fn null_is_nothing() {
        write(ptr::null_mut(), 1);
        write_sized(ptr::null_mut(), 8, &Two { size: 0, one: 0, two: 0 });
        assert!(bytes(ptr::null(), 3).is_empty());
        assert!(samples(ptr::null(), 3).is_empty());
        assert!(numbers(ptr::null(), 3).is_empty());
        assert!(samples_mut(ptr::null_mut(), 3).is_empty());
    }
}
