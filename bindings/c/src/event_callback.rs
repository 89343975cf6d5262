//! The function of an app that receives a client's events.
//!
//! Depends on [`crate::callback`] and [`crate::event`]. Values only.

use std::ffi::c_void;

use crate::{callback::UserData, event::rtvi_event};

/// A client of a Pipecat bot.
#[derive(Debug)]
pub struct rtvi_client;

/// Called for every event, in order, one at a time, on the client's own thread. `event` is valid
/// during the callback only. The callback may call every function, and may free the client. No
/// further event arrives until it returns.
pub type rtvi_event_fn =
    Option<extern "C" fn(user_data: *mut c_void, client: *mut rtvi_client, event: Option<&rtvi_event>)>;

/// That function, if there is one, and its user data.
pub(crate) struct EventCallback {
    pub(crate) on_event: rtvi_event_fn,
    pub(crate) data: UserData,
}
