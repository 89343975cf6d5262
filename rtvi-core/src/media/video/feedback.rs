//! What the receiver of a stream tells its sender, as RTCP packets of `rtc`.
//!
//! Pure; reads packets from the network.

use rtc::rtcp::{
    Packet,
    payload_feedbacks::{
        full_intra_request::FullIntraRequest, picture_loss_indication::PictureLossIndication,
        receiver_estimated_maximum_bitrate::ReceiverEstimatedMaximumBitrate,
    },
    receiver_report::ReceiverReport,
    reception_report::ReceptionReport,
    sender_report::SenderReport,
    transport_feedbacks::transport_layer_nack::{TransportLayerNack, nack_pairs_from_sequence_numbers},
};

/// What the receiver of one stream says about it.
#[derive(Clone, Debug, PartialEq)]
pub enum VideoFeedback {
    /// These packets are missing (generic NACK, RFC 4585 §6.2.1).
    Missing(Vec<u16>),
    /// A key frame is needed (PLI, RFC 4585 §6.3.1, or FIR, RFC 5104 §4.3.1).
    KeyFrame,
    /// The network carries so many bits per second (REMB, draft-alvestrand-rmcat-remb-03).
    Estimate(u64),
    /// This part of the packets was lost since the last report, 0 to 1 (RFC 3550 §6.4.1).
    Loss(f64),
}

impl VideoFeedback {
    /// What a packet says about the stream `ssrc`, if anything.
    pub fn read(packet: &dyn Packet, ssrc: u32) -> Option<Self> {
        let any = packet.as_any();
        if let Some(nack) = any.downcast_ref::<TransportLayerNack>() {
            let numbers = || nack.nacks.iter().flat_map(|pair| pair.packet_list()).collect();
            return (nack.media_ssrc == ssrc).then(|| Self::Missing(numbers()));
        }
        if let Some(pli) = any.downcast_ref::<PictureLossIndication>() {
            return (pli.media_ssrc == ssrc).then_some(Self::KeyFrame);
        }
        if let Some(fir) = any.downcast_ref::<FullIntraRequest>() {
            return fir.fir.iter().any(|entry| entry.ssrc == ssrc).then_some(Self::KeyFrame);
        }
        if let Some(remb) = any.downcast_ref::<ReceiverEstimatedMaximumBitrate>() {
            let is_sane = remb.bitrate.is_finite() && remb.ssrcs.contains(&ssrc);
            return is_sane.then_some(Self::Estimate(remb.bitrate as u64));
        }
        let reports = if let Some(report) = any.downcast_ref::<ReceiverReport>() {
            &report.reports
        } else {
            &any.downcast_ref::<SenderReport>()?.reports
        };
        reports.iter().find(|report| report.ssrc == ssrc).map(Self::loss)
    }

    fn loss(report: &ReceptionReport) -> Self {
        Self::Loss(f64::from(report.fraction_lost) / 256.0)
    }

    /// The packet that says it about the stream `media` in the name of `sender`; `None` for a loss,
    /// which the crate reports itself.
    pub fn packet(&self, sender: u32, media: u32) -> Option<Box<dyn Packet>> {
        let (sender_ssrc, media_ssrc) = (sender, media);
        match self {
            Self::Missing(numbers) => {
                let nacks = nack_pairs_from_sequence_numbers(numbers);
                Some(Box::new(TransportLayerNack { sender_ssrc, media_ssrc, nacks }))
            }
            Self::KeyFrame => Some(Box::new(PictureLossIndication { sender_ssrc, media_ssrc })),
            Self::Estimate(bitrate) => {
                let (bitrate, ssrcs) = (*bitrate as f32, vec![media]);
                Some(Box::new(ReceiverEstimatedMaximumBitrate { sender_ssrc, bitrate, ssrcs }))
            }
            Self::Loss(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use rtc::rtcp::payload_feedbacks::full_intra_request::FirEntry;

    use super::*;

    #[test]
    fn what_is_written_is_read_by_the_stream_that_it_is_about() {
        let missing = VideoFeedback::Missing(vec![65_534, 65_535, 3, 40]);
        for feedback in [missing, VideoFeedback::KeyFrame, VideoFeedback::Estimate(1_500_000)] {
            let packet = feedback.packet(1, 2).unwrap();
            let bytes = rtc::rtcp::packet::marshal(std::slice::from_ref(&packet)).unwrap();
            let read = rtc::rtcp::packet::unmarshal(&mut bytes.freeze()).unwrap();
            let read = |ssrc| read.iter().find_map(|packet| VideoFeedback::read(packet.as_ref(), ssrc));
            assert_eq!((read(2), read(3)), (Some(feedback), None));
        }
        assert!(VideoFeedback::Loss(0.5).packet(1, 2).is_none());
    }

    #[test]
    fn key_frame_requests_and_losses_of_other_forms_are_read() {
        let entry = FirEntry { ssrc: 5, sequence_number: 1 };
        let fir = FullIntraRequest { sender_ssrc: 1, media_ssrc: 0, fir: vec![entry] };
        assert_eq!(VideoFeedback::read(&fir, 5), Some(VideoFeedback::KeyFrame));
        assert_eq!(VideoFeedback::read(&fir, 0), None);
        let report = ReceptionReport { ssrc: 5, fraction_lost: 64, ..ReceptionReport::default() };
        let (receiver, sender) = (
            ReceiverReport { reports: vec![report.clone()], ..ReceiverReport::default() },
            SenderReport { reports: vec![report], ..SenderReport::default() },
        );
        assert_eq!(VideoFeedback::read(&receiver, 5), Some(VideoFeedback::Loss(0.25)));
        assert_eq!(VideoFeedback::read(&sender, 5), Some(VideoFeedback::Loss(0.25)));
        let endless =
            ReceiverEstimatedMaximumBitrate { bitrate: f32::INFINITY, ssrcs: vec![5], sender_ssrc: 0 };
        assert_eq!(VideoFeedback::read(&endless, 5), None);
    }
}
