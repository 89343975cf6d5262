//! A scripted LiveKit server: one room for each client, with a demo bot in it. It can give answers
//! that no real server gives.
//!
//! Knows signalling with one peer connection (`/rtc/v1`). Carries no audio.

mod bot;
mod participant;
mod peer;
mod wire;

use std::{
    collections::HashMap,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
};

use base64::{Engine, prelude::BASE64_URL_SAFE};
use futures_util::{SinkExt, StreamExt};
use prost::Message as _;
use rtvi_core::ConnectParams;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::mpsc,
};
use tokio_tungstenite::{
    accept_hdr_async,
    tungstenite::{
        Message,
        handshake::server::{ErrorResponse, Request as Handshake, Response as Accepted},
        http::{StatusCode, header},
    },
};

use participant::{Outgoing, Participant};
use wire::{Join, JoinRequest, Request, Say, Wrapped};

/// Messages on their way to a client; the sender waits while there are more.
const QUEUE: usize = 64;

/// The seconds between pings, and until the server counts as silent.
const PING: (i32, i32) = (5, 15);

/// `ParticipantInfo.state`: the media can flow.
const ACTIVE: i32 = 2;

/// Something that no real server does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Oddity {
    /// The answer to an offer comes after the candidates.
    LateAnswers,
    /// Before each answer come two with other numbers than the offer's.
    OldAnswers,
    /// After each message comes one that LiveKit does not have.
    UnknownMessages,
    /// After the join come these bytes.
    Bytes(Vec<u8>),
    /// The join names no participant.
    NoParticipant,
    /// Nobody else is in the room.
    NoBot,
    /// After each of the first answers, the client needs so many more sections of each kind.
    Sections(u32),
    /// A track that the client does not have is published, and one without a name.
    WrongIds,
    /// Every socket is refused with this status, and the token in the body.
    Refuses(u16),
}

impl Oddity {
    const fn sections(&self) -> Option<u32> {
        match self {
            Self::Sections(count) => Some(*count),
            _ => None,
        }
    }
}

/// A request for a signalling socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The path with the query.
    pub path: String,
    /// The header with the token.
    pub authorization: String,
    /// Whether the client takes up its session again.
    pub is_resume: bool,
}

impl Attempt {
    fn token(&self) -> &str {
        self.authorization.trim_start_matches("Bearer ")
    }
}

/// A running server; it ends with its runtime.
#[derive(Clone)]
pub struct RoomServer {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    bot_url: String,
    oddities: Vec<Oddity>,
    participants: Mutex<HashMap<String, Arc<Participant>>>,
    attempts: Mutex<Vec<Attempt>>,
}

impl std::fmt::Debug for RoomServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RoomServer").field("address", &self.address).finish_non_exhaustive()
    }
}

