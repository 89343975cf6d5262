//! The demo bot over real sockets: sessions, calls, HTTP, and faults.

#[cfg(test)]
mod common;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod http;
#[cfg(test)]
#[cfg(feature = "webrtc")]
mod peer;
#[cfg(test)]
mod sessions;
#[cfg(test)]
#[cfg(feature = "webrtc")]
mod webrtc_calls;
#[cfg(test)]
#[cfg(feature = "webrtc")]
mod webrtc_faults;
