//! One client in a scripted room: its peer connection, its bot, and the answers to its requests.

use std::sync::{
    Mutex,
    atomic::{AtomicU32, Ordering},
};

use prost::Message as _;
use tokio::sync::mpsc;

use super::{
    Oddity, bot,
    peer::Peer,
    wire::{
        Ask, Description, Leave, Packet, Permission, Person, Pong, Reconnect, Response, Say, Sections, Track,
        TrackPublished, Trickle, Update, User,
    },
};

/// The bot's name in every room.
pub(super) const BOT: &str = "Bot";

/// `ParticipantInfo.state`.
const ACTIVE: i32 = 2;
const DISCONNECTED: i32 = 3;

/// The participant left by itself.
const CLIENT_INITIATED: i32 = 1;

/// Messages for the signalling socket; the sender waits while there are more.
pub(super) type Outgoing = mpsc::Sender<Vec<u8>>;

/// A client in the room. It stays when its signalling socket is lost.
pub(super) struct Participant {
    pub(super) sid: String,
    peer: Peer,
    /// The current signalling socket.
    socket: Mutex<Option<Outgoing>>,
    oddities: Vec<Oddity>,
    /// The number of the last reliable packet in each direction.
    received: AtomicU32,
    sent: AtomicU32,
}

impl Participant {
    /// A new participant, and the packets that it sends.
    pub(super) async fn new(sid: String, oddities: Vec<Oddity>) -> (Self, mpsc::Receiver<Vec<u8>>) {
        let (peer, packets) = Peer::new().await;
        let (received, sent) = (AtomicU32::new(0), AtomicU32::new(0));
        (Self { sid, peer, socket: Mutex::default(), oddities, received, sent }, packets)
    }

    /// From now on, messages go to this socket.
    pub(super) fn attach(&self, socket: Outgoing) {
        *self.socket.lock().expect("no holder panics") = Some(socket);
    }

    /// Sends messages to the client. Without a socket they are lost, as with a real server.
    pub(super) async fn say(&self, say: Say) {
        self.write(Response { say: Some(say) }.encode_to_vec()).await;
        if self.is_odd(&Oddity::UnknownMessages) {
            let unknown = Say::Unknown("never heard of".to_owned());
            self.write(Response { say: Some(unknown) }.encode_to_vec()).await;
        }
    }

    /// Sends bytes to the client, whatever they are.
    pub(super) async fn write(&self, bytes: Vec<u8>) {
        let socket = self.socket.lock().expect("no holder panics").clone();
        if let Some(socket) = socket {
            // The socket may be gone.
            let _ = socket.send(bytes).await;
        }
    }

    fn is_odd(&self, oddity: &Oddity) -> bool {
        self.oddities.contains(oddity)
    }

    /// The client is back on a new socket.
    pub(super) async fn resumed(&self) {
        let last_sequence = self.received.load(Ordering::Relaxed);
        self.say(Say::Reconnect(Reconnect { last_sequence })).await;
    }

    /// Carries messages between the client and its bot until either leaves.
    pub(super) async fn converse(&self, bot_url: &str, mut packets: mpsc::Receiver<Vec<u8>>) {
        let (to_bot, mut from_bot) = bot::call(bot_url).await;
        loop {
            tokio::select! {
                packet = packets.recv() => {
                    let Some(packet) = packet else { break };
                    let Some(text) = self.received(&packet) else { continue };
                    if to_bot.send(text).await.is_err() {
                        break;
                    }
                }
                said = from_bot.recv() => {
                    let Some(said) = said else { break };
                    self.peer.send(&self.packet(said)).await;
                }
            }
        }
        self.say(Say::Update(Update { people: vec![bot(DISCONNECTED)] })).await;
    }

    /// The text of a packet of the client's, if it is the next one.
    fn received(&self, packet: &[u8]) -> Option<String> {
        let packet = Packet::decode(packet).ok()?;
        // A real server passes on none twice.
        if packet.sequence > 0
            && self.received.fetch_max(packet.sequence, Ordering::Relaxed) >= packet.sequence
        {
            return None;
        }
        assert_eq!(packet.to, [BOT], "messages are for the bot alone");
        String::from_utf8(packet.user?.payload).ok()
    }

