//! What holds whatever the server does, in any order.

use proptest::prelude::*;

use super::bench::*;
use crate::transport::{
    TransportCommand,
    livekit::{
        session::{Action, Input, Path},
        wire::{
            LeaveRequest, MediaSections, MuteTrack, ParticipantInfo, ParticipantState, RequestKind,
            ResponseKind, SessionDescription, SignalTarget,
        },
    },
};

/// Something that can happen at any time.
#[derive(Clone, Debug)]
enum Step {
    Join,
    Reconnect(u32),
    Answer(u32),
    Offer,
    Sections(u32),
    Update(bool),
    Leave(i32, i32),
    Mute(bool),
    Token,
    Garbage(Vec<u8>),
    Refused(Option<u16>),
    SocketLost,
    Prepared,
    Offered,
    Accepted,
    Answered,
    Path(bool, Path),
    ChannelsOpen,
    Send,
    Unconfirmed(usize),
    MicEnabled(bool),
    NetworkChanged,
    Wait(u64),
    /// The peer connection executes its actions, and the server answers.
    Cooperate,
}

fn step() -> impl Strategy<Value = Step> {
    let path = prop::sample::select(&[Path::Connected, Path::Broken, Path::Closed][..]);
    prop_oneof![
        3 => Just(Step::Join),
        3 => (0..5u32).prop_map(Step::Reconnect),
        3 => (0..6u32).prop_map(Step::Answer),
        1 => Just(Step::Offer),
        3 => (0..4u32).prop_map(Step::Sections),
        2 => any::<bool>().prop_map(Step::Update),
        1 => (0..4i32, 0..16i32).prop_map(|(action, reason)| Step::Leave(action, reason)),
        1 => any::<bool>().prop_map(Step::Mute),
        1 => Just(Step::Token),
        1 => prop::collection::vec(any::<u8>(), 0..40).prop_map(Step::Garbage),
        1 => prop::sample::select(&[None, Some(404), Some(503)][..]).prop_map(Step::Refused),
        2 => Just(Step::SocketLost),
        3 => Just(Step::Prepared),
        3 => Just(Step::Offered),
        3 => Just(Step::Accepted),
        1 => Just(Step::Answered),
        3 => (any::<bool>(), path).prop_map(|(publisher, path)| Step::Path(publisher, path)),
        3 => Just(Step::ChannelsOpen),
        2 => Just(Step::Send),
        1 => (0..200usize).prop_map(Step::Unconfirmed),
        1 => any::<bool>().prop_map(Step::MicEnabled),
        1 => Just(Step::NetworkChanged),
        3 => (0..8_000u64).prop_map(Step::Wait),
        12 => Just(Step::Cooperate),
    ]
}

/// A session, and what was seen of it.
struct Watch {
    bench: Bench,
    joined: bool,
    /// Whether requests may be sent.
    up: bool,
    /// Offers that the peer connection should make.
    to_make: u32,
    /// The offer that the server has not answered.
    in_flight: Option<u32>,
    /// Whether the peer connection should apply an answer.
    to_accept: bool,
    last_offer: u32,
    ended: bool,
}

impl Watch {
    fn new() -> Self {
        let mut watch = Self {
            bench: Bench::new(),
            joined: false,
            up: false,
            to_make: 0,
            in_flight: None,
            to_accept: false,
            last_offer: 0,
            ended: false,
        };
        let actions = watch.bench.actions();
        watch.look(actions);
        watch
    }

    fn look(&mut self, actions: Vec<Action>) {
        for action in actions {
            assert!(!self.ended, "{action:?} follows the end");
            match action {
                Action::Dial(dial) => {
                    assert_eq!(dial.resumed.is_some(), self.joined, "a session joins once");
                    self.up = false;
                    self.in_flight = None;
                    self.to_make = 0;
                }
                Action::Request(request) => {
                    assert!(self.up, "{request:?} without a socket");
                    self.look_at_request(&request);
                }
                Action::Offer(_) => {
                    assert!(self.to_make == 0 && self.in_flight.is_none() && !self.to_accept, "two offers");
                    self.to_make += 1;
                }
                Action::Accept(_) => self.to_accept = true,
                Action::End(_) => self.ended = true,
                _ => {}
            }
        }
    }

    fn look_at_request(&mut self, request: &RequestKind) {
        if let RequestKind::Offer(offer) = request {
            assert!(self.in_flight.is_none(), "two offers");
            assert!(offer.id > self.last_offer, "{} after {}", offer.id, self.last_offer);
            (self.last_offer, self.in_flight) = (offer.id, Some(offer.id));
        }
    }

    fn give(&mut self, input: Input) {
        let answered = match &input {
            Input::Response(ResponseKind::Answer(answer)) => Some(answer.id),
            _ => None,
        };
        if matches!(&input, Input::Response(ResponseKind::Join(_) | ResponseKind::Reconnect(_))) {
            let joins = matches!(&input, Input::Response(ResponseKind::Join(_)));
            if joins != self.joined {
                (self.joined, self.up) = (true, true);
            }
        }
        match &input {
            Input::Accepted(_) => self.to_accept = false,
            Input::Offered(_) => self.to_make = 0,
            _ => {}
        }
        if answered.is_some_and(|id| id == 0 || Some(id) == self.in_flight) {
            self.in_flight = None;
        }
        let actions = self.bench.give(input);
        self.look(actions);
    }

