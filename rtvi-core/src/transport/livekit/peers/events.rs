//! What happens on the peer connections, one thing after another.

use std::future::pending;

use webrtc::data_channel::{DataChannel, DataChannelEvent};

use crate::{
    log,
    transport::{
        livekit::{
            session::{Input, Path},
            wire::{ChannelInfo, SignalTarget},
        },
        rtc::{
            media::Media,
            peer::{Peer, PeerEvent},
        },
    },
};

use super::{LOSSY, Peers, RELIABLE, Watched};

/// How many further data channels the server may open. A server has one.
const MAX_CHANNELS: usize = 8;

/// Something that happened on a peer connection.
pub(in crate::transport::livekit) enum PeersEvent {
    /// For the session.
    Input(Input),
    /// A packet that may be the bot's audio.
    Media(Media),
}

impl Peers {
    /// Waits until something happens. Messages are read only with `reads`. Dropping the future loses
    /// nothing.
    pub(in crate::transport::livekit) async fn next(&mut self, reads: bool) -> PeersEvent {
        loop {
            self.name_channels().await;
            if let Some(input) = self.report_channels() {
                return PeersEvent::Input(input);
            }
            let input = tokio::select! {
                Some(event) = self.publisher.events.recv() => self.on_event(SignalTarget::Publisher, event),
                Some(event) = events(&mut self.subscriber) => self.on_event(SignalTarget::Subscriber, event),
                Some(event) = self.reliable.channel.poll(), if reads || !self.reliable.is_open => {
                    self.reliable.take(event)
                }
                Some(event) = self.lossy.channel.poll() => {
                    self.lossy.take(event);
                    None
                }
                Some(event) = poll(self.inbound.as_deref()), if reads => packet(event),
                Some(media) = self.media.recv() => return PeersEvent::Media(media),
                else => pending().await,
            };
            if let Some(input) = input {
                return PeersEvent::Input(input);
            }
        }
    }

    fn on_event(&mut self, target: SignalTarget, event: PeerEvent) -> Option<Input> {
        match event {
            PeerEvent::Candidate(candidate) => Some(Input::Candidate(target, candidate)),
            PeerEvent::Gathered => None,
            PeerEvent::Connected => {
                self.has_connected = true;
                Some(Input::Path(target, Path::Connected))
            }
            PeerEvent::Disconnected | PeerEvent::Failed => Some(Input::Path(target, Path::Broken)),
            PeerEvent::Closed => Some(Input::Path(target, Path::Closed)),
            // Somebody else may have sent it.
            PeerEvent::Refused(_) if self.has_connected => {
                log::debug!("a handshake on the side was refused");
                None
            }
            PeerEvent::Refused(alert) => Some(Input::NoPath(alert.error())),
            PeerEvent::RelayLost(error) => Some(Input::NoPath(error)),
            PeerEvent::ChannelOpened(channel) => {
                self.unnamed.push_back(channel);
                None
            }
        }
    }

    /// Looks at the channels that the server opened: messages arrive on one of the subscriber's; the
    /// others are read and forgotten.
    async fn name_channels(&mut self) {
        while let Some(channel) = self.unnamed.front() {
            let label = channel.label().await.unwrap_or_default();
            let Some(channel) = self.unnamed.pop_front() else { return };
            if self.subscriber.is_some() && self.inbound.is_none() && label == RELIABLE {
                self.inbound = Some(channel);
            } else if self.drains.len() < MAX_CHANNELS {
                self.drains.spawn(async move { while channel.poll().await.is_some() {} });
            } else {
                log::warn!("the server opened more data channels than are read");
            }
        }
    }

    /// Tells the session once that all channels are open.
    fn report_channels(&mut self) -> Option<Input> {
        let inbound = self.subscriber.is_none() || self.inbound.is_some();
        let are_open = self.reliable.is_open && self.lossy.is_open && inbound;
        if self.has_reported_channels || !are_open {
            return None;
        }
        self.has_reported_channels = true;
        let info = |label: &str, watched: &Watched| ChannelInfo {
            label: label.to_owned(),
            id: u32::try_from(watched.channel.id()).unwrap_or_default(),
            target: SignalTarget::Publisher.into(),
        };
        Some(Input::ChannelsOpen(vec![info(RELIABLE, &self.reliable), info(LOSSY, &self.lossy)]))
    }
}

impl Watched {
    fn take(&mut self, event: DataChannelEvent) -> Option<Input> {
        self.is_open |= matches!(event, DataChannelEvent::OnOpen);
        packet(event)
    }
}

fn packet(event: DataChannelEvent) -> Option<Input> {
    match event {
        DataChannelEvent::OnMessage(message) => Some(Input::Packet(message.data.freeze())),
        _ => None,
    }
}

async fn events(peer: &mut Option<Peer>) -> Option<PeerEvent> {
    peer.as_mut()?.events.recv().await
}

async fn poll(channel: Option<&dyn DataChannel>) -> Option<DataChannelEvent> {
    channel?.poll().await
}
