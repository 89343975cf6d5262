//! What the bot says.

use serde_json::json;

use super::bench::Bench;
use crate::{
    client::machine::Output,
    transport::{CloseReason, TransportEvent},
};

#[test]
fn a_fatal_error_of_the_bot_ends_the_session() {
    let mut bench = Bench::ready();
    bench.message(json!({"type": "error", "data": {"error": "warming", "fatal": false}}));
    assert_eq!(bench.events(), ["error"]);
    bench.message(json!({"type": "error", "data": {"message": "out of memory", "fatal": true}}));
    bench.close(CloseReason::Requested);
    let events = bench.events();
    assert_eq!(events[..3], ["error", "error", "=disconnecting"]);
    assert_eq!(events.last().map(String::as_str), Some("disconnected"));
}

#[test]
fn an_interruption_flushes_the_speaker() {
    let mut bench = Bench::ready();
    bench.message(json!({"type": "bot-interrupted"}));
    assert!(bench.take().contains(&Output::FlushAudio));
    bench.message(json!({"type": "user-started-speaking"}));
    assert!(!bench.take().contains(&Output::FlushAudio), "current servers say it themselves");
}

#[test]
fn a_late_message_does_not_drop_the_audio_that_came_after_the_interruption() {
    let mut bench = Bench::ready();
    bench.event(TransportEvent::Interrupted);
    assert_eq!(bench.take(), [Output::FlushSpeaker]);
    bench.message(json!({"type": "bot-interrupted"}));
    assert!(!bench.take().contains(&Output::FlushAudio));
}

#[test]
fn a_bot_of_rtvi_1_is_interrupted_by_the_user_speaking() {
    let mut bench = Bench::new();
    bench.connect();
    bench.open();
    bench.bot_ready("1.1.0");
    bench.take();
    bench.message(json!({"type": "user-started-speaking"}));
    assert!(bench.take().contains(&Output::FlushAudio));
    bench.event(TransportEvent::Interrupted);
    assert_eq!(bench.events(), ["botInterrupted"]);
}

#[test]
fn a_second_bot_ready_changes_nothing_and_a_foreign_label_is_reported() {
    let mut bench = Bench::ready();
    bench.bot_ready("2.2.0");
    assert_eq!(bench.events(), [""; 0]);
    bench.event(TransportEvent::Message(r#"{"label":"other","type":"bot-ready"}"#.into()));
    assert_eq!(bench.events(), ["protocolError"]);
}
