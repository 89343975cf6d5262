//! From the first dial to an open connection, and what can go wrong on the way.

use super::bench::*;
use crate::{
    error::{ErrorKind, Phase},
    transport::{
        CloseReason, Participant, TransportEvent,
        livekit::{
            join::Mode,
            session::{Action, Input, Path},
            wire::{
                DisconnectReason, JoinResponse, LeaveRequest, MediaSections, ParticipantInfo, RequestKind,
                ResponseKind, SessionDescription, SignalTarget, Trickle,
            },
        },
    },
};

fn opened(actions: Vec<Action>) -> bool {
    let bot = Participant { id: "bot".to_owned(), name: String::new(), local: false };
    events(actions).contains(&TransportEvent::Opened { bot })
}

#[tokio::test(start_paused = true)]
async fn a_connection_opens_once_everything_is_there() {
    let mut bench = Bench::joined(&[bot()]);
    assert_eq!(wanted(&bench.give(Input::Prepared)), [false]);
    let sent = bench.give(Input::Offered(OFFER.to_owned()));
    assert!(
        matches!(&sent[0], Action::Request(RequestKind::AddTrack(track)) if track.cid == "microphone-track")
    );
    assert_eq!(offers(&sent), [1]);
    bench.answer(1);
    bench.give(Input::Path(SignalTarget::Publisher, Path::Connected));
    assert!(!bench.session.is_open());
    assert!(opened(bench.give(Input::ChannelsOpen(Vec::new()))));
}

