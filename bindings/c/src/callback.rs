//! Functions that C passes, with their user data.
//!
//! Depends on nothing else here. By the header's rules any thread may call such a function, one at
//! a time. The function does not throw or jump out. Its pointer stays valid until `drop_user_data`
//! is called with it.

use std::ffi::c_void;

/// Called once with the `user_data` that was passed beside it, when the SDK will never use that
/// again, whatever happened before.
pub type rtvi_drop_fn = Option<extern "C" fn(user_data: *mut c_void)>;

/// A pointer of the app's, and the function that releases it. Dropping this calls that function.
#[derive(Debug)]
pub(crate) struct UserData {
    pointer: *mut c_void,
    end: rtvi_drop_fn,
}

// SAFETY: the pointer is only given back to functions of the app, which by the header's rules work
// on any thread.
unsafe impl Send for UserData {}
// SAFETY: as above; the SDK itself never looks at what it points to.
unsafe impl Sync for UserData {}

impl UserData {
    /// Takes over a pointer.
    pub(crate) const fn new(pointer: *mut c_void, end: rtvi_drop_fn) -> Self {
        Self { pointer, end }
    }

    /// The pointer, to pass to a function of the app.
    pub(crate) const fn pointer(&self) -> *mut c_void {
        self.pointer
    }
}

impl Drop for UserData {
    fn drop(&mut self) {
        if let Some(end) = self.end {
            end(self.pointer);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn the_app_is_told_once() {
        static ENDED: AtomicUsize = AtomicUsize::new(0);
        extern "C" fn end(pointer: *mut c_void) {
            ENDED.fetch_add(pointer.addr(), Ordering::Relaxed);
        }
        let data = UserData::new(std::ptr::without_provenance_mut(7), Some(end));
        assert_eq!((data.pointer().addr(), ENDED.load(Ordering::Relaxed)), (7, 0));
        drop(data);
        drop(UserData::new(std::ptr::null_mut(), None));
        assert_eq!(ENDED.load(Ordering::Relaxed), 7);
    }
}