    /// Does what the session waits for.
    fn cooperate(&mut self) {
        if !self.joined {
            self.give(Input::Response(ResponseKind::Join(join(&[bot()]))));
            self.give(Input::Prepared);
        } else if !self.up {
            self.give(reconnect(0));
        } else if self.to_make > 0 {
            self.give(Input::Offered(OFFER.to_owned()));
        } else if self.to_accept {
            self.give(Input::Accepted(Ok(())));
        } else if let Some(id) = self.in_flight {
            self.give(answer(id));
        } else {
            self.give(Input::Path(SignalTarget::Publisher, Path::Connected));
            self.give(Input::ChannelsOpen(Vec::new()));
        }
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Join => self.give(Input::Response(ResponseKind::Join(join(&[bot()])))),
            Step::Reconnect(last) => self.give(reconnect(last)),
            Step::Answer(id) => self.give(answer(id)),
            Step::Offer => self.give(Input::Response(ResponseKind::Offer(SessionDescription::default()))),
            Step::Sections(num_audios) => {
                let sections = MediaSections { num_audios, num_videos: 0 };
                self.give(Input::Response(ResponseKind::MediaSections(sections)));
            }
            Step::Update(there) => self.give(Input::Response(update(&[bot_is(there)]))),
            Step::Leave(action, reason) => {
                self.give(Input::Response(ResponseKind::Leave(LeaveRequest { reason, action })));
            }
            Step::Mute(muted) => {
                let mute = MuteTrack { sid: "TR_me".to_owned(), muted };
                self.give(Input::Response(ResponseKind::Mute(mute)));
            }
            Step::Token => self.give(Input::Response(ResponseKind::RefreshToken("t".to_owned()))),
            Step::Garbage(bytes) => self.give(Input::Packet(bytes.into())),
            Step::Refused(status) => self.give(refused(status)),
            Step::SocketLost => self.give(Input::SocketLost("gone".to_owned())),
            Step::Prepared => self.give(Input::Prepared),
            Step::Offered => self.give(Input::Offered(OFFER.to_owned())),
            Step::Accepted => self.give(Input::Accepted(Ok(()))),
            Step::Answered => self.give(Input::Answered(1, Ok(String::new()))),
            Step::Path(publisher, path) => {
                let target = if publisher { SignalTarget::Publisher } else { SignalTarget::Subscriber };
                self.give(Input::Path(target, path));
            }
            Step::ChannelsOpen => self.give(Input::ChannelsOpen(Vec::new())),
            Step::Send => self.give(Input::Command(TransportCommand::Send("{}".to_owned()))),
            Step::Unconfirmed(bytes) => self.give(Input::Unconfirmed(bytes)),
            Step::MicEnabled(on) => self.give(Input::Command(TransportCommand::MicEnabled(on))),
            Step::NetworkChanged => self.give(Input::Command(TransportCommand::NetworkChanged)),
            Step::Wait(millis) => self.wait(millis),
            Step::Cooperate => self.cooperate(),
        }
    }

    fn wait(&mut self, millis: u64) {
        let actions = self.bench.wait(millis);
        self.look(actions);
    }
}

fn answer(id: u32) -> Input {
    Input::Response(ResponseKind::Answer(SessionDescription { id, ..SessionDescription::default() }))
}

fn reconnect(last_message_seq: u32) -> Input {
    use crate::transport::livekit::wire::ReconnectResponse;
    Input::Response(ResponseKind::Reconnect(ReconnectResponse { last_message_seq, ..Default::default() }))
}

fn bot_is(there: bool) -> ParticipantInfo {
    let state = if there { ParticipantState::Active } else { ParticipantState::Disconnected };
    ParticipantInfo { state: state.into(), ..bot() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// There are never two offers under way, their numbers rise, a session joins once, nothing is sent
    /// without a socket, and nothing follows the end. A session whose server is gone ends in time.
    #[test]
    fn whatever_the_server_does(steps in prop::collection::vec(step(), 0..80)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let mut watch = Watch::new();
            for step in steps {
                watch.step(step);
            }
            let joined = watch.joined;
            for _ in 0..20 {
                watch.give(refused(None));
                watch.give(Input::SocketLost("gone".to_owned()));
                watch.wait(1_000);
            }
            prop_assert!(watch.ended, "it goes on without a server; joined: {joined}");
            Ok(())
        })?;
    }

    /// A server that does what it should gets an open connection.
    #[test]
    fn a_server_that_cooperates_is_connected(lost in prop::collection::vec(0..12usize, 0..4)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let mut watch = Watch::new();
            for turn in 0..40 {
                watch.cooperate();
                if watch.joined && lost.contains(&turn) {
                    watch.give(Input::SocketLost("gone".to_owned()));
                }
            }
            prop_assert!(watch.bench.session.is_open() && !watch.ended && watch.up);
            prop_assert!(watch.in_flight.is_none() && watch.to_make == 0);
            Ok(())
        })?;
    }
}
