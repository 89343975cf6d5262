//! What a change of network means in every state.

use std::time::Duration;

use super::bench::Bench;
use crate::{
    client::{
        TransportState,
        machine::{Command, Output, Reply},
    },
    transport::ApiRequest,
};

const SECOND: Duration = Duration::from_secs(1);

/// A machine in some state, and what it does when the network changes there: the attempt it opens,
/// and whether it tells the transport.
type Place = (&'static str, fn() -> Bench, Option<u32>, bool);

const PLACES: &[Place] = &[
    ("disconnected", Bench::new, None, false),
    (
        "authenticating",
        || at(|bench| ignore(bench.call(Command::StartBot(ApiRequest::new("http://h"))))),
        None,
        false,
    ),
    ("opening", || at(|bench| ignore(bench.connect())), Some(0), false),
    (
        "handshake",
        || {
            at(|bench| {
                bench.connect();
                bench.open();
            })
        },
        None,
        false,
    ),
    ("ready", Bench::ready, None, true),
    ("ready, never restored", unrestored, None, false),
    ("waiting to retry", || lost(|_| {}), Some(1), false),
    ("opening again", || lost(|bench| bench.pass(SECOND)), Some(1), false),
    (
        "handshake again",
        || {
            lost(|bench| {
                bench.pass(SECOND);
                bench.open();
            })
        },
        None,
        true,
    ),
    ("disconnecting", || lost(|bench| ignore(bench.call(Command::Disconnect))), None, false),
];

const fn ignore(_call: u64) {}

fn at(walk: fn(&mut Bench)) -> Bench {
    let mut bench = Bench::new();
    walk(&mut bench);
    bench
}

fn lost(walk: fn(&mut Bench)) -> Bench {
    let mut bench = Bench::ready();
    bench.lose();
    walk(&mut bench);
    bench
}

fn unrestored() -> Bench {
    let mut bench = Bench::with(|config| config.reconnect.max_attempts = 0);
    bench.make_ready();
    bench
}

#[test]
fn what_a_change_of_network_does_in_each_state() {
    for (place, bench, opens, tells) in PLACES {
        let mut bench = bench();
        bench.take();
        let (state, deadline) = (bench.state(), bench.machine.poll_timeout());
        let call = bench.call(Command::NetworkChanged);
        assert_eq!(bench.reply(call), Ok(Reply::Done), "{place}");
        assert_eq!(bench.state(), state, "{place}");
        let outputs = bench.take();
        let opened = outputs.iter().find_map(|output| match output {
            Output::Open(open) => Some(open.attempt),
            _ => None,
        });
        let told = outputs.contains(&Output::NetworkChanged { epoch: bench.epoch });
        assert_eq!((opened, told), (*opens, *tells), "{place}");
        if *place == "opening" {
            assert_eq!(bench.machine.poll_timeout(), deadline, "connect gets no more time");
        }
    }
}

#[test]
fn changes_of_network_use_up_no_attempts() {
    let mut bench = Bench::ready();
    for _ in 0..10 {
        bench.call(Command::NetworkChanged);
        bench.lose();
        bench.pass(SECOND);
        bench.open();
        bench.bot_ready("2.2.0");
    }
    assert_eq!(bench.state(), TransportState::Ready);
}
