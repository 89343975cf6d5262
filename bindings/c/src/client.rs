//! The client: how an app creates it, frees it, and receives its events.
//!
//! Depends on [`crate::mailbox`], [`crate::options`], [`crate::pump`]. Its calls are in the modules
//! that use [`crate::call`].

use std::{
    ffi::c_void,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use rtvi_core::{Error, ErrorKind, PipecatClient};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

use crate::{
    calls::Calls,
    error::rtvi_error,
    event::rtvi_event,
    event_callback::{EventCallback, rtvi_client},
    handle::Handles,
    mailbox::{Item, JobSender, MAX_CALLS, Mailbox},
    media_end::MediaEnd,
    memory,
    options::{self, rtvi_client_options},
    panic::guard,
    pump::Pump,
};

static CLIENTS: Handles<rtvi_client, Client> = Handles::new("rtvi_client");

/// What is behind a handle.
pub(crate) struct Client {
    core: PipecatClient,
    mailbox: Arc<Mailbox>,
    /// Cancelled when the client is freed.
    closing: CancellationToken,
    jobs: JobSender,
    calls: Calls,
    places: Arc<Semaphore>,
    media_end: Arc<MediaEnd>,
    /// Absent when the app takes the events itself.
    pump: Mutex<Option<Pump>>,
}

/// The client behind a handle.
pub(crate) fn get(client: *const rtvi_client) -> Result<Arc<Client>, Error> {
    CLIENTS.get(client)
}

impl Client {
    pub(crate) const fn core(&self) -> &PipecatClient {
        &self.core
    }

    pub(crate) const fn closing(&self) -> &CancellationToken {
        &self.closing
    }

    /// The calls that run in the background.
    pub(crate) const fn calls(&self) -> &Calls {
        &self.calls
    }

    /// Where jobs for the app are queued.
    pub(crate) fn jobs(&self) -> JobSender {
        self.jobs.clone()
    }

    /// Reserves room for one more call in the background.
    ///
    /// # Errors
    /// [`ErrorKind::Busy`] when [`MAX_CALLS`] are under way.
    pub(crate) fn place_for_call(&self) -> Result<OwnedSemaphorePermit, Error> {
        Arc::clone(&self.places).try_acquire_owned().map_err(|_| {
            Error::new(ErrorKind::Busy, format!("this client already has {MAX_CALLS} calls under way"))
        })
    }
}

/// Creates a client and stores it in `*client`. It opens nothing and does not wait. Free the client
/// with `rtvi_client_free`.
///
/// With `on_event`, a thread of the client calls the app: for events, for ends of calls, and for
/// functions that the bot calls. Without it, the app receives all of these through
/// `rtvi_client_next_event`. The client takes over the microphone, the speaker, the video and the
/// transport in the options, even if this function fails.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_new(
    options: *const rtvi_client_options,
    client: *mut *mut rtvi_client,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        let mut taken = options::take(options)?;
        let media_end = MediaEnd::watch(&mut taken.core);
        let core = PipecatClient::new(taken.core)?;
        let (mailbox, jobs) = Mailbox::new(core.events());
        let (mailbox, closing) = (Arc::new(mailbox), CancellationToken::new());
        let reserved = CLIENTS.reserve();
        let address = reserved.addr();
        let EventCallback { on_event, data } = taken.events;
        let pump = match on_event {
            None => None,
            Some(on_event) => Some(Pump::start(Arc::clone(&mailbox), closing.clone(), move |event| {
                let event = rtvi_event::from(event);
                on_event(data.pointer(), std::ptr::without_provenance_mut(address), Some(&event));
            })?),
        };
        let places = Arc::new(Semaphore::new(MAX_CALLS));
        let calls = Calls::start()?;
        let (media_end, pump) = (Arc::new(media_end), Mutex::new(pump));
        let made = Client { core, mailbox, closing, jobs, calls, places, media_end, pump };
        CLIENTS.insert(reserved, Arc::new(made));
        memory::write(client, reserved);
        Ok(())
    })
}

