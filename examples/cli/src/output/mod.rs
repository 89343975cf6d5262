//! Reports what happens: as JSON for programs, as lines for people.
//!
//! Depends on the values of the plan and the client; decides nothing about the session.

mod human;
mod json;
mod live;
mod meter;
mod turns;
mod wording;

use std::{io, time::Duration};

use rtvi_core::{Error, Event};
use serde_json::Value;

use crate::{plan::Call, talk::Summary};

/// Something to report.
#[derive(Clone, Copy, Debug)]
pub(crate) enum What<'a> {
    /// The client reports an event.
    Event(&'a Event),
    /// A call begins.
    Call(&'a Call),
    /// A call has ended.
    Result(&'a Call, &'a Result<Value, Error>),
    /// A step that is not a call begins.
    Step(&'static str),
    /// A step that is not a call has ended.
    StepResult(&'static str, &'a Result<Value, Error>),
}

/// Where a session's course is reported.
pub(crate) trait Output {
    /// Reports what happened, with the time since the start of the run.
    fn tell(&mut self, at: Duration, what: &What<'_>) -> io::Result<()>;

    /// Reports the figures at the end.
    fn summary(&mut self, summary: &Summary) -> io::Result<()>;
}

/// The output on stdout, as JSON or for people. The latter shows whether the microphone is on; with
/// push-to-talk, it starts off.
pub(crate) fn stdout(json: bool, push_to_talk: bool) -> Box<dyn Output> {
    let stdout = io::stdout();
    if json {
        return Box::new(json::Json::new(stdout));
    }
    let out = anstream::AutoStream::auto(stdout);
    let is_live = out.is_terminal() && out.current_choice() != anstream::ColorChoice::Never;
    Box::new(human::Human::new(out, is_live.then(|| live::Live::new(push_to_talk))))
}

/// A time in milliseconds with one decimal.
pub(crate) fn millis(time: Duration) -> f64 {
    (time.as_secs_f64() * 10_000.0).round() / 10.0
}

/// A figure with three decimals.
pub(crate) fn rounded(figure: f64) -> f64 {
    (figure * 1000.0).round() / 1000.0
}
