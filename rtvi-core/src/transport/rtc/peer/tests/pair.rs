//! Two of our own peer connections, with trickled candidates, in both roles.

use rtc::rtp::{Packet, header::Header};
use tokio::task::JoinHandle;

use super::*;
use crate::transport::rtc::sdp::Heard;

const SENDONLY: RTCRtpTransceiverDirection = RTCRtpTransceiverDirection::Sendonly;
const RECVONLY: RTCRtpTransceiverDirection = RTCRtpTransceiverDirection::Recvonly;

/// One side, and the channels that the other side opened to it.
struct Side {
    peer: Arc<Peer>,
    media: mpsc::Receiver<Media>,
    channels: mpsc::Receiver<Arc<dyn DataChannel>>,
}

/// Two sides that pass their candidates to each other.
struct Pair {
    client: Side,
    server: Side,
    carriers: [JoinHandle<()>; 2],
}

/// Passes candidates on as soon as they are known, even before the description they belong to.
async fn carry(
    mut events: mpsc::Receiver<PeerEvent>,
    to: Arc<Peer>,
    opened: mpsc::Sender<Arc<dyn DataChannel>>,
) {
    while let Some(event) = events.recv().await {
        match event {
            PeerEvent::Candidate(candidate) => to.add_candidate(&candidate).await,
            PeerEvent::ChannelOpened(channel) => opened.try_send(channel).unwrap(),
            PeerEvent::Gathered | PeerEvent::Connected => {}
            PeerEvent::Closed => return,
            _ => panic!("it fails"),
        }
    }
}

impl Pair {
    async fn new(client: Shape, server: Shape) -> Self {
        let make = async |shape| {
            let mut peer = Peer::new(PeerConfig { shape, ..config() }).await.unwrap();
            let events = std::mem::replace(&mut peer.events, mpsc::channel(1).1);
            let media = std::mem::replace(&mut peer.media, mpsc::channel(1).1);
            (Arc::new(peer), events, media)
        };
        let (one, two) = (make(client).await, make(server).await);
        let ((to_client, of_client), (to_server, of_server)) = (mpsc::channel(8), mpsc::channel(8));
        let carriers = [
            tokio::spawn(carry(one.1, Arc::clone(&two.0), to_client)),
            tokio::spawn(carry(two.1, Arc::clone(&one.0), to_server)),
        ];
        let client = Side { peer: one.0, media: one.2, channels: of_client };
        let server = Side { peer: two.0, media: two.2, channels: of_server };
        Self { client, server, carriers }
    }

    async fn end(self) {
        self.carriers.iter().for_each(JoinHandle::abort);
        for peer in [self.client.peer, self.server.peer] {
            let connection = Arc::clone(&peer.connection);
            connection.close().await.unwrap();
        }
    }
}

/// `from` makes an offer, `to` answers it; the texts of both.
async fn agree(from: &Peer, to: &Peer) -> (String, String) {
    from.offer().await.unwrap();
    let offer = from.offer_sdp().await.unwrap();
    let answer = to.answer(&offer).await.unwrap();
    let accepted = sdp::read_answer(&answer, &offer, MAX_INCOMING).unwrap();
    assert!(accepted.takes_fec, "{answer}");
    from.accept(&accepted).await.unwrap();
    (offer, answer)
}

/// The side that answers: it hears the client's microphone and speaks to it.
fn answering() -> Shape {
    let sections = vec![section(RECVONLY, "ear"), section(SENDONLY, "voice")];
    Shape { sections, later: vec![Codec::opus(false)], channels: Vec::new(), max_incoming: MAX_INCOMING }
}

fn packet(track: &LocalTrack, number: u16) -> Packet {
    let header = Header {
        version: 2,
        ssrc: track.ssrc,
        payload_type: 111,
        sequence_number: number,
        timestamp: u32::from(number) * 960,
        ..Header::default()
    };
    Packet { header, payload: bytes::Bytes::from_static(b"opus") }
}

