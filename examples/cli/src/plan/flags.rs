//! Builds a plan from the options of a session. Pure.

use std::time::Duration;

use rtvi_core::protocol::SendTextOptions;

use crate::{
    args::SessionArgs,
    audio::Microphone,
    video::{Camera, Display, Screen},
};

use super::{Call, Origin, Plan, Step};

/// How long the bot must be silent unless `--linger` is given.
const LINGER: Duration = Duration::from_secs(2);

/// Connects with `connect`, sends what the options request, and stays as long as they say.
pub(crate) fn from_flags(connect: Call, args: &SessionArgs) -> Plan {
    let linger = args.linger.unwrap_or(LINGER);
    let mut steps = vec![Step::call(connect)];
    steps.extend(calls(args).map(Step::call));
    if matches!(args.mic, Microphone::Wav(_) | Microphone::Hum(..)) {
        steps.push(Step::Settle(linger));
    }
    for text in &args.send_text {
        let options = SendTextOptions::default();
        steps.push(Step::call(Call::SendText { content: text.clone(), options }));
        steps.push(Step::Settle(linger));
    }
    steps.push(last(args, linger));
    steps.dedup_by(|next, step| matches!((&next, &step), (Step::Settle(_), Step::Settle(_))));
    Plan { steps, origin: Origin::Flags, duration: args.duration }
}

/// What is sent at once: messages, requests, keys.
fn calls(args: &SessionArgs) -> impl Iterator<Item = Call> {
    let messages = args
        .message
        .iter()
        .map(|named| Call::SendClientMessage { t: named.name.clone(), data: named.value.clone() });
    let requests = args.request.iter().map(|named| Call::SendClientRequest {
        t: named.name.clone(),
        data: named.value.clone(),
        timeout: None,
    });
    let keys = args.dtmf.iter().map(|keys| Call::SendDtmf { keys: keys.clone() });
    messages.chain(requests).chain(keys)
}

fn last(args: &SessionArgs, linger: Duration) -> Step {
    let nothing_to_send = calls(args).next().is_none() && args.send_text.is_empty();
    let has_video = args.cam != Camera::None || args.screen != Screen::None || args.video != Display::None;
    let is_endless = args.mic.is_endless() || (has_video && args.mic == Microphone::None);
    if args.duration.is_some() || (is_endless && nothing_to_send) {
        return Step::Stay;
    }
    Step::Settle(linger)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: SessionArgs,
    }

    /// The names of the plan's steps.
    fn plan(line: &str) -> String {
        let args = Line::parse_from(std::iter::once("rtvi").chain(line.split_whitespace())).args;
        let plan = from_flags(Call::Connect, &args);
        let name = |step: &Step| match step {
            Step::Call { call, .. } => call.name().to_owned(),
            Step::Settle(linger) => format!("settle:{}", linger.as_secs_f64()),
            Step::Stay => "stay".to_owned(),
            other => format!("{other:?}"),
        };
        plan.steps.iter().map(name).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn options_become_steps() {
        assert_eq!(plan(""), "connect settle:2");
        assert_eq!(plan("--linger 0.5 --mic wav:a.wav"), "connect settle:0.5");
        assert_eq!(plan("--cam pattern --video y4m:a"), "connect stay");
        assert_eq!(plan("--cam pattern --mic wav:a.wav"), "connect settle:2");
        assert_eq!(plan("--mic wav:a.wav --send-text a"), "connect settle:2 sendText settle:2");
        assert_eq!(plan("--send-text a --send-text b"), "connect sendText settle:2 sendText settle:2");
        assert_eq!(
            plan("--dtmf 1 --request r --message m --request s"),
            "connect sendClientMessage sendClientRequest sendClientRequest sendDtmf settle:2"
        );
    }

    #[test]
    fn endless_microphones_and_durations_stay() {
        assert_eq!(plan("--mic silence"), "connect stay");
        assert_eq!(plan("--mic tone:440 --request r"), "connect sendClientRequest settle:2");
        assert_eq!(plan("--duration 3 --send-text a"), "connect sendText settle:2 stay");
    }
}
