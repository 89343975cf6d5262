//! A flag that wakes a thread. It can also wake an app's own loop through a file descriptor or, on
//! Windows, an event.
//!
//! Depends on std and, on Windows, `windows_event`. A waker for futures that a plain thread polls.

use std::{
    sync::{Arc, PoisonError},
    task::{Wake, Waker},
    time::Instant,
};

#[cfg(unix)]
use std::{
    io::{PipeReader, PipeWriter, Read, Write},
    os::fd::AsRawFd,
};

use rtvi_core::{Error, ErrorKind};

use super::sync::{Condvar, Mutex, MutexGuard};
#[cfg(windows)]
use crate::windows_event::WindowsEvent;

/// Set when there may be something to do. The thread that then finds nothing clears it.
#[derive(Debug)]
pub(crate) struct Signal {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug)]
struct State {
    is_set: bool,
    /// How many threads wait. If none waits, nobody is woken, which saves a system call.
    waiting: usize,
    /// Holds one byte exactly while `is_set`.
    #[cfg(unix)]
    pipe: Option<(PipeReader, PipeWriter)>,
    /// Is set exactly while `is_set`.
    #[cfg(windows)]
    event: Option<WindowsEvent>,
}

impl Signal {
    /// Creates a signal that is set.
    pub(crate) fn new() -> Arc<Self> {
        let state = State {
            is_set: true,
            waiting: 0,
            #[cfg(unix)]
            pipe: None,
            #[cfg(windows)]
            event: None,
        };
        Arc::new(Self { state: Mutex::new(state), changed: Condvar::new() })
    }

    /// A waker that sets the signal.
    pub(crate) fn waker(self: &Arc<Self>) -> Waker {
        Arc::clone(self).into()
    }

    /// Sets the signal.
    pub(crate) fn set(&self) {
        let mut state = self.lock();
        if !state.is_set {
            state.is_set = true;
            state.mark();
            if state.waiting > 0 {
                self.changed.notify_all();
            }
        }
    }

    /// Clears the signal and returns whether it was set.
    pub(crate) fn take(&self) -> bool {
        let mut state = self.lock();
        let was_set = std::mem::take(&mut state.is_set);
        if was_set {
            state.unmark();
        }
        was_set
    }

    /// Waits until the signal is set, and leaves it set. Returns false if `until` passes first.
    pub(crate) fn wait(&self, until: Option<Instant>) -> bool {
        let mut state = self.lock();
        state.waiting += 1;
        while !state.is_set {
            state = match until.map(left) {
                None => self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
                Some(Some(left)) => {
                    self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0
                }
                Some(None) => break,
            };
        }
        state.waiting -= 1;
        state.is_set
    }

    /// A file descriptor that is readable exactly while the signal is set. Created on first use.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] when the process has too many open files.
    #[cfg(unix)]
    pub(crate) fn descriptor(&self) -> Result<i32, Error> {
        let mut state = self.lock();
        if state.pipe.is_none() {
            let pipe = std::io::pipe().map_err(|error| {
                Error::new(ErrorKind::Internal, format!("can't create a pipe for events: {error}"))
            })?;
            state.pipe = Some(pipe);
            if state.is_set {
                state.mark();
            }
        }
        Ok(state.pipe.as_ref().map_or(-1, |(reader, _)| reader.as_raw_fd()))
    }

    /// Only Unix has file descriptors that can be waited for.
    ///
    /// # Errors
    /// [`ErrorKind::UnsupportedFeature`].
    #[cfg(not(unix))]
    pub(crate) fn descriptor(&self) -> Result<i32, Error> {
        Err(Error::new(ErrorKind::UnsupportedFeature, "file descriptors are available on Unix only"))
    }

    /// The handle of an event that is set exactly while the signal is. Created on first use.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] when the system can't create one.
    #[cfg(windows)]
    pub(crate) fn event(&self) -> Result<*mut std::ffi::c_void, Error> {
        let mut state = self.lock();
        if state.event.is_none() {
            state.event = Some(WindowsEvent::new(state.is_set)?);
        }
        Ok(state.event.as_ref().map_or(std::ptr::null_mut(), WindowsEvent::handle))
    }

    /// Only Windows has events that can be waited for.
    ///
    /// # Errors
    /// [`ErrorKind::UnsupportedFeature`].
    #[cfg(not(windows))]
    #[expect(clippy::unused_self, reason = "as on Windows")]
    pub(crate) fn event(&self) -> Result<*mut std::ffi::c_void, Error> {
        Err(Error::new(ErrorKind::UnsupportedFeature, "event handles are available on Windows only"))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Makes the descriptor readable, or sets the event. The pipe is empty, so this neither blocks
    /// nor fails.
    fn mark(&mut self) {
        #[cfg(unix)]
        if let Some((_, writer)) = &mut self.pipe {
            let _ = writer.write_all(&[1]);
        }
        #[cfg(windows)]
        if let Some(event) = &self.event {
            event.set();
        }
    }

    /// Makes the descriptor unreadable, or resets the event. The pipe holds one byte, so this does
    /// not block.
    fn unmark(&mut self) {
        #[cfg(unix)]
        if let Some((reader, _)) = &mut self.pipe {
            let _ = reader.read_exact(&mut [0]);
        }
        #[cfg(windows)]
        if let Some(event) = &self.event {
            event.reset();
        }
    }
}

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        self.set();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.set();
    }
}

#[expect(clippy::disallowed_methods, reason = "a plain thread waits here, outside the runtime")]
fn left(until: Instant) -> Option<std::time::Duration> {
    until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a wait that has no time left")]
    fn is_set_until_taken() {
        let signal = Signal::new();
        assert!(signal.wait(None));
        assert!(signal.take() && !signal.take());
        assert!(!signal.wait(Some(Instant::now())));
        signal.waker().wake();
        assert!(signal.wait(None) && signal.take());
    }

    #[cfg(unix)]
    #[test]
    fn the_pipe_holds_a_byte_while_it_is_set() {
        let signal = Signal::new();
        assert!(signal.descriptor().unwrap() >= 0);
        for _ in 0..3 {
            signal.set();
            signal.set();
            assert!(signal.take());
        }
        signal.set();
        let mut state = signal.lock();
        let (reader, writer) = state.pipe.as_mut().unwrap();
        writer.write_all(b"x").unwrap();
        let mut both = [0; 2];
        reader.read_exact(&mut both).unwrap();
        assert_eq!(both, [1, b'x']);
    }
}
