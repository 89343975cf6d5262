//! What is slow to start and can serve several tests at once.

use std::sync::{Arc, Weak};

use tokio::sync::Mutex;

/// One value for all tests of a program that run at about the same time. It is dropped with the last
/// of them. Not for a server on which a test leaves connections behind: they slow the next tests down.
#[derive(Debug)]
pub struct Shared<T>(Mutex<Weak<T>>);

impl<T> Shared<T> {
    /// Nothing yet.
    pub const fn new() -> Self {
        Self(Mutex::const_new(Weak::new()))
    }

    /// The value; the first test starts it.
    pub async fn get(&self, start: impl AsyncFnOnce() -> T) -> Arc<T> {
        let mut shared = self.0.lock().await;
        if let Some(value) = shared.upgrade() {
            return value;
        }
        let value = Arc::new(start().await);
        *shared = Arc::downgrade(&value);
        value
    }
}

impl<T> Default for Shared<T> {
    fn default() -> Self {
        Self::new()
    }
}
