//! The demo bot over real sockets: sessions, HTTP, and faults.

#[cfg(test)]
mod common;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod http;
#[cfg(test)]
mod sessions;
