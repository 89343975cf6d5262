//! The figures of a connection, gathered from its parts.

use std::time::Duration;

use rtc::statistics::{
    report::{RTCStatsReport, RTCStatsReportEntry},
    stats::ice_candidate::RTCIceCandidateStats,
};
use tokio::time::Instant;

use crate::{media::OpusPlayer, transport::TransportStats};

use super::{drops::Drops, uplink::Uplink};

/// Remembers what the last snapshot saw, for the figures that are rates.
#[derive(Debug, Default)]
pub(super) struct Meter {
    last: Option<(Instant, u64, u64)>,
}

impl Meter {
    /// The figures now.
    pub(super) fn snapshot(
        &mut self,
        now: Instant,
        report: &RTCStatsReport,
        uplink: &Uplink,
        downlink: &OpusPlayer,
        drops: &Drops,
    ) -> TransportStats {
        let (jitter, (packets_sent, sent_bytes)) = (downlink.jitter(), uplink.sent());
        let (send_bitrate, receive_bitrate) = self.bitrates(now, sent_bytes, downlink.received_bytes());
        let counts = jitter.stats();
        let mut stats = TransportStats {
            jitter: jitter.jitter(),
            packets_received: counts.received,
            packets_lost: counts.lost,
            packets_late: counts.late,
            packets_repeated: counts.repeated,
            frames_concealed: counts.concealed,
            packets_unreadable: downlink.unreadable(),
            packets_dropped: drops.packets(),
            packets_sent,
            receive_bitrate,
            send_bitrate,
            buffer_depth: jitter.depth(),
            buffer_target: jitter.target(),
            ..TransportStats::default()
        };
        add_path(&mut stats, report);
        stats
    }

    fn bitrates(&mut self, now: Instant, sent: u64, received: u64) -> (u64, u64) {
        let Some((at, sent_before, received_before)) = self.last.replace((now, sent, received)) else {
            return (0, 0);
        };
        let millis = u64::try_from(now.saturating_duration_since(at).as_millis()).unwrap_or(u64::MAX).max(1);
        let rate = |bytes: u64, before: u64| bytes.saturating_sub(before).saturating_mul(8_000) / millis;
        (rate(sent, sent_before), rate(received, received_before))
    }
}

/// The path in use: the pair of candidates that was chosen.
fn add_path(stats: &mut TransportStats, report: &RTCStatsReport) {
    let selected = report.transport().map(|transport| transport.selected_candidate_pair_id.as_str());
    let pair = report
        .candidate_pairs()
        .find(|pair| selected == Some(pair.stats.id.as_str()))
        .or_else(|| report.candidate_pairs().find(|pair| pair.nominated));
    let Some(pair) = pair else { return };
    let seconds = pair.current_round_trip_time;
    stats.round_trip = Duration::try_from_secs_f64(seconds).ok().filter(|time| !time.is_zero());
    stats.local_candidate = candidate(report, &format!("RTCLocalIceCandidate_{}", pair.local_candidate_id));
    stats.remote_candidate =
        candidate(report, &format!("RTCRemoteIceCandidate_{}", pair.remote_candidate_id));
}

fn candidate(report: &RTCStatsReport, id: &str) -> Option<String> {
    match report.get(id)? {
        RTCStatsReportEntry::LocalCandidate(stats) | RTCStatsReportEntry::RemoteCandidate(stats) => {
            Some(describe(stats))
        }
        _ => None,
    }
}

fn describe(stats: &RTCIceCandidateStats) -> String {
    let address = stats.address.as_deref().unwrap_or("?");
    let address = if address.contains(':') { format!("[{address}]") } else { address.to_owned() };
    let tcp = if stats.protocol == "tcp" { " tcp" } else { "" };
    format!("{} {address}:{}{tcp}", stats.candidate_type, stats.port)
}
