//! Handles that C holds: numbers in the shape of pointers.
//!
//! Depends on nothing else here. Handles are looked up in a table and never dereferenced. So a
//! freed or invalid handle is an error and not undefined behaviour.

use std::{
    collections::HashMap,
    marker::PhantomData,
    ptr,
    sync::{
        Arc, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use rtvi_core::{Error, ErrorKind};

use super::sync::RwLock;

/// The next handle. All tables share it, so that a handle of one kind is never one of another. No
/// handle is used twice.
static NEXT: AtomicUsize = AtomicUsize::new(STEP);

/// The distance between handles, so that they look like aligned pointers.
const STEP: usize = 16;

/// The live objects of one kind. `H` is its name in C, `T` its type in Rust.
pub(crate) struct Handles<H, T> {
    live: RwLock<Option<HashMap<usize, Arc<T>>>>,
    what: &'static str,
    name: PhantomData<fn(H)>,
}

impl<H, T> Handles<H, T> {
    /// An empty table of objects that C calls `what`.
    pub(crate) const fn new(what: &'static str) -> Self {
        Self { live: RwLock::new(None), what, name: PhantomData }
    }

    /// Reserves a handle for [`insert`](Self::insert), for objects that know their own handle.
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
    /// [`ErrorKind::InvalidArgument`] for null and for anything that is not a live handle.
    pub(crate) fn get(&self, handle: *const H) -> Result<Arc<T>, Error> {
        let live = self.live.read().unwrap_or_else(PoisonError::into_inner);
        let found = live.as_ref().and_then(|live| live.get(&handle.addr())).cloned();
        found.ok_or_else(|| self.unknown(handle))
    }

    /// Ends a handle and returns its object, like [`get`](Self::get).
    pub(crate) fn remove(&self, handle: *const H) -> Result<Arc<T>, Error> {
        let mut live = self.live.write().unwrap_or_else(PoisonError::into_inner);
        let found = live.as_mut().and_then(|live| live.remove(&handle.addr()));
        found.ok_or_else(|| self.unknown(handle))
    }

    fn unknown(&self, handle: *const H) -> Error {
        let problem = if handle.is_null() { "is null" } else { "was freed or never existed" };
        Error::new(ErrorKind::InvalidArgument, format!("the {} {problem}", self.what))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(error.message(), "the number was freed or never existed");
        assert_eq!(NUMBERS.get(ptr::null()).unwrap_err().message(), "the number is null");
    }
}
