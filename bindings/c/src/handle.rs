//! Memory that C gives: texts, structs, arrays, places for results, and handles.
//!
//! Depends on nothing else here. Handles are numbers in the shape of pointers, looked up in a table and never followed, so
//! one that was freed, or never was one, is an error and not undefined behaviour. For the rest, the rules at the head of the header
//! are what makes each function here sound: pointers are null or valid for the call, with the length that goes with them.

use std::{
    collections::HashMap,
    ffi::c_char,
    marker::PhantomData,
    mem::MaybeUninit,
    ptr,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use rtvi_core::{Error, ErrorKind};

/// The next handle; all tables share it, so that a handle of one kind is never one of another. Never used twice.
static NEXT: AtomicUsize = AtomicUsize::new(STEP);

/// The distance of handles, so that they look like aligned pointers.
const STEP: usize = 16;

/// The live objects of one kind: `H` is its name in C, `T` what it is.
pub(crate) struct Handles<H, T> {
    live: RwLock<Option<HashMap<usize, Arc<T>>>>,
    what: &'static str,
    name: PhantomData<fn(H)>,
}

impl<H, T> Handles<H, T> {
    /// An empty table of what C calls `what`.
    pub(crate) const fn new(what: &'static str) -> Self {
        Self { live: RwLock::new(None), what, name: PhantomData }
    }

    /// A handle that [`insert`](Self::insert) can be given, for objects that know their own handle.
    pub(crate) fn reserve(&self) -> *mut H {
        ptr::without_provenance_mut(NEXT.fetch_add(STEP, Ordering::Relaxed))
    }

    /// Makes a reserved handle live.
    pub(crate) fn insert(&self, handle: *mut H, object: Arc<T>) {
        let mut live = self.live.write().unwrap_or_else(PoisonError::into_inner);
        live.get_or_insert_default().insert(handle.addr(), object);
    }

    /// Makes a live handle.
    pub(crate) fn add(&self, object: T) -> *mut H {
        let handle = self.reserve();
        self.insert(handle, Arc::new(object));
        handle
    }

    /// The object behind a live handle.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] for null and for what is not a live handle.
    pub(crate) fn get(&self, handle: *const H) -> Result<Arc<T>, Error> {
        let live = self.live.read().unwrap_or_else(PoisonError::into_inner);
        let found = live.as_ref().and_then(|live| live.get(&handle.addr())).cloned();
        found.ok_or_else(|| self.unknown(handle))
    }

    /// Ends a handle and gives what was behind it, as [`get`](Self::get).
    pub(crate) fn remove(&self, handle: *const H) -> Result<Arc<T>, Error> {
        let mut live = self.live.write().unwrap_or_else(PoisonError::into_inner);
        let found = live.as_mut().and_then(|live| live.remove(&handle.addr()));
        found.ok_or_else(|| self.unknown(handle))
    }

    fn unknown(&self, handle: *const H) -> Error {
        let problem = if handle.is_null() { "is null" } else { "was freed, or never was one" };
        Error::new(ErrorKind::InvalidArgument, format!("the {} {problem}", self.what))
    }
}

/// Plain C structs that may be copied byte by byte, and whose first member is their size as C knows it.
///
/// # Safety
/// `repr(C)`, `size: usize` first, and zero bytes are a value of every member.
pub(crate) unsafe trait SizedStruct: Copy {}

/// Reads a struct that says its own size; members that C does not know are zero.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] when `size` is not set, or a member that this version does not know is.
pub(crate) fn read_sized<T: SizedStruct>(from: *const T, what: &str) -> Result<Option<T>, Error> {
    if from.is_null() {
        return Ok(None);
    }
    let refuse =
        |problem: &str| Err(Error::new(ErrorKind::InvalidArgument, format!("{what}.size {problem}")));
    // SAFETY: by the header's rules `from` points to a struct of this kind, which begins with its size.
    let size = unsafe { from.cast::<usize>().read() };
    if size < size_of::<usize>() || size > 64 * 1024 {
        return refuse("is not set");
    }
    let known = size.min(size_of::<T>());
    // SAFETY: by the header's rules `from` points to `size` bytes.
    let unknown = unsafe { std::slice::from_raw_parts(from.cast::<u8>().add(known), size - known) };
    if unknown.iter().any(|byte| *byte != 0) {
        return refuse("is that of a newer header, and a member unknown to this library is set");
    }
    let mut value = MaybeUninit::<T>::zeroed();
    // SAFETY: both sides have `known` bytes; `SizedStruct` promises that bytes of C and zeros make a value.
    Ok(Some(unsafe {
        ptr::copy_nonoverlapping(from.cast::<u8>(), value.as_mut_ptr().cast(), known);
        value.assume_init()
    }))
}

/// Writes as much of a struct as the `size` bytes at `to` hold.
pub(crate) fn write_sized<T: SizedStruct>(to: *mut T, size: usize, value: &T) {
    if !to.is_null() {
        let bytes = ptr::from_ref(value).cast::<u8>();
        // SAFETY: by the header's rules `to` points to `size` writable bytes; `value` has at least as many as are copied.
        unsafe { ptr::copy_nonoverlapping(bytes, to.cast(), size.min(size_of::<T>())) };
    }
}

/// Puts a result where C wants it; drops it when C does not.
pub(crate) fn write<T>(to: *mut T, value: T) {
    if !to.is_null() {
        // SAFETY: by the header's rules a place for a result is writable; what lies there is not read or dropped.
        unsafe { to.write(value) };
    }
}

/// The bytes of a text that C gives; empty for null.
pub(crate) fn bytes<'a>(data: *const c_char, len: usize) -> &'a [u8] {
    if data.is_null() {
        return &[];
    }
    // SAFETY: by the header's rules `data` points to `len` bytes that stay unchanged during the call.
    unsafe { std::slice::from_raw_parts(data.cast(), len) }
}

/// The samples that C gives; none for null.
pub(crate) fn samples<'a>(data: *const i16, count: usize) -> &'a [i16] {
    if data.is_null() {
        return &[];
    }
    // SAFETY: by the header's rules `data` points to `count` samples that stay unchanged during the call.
    unsafe { std::slice::from_raw_parts(data, count) }
}

/// The room for samples that C gives; none for null.
pub(crate) fn samples_mut<'a>(data: *mut i16, count: usize) -> &'a mut [i16] {
    if data.is_null() {
        return &mut [];
    }
    // SAFETY: by the header's rules `data` points to `count` samples that nobody else touches during the call.
    unsafe { std::slice::from_raw_parts_mut(data, count) }
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

    struct Name;

    #[test]
    fn freed_and_foreign_handles_are_known() {
        static NUMBERS: Handles<Name, u32> = Handles::new("number");
        static OTHERS: Handles<Name, u32> = Handles::new("other");
        let five = NUMBERS.add(5);
        assert_eq!(*NUMBERS.get(five).unwrap(), 5);
        assert!(OTHERS.get(five).is_err());
        assert_eq!(*NUMBERS.remove(five).unwrap(), 5);
        let error = NUMBERS.remove(five).unwrap_err();
        assert_eq!(error.message(), "the number was freed, or never was one");
        assert_eq!(NUMBERS.get(ptr::null()).unwrap_err().message(), "the number is null");
    }

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
        assert!(samples_mut(ptr::null_mut(), 3).is_empty());
    }
}
