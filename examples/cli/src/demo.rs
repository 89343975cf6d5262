//! `rtvi demo`: the demo bot and a client that talks to it, in one process, over real sockets on
//! this machine.

use std::{process::ExitCode, time::Duration};

use rtvi_bot::{BotOptions, DemoBot};
use serde_json::json;
use url::Url;

use crate::{
    args::{DemoArgs, SessionArgs, TargetArgs},
    audio::Microphone,
    complain,
    outcome::Outcome,
    talk,
    values::Named,
    video::Camera,
};

/// Stands for a sentence of the user when there is no recording.
const HUM: Microphone = Microphone::Hum(220.0, Duration::from_millis(1500));
/// The text that follows the spoken sentence.
const TEXT: &str = "How full is my battery?";

/// Runs the demo.
pub(crate) async fn run(args: DemoArgs) -> ExitCode {
    talk::log_to_stderr(args.session.log);
    let avatar = args.session.cam == Camera::None;
    let options = BotOptions { greeting: args.greeting, pace: args.pace, avatar, ..BotOptions::default() };
    let bot = match DemoBot::start(options).await {
        Ok(bot) => bot,
        Err(error) => {
            complain(&format!("the demo bot did not start: {error}"));
            return Outcome::Failed.into();
        }
    };
    let Ok(start) = Url::parse(&bot.start_url()) else {
        complain(&format!("the demo bot has no usable URL: {}", bot.start_url()));
        return Outcome::Failed.into();
    };
    let target = TargetArgs { transport: Some(args.transport), ..TargetArgs::start(start) };
    let outcome = talk::session(&target, &filled(args.session), None).await;
    bot.stop().await;
    outcome.into()
}

/// Adds audio and text to the options if they request none.
fn filled(mut args: SessionArgs) -> SessionArgs {
    if args.functions.is_empty() {
        args.functions = vec![
            function("get_weather", json!({ "conditions": "sunny", "celsius": 21 })),
            function("get_battery_level", json!({ "percent": 80 })),
        ];
    }
    if args.script.is_some() {
        return args;
    }
    let nothing_to_send = args.send_text.is_empty() && args.request.is_empty() && args.message.is_empty();
    if args.mic == Microphone::None && nothing_to_send && args.dtmf.is_none() {
        args.mic = HUM;
    }
    if nothing_to_send && args.dtmf.is_none() {
        args.send_text.push(TEXT.to_owned());
    }
    args
}

fn function(name: &str, result: serde_json::Value) -> Named {
    Named { name: name.to_owned(), value: Some(result) }
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

    fn args(line: &str) -> SessionArgs {
        filled(Line::parse_from(std::iter::once("rtvi").chain(line.split_whitespace())).args)
    }

    #[test]
    fn without_options_there_is_something_to_hear_and_to_read() {
        let args = args("");
        assert_eq!((args.mic, args.send_text.len(), args.functions.len()), (HUM, 1, 2));
    }

    #[test]
    fn what_was_asked_for_stays() {
        assert_eq!(args("--mic wav:a.wav").mic, Microphone::Wav("a.wav".into()));
        let text = args("--send-text Hi --function f=1");
        assert_eq!(
            (text.mic, text.send_text, text.functions.len()),
            (Microphone::None, vec!["Hi".to_owned()], 1)
        );
        let script = args("--script s.jsonl");
        assert!(script.mic == Microphone::None && script.send_text.is_empty());
    }
}
