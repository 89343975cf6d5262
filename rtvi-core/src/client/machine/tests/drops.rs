//! Audio that was dropped: told once, then once a second.

use std::time::Duration;

use super::bench::{Bench, SECOND};
use crate::{
    client::{
        Event,
        machine::{Command, Input, Output},
    },
    media::{AudioDropReason, AudioDropped},
    transport::TransportEvent,
};

const FRAME: Duration = Duration::from_millis(20);

fn told(bench: &mut Bench) -> Vec<AudioDropped> {
    let told = bench.take().into_iter().filter_map(|output| match output {
        Output::Emit(Event::AudioDropped(dropped)) => Some(dropped),
        _ => None,
    });
    told.collect()
}

const fn frames(reason: AudioDropReason, count: u32) -> AudioDropped {
    AudioDropped::new(reason, FRAME.saturating_mul(count), count as u64)
}

#[test]
fn a_flood_of_drops_is_told_at_once_and_then_once_a_second() {
    let reason = AudioDropReason::UnknownStream;
    let mut bench = Bench::ready();
    for _ in 0..125 {
        bench.event(TransportEvent::AudioDropped(frames(reason, 1)));
        bench.pass(FRAME);
    }
    assert_eq!(told(&mut bench), [frames(reason, 1), frames(reason, 49), frames(reason, 50)]);
    bench.pass(SECOND);
    assert_eq!(told(&mut bench), [frames(reason, 25)], "what is left is reported, too");
    bench.pass(3 * SECOND);
    assert_eq!(told(&mut bench), [], "and nothing more");
    bench.event(TransportEvent::AudioDropped(frames(reason, 1)));
    assert_eq!(told(&mut bench), [frames(reason, 1)], "later it is reported at once again");
}

#[test]
fn each_reason_is_told_by_itself() {
    let mut bench = Bench::ready();
    for count in 1..3 {
        bench.feed(Input::AudioDropped(frames(AudioDropReason::PlayoutFull, count)));
        bench.event(TransportEvent::AudioDropped(frames(AudioDropReason::Unreadable, count)));
    }
    let at_once = [frames(AudioDropReason::PlayoutFull, 1), frames(AudioDropReason::Unreadable, 1)];
    assert_eq!(told(&mut bench), at_once);
    bench.pass(SECOND);
    let later = [frames(AudioDropReason::PlayoutFull, 2), frames(AudioDropReason::Unreadable, 2)];
    assert_eq!(told(&mut bench), later);
}

#[test]
fn what_is_left_is_told_before_the_end_and_nothing_after_it() {
    let reason = AudioDropReason::MicrophoneBacklog;
    let mut bench = Bench::ready();
    bench.feed(Input::AudioDropped(frames(reason, 1)));
    bench.feed(Input::AudioDropped(frames(reason, 2)));
    bench.call(Command::Disconnect);
    bench.pass(2 * SECOND);
    bench.feed(Input::AudioDropped(frames(reason, 3)));
    let events = bench.events();
    assert_eq!(events.iter().filter(|name| *name == "audioDropped").count(), 2, "{events:?}");
    assert_eq!(events.last().map(String::as_str), Some("disconnected"), "{events:?}");
}
