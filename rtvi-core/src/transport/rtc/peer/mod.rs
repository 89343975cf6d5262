//! One peer connection. Hides how the crate `webrtc` makes and negotiates connections.
//!
//! The owner passes in a [`Shape`] and the remote peer's answers. All reports arrive in one bounded
//! queue. Dropping a [`Peer`] closes its connection in the background.

mod build;
mod candidates;
mod event;
mod reporter;
mod shape;
mod track;

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{runtime::Handle, sync::mpsc, time::timeout};
use tokio_util::sync::CancellationToken;
use webrtc::{
    data_channel::DataChannel,
    peer_connection::{
        PeerConnection, RTCIceCandidateInit, RTCSessionDescription, RTCStatsReport, StatsSelector,
    },
};

use crate::{
    error::{Error, ErrorKind},
    log,
    transport::TlsOptions,
};

#[cfg(feature = "video")]
use super::video::{VideoArrival, VideoTap};
use super::{
    IceServer, SharedCalls,
    certificate::Announced,
    filter::PacketFilter,
    media::{Filter, Gauge, Media},
    network::Network,
    sdp::{self, Accepted, Remote},
    turn::Turn,
};
use build::Parts;
use candidates::Candidates;
pub(crate) use event::PeerEvent;
use reporter::Reporter;
pub(crate) use shape::{Channel, Codec, Section, Shape};
pub(crate) use track::LocalTrack;

/// How many events wait for the connection actor. A connection reports a few dozen in all; further
/// events are dropped and logged.
const EVENT_QUEUE: usize = 256;
/// The time limit for closing.
const CLOSE_LIMIT: Duration = Duration::from_secs(1);

/// The configuration of a peer connection.
pub(crate) struct PeerConfig {
    pub(crate) shape: Shape,
    pub(crate) ice_servers: Vec<IceServer>,
    pub(crate) relay_only: bool,
    /// Whether to connect to TCP candidates of the remote peer.
    pub(crate) ice_tcp: bool,
    /// Whom to trust on `turns:` URLs.
    pub(crate) tls: TlsOptions,
    /// What this call shares with others.
    pub(crate) shared: Option<SharedCalls>,
}

impl PeerConfig {
    /// Whether to connect to TCP candidates. With `relay_only`, that would reveal the user's address.
    const fn dials(&self) -> bool {
        self.ice_tcp && !self.relay_only
    }
}

/// A peer connection with its tracks and channels.
pub(crate) struct Peer {
    connection: Arc<dyn PeerConnection>,
    /// The data channels that we open, in the order of the shape.
    pub(crate) channels: Vec<Arc<dyn DataChannel>>,
    /// The tracks of the sending sections, in the order of the shape.
    pub(crate) tracks: Vec<LocalTrack>,
    pub(crate) events: mpsc::Receiver<PeerEvent>,
    /// Received packets that may be audio.
    pub(crate) media: mpsc::Receiver<Media>,
    /// Received video and what the remote peer says about ours. Nothing comes if the shape has none.
    #[cfg(feature = "video")]
    video: mpsc::Receiver<VideoArrival>,
    pub(crate) gauge: Arc<Gauge>,
    filter: Arc<PacketFilter>,
    announced: Announced,
    /// Candidates of the remote peer that can't be used yet.
    waiting: Mutex<Candidates>,
    max_incoming: u32,
    relay_only: bool,
    dials: bool,
    /// The links to TURN servers, which must outlive the connection.
    turn: Option<Turn>,
    closed: bool,
    /// Cancelled at the end: the crate's attempts to connect outlive the connection.
    end: CancellationToken,
}

impl Peer {
    /// Makes a connection and binds its sockets; nothing is sent yet.
    ///
    /// A separate task does this and completes even if this future is dropped, because the crate
    /// starts a connection's task before it returns a handle that could end it.
    pub(crate) async fn new(config: PeerConfig) -> Result<Self, Error> {
        let failed = |cause: &dyn fmt::Display| {
            Error::new(ErrorKind::ConnectionFailed, format!("the peer connection can't be made: {cause}"))
        };
        let made = tokio::spawn(async move { Self::make(&config).await }).await;
        made.map_err(|cause| failed(&cause))?.map_err(|cause| failed(&cause))
    }

