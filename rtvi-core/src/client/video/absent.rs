//! What the driver has in a build without video: a handle that does nothing.

use tokio::runtime::Handle;

use crate::{
    client::{
        PipecatClientOptions,
        machine::{DeviceKind, Input, Shown, VideoConfig},
    },
    transport::Connection,
};

/// No video.
#[derive(Debug)]
pub(in crate::client) struct VideoHandle;

impl VideoHandle {
    /// No tasks; the options ask for what is not there.
    pub(in crate::client) const fn new(
        options: &mut PipecatClientOptions,
        _: &Handle,
    ) -> (Self, VideoConfig) {
        let client = &options.client;
        (Self, VideoConfig::absent(client.enable_cam, client.enable_screen_share))
    }

    /// Connections carry no video.
    pub(in crate::client) const fn connect(&self, _: &mut dyn Connection) -> bool {
        false
    }

    /// There are no devices to watch.
    pub(in crate::client) const fn watch(&self) {}

    /// There is nothing to show.
    pub(in crate::client) const fn show(&self, _: Shown, _: bool) {}

    /// There is nothing to select.
    pub(in crate::client) fn select(&self, _: DeviceKind, _: String) {}

    /// Never returns.
    pub(in crate::client) async fn next(&self) -> Input {
        std::future::pending().await
    }
}
