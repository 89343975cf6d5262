//! Handles of objects that an app creates and a client takes over.
//!
//! Depends on [`crate::handle`].

use std::sync::{Mutex, PoisonError};

use rtvi_core::{Error, ErrorKind};

use crate::{handle::Handles, memory};

/// All objects of one kind. `H` is the kind's name in C.
pub(crate) struct UsedOnce<H, T: ?Sized + 'static>(Handles<H, Mutex<Option<Box<T>>>>);

impl<H, T: ?Sized + Send> UsedOnce<H, T> {
    pub(crate) const fn new(name: &'static str) -> Self {
        Self(Handles::new(name))
    }

    /// Uses up an object. Null means none.
    pub(crate) fn take(&self, handle: *mut H) -> Result<Option<Box<T>>, Error> {
        if handle.is_null() {
            return Ok(None);
        }
        let slot = self.0.remove(handle)?;
        let taken = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
        Ok(taken)
    }

    /// Replaces an object that is not used up yet, and returns what `how` returns beside it.
    pub(crate) fn change<R>(
        &self,
        handle: *mut H,
        how: impl FnOnce(Box<T>) -> (R, Box<T>),
    ) -> Result<R, Error> {
        let slot = self.0.get(handle)?;
        let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
        let used_up = || Error::new(ErrorKind::InvalidArgument, "the object is used up");
        let (result, changed) = how(slot.take().ok_or_else(used_up)?);
        *slot = Some(changed);
        Ok(result)
    }

    /// Passes a new object to the app.
    pub(crate) fn give(&self, to: *mut *mut H, made: Box<T>) {
        memory::write(to, self.0.add(Mutex::new(Some(made))));
    }
}
