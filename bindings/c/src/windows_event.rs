//! A Windows event that an app's own loop can wait for.
//!
//! Depends on `windows-sys`. Windows only.

use std::{
    ffi::c_void,
    os::windows::io::{AsRawHandle, FromRawHandle, OwnedHandle},
    ptr,
};

use rtvi_core::{Error, ErrorKind};
use windows_sys::Win32::System::Threading::{CreateEventW, ResetEvent, SetEvent};

/// An event that stays set until it is reset. Closed when dropped.
#[derive(Debug)]
pub(crate) struct WindowsEvent(OwnedHandle);

impl WindowsEvent {
    /// Creates an event.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] when the system can't create one.
    pub(crate) fn new(is_set: bool) -> Result<Self, Error> {
        // SAFETY: no attributes and no name are null; the other arguments are numbers.
        let handle = unsafe { CreateEventW(ptr::null(), 1, i32::from(is_set), ptr::null()) };
        if handle.is_null() {
            let reason = std::io::Error::last_os_error();
            return Err(Error::new(ErrorKind::Internal, format!("can't create an event handle: {reason}")));
        }
        // SAFETY: the handle was just made, and nobody else has it.
        Ok(Self(unsafe { OwnedHandle::from_raw_handle(handle) }))
    }

    /// The handle. It is valid as long as this event.
    pub(crate) fn handle(&self) -> *mut c_void {
        self.0.as_raw_handle()
    }

    pub(crate) fn set(&self) {
        // SAFETY: the handle is that of an event and open. It can't fail then.
        unsafe { SetEvent(self.handle()) };
    }

    pub(crate) fn reset(&self) {
        // SAFETY: as in `set`.
        unsafe { ResetEvent(self.handle()) };
    }
}
