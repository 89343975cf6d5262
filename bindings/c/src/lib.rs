//! The C interface of the RTVI client SDK. `include/rtvi.h` is generated from it.
//!
//! This crate translates between C and [`rtvi_core`] and decides nothing itself. The rules that
//! hold for every function are at the head of the header (`header.rs`). All unsafe code is in
//! [`memory`] (pointers from C), [`callback`] (functions from C), the function tables, and in
//! [`video`] what pixels need.
//! Everything else uses safe types that C can pass: `Option<&T>`, `Option<Box<T>>` and handles,
//! which are looked up and never dereferenced.
#![expect(non_camel_case_types, reason = "types and values carry the names they have in C")]

pub mod audio_format;
pub mod call;
pub mod callback;
pub mod calls;
pub mod client;
pub mod connection;
pub mod conversation;
pub mod custom_transport;
pub mod devices;
pub mod error;
pub mod event;
pub mod event_callback;
pub mod features;
pub mod functions;
pub mod handle;
#[cfg(test)]
mod header;
pub mod info;
pub mod json;
pub mod json_making;
pub mod log;
pub mod mailbox;
pub mod media_end;
pub mod memory;
pub mod messages;
pub mod microphone;
mod opening;
pub mod options;
pub mod panic;
pub mod pcm;
pub mod pump;
pub mod runtime;
pub mod session;
pub mod signal;
pub mod speaker;
mod sync;
pub mod system_audio;
pub mod text;
pub mod transport;
#[rustfmt::skip]
pub mod types;
mod used_once;
pub mod version;
pub mod video;
mod view;
pub mod voice;
#[cfg(windows)]
pub mod windows_event;
