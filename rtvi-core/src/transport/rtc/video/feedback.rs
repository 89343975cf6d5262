//! What the remote peer says about video in RTCP. Pure; a packet may say anything about any source.

use rtc::rtcp::{
    Packet,
    goodbye::Goodbye,
    payload_feedbacks::{
        full_intra_request::FullIntraRequest, picture_loss_indication::PictureLossIndication,
        receiver_estimated_maximum_bitrate::ReceiverEstimatedMaximumBitrate,
    },
    receiver_report::ReceiverReport,
    reception_report::ReceptionReport,
    sender_report::SenderReport,
    transport_feedbacks::transport_layer_nack::TransportLayerNack,
};

/// How many packets one request may ask for again; further ones are ignored.
const MAX_REPEATS: usize = 256;

/// One statement about a source.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Feedback {
    /// These packets of our source did not arrive (RFC 4585 §6.2.1).
    Missing(u32, Vec<u16>),
    /// Our source must send a key frame (RFC 4585 §6.3.1, RFC 5104 §4.3.1).
    KeyFrame(u32),
    /// The bits per second that all sources together may send.
    Bitrate(u64),
    /// The share of our source's packets that got lost since the last report (RFC 3550 §6.4.1).
    Loss(u32, f64),
    /// The remote source ends (RFC 3550 §6.6).
    Ends(u32),
}

/// Reads all packets of one datagram.
pub(super) fn read(packets: &[Box<dyn Packet>]) -> Vec<Feedback> {
    packets.iter().flat_map(|packet| read_packet(&**packet)).collect()
}

fn read_packet(packet: &dyn Packet) -> Vec<Feedback> {
    let any = packet.as_any();
    if let Some(request) = any.downcast_ref::<TransportLayerNack>() {
        let numbers = request.nacks.iter().flat_map(|pair| pair.packet_list());
        return vec![Feedback::Missing(request.media_ssrc, numbers.take(MAX_REPEATS).collect())];
    }
    if let Some(request) = any.downcast_ref::<PictureLossIndication>() {
        return vec![Feedback::KeyFrame(request.media_ssrc)];
    }
    if let Some(request) = any.downcast_ref::<FullIntraRequest>() {
        return request.fir.iter().map(|entry| Feedback::KeyFrame(entry.ssrc)).collect();
    }
    if let Some(estimate) = any.downcast_ref::<ReceiverEstimatedMaximumBitrate>() {
        // A cast of what is no number, or none that fits, gives the nearest one.
        return vec![Feedback::Bitrate(estimate.bitrate as u64)];
    }
    if let Some(report) = any.downcast_ref::<SenderReport>() {
        return losses(&report.reports);
    }
    if let Some(report) = any.downcast_ref::<ReceiverReport>() {
        return losses(&report.reports);
    }
    let goodbye = any.downcast_ref::<Goodbye>();
    goodbye.into_iter().flat_map(|goodbye| &goodbye.sources).map(|source| Feedback::Ends(*source)).collect()
}

fn losses(reports: &[ReceptionReport]) -> Vec<Feedback> {
    reports
        .iter()
        .map(|report| Feedback::Loss(report.ssrc, f64::from(report.fraction_lost) / 256.0))
        .collect()
}

#[cfg(test)]
mod tests {
    use rtc::rtcp::{
        payload_feedbacks::full_intra_request::FirEntry,
        transport_feedbacks::transport_layer_nack::{NackPair, nack_pairs_from_sequence_numbers},
    };

    use super::*;

    fn one(packet: impl Packet + 'static) -> Vec<Feedback> {
        read(&[Box::new(packet)])
    }

    #[test]
    fn each_kind_of_feedback_is_read() {
        let nacks = nack_pairs_from_sequence_numbers(&[65_535, 0, 7]);
        let missing = one(TransportLayerNack { sender_ssrc: 1, media_ssrc: 2, nacks });
        assert_eq!(missing, [Feedback::Missing(2, vec![65_535, 0, 7])]);
        let picture = PictureLossIndication { sender_ssrc: 1, media_ssrc: 2 };
        assert_eq!(one(picture), [Feedback::KeyFrame(2)]);
        let fir = [3, 4].map(|ssrc| FirEntry { ssrc, sequence_number: 1 }).to_vec();
        let refresh = FullIntraRequest { sender_ssrc: 1, media_ssrc: 0, fir };
        assert_eq!(one(refresh), [Feedback::KeyFrame(3), Feedback::KeyFrame(4)]);
        let report = ReceptionReport { ssrc: 5, fraction_lost: 64, ..ReceptionReport::default() };
        let receiver = ReceiverReport { reports: vec![report.clone()], ..ReceiverReport::default() };
        let sender = SenderReport { reports: vec![report], ..SenderReport::default() };
        let both = read(&[Box::new(receiver), Box::new(sender)]);
        assert_eq!(both, [Feedback::Loss(5, 0.25), Feedback::Loss(5, 0.25)]);
        let goodbye = Goodbye { sources: vec![6, 7], ..Goodbye::default() };
        assert_eq!(one(goodbye), [Feedback::Ends(6), Feedback::Ends(7)]);
    }

    #[test]
    fn absurd_feedback_is_bounded() {
        let pair = NackPair { packet_id: 1, lost_packets: u16::MAX };
        let nacks = vec![pair; 1_000];
        let missing = one(TransportLayerNack { sender_ssrc: 1, media_ssrc: 2, nacks });
        assert!(matches!(&missing[..], [Feedback::Missing(2, numbers)] if numbers.len() == MAX_REPEATS));
        for (bitrate, expected) in [(f32::NAN, 0), (-1.0, 0), (f32::INFINITY, u64::MAX), (800_000.0, 800_000)]
        {
            let estimate = ReceiverEstimatedMaximumBitrate { sender_ssrc: 1, bitrate, ssrcs: vec![2] };
            assert_eq!(one(estimate), [Feedback::Bitrate(expected)]);
        }
    }
}
