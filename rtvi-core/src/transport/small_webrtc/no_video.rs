//! A build without video: no section of video sends, and nothing happens on one.

use std::convert::Infallible;

use tokio::time::Instant;

use crate::transport::{
    TransportStats,
    rtc::{
        peer::{Codec, LocalTrack, Peer, Section},
        sdp::Accepted,
    },
};

/// What happens to video: nothing.
pub(super) type Event = Infallible;

/// What the client wants of video: nothing.
#[derive(Debug, Default)]
pub(super) struct Wanted(());

impl Wanted {
    pub(super) fn sections(&self) -> (Vec<Section>, Vec<Codec>) {
        Default::default()
    }

    pub(super) fn start(self, _: &mut Peer, _: Vec<LocalTrack>, _: u32, _: Instant) -> Video {
        Video
    }
}

/// The video of an open connection: none.
pub(super) struct Video;

impl Video {
    pub(super) fn accept(&mut self, _: &Accepted) -> Option<String> {
        None
    }

    pub(super) fn status(&self) -> Vec<String> {
        Vec::new()
    }

    pub(super) async fn next(&mut self) -> Event {
        std::future::pending().await
    }

    pub(super) fn announcement(&self, event: &Event) -> Option<String> {
        match *event {}
    }

    #[expect(clippy::unused_async, reason = "the interface is that of a build with video")]
    pub(super) async fn handle(&mut self, _: Instant, event: Event) {
        match event {}
    }

    #[expect(clippy::unused_async, reason = "the interface is that of a build with video")]
    pub(super) async fn tick(&mut self, _: Instant) {}

    pub(super) fn hear(&mut self, _: Option<(u32, u32, Instant)>) {}

    pub(super) fn add_stats(&mut self, _: Instant, _: &mut TransportStats) {}
}
