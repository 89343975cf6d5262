//! How calls of the client run: the caller waits for them, or they run in the background and end
//! with a callback.
//!
//! Depends on [`crate::client`], [`crate::mailbox`] and [`crate::runtime`].

use std::{
    ffi::c_void,
    future::Future,
    task::{Context, Waker},
};

use rtvi_core::{Error, ErrorKind, PipecatClient};
use serde_json::Value;
use tokio::sync::OwnedSemaphorePermit;
use tokio_util::sync::CancellationToken;

use crate::{
    callback::{UserData, rtvi_drop_fn},
    client::{self, Client},
    error::rtvi_error,
    event_callback::rtvi_client,
    handle::Handles,
    mailbox::JobSender,
    memory::{self, SizedStruct},
    panic::{Outcome, guard},
    runtime::{block_on, runtime},
    text::{rtvi_str, rtvi_string},
};

/// Called exactly once when a call that runs in the background has ended, on the thread that
/// receives events. `error` is null if the call succeeded. `result` is then its result as JSON, or
/// empty if it has none. Both are valid during the callback only.
pub type rtvi_done_fn =
    Option<extern "C" fn(user_data: *mut c_void, error: Option<&rtvi_error>, result: rtvi_str)>;

/// How to run a call. Set `size` to `sizeof(rtvi_call)` and the rest to zero, and then set the
/// members that you need. If you pass null instead, the function waits for the end, can't be
/// cancelled, and drops the result.
///
/// With `on_done` the call runs in the background and the function returns at once. It returns an
/// error only if the call could not begin; then `on_done` is not called. Without `on_done` the
/// function waits for the end. Functions of audio sources, sinks or transports must not do that.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_call {
    /// `sizeof(rtvi_call)`.
    pub size: usize,
    /// Cancels the call, from any thread. May be null. It must stay alive until the call has begun.
    pub cancel: *mut rtvi_cancel,
    /// Where a waiting call stores its result as JSON; null if it has none. The pointer may be
    /// null. Free the result with `rtvi_string_free`.
    pub result: *mut Option<Box<rtvi_string>>,
    /// Called at the end. If set, the call runs in the background.
    pub on_done: rtvi_done_fn,
    /// Passed to `on_done`.
    pub user_data: *mut c_void,
    /// Called with `user_data` at the end, whether or not the call has begun. May be null.
    pub drop_user_data: rtvi_drop_fn,
}

// SAFETY: `repr(C)`, `size` first, and zeros are null.
unsafe impl SizedStruct for rtvi_call {}

/// Cancels the calls that were begun with it.
#[derive(Debug)]
pub struct rtvi_cancel;

static CANCELS: Handles<rtvi_cancel, CancellationToken> = Handles::new("rtvi_cancel");

/// Creates an object that cancels calls. Free it with `rtvi_cancel_free`.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_cancel_new() -> *mut rtvi_cancel {
    CANCELS.add(CancellationToken::new())
}

/// Cancels all calls that were begun with `cancel`, and all that begin with it later. They end as
/// `RTVI_ERROR_CANCELLED` unless they have already ended. The client undoes what starting or
/// connecting has begun. Call it on any thread.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_cancel_now(cancel: *mut rtvi_cancel) -> Option<Box<rtvi_error>> {
    guard(|| {
        CANCELS.get(cancel)?.cancel();
        Ok(())
    })
}

/// Frees the object without cancelling anything. Null is ignored.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_cancel_free(cancel: *mut rtvi_cancel) {
    drop(CANCELS.remove(cancel));
}

/// The result of a call: its data, or nothing.
pub(crate) type CallResult = Result<Option<Value>, Error>;

