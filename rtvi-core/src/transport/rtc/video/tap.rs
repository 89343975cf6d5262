//! Takes video and RTCP out of the filter's way, for the connection actor. It never waits.

use rtc::{rtcp, rtp::Packet};
use tokio::sync::mpsc;

/// How many arrivals wait for the connection actor: at 2 Mbit/s, more than four seconds. A further
/// one is lost, as on any network.
const QUEUE: usize = 1_024;

/// Something that the network brings for video.
#[derive(Debug)]
pub(crate) enum VideoArrival {
    /// A packet of the bot's video.
    Packet(Packet),
    /// RTCP, which may concern any stream.
    Reports(Vec<Box<dyn rtcp::Packet>>),
}

/// The filter's end of the queue.
#[derive(Debug)]
pub(crate) struct VideoTap(mpsc::Sender<VideoArrival>);

impl VideoTap {
    /// A tap, and where it leads.
    pub(crate) fn new() -> (Self, mpsc::Receiver<VideoArrival>) {
        let (sender, receiver) = mpsc::channel(QUEUE);
        (Self(sender), receiver)
    }

    /// Takes a packet; false if there is no room for it.
    pub(crate) fn packet(&self, packet: Packet) -> bool {
        self.0.try_send(VideoArrival::Packet(packet)).is_ok()
    }

    /// Takes a copy of an RTCP datagram. The remote peer repeats what gets lost here.
    pub(crate) fn reports(&self, packets: &[Box<dyn rtcp::Packet>]) {
        let copy = packets.iter().map(|packet| packet.cloned()).collect();
        let _ = self.0.try_send(VideoArrival::Reports(copy));
    }
}
