//! Turns the crate's callbacks into [`PeerEvent`]s.

use std::sync::Arc;

use tokio::sync::mpsc;
use webrtc::{
    data_channel::DataChannel,
    peer_connection::{
        PeerConnectionEventHandler, RTCIceConnectionState, RTCIceGatheringState, RTCPeerConnectionIceEvent,
        RTCPeerConnectionState,
    },
};

use crate::{
    log,
    transport::rtc::{filter::PacketFilter, sdp},
};

use super::event::PeerEvent;

/// Runs on the crate's driver task, so it must never wait.
pub(super) struct Reporter {
    pub(super) sender: mpsc::Sender<PeerEvent>,
    pub(super) filter: Arc<PacketFilter>,
    pub(super) relay_only: bool,
}

impl Reporter {
    fn report(&self, event: PeerEvent) {
        if let Err(mpsc::error::TrySendError::Full(_)) = self.sender.try_send(event) {
            log::warn!("the peer connection reported too much at once; a report was dropped");
        }
    }
}

#[async_trait::async_trait]
impl PeerConnectionEventHandler for Reporter {
    async fn on_ice_candidate(&self, event: RTCPeerConnectionIceEvent) {
        match event.candidate.to_json() {
            Ok(init) => {
                let shown = sdp::shown(&init.candidate, self.relay_only);
                if !shown.is_empty() {
                    self.report(PeerEvent::Candidate(shown));
                }
            }
            Err(error) => log::debug!(%error, "a candidate of ours can't be written down"),
        }
    }

    async fn on_ice_gathering_state_change(&self, state: RTCIceGatheringState) {
        if state == RTCIceGatheringState::Complete {
            self.report(PeerEvent::Gathered);
        }
    }

    /// ICE has selected a path, which ends a restart.
    async fn on_ice_connection_state_change(&self, state: RTCIceConnectionState) {
        if matches!(state, RTCIceConnectionState::Connected | RTCIceConnectionState::Completed) {
            self.filter.forget_former_ufrag();
        }
    }

    async fn on_connection_state_change(&self, state: RTCPeerConnectionState) {
        log::debug!(%state, "peer connection");
        match state {
            RTCPeerConnectionState::Connected => self.report(PeerEvent::Connected),
            RTCPeerConnectionState::Disconnected => self.report(PeerEvent::Disconnected),
            RTCPeerConnectionState::Failed => self.report(PeerEvent::Failed),
            RTCPeerConnectionState::Closed => self.report(PeerEvent::Closed),
            _ => {}
        }
    }

    async fn on_data_channel(&self, channel: Arc<dyn DataChannel>) {
        self.report(PeerEvent::ChannelOpened(channel));
    }
}