impl RoomServer {
    /// Starts a server whose bots are at this WebSocket URL.
    ///
    /// # Panics
    /// If there is no free port.
    pub async fn start(bot_url: impl Into<String>, oddities: impl Into<Vec<Oddity>>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("there is a free port");
        let address = listener.local_addr().expect("it is bound");
        let shared = Shared {
            bot_url: bot_url.into(),
            oddities: oddities.into(),
            participants: Mutex::default(),
            attempts: Mutex::default(),
        };
        let server = Self { address, shared: Arc::new(shared) };
        let running = server.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(running.clone().serve(client));
            }
        });
        server
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The parameters for clients, with this token.
    pub fn params(&self, token: &str) -> ConnectParams {
        ConnectParams::default().with("url", format!("ws://{}", self.address)).with("token", token)
    }

    /// All requests for signalling sockets so far.
    ///
    /// # Panics
    /// Never.
    pub fn attempts(&self) -> Vec<Attempt> {
        self.shared.attempts.lock().expect("no holder panics").clone()
    }

    /// Sends every client a `leave` with this reason and action.
    pub async fn dismiss(&self, reason: i32, action: i32) {
        for participant in self.participants() {
            participant.dismiss(reason, action).await;
        }
    }

    /// Sends every client these bytes on its signalling socket.
    pub async fn write(&self, bytes: &[u8]) {
        for participant in self.participants() {
            participant.write(bytes.to_vec()).await;
        }
    }

    fn participants(&self) -> Vec<Arc<Participant>> {
        self.shared.participants.lock().expect("no holder panics").values().cloned().collect()
    }

    #[expect(clippy::result_large_err, reason = "the type is the library's")]
    async fn serve(self, client: TcpStream) {
        let mut asked = None;
        let accepted = accept_hdr_async(client, |request: &Handshake, response| {
            let (attempt, join) = read(request);
            self.shared.attempts.lock().expect("no holder panics").push(attempt.clone());
            self.judge(&attempt, response).inspect(|_| asked = join.map(|join| (join, attempt)))
        });
        let Ok(socket) = accepted.await else { return };
        let Some((join, attempt)) = asked else { return };
        let (mut sink, mut stream) = socket.split();
        let (outgoing, mut queue) = mpsc::channel::<Vec<u8>>(QUEUE);
        let writing = tokio::spawn(async move {
            while let Some(bytes) = queue.recv().await {
                if sink.send(Message::Binary(bytes.into())).await.is_err() {
                    return;
                }
            }
            // The client may have closed first.
            let _ = sink.close().await;
        });
        let participant = self.enter(&join, attempt.token(), outgoing).await;
        while let Some(Ok(message)) = stream.next().await {
            let Message::Binary(bytes) = message else { continue };
            let Ok(Request { ask: Some(ask) }) = Request::decode(bytes) else { continue };
            if !participant.asked(ask).await {
                participant.close().await;
                self.shared.participants.lock().expect("no holder panics").remove(&participant.sid);
                break;
            }
        }
        writing.abort();
    }

    #[expect(clippy::result_large_err, reason = "the type is the library's")]
    fn judge(&self, attempt: &Attempt, response: Accepted) -> Result<Accepted, ErrorResponse> {
        let refused = self.shared.oddities.iter().find_map(|oddity| match oddity {
            Oddity::Refuses(status) => Some(*status),
            _ => None,
        });
        let status = match refused {
            Some(status) => status,
            None if attempt.path.starts_with("/rtc/v1?") => return Ok(response),
            None => 404,
        };
        let text = format!("invalid token: {}, error: token is expired\n", attempt.token());
        let mut answer = ErrorResponse::new(Some(text));
        *answer.status_mut() = StatusCode::from_u16(status).expect("it is a status");
        Err(answer)
    }

    /// The participant of a join or a resume, attached to its socket.
    async fn enter(&self, join: &JoinRequest, token: &str, outgoing: Outgoing) -> Arc<Participant> {
        let known =
            self.shared.participants.lock().expect("no holder panics").get(&join.participant_sid).cloned();
        if let Some(participant) = known.filter(|_| join.reconnect) {
            participant.attach(outgoing);
            participant.resumed().await;
            return participant;
        }
        let sid = format!("PA_{}", fastrand::u32(..));
        let (participant, packets) = Participant::new(sid.clone(), self.shared.oddities.clone()).await;
        let participant = Arc::new(participant);
        participant.attach(outgoing);
        self.shared.participants.lock().expect("no holder panics").insert(sid, Arc::clone(&participant));
        self.greet(&participant, token).await;
        if !self.has_bot() {
            return participant;
        }
        let (talking, bot_url) = (Arc::clone(&participant), self.shared.bot_url.clone());
        tokio::spawn(async move { talking.converse(&bot_url, packets).await });
        participant
    }

    fn has_bot(&self) -> bool {
        !self.shared.oddities.contains(&Oddity::NoBot)
    }

    async fn greet(&self, participant: &Participant, token: &str) {
        let is_nobody = self.shared.oddities.contains(&Oddity::NoParticipant);
        participant
            .say(Say::Join(Join {
                participant: (!is_nobody).then(|| participant::user(&participant.sid)),
                others: if self.has_bot() { vec![participant::bot(ACTIVE)] } else { Vec::new() },
                ping_timeout: PING.1,
                ping_interval: PING.0,
            }))
            .await;
        participant.say(Say::RefreshToken(format!("{token}-refreshed"))).await;
        for oddity in &self.shared.oddities {
            if let Oddity::Bytes(bytes) = oddity {
                participant.write(bytes.clone()).await;
            }
        }
    }
}

/// A handshake, and the join request in its URL.
fn read(request: &Handshake) -> (Attempt, Option<JoinRequest>) {
    let path = request.uri().to_string();
    let value = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let join = path.split_once("join_request=").and_then(|(_, text)| {
        let text = text.split('&').next()?.replace("%3D", "=");
        let wrapped = Wrapped::decode(&BASE64_URL_SAFE.decode(text).ok()?[..]).ok()?;
        JoinRequest::decode(&wrapped.join[..]).ok()
    });
    let is_resume = join.as_ref().is_some_and(|join| join.reconnect);
    (Attempt { path, authorization: value.unwrap_or_default().to_owned(), is_resume }, join)
}
