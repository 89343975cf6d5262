//! What is done as time passes: audio, confirmations, statistics and reports of dropped audio.

use std::time::Duration;

use tokio::time::Instant;

use crate::transport::{TransportEvent, livekit::session::Input};

use super::Call;

/// How often statistics are reported.
const SECOND: Duration = Duration::from_secs(1);
/// How often dropped audio is reported.
const DROPS_PERIOD: Duration = Duration::from_millis(100);

impl Call {
    pub(super) async fn on_turn(&mut self, now: Instant) {
        if let Some(audio) = &mut self.audio {
            audio.tick(now).await;
        }
        if self.backlog.is_full() {
            // The socket is not read while the app is slow, so the server counts as heard.
            self.session.handle(now, Input::Heard);
        }
        self.look_for_confirmation(now).await;
        self.session.handle(now, Input::Tick);
        if !self.session.is_open() || !self.backlog.is_empty() {
            return;
        }
        if now >= self.second_due {
            self.second_due = now + SECOND;
            self.report_stats(now).await;
        }
        if now >= self.drops_due {
            self.drops_due = now + DROPS_PERIOD;
            self.report_drops();
        }
    }

    async fn look_for_confirmation(&mut self, now: Instant) {
        if let Some(peers) = self.peers.as_ref().filter(|_| self.session.has_unconfirmed())
            && let Some(bytes) = peers.unconfirmed().await
        {
            self.session.handle(now, Input::Unconfirmed(bytes));
        }
    }

    async fn report_stats(&mut self, now: Instant) {
        let (Some(peers), Some(audio)) = (&self.peers, &mut self.audio) else { return };
        let report = peers.stats(now.into_std()).await;
        let stats = audio.stats(now, &report);
        self.report(TransportEvent::Stats(Box::new(stats)));
    }

    /// What nobody will hear of the bot's audio is said.
    fn report_drops(&mut self) {
        let Some(audio) = &mut self.audio else { return };
        for dropped in audio.take_drops() {
            self.report(TransportEvent::AudioDropped(dropped));
        }
    }
}