/// Frees a client. It ends the session at once, cancels the client's calls, and waits until their
/// callbacks have returned. No callback follows. No events arrive while it waits. It also waits for
/// the microphone, the speaker and the video: none of their functions is called later, and files
/// are complete. For a graceful end, disconnect first.
///
/// Callbacks of the client may call this function. It then does not wait for callbacks, and those
/// of calls that are under way follow later. Functions of audio and video sources and sinks must not
/// call it. Null is ignored, and so is a handle that was already freed.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_free(client: *mut rtvi_client) {
    drop(guard(|| {
        let Ok(client) = CLIENTS.remove(client) else { return Ok(()) };
        client.closing.cancel();
        let pump = client.pump.lock().unwrap_or_else(PoisonError::into_inner).take();
        let (mailbox, media_end) = (Arc::clone(&client.mailbox), Arc::clone(&client.media_end));
        drop(client);
        // A thread of the runtime must not wait.
        if tokio::runtime::Handle::try_current().is_err() {
            match pump {
                Some(pump) => pump.finish(),
                None => run_rest(&mailbox),
            }
            media_end.wait();
        }
        Ok(())
    }));
}

/// Reports the ends of calls when a client without a thread of its own is freed.
fn run_rest(mailbox: &Mailbox) {
    loop {
        match mailbox.take(None) {
            Item::Job(job) => job(),
            Item::Event(_) | Item::Nothing => {}
            Item::Ended => return,
        }
    }
}

/// Takes the next event of a client that was created without `on_event`, and stores it in `*event`.
/// Stores null if no event arrives within `timeout_ms`. 0 does not wait; -1 waits without a limit.
/// Free the event with `rtvi_event_free`.
///
/// This function also runs the callbacks of ended calls and of functions that the bot calls. They
/// run on the calling thread, before the events that arrived after them. They do not end the wait:
/// the function keeps waiting for an event.
///
/// Fails as `RTVI_ERROR_INVALID_STATE` for a client with `on_event`. Fails as
/// `RTVI_ERROR_CONSUMER_STALLED` when the app did not take events for too long and some were lost;
/// no more events follow.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_next_event(
    client: *mut rtvi_client,
    timeout_ms: i64,
    event: *mut Option<Box<rtvi_event>>,
) -> Option<Box<rtvi_error>> {
    memory::write(event, None);
    guard(|| {
        let mailbox = polled(client)?;
        let until = deadline(timeout_ms);
        loop {
            match mailbox.take(until) {
                Item::Event(next) => {
                    memory::write(event, Some(Box::new(rtvi_event::from(next))));
                    return Ok(());
                }
                // This may free the client: only the mailbox is held here.
                Item::Job(job) => job(),
                Item::Nothing => return Ok(()),
                Item::Ended => {
                    let text = "the app did not take events for too long, or it freed the client";
                    return Err(Error::new(ErrorKind::ConsumerStalled, text));
                }
            }
        }
    })
}

/// Stores a file descriptor in `*descriptor` that `poll` or `select` reports as readable while the
/// app should call `rtvi_client_next_event`. Call that function with a timeout of 0 until it
/// returns no event. Never read from the descriptor or close it. It is valid until the client is
/// freed. Not available on Windows, which has `rtvi_client_event_handle`.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_event_fd(
    client: *mut rtvi_client,
    descriptor: *mut i32,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        let found = polled(client)?.signal().descriptor()?;
        memory::write(descriptor, found);
        Ok(())
    })
}

/// Stores an event handle (`HANDLE`) in `*handle` for `WaitForSingleObject` and similar functions.
/// Use it like the descriptor of `rtvi_client_event_fd`. Never set, reset or close it. Available on
/// Windows only.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_event_handle(
    client: *mut rtvi_client,
    handle: *mut *mut c_void,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        let found = polled(client)?.signal().event()?;
        memory::write(handle, found);
        Ok(())
    })
}

/// The mailbox of a client that has no thread of its own.
fn polled(client: *const rtvi_client) -> Result<Arc<Mailbox>, Error> {
    let client = get(client)?;
    if client.pump.lock().unwrap_or_else(PoisonError::into_inner).is_some() {
        return Err(Error::new(ErrorKind::InvalidState, "this client delivers its events to on_event"));
    }
    Ok(Arc::clone(&client.mailbox))
}

#[expect(clippy::disallowed_methods, reason = "a plain thread waits, outside the runtime")]
fn deadline(timeout_ms: i64) -> Option<Instant> {
    let timeout = Duration::from_millis(u64::try_from(timeout_ms).ok()?);
    Instant::now().checked_add(timeout)
}
