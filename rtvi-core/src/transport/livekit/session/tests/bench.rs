//! A session, and a server that answers it.

use std::time::Duration;

use tokio::time::Instant;
use url::Url;

use crate::{
    error::{Error, ErrorKind},
    transport::{
        CloseReason, TransportCommand, TransportEvent,
        livekit::{
            join::Token,
            session::{Action, Input, Path, Session, Settings},
            wire::{
                ChannelInfo, JoinResponse, ParticipantInfo, ParticipantState, ParticipantUpdate, Permission,
                ReconnectResponse, RequestKind, ResponseKind, SessionDescription, SignalTarget, TrackInfo,
                TrackPublished,
            },
        },
    },
};

pub(super) const STALL: Duration = Duration::from_millis(5_750);
pub(super) const OPEN: Duration = Duration::from_secs(15);
pub(super) const RESUME: Duration = Duration::from_secs(15);
pub(super) const OFFER: &str = "v=0\r\nm=audio 9 X 111\r\na=msid:microphone-stream microphone-track\r\n";

pub(super) struct Bench {
    pub(super) session: Session,
    pub(super) now: Instant,
}

impl Bench {
    pub(super) fn new() -> Self {
        let settings = Settings {
            url: Url::parse("wss://h").unwrap(),
            token: Token::new("token").unwrap(),
            bot_identity: None,
            mic_enabled: true,
            open_timeout: OPEN,
            stall_timeout: STALL,
            resume_timeout: RESUME,
        };
        let now = Instant::now();
        Self { session: Session::new(settings, now), now }
    }

    /// A session in a room with a bot, open for messages.
    pub(super) fn open() -> Self {
        let mut bench = Self::joined(&[bot()]);
        bench.connect();
        assert!(bench.session.is_open());
        bench
    }

    /// A session in a room with these participants.
    pub(super) fn joined(others: &[ParticipantInfo]) -> Self {
        let mut bench = Self::new();
        bench.actions();
        bench.response(ResponseKind::Join(join(others)));
        bench
    }

    /// Everything connects, at once.
    pub(super) fn connect(&mut self) {
        self.give(Input::Prepared);
        self.give(Input::Offered(OFFER.to_owned()));
        self.answer(1);
        self.give(Input::Path(SignalTarget::Publisher, Path::Connected));
        self.give(Input::ChannelsOpen(vec![ChannelInfo::default()]));
        self.publish();
    }

    /// The server knows the microphone's track.
    pub(super) fn publish(&mut self) -> Vec<Action> {
        let track = TrackInfo { sid: "TR_me".to_owned(), ..TrackInfo::default() };
        let published = TrackPublished { cid: "microphone-track".to_owned(), track: Some(track) };
        self.response(ResponseKind::TrackPublished(published))
    }

    /// The server answers an offer, and the answer is applied.
    pub(super) fn answer(&mut self, id: u32) -> Vec<Action> {
        let answer = SessionDescription { kind: "answer".to_owned(), id, ..Default::default() };
        let mut actions = self.response(ResponseKind::Answer(answer));
        if actions.iter().any(|action| matches!(action, Action::Accept(_))) {
            actions.extend(self.give(Input::Accepted(Ok(()))));
        }
        actions
    }

    pub(super) fn give(&mut self, input: Input) -> Vec<Action> {
        self.session.handle(self.now, input);
        self.actions()
    }

    pub(super) fn response(&mut self, response: ResponseKind) -> Vec<Action> {
        self.give(Input::Response(response))
    }

    pub(super) fn command(&mut self, command: TransportCommand) -> Vec<Action> {
        self.give(Input::Command(command))
    }

    pub(super) fn actions(&mut self) -> Vec<Action> {
        std::iter::from_fn(|| self.session.poll_action()).collect()
    }

    /// Time passes, in turns.
    pub(super) fn wait(&mut self, millis: u64) -> Vec<Action> {
        let mut actions = Vec::new();
        for _ in 0..millis.div_ceil(50) {
            self.now += Duration::from_millis(50);
            actions.extend(self.give(Input::Tick));
        }
        actions
    }

    pub(super) fn lose_socket(&mut self) -> Vec<Action> {
        self.give(Input::SocketLost("the socket broke".to_owned()))
    }

    pub(super) fn reconnect(&mut self, last_message_seq: u32) -> Vec<Action> {
        self.response(ResponseKind::Reconnect(ReconnectResponse { last_message_seq, ..Default::default() }))
    }
}

pub(super) fn refused(status: Option<u16>) -> Input {
    let error = Error::new(ErrorKind::ConnectionFailed, "the server refused");
    Input::Refused(match status {
        Some(status) => error.with_status(status),
        None => error,
    })
}

pub(super) fn join(others: &[ParticipantInfo]) -> JoinResponse {
    JoinResponse {
        participant: Some(person("me")),
        other_participants: others.to_vec(),
        ping_interval: 5,
        ping_timeout: 15,
        ..JoinResponse::default()
    }
}

pub(super) fn person(name: &str) -> ParticipantInfo {
    let track = TrackInfo { sid: format!("TR_{name}"), ..TrackInfo::default() };
    ParticipantInfo {
        sid: format!("PA_{name}"),
        identity: name.to_owned(),
        state: ParticipantState::Active.into(),
        tracks: vec![track],
        ..ParticipantInfo::default()
    }
}

pub(super) fn bot() -> ParticipantInfo {
    let permission = Some(Permission { agent: true, ..Permission::default() });
    ParticipantInfo { permission, ..person("bot") }
}

pub(super) fn update(participants: &[ParticipantInfo]) -> ResponseKind {
    ResponseKind::Update(ParticipantUpdate { participants: participants.to_vec() })
}

pub(super) fn dials(actions: &[Action]) -> usize {
    actions.iter().filter(|action| matches!(action, Action::Dial(_))).count()
}

/// The offers of the peer connection that are wanted: whether each restarts ICE.
pub(super) fn wanted(actions: &[Action]) -> Vec<bool> {
    let restart = |action: &Action| match action {
        Action::Offer(wanted) => Some(wanted.restart),
        _ => None,
    };
    actions.iter().filter_map(restart).collect()
}

/// The numbers of the offers that are sent.
pub(super) fn offers(actions: &[Action]) -> Vec<u32> {
    let id = |action: &Action| match action {
        Action::Request(RequestKind::Offer(offer)) => Some(offer.id),
        _ => None,
    };
    actions.iter().filter_map(id).collect()
}

pub(super) fn packets(actions: &[Action]) -> usize {
    actions.iter().filter(|action| matches!(action, Action::Packet(_))).count()
}

pub(super) fn end(actions: &[Action]) -> Option<&CloseReason> {
    actions.iter().find_map(|action| match action {
        Action::End(reason) => Some(reason),
        _ => None,
    })
}

pub(super) fn events(actions: Vec<Action>) -> Vec<TransportEvent> {
    let event = |action| match action {
        Action::Report(event) => Some(event),
        _ => None,
    };
    actions.into_iter().filter_map(event).collect()
}
