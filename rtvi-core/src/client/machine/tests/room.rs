//! A room that stays open while the bot and others come and go.

use super::bench::Bench;
use crate::{
    client::{
        Event, TransportState,
        machine::{Command, Output},
    },
    transport::{Participant, TransportEvent},
};

fn somebody(id: &str) -> Participant {
    Participant { id: id.to_owned(), name: String::new(), local: false }
}

fn joins(id: &str) -> TransportEvent {
    TransportEvent::ParticipantConnected(somebody(id))
}

fn leaves(id: &str) -> TransportEvent {
    TransportEvent::ParticipantLeft(somebody(id))
}

fn bot_joins(id: &str) -> TransportEvent {
    TransportEvent::BotJoined { bot: somebody(id) }
}

/// A client whose session outlives the bot's stay in the room.
fn patient() -> Bench {
    let mut bench = Bench::with(|config| config.disconnect_on_bot_disconnect = false);
    bench.make_ready();
    bench
}

#[test]
fn others_come_and_go() {
    let mut bench = Bench::ready();
    for event in [joins("ada"), joins("ada"), joins("bot"), leaves("nobody"), leaves("bot")] {
        bench.event(event);
    }
    assert_eq!(bench.events(), ["participantConnected"]);
    bench.event(leaves("ada"));
    bench.event(leaves("ada"));
    assert_eq!(bench.events(), ["participantLeft"]);
    assert_eq!(bench.state(), TransportState::Ready);
}

#[test]
fn nobody_is_there_before_the_connection_is_open() {
    let mut bench = Bench::new();
    bench.connect();
    bench.take();
    bench.event(joins("ada"));
    bench.event(bot_joins("bot"));
    bench.event(TransportEvent::MicMuted(true));
    assert!(bench.events().is_empty());
}

#[test]
fn everybody_has_left_when_the_connection_is_lost() {
    let mut bench = Bench::ready();
    bench.event(joins("ada"));
    bench.event(TransportEvent::MicMuted(true));
    bench.take();
    bench.lose();
    assert_eq!(
        bench.events(),
        [
            "botDisconnected",
            "participantLeft",
            "participantLeft",
            "mediaStateUpdated",
            "=connecting",
            "reconnecting"
        ]
    );
}

#[test]
fn a_crowd_is_bounded() {
    let mut bench = Bench::ready();
    for n in 0..300 {
        bench.event(joins(&n.to_string()));
    }
    assert_eq!(bench.events().len(), 256);
}

#[test]
fn a_bot_that_comes_back_is_greeted_and_becomes_ready() {
    let mut bench = patient();
    bench.event(TransportEvent::BotLeft);
    bench.take();
    bench.event(bot_joins("bot"));
    let outputs = bench.take();
    let names = |output: &Output| match output {
        Output::Emit(event) => Some(event.name().to_owned()),
        Output::Send { wire_type, .. } => Some((*wire_type).to_owned()),
        _ => None,
    };
    let said: Vec<_> = outputs.iter().filter_map(names).collect();
    assert_eq!(said, ["botConnected", "participantConnected", "client-ready"]);
    bench.bot_ready("2.0.1");
    assert_eq!(bench.events(), ["botReady"]);
    assert_eq!(bench.state(), TransportState::Ready);
    bench.bot_ready("2.0.1");
    assert!(bench.events().is_empty());
}

#[test]
fn a_participant_that_becomes_the_bot_joined_before() {
    let mut bench = patient();
    bench.event(joins("second"));
    bench.event(TransportEvent::BotLeft);
    bench.take();
    bench.event(bot_joins("second"));
    bench.event(bot_joins("third"));
    assert_eq!(bench.events(), ["botConnected"]);
    bench.event(TransportEvent::BotLeft);
    assert_eq!(bench.events(), ["botDisconnected", "participantLeft"]);
}

#[test]
fn no_bot_is_greeted_while_the_session_ends() {
    let mut bench = Bench::ready();
    bench.event(TransportEvent::BotLeft);
    bench.take();
    bench.event(bot_joins("bot"));
    assert!(bench.events().is_empty() && bench.sent().is_empty());
}

#[test]
fn the_servers_muting_is_part_of_the_media_state() {
    let mut bench = Bench::ready();
    let muted = |bench: &mut Bench| {
        let states = bench.take().into_iter().filter_map(|output| match output {
            Output::Emit(Event::MediaStateUpdated(media)) => Some(media.mic_muted),
            _ => None,
        });
        states.collect::<Vec<_>>()
    };
    bench.event(TransportEvent::MicMuted(true));
    bench.event(TransportEvent::MicMuted(true));
    assert_eq!(muted(&mut bench), [true]);
    bench.call(Command::EnableMic(false));
    assert_eq!(muted(&mut bench), [] as [bool; 0]);
    bench.event(TransportEvent::MicMuted(false));
    assert_eq!(muted(&mut bench), [false]);
    bench.event(TransportEvent::MicMuted(true));
    bench.call(Command::EnableMic(true));
    assert_eq!(muted(&mut bench), [true, false]);
}
