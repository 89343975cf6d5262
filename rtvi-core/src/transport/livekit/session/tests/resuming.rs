//! Sessions that lose their socket or their network path.

use std::time::Duration;

use super::bench::*;
use crate::transport::{
    CloseReason, TransportCommand,
    livekit::{
        join::Token,
        session::{Action, Input, Path},
        wire::{LeaveAction, LeaveRequest, RequestKind, ResponseKind, SignalTarget},
    },
};

#[tokio::test(start_paused = true)]
async fn a_lost_socket_is_replaced_and_the_path_stays() {
    let mut bench = Bench::open();
    bench.response(ResponseKind::RefreshToken("newer".to_owned()));
    let actions = bench.lose_socket();
    let [Action::Dial(dial)] = &actions[..] else { panic!("{actions:?}") };
    assert_eq!(dial.resumed.as_ref().unwrap().participant_sid, "PA_me");
    assert_eq!(dial.token, Token::new("newer").unwrap());
    let actions = bench.reconnect(0);
    let Action::Request(RequestKind::SyncState(state)) = &actions[0] else { panic!("{actions:?}") };
    assert_eq!((state.publish_tracks.len(), state.data_channels.len()), (1, 1));
    assert_eq!((state.offer.as_ref().unwrap().id, state.answer.as_ref().unwrap().id), (1, 1));
    assert_eq!(wanted(&actions), [false; 0], "the path works");
}

#[tokio::test(start_paused = true)]
async fn attempts_go_on_until_the_server_is_there() {
    let mut bench = Bench::open();
    assert_eq!(dials(&bench.lose_socket()), 1);
    bench.give(refused(None));
    assert_eq!(dials(&bench.wait(150)), 0);
    assert_eq!(dials(&bench.wait(100)), 1, "after a pause");
    assert_eq!(dials(&bench.wait(2_900)), 0);
    assert_eq!(dials(&bench.wait(200)), 1, "an attempt that takes too long is given up");
    bench.give(refused(Some(503)));
    assert_eq!(dials(&bench.wait(1_000)), 1);
    bench.reconnect(0);
    assert_eq!(dials(&bench.wait(4_000)), 0);
    assert!(bench.session.is_open());
}

#[tokio::test(start_paused = true)]
async fn a_session_that_can_not_be_resumed_is_lost_after_its_time() {
    let mut bench = Bench::open();
    bench.lose_socket();
    bench.give(refused(None));
    let actions = bench.wait(14_900);
    assert!(end(&actions).is_none());
    let actions = bench.wait(200);
    let Some(CloseReason::Lost(error)) = end(&actions) else { panic!("{actions:?}") };
    assert!(error.message().starts_with("the session could not be resumed within 15 s: "), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_no_longer_knows_the_session_ends_it_at_once() {
    for status in [401, 403, 404, 410] {
        let mut bench = Bench::open();
        bench.lose_socket();
        assert!(matches!(end(&bench.give(refused(Some(status)))), Some(CloseReason::Lost(_))), "{status}");
    }
    let mut bench = Bench::open();
    bench.lose_socket();
    let leave = LeaveRequest { reason: 6, action: LeaveAction::Reconnect.into() };
    assert!(matches!(end(&bench.response(ResponseKind::Leave(leave))), Some(CloseReason::Lost(_))));
}

#[tokio::test(start_paused = true)]
async fn a_lost_path_is_replaced_after_the_socket() {
    let mut bench = Bench::open();
    let broken = Input::Path(SignalTarget::Publisher, Path::Broken);
    assert_eq!(dials(&bench.give(broken)), 1);
    assert_eq!(wanted(&bench.reconnect(0)), [true]);
    assert_eq!(offers(&bench.give(Input::Offered(OFFER.to_owned()))), [2]);
    bench.answer(2);
    bench.give(Input::Path(SignalTarget::Publisher, Path::Connected));
    for _ in 0..20 {
        bench.give(Input::Heard);
        assert_eq!(dials(&bench.wait(2_000)), 0, "all is well");
    }
}

#[tokio::test(start_paused = true)]
async fn a_network_change_renews_both_though_they_seem_to_work() {
    let mut bench = Bench::open();
    assert_eq!(dials(&bench.command(TransportCommand::NetworkChanged)), 1);
    assert_eq!(dials(&bench.command(TransportCommand::NetworkChanged)), 1, "another one");
    assert_eq!(wanted(&bench.reconnect(0)), [true]);
    let mut bench = Bench::new();
    bench.actions();
    let actions = bench.command(TransportCommand::NetworkChanged);
    assert!(matches!(&actions[..], [Action::Dial(dial)] if dial.resumed.is_none()), "still joining");
}

#[tokio::test(start_paused = true)]
async fn an_offer_without_an_answer_is_made_again() {
    let mut bench = Bench::joined(&[bot()]);
    bench.give(Input::Prepared);
    bench.give(Input::Offered(OFFER.to_owned()));
    bench.lose_socket();
    assert_eq!(wanted(&bench.reconnect(0)), [false]);
    assert_eq!(offers(&bench.give(Input::Offered(OFFER.to_owned()))), [2]);
    assert_eq!(dials(&bench.wait(4_900)), 0);
    assert_eq!(dials(&bench.wait(200)), 1, "the server does not answer");
}

#[tokio::test(start_paused = true)]
async fn a_silent_server_is_pinged_and_then_dialled() {
    let mut bench = Bench::open();
    let actions = bench.wait(5_000);
    let pings = actions.iter().filter(|action| matches!(action, Action::Request(RequestKind::Ping(_))));
    assert!(pings.count() >= 1);
    assert_eq!(dials(&actions), 0);
    assert_eq!(dials(&bench.wait(1_000)), 1);
    let mut bench = Bench::open();
    for _ in 0..20 {
        assert_eq!(dials(&bench.wait(4_000)), 0, "anything shows that it lives");
        bench.give(Input::Heard);
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_may_ask_for_a_new_socket_but_not_for_ever() {
    let mut bench = Bench::open();
    let leave = || ResponseKind::Leave(LeaveRequest { reason: 0, action: LeaveAction::Resume.into() });
    let mut resumed = 0;
    let last = loop {
        let actions = bench.response(leave());
        if dials(&actions) == 0 {
            break actions;
        }
        bench.reconnect(0);
        resumed += 1;
    };
    assert_eq!(resumed, 20);
    assert!(matches!(end(&last), Some(CloseReason::Lost(_))));
}

#[tokio::test(start_paused = true)]
async fn a_closed_connection_waits_for_its_reason() {
    let closed = || Input::Path(SignalTarget::Publisher, Path::Closed);
    let mut bench = Bench::open();
    assert_eq!(bench.give(closed()), []);
    let leave = LeaveRequest { reason: 4, action: 0 };
    let actions = bench.response(ResponseKind::Leave(leave));
    assert!(matches!(end(&actions), Some(CloseReason::BotLeft { .. })), "removed");
    let mut bench = Bench::open();
    bench.give(closed());
    let begin = bench.now;
    while end(&bench.wait(50)).is_none() {}
    assert_eq!(bench.now - begin, Duration::from_millis(500));
}