/// Makes a call of the client and runs it as C requests.
pub(crate) fn run<F>(
    client: *mut rtvi_client,
    call: *const rtvi_call,
    make: impl FnOnce(PipecatClient) -> Result<F, Error>,
) -> Outcome
where
    F: Future<Output = CallResult> + Send + 'static,
{
    guard(|| {
        let call = memory::read_sized(call, "rtvi_call")?;
        let data = call.map(|call| UserData::new(call.user_data, call.drop_user_data));
        let client = client::get(client)?;
        let cancel = cancel(call.as_ref())?;
        let future = make(client.core().clone())?;
        match (call.and_then(|call| call.on_done), data) {
            (Some(on_done), Some(data)) => start(&client, cancel, future, Completion { on_done, data }),
            _ => wait(&client, &cancel, future, call.as_ref()),
        }
    })
}

fn cancel(call: Option<&rtvi_call>) -> Result<CancellationToken, Error> {
    match call {
        Some(call) if !call.cancel.is_null() => Ok(CancellationToken::clone(&*CANCELS.get(call.cancel)?)),
        _ => Ok(CancellationToken::new()),
    }
}

/// Runs the call until it ends, is cancelled, or the client is freed. A call that was cancelled
/// before does not begin.
async fn until_end(
    future: impl Future<Output = CallResult>,
    cancel: &CancellationToken,
    closing: &CancellationToken,
) -> CallResult {
    let given_up = || Err(Error::new(ErrorKind::Cancelled, "the app cancelled the call"));
    if cancel.is_cancelled() {
        return given_up();
    }
    tokio::select! {
        biased;
        result = future => result,
        () = cancel.cancelled() => given_up(),
        () = closing.cancelled() => Err(Error::new(ErrorKind::Cancelled, "the client was freed")),
    }
}

fn wait(
    client: &Client,
    cancel: &CancellationToken,
    future: impl Future<Output = CallResult>,
    call: Option<&rtvi_call>,
) -> Result<(), Error> {
    let result = block_on(until_end(future, cancel, client.closing()))?;
    if let Some(call) = call {
        memory::write(call.result, result.map(|value| Box::new(rtvi_string::new(value.to_string()))));
    }
    Ok(())
}

fn start<F>(
    client: &Client,
    cancel: CancellationToken,
    future: F,
    completion: Completion,
) -> Result<(), Error>
where
    F: Future<Output = CallResult> + Send + 'static,
{
    let place = client.place_for_call()?;
    let mut pending = Pending { jobs: client.jobs(), completion: Some(completion), place: Some(place) };
    let closing = client.closing().clone();
    let runtime = runtime()?;
    let mut call = Box::pin(async move {
        let result = until_end(future, &cancel, &closing).await;
        pending.end(result);
    });
    // Poll the call here once, so that calls take their turn in the order in which they are made.
    let _context = runtime.enter();
    if call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending() {
        client.calls().send(call)?;
    }
    Ok(())
}

/// What to call at the end of a call.
struct Completion {
    on_done: extern "C" fn(*mut c_void, Option<&rtvi_error>, rtvi_str),
    data: UserData,
}

impl Completion {
    fn tell(self, result: CallResult) {
        match result {
            Ok(value) => {
                let text = rtvi_string::new(value.map(|value| value.to_string()).unwrap_or_default());
                (self.on_done)(self.data.pointer(), None, text.view());
            }
            Err(error) => {
                let error = rtvi_error::from(error);
                (self.on_done)(self.data.pointer(), Some(&error), rtvi_str::EMPTY);
            }
        }
    }
}

/// A call in the background. Its end is reported whatever happens to its task.
struct Pending {
    jobs: JobSender,
    completion: Option<Completion>,
    place: Option<OwnedSemaphorePermit>,
}

impl Pending {
    fn end(&mut self, result: CallResult) {
        let (Some(completion), place) = (self.completion.take(), self.place.take()) else { return };
        let job = move || {
            drop(place);
            completion.tell(result);
        };
        // There is room, because each call has reserved a place. Somebody takes the job, because
        // senders keep the mailbox open.
        let _ = self.jobs.try_send(Box::new(job));
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        self.end(Err(Error::new(ErrorKind::Internal, "the call failed inside the SDK")));
    }
}