    async fn make(config: &PeerConfig) -> webrtc::error::Result<Self> {
        let (sender, events) = mpsc::channel(EVENT_QUEUE);
        let (turn, servers) = build::start_turn(config, sender.clone());
        let announced = Announced::default();
        let refusals = sender.clone();
        let filter = PacketFilter::new(move |alert| {
            // If the queue is full, a repetition of the alert will be reported.
            let _ = refusals.try_send(PeerEvent::Refused(alert));
        });
        let (media_filter, gauge, media) = Filter::new();
        #[cfg(feature = "video")]
        let (tap, video) = VideoTap::new();
        #[cfg(feature = "video")]
        let media_filter = if config.shape.has_video() { media_filter.with_video(tap) } else { media_filter };
        let end = CancellationToken::new();
        let parts = Parts {
            servers,
            network: Network::new(Arc::clone(&filter), turn.as_ref().map(Turn::routes), end.clone()),
            filter: media_filter,
            announced: Arc::clone(&announced),
            reporter: Reporter { sender, filter: Arc::clone(&filter), relay_only: config.relay_only },
        };
        let connection = build::connection(config, parts).await?;
        let mut tracks = Vec::new();
        for section in &config.shape.sections {
            tracks.extend(build::add_section(&*connection, section).await?);
        }
        let channels = build::add_channels(&*connection, &config.shape).await?;
        let (relay_only, dials) = (config.relay_only, config.dials());
        Ok(Self {
            connection,
            channels,
            tracks,
            events,
            media,
            #[cfg(feature = "video")]
            video,
            gauge,
            filter,
            announced,
            waiting: Mutex::default(),
            max_incoming: config.shape.max_incoming,
            relay_only,
            dials,
            turn,
            closed: false,
            end,
        })
    }

    /// Takes the queue of what comes for video.
    #[cfg(feature = "video")]
    pub(crate) fn take_video(&mut self) -> mpsc::Receiver<VideoArrival> {
        std::mem::replace(&mut self.video, mpsc::channel(1).1)
    }

    /// Makes an offer and begins to gather candidates.
    pub(crate) async fn offer(&self) -> Result<(), Error> {
        let failed = |cause| internal("no offer can be made", &cause);
        let offer = self.connection.create_offer(None).await.map_err(failed)?;
        if self.set_ufrag(&offer.sdp)? {
            self.waiting().wait();
        }
        self.connection.set_local_description(offer).await.map_err(failed)
    }

    /// The offer with the candidates gathered so far, as the remote peer may see it.
    pub(crate) async fn offer_sdp(&self) -> Result<String, Error> {
        let description = self.connection.local_description().await;
        description
            .map(|description| sdp::shown(&description.sdp, self.relay_only))
            .ok_or_else(|| Error::new(ErrorKind::Internal, "the peer connection has no offer"))
    }

    /// Makes the next [`Self::offer`] restart ICE. The crate gives up the present path with that offer.
    pub(crate) async fn restart_ice(&self) -> Result<(), Error> {
        self.connection.restart_ice().await.map_err(|cause| internal("ICE can't be restarted", &cause))
    }

    /// Adds a section after those of the last offer, for the next one; returns its track if it sends.
    /// Its codec must be in the shape.
    pub(crate) async fn add_section(&self, section: &Section) -> Result<Option<LocalTrack>, Error> {
        let added = build::add_section(&*self.connection, section).await;
        added.map_err(|cause| internal("no section can be added", &cause))
    }

    /// Applies the remote peer's answer. Unusable candidates in it are dropped and logged.
    pub(crate) async fn accept(&self, accepted: &Accepted) -> Result<(), Error> {
        let answer = RTCSessionDescription::answer(accepted.remote.sdp.clone());
        self.apply(&accepted.remote, answer).await.map_err(|cause| unusable("answer", &cause))
    }

