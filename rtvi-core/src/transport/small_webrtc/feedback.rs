//! Asks the server to send lost packets of the bot's audio again: generic NACK (RFC 4585 §6.2.1).
//!
//! Sent whether or not the server announced that it answers: Pipecat's does so without saying. One that does not know it ignores it,
//! and the jitter buffer stops asking. Decides nothing: which packets are asked for is up to [`OpusPlayer`].

use std::time::Duration;

use rtc::rtcp::transport_feedbacks::transport_layer_nack::{
    TransportLayerNack, nack_pairs_from_sequence_numbers,
};
use webrtc::media_stream::track_remote::TrackRemote;

use crate::{log, media::OpusPlayer};

/// The way back for one audio stream.
#[derive(Debug)]
pub(super) struct Feedback {
    ssrc: u32,
    /// That of the bot's audio, once it was heard.
    bot_ssrc: Option<u32>,
    /// What to ask for; kept so that it is allocated once.
    wanted: Vec<u16>,
}

impl Feedback {
    /// In the name of our stream `ssrc`.
    pub(super) const fn new(ssrc: u32) -> Self {
        Self { ssrc, bot_ssrc: None, wanted: Vec::new() }
    }

    /// The bot's audio comes from this source.
    pub(super) const fn heard(&mut self, bot_ssrc: u32) {
        self.bot_ssrc = Some(bot_ssrc);
    }

    /// Asks for what `player` misses at `now`.
    pub(super) async fn ask(
        &mut self,
        now: Duration,
        player: &mut OpusPlayer,
        track: Option<&dyn TrackRemote>,
    ) {
        let (Some(media_ssrc), Some(track)) = (self.bot_ssrc, track) else { return };
        self.wanted.clear();
        player.requests(now, &mut self.wanted);
        if self.wanted.is_empty() {
            return;
        }
        let nacks = nack_pairs_from_sequence_numbers(&self.wanted);
        let nack = TransportLayerNack { sender_ssrc: self.ssrc, media_ssrc, nacks };
        if let Err(error) = track.write_rtcp(vec![Box::new(nack)]).await {
            log::debug!(%error, "lost audio was not asked for");
        }
    }
}
