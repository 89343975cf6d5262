//! Functions of the app that the bot can call.
//!
//! Depends on [`crate::client`] and [`crate::mailbox`]. A call waits in the mailbox like every
//! other item for the app.

use std::{
    ffi::c_void,
    sync::{Arc, Mutex, PoisonError},
};

use rtvi_core::{Error, client::FunctionCall};
use serde_json::Value;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use crate::{
    callback::{UserData, rtvi_drop_fn},
    client,
    error::rtvi_error,
    event_callback::rtvi_client,
    handle::Handles,
    json::rtvi_json,
    mailbox::JobSender,
    panic::guard,
    text::rtvi_str,
};

/// A call of a function by the bot. Answer it once with `rtvi_function_call_resolve` or
/// `rtvi_function_call_reject`, now or later, from any thread. If the app does not answer in time,
/// the bot receives an error. The app never frees a call.
#[derive(Debug)]
pub struct rtvi_function_call;

/// Called when the bot calls a function, on the thread that receives events. `tool_call_id`, `name`
/// and `arguments`, a JSON object, are valid during the callback only. `call` is valid until it is
/// answered.
pub type rtvi_function_fn = Option<
    extern "C" fn(
        user_data: *mut c_void,
        call: *mut rtvi_function_call,
        tool_call_id: rtvi_str,
        name: rtvi_str,
        arguments: Option<&rtvi_json>,
    ),
>;

/// Where the answer goes. The first answer takes it.
type Answer = Mutex<Option<oneshot::Sender<Result<Value, String>>>>;

static CALLS: Handles<rtvi_function_call, Answer> = Handles::new("rtvi_function_call");

/// Lets the bot call a function of the app. A second function of the same name replaces the first.
/// `drop_user_data` is called, on any thread, when the function is removed or replaced, or could
/// not be registered.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_register_function(
    client: *mut rtvi_client,
    name: rtvi_str,
    function: rtvi_function_fn,
    user_data: *mut c_void,
    drop_user_data: rtvi_drop_fn,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        let data = UserData::new(user_data, drop_user_data);
        let name = name.text("name")?.to_owned();
        let missing = || Error::new(rtvi_core::ErrorKind::InvalidArgument, "the function is null");
        let function = function.ok_or_else(missing)?;
        let client = client::get(client)?;
        let (jobs, closing) = (client.jobs(), client.closing().clone());
        let handler = Arc::new(Handler { function, data, jobs, closing });
        client.core().register_function_call_handler(name, move |call| Arc::clone(&handler).answer(call));
        Ok(())
    })
}

/// Removes a function, or all functions if the name is empty. Calls that are under way continue.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_unregister_function(
    client: *mut rtvi_client,
    name: rtvi_str,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        let client = client::get(client)?;
        match name.optional("name")? {
            Some(name) => drop(client.core().unregister_function_call_handler(name)),
            None => client.core().unregister_all_function_call_handlers(),
        }
        Ok(())
    })
}

/// Answers a call with its result, which is JSON. An empty result means null. Fails if the call was
/// already answered, passed its deadline, or was cancelled by the bot.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_function_call_resolve(
    call: *mut rtvi_function_call,
    result: rtvi_str,
) -> Option<Box<rtvi_error>> {
    guard(|| give(call, Ok(result.json("result")?.unwrap_or_default())))
}

/// Answers a call with an error. Otherwise like `rtvi_function_call_resolve`.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_function_call_reject(
    call: *mut rtvi_function_call,
    message: rtvi_str,
) -> Option<Box<rtvi_error>> {
    guard(|| give(call, Err(message.text("message")?.to_owned())))
}

fn give(call: *mut rtvi_function_call, result: Result<Value, String>) -> Result<(), Error> {
    let answer = CALLS.remove(call)?;
    let sender = answer.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(sender) = sender {
        // If the call has just ended, its handle is gone or about to go. An answer that comes too
        // late is not the app's mistake.
        let _ = sender.send(result);
    }
    Ok(())
}

struct Handler {
    function: extern "C" fn(*mut c_void, *mut rtvi_function_call, rtvi_str, rtvi_str, Option<&rtvi_json>),
    data: UserData,
    jobs: JobSender,
    closing: CancellationToken,
}

impl Handler {
    async fn answer(self: Arc<Self>, call: FunctionCall) -> Result<Value, String> {
        let (sender, answer) = oneshot::channel();
        let live = Live(CALLS.add(Mutex::new(Some(sender))).addr());
        let (id, handler) = (live.0, Arc::clone(&self));
        let job = move || {
            if !handler.closing.is_cancelled() {
                handler.call(id, call);
            }
        };
        self.jobs.try_send(Box::new(job)).map_err(|_| "the app has too many unanswered calls".to_owned())?;
        drop(self);
        answer.await.unwrap_or_else(|_| Err("the app did not answer".to_owned()))
    }

    fn call(&self, id: usize, call: FunctionCall) {
        let arguments = Value::Object(call.arguments);
        (self.function)(
            self.data.pointer(),
            handle_of(id),
            rtvi_str::unended(&call.tool_call_id),
            rtvi_str::unended(&call.function_name),
            Some(rtvi_json::of(&arguments)),
        );
    }
}

/// Ends the handle of a call with the call itself.
struct Live(usize);

impl Drop for Live {
    fn drop(&mut self) {
        drop(CALLS.remove(handle_of(self.0)));
    }
}

const fn handle_of(id: usize) -> *mut rtvi_function_call {
    std::ptr::without_provenance_mut(id)
}
