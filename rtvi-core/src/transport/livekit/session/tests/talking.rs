//! Messages, the microphone, and participants of an open session.

use bytes::Bytes;
use prost::Message;

use super::bench::*;
use crate::transport::{
    CloseReason, Participant, TransportCommand, TransportEvent,
    livekit::{
        session::{Action, Input},
        wire::{
            DataPacket, MuteTrack, PacketValue, ParticipantInfo, ParticipantState, RequestKind, ResponseKind,
            RoomMoved, TrackUnpublished, UserPacket,
        },
    },
};

fn packet(identity: &str, sequence: u32, text: &str) -> Input {
    let payload = Bytes::copy_from_slice(text.as_bytes());
    let packet = DataPacket {
        value: Some(PacketValue::User(UserPacket { payload, topic: None })),
        participant_identity: identity.to_owned(),
        participant_sid: format!("PA_{identity}"),
        sequence,
        ..DataPacket::default()
    };
    Input::Packet(packet.encode_to_vec().into())
}

fn sent(action: &Action) -> DataPacket {
    let Action::Packet(packet) = action else { panic!("{action:?}") };
    DataPacket::decode(packet.clone()).unwrap()
}

fn send(bench: &mut Bench, text: &str) -> Vec<Action> {
    bench.command(TransportCommand::Send(text.to_owned()))
}

#[tokio::test(start_paused = true)]
async fn messages_go_to_the_bot_alone_with_rising_numbers() {
    let mut bench = Bench::open();
    for number in 1..4 {
        let packet = sent(&send(&mut bench, "{}")[0]);
        assert_eq!((packet.sequence, packet.destination_identities), (number, vec!["bot".to_owned()]));
    }
    let largest = "x".repeat(crate::transport::livekit::MAX_OUTGOING);
    let Action::Packet(packet) = &send(&mut bench, &largest)[0] else { panic!("it is sent") };
    assert!(packet.len() <= 64_000, "{}", packet.len());
    assert_eq!(send(&mut bench, &format!("{largest}x")), []);
}

#[tokio::test(start_paused = true)]
async fn messages_wait_in_order_while_the_server_is_away_and_are_repeated() {
    let mut bench = Bench::open();
    for _ in 0..3 {
        send(&mut bench, "{}");
    }
    bench.lose_socket();
    assert_eq!(packets(&send(&mut bench, "{}")), 1, "the data channel has them");
    let actions = bench.reconnect(2);
    let numbers: Vec<u32> =
        actions.iter().filter(|one| matches!(one, Action::Packet(_))).map(|one| sent(one).sequence).collect();
    assert_eq!(numbers, [3, 4]);
    bench.give(Input::Unconfirmed(0));
    bench.lose_socket();
    assert_eq!(packets(&bench.reconnect(0)), 0, "the server had confirmed them");
}

#[tokio::test(start_paused = true)]
async fn there_is_room_for_a_number_of_messages() {
    let mut bench = Bench::open();
    let mut count = 0;
    while bench.session.takes_messages() {
        send(&mut bench, "{}");
        count += 1;
    }
    assert_eq!(count, 256);
    bench.give(Input::Unconfirmed(0));
    assert!(bench.session.takes_messages() && !bench.session.has_unconfirmed());
}

#[tokio::test(start_paused = true)]
async fn messages_of_the_bot_arrive_once_and_those_of_others_never() {
    let mut bench = Bench::open();
    bench.response(update(&[person("human")]));
    for (identity, sequence, arrives) in [
        ("bot", 1, true),
        ("bot", 1, false),
        ("human", 1, false),
        ("bot", 2, true),
        ("", 0, true),
        ("", 0, true),
    ] {
        let arrived = events(bench.give(packet(identity, sequence, "{}")));
        assert_eq!(arrived.len(), usize::from(arrives), "{identity} {sequence}");
    }
    let unreadable = events(bench.give(Input::Packet(Bytes::from_static(b"\xff\xff"))));
    assert!(matches!(&unreadable[..], [TransportEvent::Unreadable(_)]));
    assert_eq!(events(bench.give(Input::Packet(Bytes::new()))), [], "of an unknown kind");
    bench.lose_socket();
    let actions = bench.reconnect(0);
    let Action::Request(RequestKind::SyncState(state)) = &actions[0] else { panic!("{actions:?}") };
    assert_eq!(state.receive_states.iter().map(|one| one.last_seq).collect::<Vec<_>>(), [2]);
}