    fn packet(&self, text: String) -> Vec<u8> {
        let sequence = self.sent.fetch_add(1, Ordering::Relaxed) + 1;
        let user = Some(User { payload: text.into_bytes(), topic: Some(String::new()) });
        Packet { user, from: BOT.to_owned(), to: Vec::new(), sequence, from_sid: "PA_bot".to_owned() }
            .encode_to_vec()
    }

    /// Acts on a request. `false` means that the client leaves.
    pub(super) async fn asked(&self, ask: Ask) -> bool {
        match ask {
            Ask::Offer(offer) => self.offered(offer).await,
            Ask::Trickle(trickle) => self.trickled(&trickle).await,
            Ask::AddTrack(track) => self.publish(track.cid).await,
            Ask::Ping(ping) => {
                self.say(Say::Pong(Pong { last: ping.timestamp, timestamp: ping.timestamp })).await
            }
            Ask::Mute(_) | Ask::SyncState(_) => {}
            Ask::Leave(_) => return false,
        }
        true
    }

    async fn publish(&self, cid: String) {
        let track = |name: &str| Some(Track { sid: format!("TR_{name}"), name: name.to_owned() });
        if self.is_odd(&Oddity::WrongIds) {
            let wrong = TrackPublished { cid: "nobody's".to_owned(), track: track("nothing") };
            self.say(Say::TrackPublished(wrong)).await;
            self.say(Say::TrackPublished(TrackPublished { cid: cid.clone(), track: None })).await;
        }
        self.say(Say::TrackPublished(TrackPublished { cid, track: track("microphone") })).await;
    }

    async fn offered(&self, offer: Description) {
        let answered = self.peer.answer(&offer.sdp).await;
        let (sdp, candidates) = answered.expect("the offer can be answered");
        let answer = |id| Say::Answer(Description { kind: "answer".to_owned(), sdp: sdp.clone(), id });
        if self.is_odd(&Oddity::OldAnswers) {
            self.say(answer(offer.id.wrapping_sub(1))).await;
            self.say(answer(offer.id + 1_000)).await;
        }
        if self.is_odd(&Oddity::LateAnswers) {
            self.trickle(&candidates).await;
            self.say(answer(offer.id)).await;
        } else {
            self.say(answer(offer.id)).await;
            self.trickle(&candidates).await;
        }
        if let Some(count) = self.oddities.iter().find_map(Oddity::sections).filter(|_| offer.id < 3) {
            self.say(Say::Sections(Sections { audios: count, videos: count })).await;
        }
    }

    async fn trickle(&self, candidates: &[String]) {
        for (at, candidate) in candidates.iter().enumerate() {
            let candidate = serde_json::json!({"candidate": candidate, "sdpMid": "0", "sdpMLineIndex": 0});
            let is_last = at + 1 == candidates.len();
            self.say(Say::Trickle(Trickle { candidate: candidate.to_string(), target: 0, is_last })).await;
        }
    }

    async fn trickled(&self, trickle: &Trickle) {
        let init: serde_json::Value = serde_json::from_str(&trickle.candidate).unwrap_or_default();
        if let Some(candidate) = init["candidate"].as_str().filter(|candidate| !candidate.is_empty()) {
            self.peer.add_candidate(candidate.to_owned()).await;
        }
    }

    /// Sends the client out of the room, or to a new socket.
    pub(super) async fn dismiss(&self, reason: i32, action: i32) {
        self.say(Say::Leave(Leave { reason, action })).await;
    }

    /// Ends its peer connection, and with it the bot's part.
    pub(super) async fn close(&self) {
        self.peer.close().await;
    }
}

/// The bot, as participants see it.
pub(super) fn bot(state: i32) -> Person {
    Person {
        sid: "PA_bot".to_owned(),
        identity: BOT.to_owned(),
        state,
        name: BOT.to_owned(),
        permission: Some(Permission { agent: true }),
        disconnect_reason: if state == DISCONNECTED { CLIENT_INITIATED } else { 0 },
    }
}

/// The client, as participants see it.
pub(super) fn user(sid: &str) -> Person {
    Person { sid: sid.to_owned(), identity: "User".to_owned(), state: ACTIVE, ..Person::default() }
}