/// Sends packets until it is aborted, one each 5 ms, numbered from 0.
fn speak(track: &LocalTrack) -> JoinHandle<()> {
    let track = track.clone();
    tokio::spawn(async move {
        for number in 0.. {
            track.send(packet(&track, number)).await;
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
}

async fn heard(media: &mut mpsc::Receiver<Media>) -> Header {
    match media.recv().await.unwrap() {
        Media::Audio(packet) => packet.header,
        Media::Unknown(ssrc, payload_type) => panic!("a packet of {ssrc}, {payload_type} is unknown"),
    }
}

#[tokio::test]
async fn either_side_may_make_the_offer_and_both_hear_each_other() {
    let all = async {
        let mut pair = Pair::new(shape(), answering()).await;
        let (client, server) = (&mut pair.client, &mut pair.server);
        let (_, answer) = agree(&client.peer, &server.peer).await;
        assert!(answer.contains("a=setup:active"), "{answer}");
        let speaking = [speak(&client.peer.tracks[0]), speak(&server.peer.tracks[0])];
        assert_eq!(heard(&mut server.media).await.ssrc, client.peer.tracks[0].ssrc);
        assert_eq!(heard(&mut client.media).await.ssrc, server.peer.tracks[0].ssrc);
        opened(&*client.peer.channels[0]).await;
        agree(&server.peer, &client.peer).await;
        while client.media.try_recv().is_ok() {}
        heard(&mut client.media).await;
        speaking.iter().for_each(JoinHandle::abort);
        pair.end().await;
    };
    timeout(LIMIT, all).await.expect("it ends");
}

#[tokio::test]
async fn audio_goes_on_while_either_side_restarts_ice() {
    let all = async {
        let mut pair = Pair::new(shape(), answering()).await;
        let (client, server) = (&mut pair.client, &mut pair.server);
        agree(&client.peer, &server.peer).await;
        opened(&*client.peer.channels[0]).await;
        let speaking = speak(&client.peer.tracks[0]);
        let mut last = heard(&mut server.media).await.sequence_number;
        for (from, to) in [(&client.peer, &server.peer), (&server.peer, &client.peer)] {
            let before = from.offer_sdp().await.unwrap();
            from.restart_ice().await.unwrap();
            let (offer, answer) = agree(from, to).await;
            assert_ne!(sdp::ufrag(&before), sdp::ufrag(&offer));
            // Over when the checks of the former session are refused.
            while !from.filter.drops(&check(&before)) {
                let number = heard(&mut server.media).await.sequence_number;
                assert!(number.wrapping_sub(last) < 20, "a gap from {last} to {number}");
                last = number;
            }
            assert!(!to.filter.drops(&check(&answer)));
        }
        speaking.abort();
        pair.end().await;
    };
    timeout(LIMIT, all).await.expect("it ends");
}

#[tokio::test]
async fn a_section_that_is_added_later_is_heard_by_its_stream() {
    let all = async {
        let mut pair = Pair::new(Shape { later: vec![Codec::opus(false)], ..shape() }, answering()).await;
        let (client, server) = (&mut pair.client, &mut pair.server);
        client.peer.gauge.hear(Heard::Streams("late-stream".to_owned()));
        agree(&client.peer, &server.peer).await;
        opened(&*client.peer.channels[0]).await;
        let voice = speak(&server.peer.tracks[0]);
        assert!(client.peer.add_section(&section(RECVONLY, "late")).await.unwrap().is_none());
        let late = server.peer.add_section(&section(SENDONLY, "late")).await.unwrap().unwrap();
        let (offer, answer) = agree(&client.peer, &server.peer).await;
        assert_eq!((offer.matches("m=audio").count(), answer.matches("m=audio").count()), (3, 3));
        assert!(answer.contains("a=msid:late-stream"), "{answer}");
        let speaking = speak(&late);
        for _ in 0..10 {
            assert_eq!(heard(&mut client.media).await.ssrc, late.ssrc);
        }
        client.peer.gauge.hear(Heard::All);
        while heard(&mut client.media).await.ssrc == late.ssrc {}
        [voice, speaking].iter().for_each(JoinHandle::abort);
        pair.end().await;
    };
    timeout(LIMIT, all).await.expect("it ends");
}

#[tokio::test]
async fn channels_of_the_offering_side_come_with_their_handles() {
    let all = async {
        let subscriber =
            Shape { sections: Vec::new(), later: vec![Codec::opus(false)], channels: Vec::new(), ..shape() };
        let mut pair = Pair::new(subscriber, shape()).await;
        let (client, server) = (&mut pair.client, &mut pair.server);
        let (_, answer) = agree(&server.peer, &client.peer).await;
        assert!(answer.contains(&format!("a=max-message-size:{MAX_INCOMING}\r\n")), "{answer}");
        let mut found = Vec::new();
        for own in &server.peer.channels {
            opened(&**own).await;
            let channel = client.channels.recv().await.unwrap();
            found.push((channel.label().await.unwrap(), channel.ordered().await.unwrap()));
            if found.last().is_some_and(|(label, _)| label == "reliable") {
                server.peer.channels[0].send_text("to you").await.unwrap();
                assert_eq!(next_text(&*channel).await, "to you");
                channel.send_text("and back").await.unwrap();
                assert_eq!(next_text(&*server.peer.channels[0]).await, "and back");
            }
        }
        found.sort();
        assert_eq!(found, [("lossy".to_owned(), false), ("reliable".to_owned(), true)]);
        pair.end().await;
    };
    timeout(LIMIT, all).await.expect("it ends");
}

#[tokio::test]
async fn an_offer_that_is_not_usable_changes_nothing() {
    let all = async {
        let mut pair = Pair::new(shape(), answering()).await;
        let (client, server) = (&mut pair.client, &mut pair.server);
        agree(&client.peer, &server.peer).await;
        opened(&*client.peer.channels[0]).await;
        let speaking = speak(&client.peer.tracks[0]);
        for offer in ["", "v=0", "v=0\nm=text 9 X 1\n"] {
            let error = server.peer.answer(offer).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Protocol);
            assert!(error.message().starts_with("the server's offer is not usable: "), "{error}");
        }
        while server.media.try_recv().is_ok() {}
        heard(&mut server.media).await;
        speaking.abort();
        pair.end().await;
    };
    timeout(LIMIT, all).await.expect("it ends");
}
