//! A transport of the app's own that panics once.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use rtvi_core::{
    Error,
    transport::{Connection, OpenRequest, Transport},
};

/// Panics at the first connection and creates all further ones.
pub(crate) struct PanickingFactory {
    good: Arc<dyn Transport>,
    has_panicked: AtomicBool,
}

impl PanickingFactory {
    pub(crate) fn new(good: Arc<dyn Transport>) -> Self {
        Self { good, has_panicked: AtomicBool::new(false) }
    }
}

impl Transport for PanickingFactory {
    fn name(&self) -> &'static str {
        self.good.name()
    }

    fn create(&self, request: OpenRequest<'_>) -> Result<Box<dyn Connection>, Error> {
        assert!(self.has_panicked.swap(true, Ordering::Relaxed), "the app's transport has a bug");
        self.good.create(request)
    }
}
