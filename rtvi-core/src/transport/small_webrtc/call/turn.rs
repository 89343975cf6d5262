//! What is done as time passes: audio, signs of life, statistics, and a look at whether the server
//! is still there.

use std::{sync::Arc, time::Duration};

use tokio::time::Instant;

use crate::transport::{CloseReason, TransportEvent};

use super::{super::health::Verdict, PeerCall, lost};

/// How often the server's health is looked at.
pub(super) const HEALTH_PERIOD: Duration = Duration::from_millis(100);
/// How often the client sends a keep-alive ping and reports statistics.
pub(super) const SECOND: Duration = Duration::from_secs(1);

impl PeerCall {
    pub(super) async fn on_turn(&mut self, now: Instant) -> Option<CloseReason> {
        self.audio.tick(now).await;
        self.video.hear(self.audio.hearing());
        self.video.tick(now).await;
        if now >= self.second_due {
            self.second_due = now + SECOND;
            self.try_send(self.keep_alive(now)).await;
            self.report_stats(now).await;
        }
        if now < self.health_due {
            return None;
        }
        self.health_due = now + HEALTH_PERIOD;
        self.report_drops();
        self.look_for_confirmation(now).await;
        match self.health.tick(now) {
            Verdict::Fine => None,
            Verdict::Silent(time) => {
                Some(lost(&format!("the server has not been heard for {:.1} s", time.as_secs_f64())))
            }
            Verdict::Probe => {
                let endpoint = Arc::clone(&self.endpoint);
                self.probe.get_or_insert_with(|| Box::pin(async move { endpoint.is_listening().await }));
                None
            }
        }
    }

    /// What the server confirms of the data channel shows that it lives, though it may have nothing
    /// to say.
    async fn look_for_confirmation(&mut self, now: Instant) {
        let (Some(before), Ok(waiting)) = (self.unconfirmed, self.channel.outstanding_bytes().await) else {
            return;
        };
        if waiting == 0 || (before != usize::MAX && waiting < before) {
            self.health.heard_confirmation(now);
        }
        self.unconfirmed = (waiting > 0).then_some(waiting);
    }

    async fn report_stats(&mut self, now: Instant) {
        if !self.backlog.is_empty() {
            return;
        }
        let report = self.peer.stats(now.into_std()).await;
        let mut stats = self.audio.stats(now, &report);
        self.video.add_stats(now, &mut stats);
        self.report(TransportEvent::Stats(Box::new(stats)));
    }

    /// What nobody will hear of the bot's audio is said; later, while the app is slow.
    fn report_drops(&mut self) {
        if !self.backlog.is_empty() {
            return;
        }
        for dropped in self.audio.take_drops() {
            self.report(TransportEvent::AudioDropped(dropped));
        }
    }
}
