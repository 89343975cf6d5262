//! Audio over a peer connection: the user's audio out, the bot's audio in, and statistics.

mod downlink;
mod drops;
mod splice;
mod stats;
mod uplink;

use std::{sync::Arc, time::Duration};

use rtc::{rtp::Packet, statistics::report::RTCStatsReport};
use tokio::time::Instant;

use crate::{
    error::{Error, ErrorKind},
    media::{AudioDropped, AudioFrame, Encoder, OpusDecoder, OpusOptions, Playout},
    transport::TransportStats,
};

use super::{
    SharedCalls,
    media::{Gauge, Media},
    peer::LocalTrack,
};
use downlink::Downlink;
use drops::Drops;
use stats::Meter;
use uplink::Uplink;

/// The bit rates that an app may choose, in bits per second.
const BITRATES: std::ops::RangeInclusive<u32> = 6_000..=510_000;

/// Checks what an app chose for the encoder.
pub(crate) fn check(opus: OpusOptions) -> Result<(), Error> {
    let bitrate = opus.bitrate;
    if BITRATES.contains(&bitrate) {
        return Ok(());
    }
    let text = format!("the bit rate {bitrate} is not within {BITRATES:?}");
    Err(Error::new(ErrorKind::InvalidTransportParams, text))
}

/// The result of receiving a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arrival {
    /// Audio that will be played.
    Played,
    /// Audio that is dropped because another source is playing.
    Second,
    /// Not audio.
    Other,
}

/// Audio in both directions over one peer connection.
pub(crate) struct AudioStreams {
    track: LocalTrack,
    uplink: Uplink,
    downlink: Downlink,
    drops: Drops,
    meter: Meter,
    gauge: Arc<Gauge>,
    begin: Instant,
}

impl AudioStreams {
    /// Creates streams that begin at `now`. The user's audio goes out on `track` with this payload
    /// type; the remote peer's audio goes to `speaker`.
    pub(crate) fn new(
        (opus, shared): (OpusOptions, Option<&SharedCalls>),
        payload_type: u8,
        (track, gauge): (LocalTrack, Arc<Gauge>),
        speaker: Arc<Playout>,
        now: Instant,
    ) -> Result<Self, Error> {
        let codec = |cause| Error::new(ErrorKind::Internal, format!("Opus can't be set up: {cause}"));
        let encoder = Encoder::new(opus, shared.map(SharedCalls::opus)).map_err(codec)?;
        let decoder = OpusDecoder::new().map_err(codec)?;
        Ok(Self {
            uplink: Uplink::new(encoder, track.ssrc, payload_type),
            downlink: Downlink::new(decoder, speaker, track.ssrc),
            track,
            drops: Drops::default(),
            meter: Meter::default(),
            gauge,
            begin: now,
        })
    }

    /// Changes the payload type, as a new answer may require.
    pub(crate) const fn set_payload_type(&mut self, payload_type: u8) {
        self.uplink.set_payload_type(payload_type);
    }

    /// Sends a frame of the microphone.
    pub(crate) async fn send(&mut self, now: Instant, frame: &AudioFrame) {
        if let Some(packet) = self.uplink.packet(now, frame) {
            self.track.send(packet).await;
        }
    }

    /// Takes a received packet.
    pub(crate) fn receive(&mut self, now: Instant, media: Media) -> Arrival {
        match media {
            Media::Audio(packet) => self.receive_audio(now, packet),
            Media::Unknown(source, payload_type) => {
                self.drops.unknown(source, payload_type);
                Arrival::Other
            }
        }
    }

    fn receive_audio(&mut self, now: Instant, packet: Packet) -> Arrival {
        // An empty packet only keeps a path open.
        if packet.payload.is_empty() {
            return Arrival::Other;
        }
        let (at, source) = (self.since_begin(now), packet.header.ssrc);
        if self.downlink.packet(at, packet) {
            return Arrival::Played;
        }
        self.drops.second(source);
        Arrival::Second
    }

    /// Plays what is due and requests missing packets. Call it every 10 ms.
    pub(crate) async fn tick(&mut self, now: Instant) {
        let at = self.since_begin(now);
        self.downlink.tick(at);
        if let Some(request) = self.downlink.request(at) {
            self.track.send_feedback(request).await;
        }
    }

    /// When the newest audio will be heard: its source, the source's own timestamp, and the time.
    pub(crate) fn hearing(&self) -> Option<(u32, u32, Instant)> {
        let hearing = self.downlink.hearing()?;
        Some((hearing.source, hearing.timestamp, self.begin + hearing.at))
    }

    /// What was dropped since the last call.
    pub(crate) fn take_drops(&mut self) -> Vec<AudioDropped> {
        self.drops.no_room(self.gauge.take_lost());
        self.drops.set_unreadable(self.downlink.player().unreadable());
        self.drops.take()
    }

    /// The current statistics, including those of the peer connection.
    pub(crate) fn stats(&mut self, now: Instant, report: &RTCStatsReport) -> TransportStats {
        let mut stats = self.meter.snapshot(now, report, &self.uplink, self.downlink.player(), &self.drops);
        stats.video_packets_dropped = self.gauge.video_packets();
        if let Some(round_trip) = stats.round_trip {
            self.downlink.set_round_trip(round_trip);
        }
        stats
    }

    fn since_begin(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.begin)
    }
}