#[tokio::test(start_paused = true)]
async fn the_microphone_is_muted_by_the_user_and_by_the_server() {
    let mut bench = Bench::open();
    let mute = |muted| Action::Request(RequestKind::Mute(MuteTrack { sid: "TR_me".to_owned(), muted }));
    assert_eq!(bench.command(TransportCommand::MicEnabled(false)), [mute(true)]);
    assert!(!bench.session.sends_audio());
    bench.lose_socket();
    assert_eq!(bench.command(TransportCommand::MicEnabled(true)), [], "there is no socket");
    assert!(bench.reconnect(0).contains(&mute(false)), "the server learns it later");
    let by_server = ResponseKind::Mute(MuteTrack { sid: "TR_me".to_owned(), muted: true });
    assert_eq!(events(bench.response(by_server)), [TransportEvent::MicMuted(true)]);
    assert!(!bench.session.sends_audio());
    let actions = bench.command(TransportCommand::MicEnabled(true));
    assert!(actions.contains(&mute(false)));
    assert_eq!(events(actions), [TransportEvent::MicMuted(false)]);
    assert!(bench.session.sends_audio());
}

/// As when the permission to publish is revoked.
#[tokio::test(start_paused = true)]
async fn a_track_that_the_server_dropped_stays_muted() {
    let mut bench = Bench::open();
    let dropped = TrackUnpublished { track_sid: "TR_me".to_owned() };
    let actions = bench.response(ResponseKind::TrackUnpublished(dropped));
    assert_eq!(events(actions), [TransportEvent::MicMuted(true)]);
    assert_eq!(bench.command(TransportCommand::MicEnabled(true)), []);
    assert!(!bench.session.sends_audio());
}

#[tokio::test(start_paused = true)]
async fn other_participants_are_reported() {
    let mut bench = Bench::open();
    let human = Participant { id: "human".to_owned(), name: String::new(), local: false };
    let there = events(bench.response(update(&[person("human")])));
    assert_eq!(there, [TransportEvent::ParticipantConnected(human.clone())]);
    let gone = ParticipantInfo { state: ParticipantState::Disconnected.into(), ..person("human") };
    assert_eq!(events(bench.response(update(&[gone]))), [TransportEvent::ParticipantLeft(human)]);
}

#[tokio::test(start_paused = true)]
async fn a_bot_that_leaves_is_reported_and_the_connection_stays() {
    let mut bench = Bench::open();
    let gone = ParticipantInfo { state: ParticipantState::Disconnected.into(), ..bot() };
    let actions = bench.response(update(&[gone]));
    assert_eq!(end(&actions), None);
    assert!(events(actions).contains(&TransportEvent::BotLeft));
}

#[tokio::test(start_paused = true)]
async fn another_room_has_another_name_for_the_client() {
    let mut bench = Bench::open();
    let me = ParticipantInfo { sid: "PA_new".to_owned(), ..person("me") };
    let moved = RoomMoved { token: "t2".to_owned(), participant: Some(me), other_participants: vec![bot()] };
    bench.response(ResponseKind::RoomMoved(moved));
    let actions = bench.lose_socket();
    let [Action::Dial(dial)] = &actions[..] else { panic!("{actions:?}") };
    assert_eq!(dial.resumed.as_ref().unwrap().participant_sid, "PA_new");
}

#[tokio::test(start_paused = true)]
async fn the_client_ends_at_any_time() {
    let mut resuming = Bench::open();
    resuming.lose_socket();
    for mut bench in [Bench::new(), Bench::joined(&[]), Bench::open(), resuming] {
        assert_eq!(end(&bench.command(TransportCommand::Close)), Some(&CloseReason::Requested));
    }
}