    /// Applies the remote peer's offer and returns our answer, with the candidates gathered so far.
    /// Later ones are events.
    pub(crate) async fn answer(&self, offer: &str) -> Result<String, Error> {
        let remote = sdp::read_offer(offer, self.max_incoming).map_err(|cause| unusable("offer", &cause))?;
        let offer = RTCSessionDescription::offer(remote.sdp.clone());
        self.apply(&remote, offer).await.map_err(|cause| unusable("offer", &cause))?;
        let failed = |cause| internal("no answer can be made", &cause);
        let answer = self.connection.create_answer(None).await.map_err(failed)?;
        self.set_ufrag(&answer.sdp)?;
        self.connection.set_local_description(answer).await.map_err(failed)?;
        self.offer_sdp().await
    }

    /// Adds a candidate of the remote peer. It waits for the description it belongs to.
    pub(crate) async fn add_candidate(&self, candidate: &str) {
        let admitted = self.waiting().admit(candidate.to_owned());
        self.add_candidates(admitted).await;
    }

    async fn apply(
        &self,
        remote: &Remote,
        description: webrtc::error::Result<RTCSessionDescription>,
    ) -> webrtc::error::Result<()> {
        self.announced.get_or_init(|| remote.fingerprints.clone());
        // First, because media may arrive as soon as the crate has applied the description.
        let before = self.gauge.set_routing(remote.routing.clone());
        let applied = async { self.connection.set_remote_description(description?).await };
        if let Err(cause) = applied.await {
            self.gauge.set_routing(before);
            return Err(cause);
        }
        let waiting = self.waiting().release();
        self.add_candidates(remote.candidates.iter().cloned().chain(waiting)).await;
        Ok(())
    }

    async fn add_candidates(&self, candidates: impl IntoIterator<Item = String>) {
        let mut dropped = 0;
        // The crate connects to every TCP candidate that it gets.
        for candidate in candidates.into_iter().filter(|candidate| self.dials || !sdp::is_tcp(candidate)) {
            let candidate = RTCIceCandidateInit { candidate, ..Default::default() };
            dropped += u32::from(self.connection.add_ice_candidate(candidate).await.is_err());
        }
        if dropped > 0 {
            log::warn!(dropped, "candidates of the server can't be used");
        }
    }

    /// Lets ICE checks for our description pass; returns whether it begins or restarts ICE.
    fn set_ufrag(&self, description: &str) -> Result<bool, Error> {
        let ufrag = sdp::ufrag(description)
            .ok_or_else(|| Error::new(ErrorKind::Internal, "our description names no ICE user"))?;
        Ok(self.filter.set_ufrag(ufrag))
    }

    fn waiting(&self) -> MutexGuard<'_, Candidates> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The statistics of the connection.
    pub(crate) async fn stats(&self, now: std::time::Instant) -> RTCStatsReport {
        self.connection.get_stats(now, StatsSelector::None).await
    }

    /// Closes the connection within a second, and lets the remote peer know.
    pub(crate) async fn close(mut self) {
        self.closed = true;
        self.end.cancel();
        if timeout(CLOSE_LIMIT, self.connection.close()).await.is_err() {
            log::warn!("the peer connection did not close in time");
        }
    }
}

/// The crate keeps a connection running after its handle is dropped; this ends it.
impl Drop for Peer {
    fn drop(&mut self) {
        self.end.cancel();
        if self.closed {
            return;
        }
        if let Ok(runtime) = Handle::try_current() {
            let connection = Arc::clone(&self.connection);
            let turn = self.turn.take();
            runtime.spawn(async move {
                let closed = timeout(CLOSE_LIMIT, connection.close()).await;
                drop(turn);
                closed
            });
        }
    }
}

fn internal(what: &str, cause: &webrtc::error::Error) -> Error {
    Error::new(ErrorKind::Internal, format!("{what}: {cause}"))
}

fn unusable(what: &str, cause: &dyn fmt::Display) -> Error {
    Error::new(ErrorKind::Protocol, format!("the server's {what} is not usable: {cause}"))
}

#[cfg(test)]
mod tests;
