//! Whole sessions over WebSocket and a simulated network: delays, blackouts, resets and calls of
//! the app in random order, in virtual time. The WebSocket, the client and a bot at the other end
//! are real; only TCP is simulated.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod app;
mod bot;
mod model;
mod stream;

use std::time::Duration;

use proptest::{collection, prelude::*};

use app::{App, Call};
use model::{Break, Network, Weather};

/// The number of random sequences.
const STORIES: u32 = 200;

/// A step of a sequence.
#[derive(Clone, Copy, Debug)]
enum Step {
    Call(Call),
    /// The app gives up its latest call.
    GiveUp,
    Weather(Weather),
    Break(Break),
    Wait(Duration),
}

fn step() -> impl Strategy<Value = Step> {
    let call = prop_oneof![
        4 => Just(Call::Connect),
        1 => Just(Call::Disconnect),
        4 => Just(Call::Request),
        1 => Just(Call::NetworkChanged),
    ];
    let weather = prop_oneof![
        4 => Just(Weather::Fair),
        1 => Just(Weather::Dark),
        1 => Just(Weather::Refusing),
        1 => Just(Weather::Swallowing),
    ];
    let broken = prop::sample::select(vec![Break::Reset, Break::Cut, Break::HalfOpen]);
    prop_oneof![
        5 => call.prop_map(Step::Call),
        1 => Just(Step::GiveUp),
        3 => weather.prop_map(Step::Weather),
        2 => broken.prop_map(Step::Break),
        5 => (0..6_000_u64).prop_map(|millis| Step::Wait(Duration::from_millis(millis))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: STORIES, failure_persistence: None, ..ProptestConfig::default() })]

    /// Every call ends in time, the last event of a session is `disconnected`, and the client can
    /// hold a session afterwards.
    #[test]
    fn a_network_of_any_kind_leaves_nothing_open(seed: u64, steps in collection::vec(step(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        runtime.unwrap().block_on(tell(seed, steps));
    }
}

/// Checks the model: each way to break a connection is noticed, and the session is restored.
#[tokio::test(start_paused = true)]
async fn broken_connections_are_restored() {
    for way in [Break::Reset, Break::Cut, Break::HalfOpen] {
        let network = Network::new(1);
        let mut app = App::new(&network);
        app.make(Call::Connect);
        app.all_calls_end().await;
        network.break_connections(way);
        app.is_restored().await;
    }
}

/// The same with a blackout that lasts longer than a server may be silent.
#[tokio::test(start_paused = true)]
async fn a_dark_network_is_noticed_and_outlived() {
    let network = Network::new(1);
    let mut app = App::new(&network);
    app.make(Call::Connect);
    app.all_calls_end().await;
    network.set(Weather::Dark);
    tokio::time::sleep(Duration::from_secs(6)).await;
    network.set(Weather::Fair);
    app.is_restored().await;
}

async fn tell(seed: u64, steps: Vec<Step>) {
    let network = Network::new(seed);
    let mut app = App::new(&network);
    for step in steps {
        match step {
            Step::Call(call) => app.make(call),
            Step::GiveUp => app.give_up(),
            Step::Weather(weather) => network.set(weather),
            Step::Break(way) => network.break_connections(way),
            Step::Wait(time) => tokio::time::sleep(time).await,
        }
    }
    app.all_calls_end().await;
    network.set(Weather::Fair);
    app.session_ends().await;
    app.is_usable().await;
}