#[tokio::test(start_paused = true)]
async fn it_waits_for_the_bot_and_a_little_for_its_audio() {
    let mut bench = Bench::joined(&[person("human")]);
    bench.connect();
    bench.wait(4_000);
    let silent = ParticipantInfo { tracks: Vec::new(), ..bot() };
    bench.response(update(&[silent]));
    assert!(!bench.session.is_open());
    assert!(!opened(bench.wait(900)) && opened(bench.wait(200)));
    let mut bench = Bench::joined(&[]);
    bench.connect();
    assert!(opened(bench.response(update(&[bot()]))), "its audio is there");
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_does_not_open_says_what_it_lacks() {
    let mut dialling = Bench::new();
    dialling.actions();
    let joined = Bench::joined(&[bot()]);
    let mut alone = Bench::joined(&[]);
    alone.connect();
    for (mut bench, lack) in
        [(dialling, "does not answer"), (joined, "no network path"), (alone, "no bot is in the room")]
    {
        bench.wait(14_600);
        let actions = bench.wait(300);
        let Some(Action::End(CloseReason::OpenFailed(error))) = actions.last() else {
            panic!("{actions:?}");
        };
        assert_eq!((error.kind(), error.phase()), (ErrorKind::Timeout, Some(Phase::TransportOpen)));
        assert!(error.message().contains(lack), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn without_an_agent_somebody_who_talks_is_the_bot_after_five_seconds() {
    let mut bench = Bench::joined(&[person("human")]);
    bench.connect();
    bench.wait(4_900);
    assert!(!bench.session.is_open());
    bench.wait(200);
    assert!(bench.session.is_open());
}

#[tokio::test(start_paused = true)]
async fn an_older_server_gets_two_connections() {
    let mut bench = Bench::new();
    bench.actions();
    let actions = bench.give(refused(Some(404)));
    assert!(
        matches!(&actions[..], [Action::Dial(dial)] if dial.mode == Mode::Dual && dial.resumed.is_none())
    );
    let actions = bench.response(ResponseKind::Join(join(&[bot()])));
    assert!(matches!(&actions[0], Action::Prepare { mode: Mode::Dual, .. }));
    bench.connect();
    assert!(!bench.session.is_open(), "the server's connection is missing");
    let offer =
        SessionDescription { kind: "offer".to_owned(), id: 7, sdp: "sdp".to_owned(), ..Default::default() };
    let actions = bench.response(ResponseKind::Offer(offer));
    assert_eq!(actions, [Action::Answer { id: 7, offer: "sdp".to_owned() }]);
    let actions = bench.give(Input::Answered(7, Ok("answer".to_owned())));
    assert!(matches!(&actions[..], [Action::Request(RequestKind::Answer(answer))] if answer.id == 7));
    assert!(opened(bench.give(Input::Path(SignalTarget::Subscriber, Path::Connected))));
    let mut bench = Bench::new();
    bench.give(refused(Some(404)));
    assert!(end(&bench.give(refused(Some(404)))).is_some(), "it knows neither");
}

#[tokio::test(start_paused = true)]
async fn what_fails_before_it_is_open_fails_the_opening() {
    let leave = LeaveRequest { reason: DisconnectReason::JoinFailure.into(), action: 0 };
    for input in [
        refused(Some(401)),
        refused(None),
        Input::SocketLost("gone".to_owned()),
        Input::Response(ResponseKind::Leave(leave)),
        Input::Response(ResponseKind::Join(JoinResponse::default())),
        Input::Path(SignalTarget::Publisher, Path::Broken),
    ] {
        let mut bench = Bench::new();
        bench.actions();
        let shown = format!("{input:?}");
        let actions = bench.give(input);
        let Some(CloseReason::OpenFailed(error)) = end(&actions) else { panic!("{shown}: {actions:?}") };
        assert_eq!(error.phase(), Some(Phase::TransportOpen));
        assert!(bench.give(Input::Tick).is_empty(), "nothing follows the end");
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_may_name_another_one_as_safe_as_itself() {
    let other = |url: &str| {
        ResponseKind::Join(JoinResponse { alternative_url: url.to_owned(), ..Default::default() })
    };
    let mut bench = Bench::new();
    bench.actions();
    for _ in 0..3 {
        let actions = bench.response(other("wss://other/base"));
        assert!(matches!(&actions[..], [Action::Dial(dial)] if dial.url.as_str() == "wss://other/base"));
    }
    let actions = bench.response(other("wss://other/base"));
    assert!(
        matches!(end(&actions), Some(CloseReason::OpenFailed(error)) if error.kind() == ErrorKind::Protocol)
    );
    let actions = Bench::new().response(other("ws://other"));
    assert!(
        matches!(end(&actions), Some(CloseReason::OpenFailed(error)) if error.message().contains("encrypted"))
    );
}

#[tokio::test(start_paused = true)]
async fn one_offer_is_under_way_and_the_next_has_what_came_meanwhile() {
    let mut bench = Bench::joined(&[bot()]);
    bench.give(Input::Prepared);
    bench.give(Input::Offered(OFFER.to_owned()));
    let sections = |num_audios| ResponseKind::MediaSections(MediaSections { num_audios, num_videos: 3 });
    for _ in 0..3 {
        assert_eq!(bench.response(sections(1)), [], "an offer is under way");
    }
    assert_eq!(bench.answer(9), [], "of another offer");
    let actions = bench.answer(1);
    assert!(actions.iter().any(|action| matches!(action, Action::Offer(wanted) if wanted.sections == 3)));
    assert_eq!(offers(&bench.give(Input::Offered(OFFER.to_owned()))), [2]);
    bench.response(sections(1_000));
    let actions = bench.answer(2);
    assert!(actions.iter().any(|action| matches!(action, Action::Offer(wanted) if wanted.sections == 5)));
}

#[tokio::test(start_paused = true)]
async fn storms_of_the_server_have_an_end() {
    let mut bench = Bench::joined(&[bot()]);
    bench.give(Input::Prepared);
    let sections = MediaSections { num_audios: 1, num_videos: 0 };
    let mut last = Vec::new();
    for id in 1..100 {
        bench.give(Input::Offered(OFFER.to_owned()));
        bench.response(ResponseKind::MediaSections(sections.clone()));
        last = bench.answer(id);
        if end(&last).is_some() {
            break;
        }
    }
    assert!(matches!(end(&last), Some(CloseReason::OpenFailed(error)) if error.message().contains("offers")));
    let mut bench = Bench::joined(&[bot()]);
    let trickle = |candidate_init: &str| {
        ResponseKind::Trickle(Trickle { candidate_init: candidate_init.to_owned(), ..Default::default() })
    };
    let mut taken = 0;
    for _ in 0..1_000 {
        taken += bench.response(trickle(r#"{"candidate":"candidate:1"}"#)).len();
    }
    assert_eq!(taken, 256);
    for odd in ["", "{", "7", r#"{"candidate":7}"#, r#"{"candidate":""}"#] {
        assert_eq!(bench.response(trickle(odd)), [], "{odd}");
    }
}
