//! Asks before many calls go to a bot on a public address: it may cost its owner money.

use std::io::{BufRead, IsTerminal, Write};

use rtvi_core::transport::is_nearby;

use crate::args::TargetArgs;

/// How many calls are made without asking.
const WITHOUT_ASKING: u32 = 50;

/// Why the calls may not be made.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refusal(pub(super) String);

/// Asks at the terminal if it must. `yes` is the answer that the command line gives.
pub(super) fn ask(target: &TargetArgs, calls: u32, yes: bool) -> Result<(), Refusal> {
    if yes || !is_question(target, calls) {
        return Ok(());
    }
    let shown = target.shown();
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        let text =
            format!("{calls} calls to the public address {shown}: --yes confirms more than {WITHOUT_ASKING}");
        return Err(Refusal(text));
    }
    let mut out = std::io::stderr().lock();
    let _ =
        write!(out, "Make {calls} calls to the public address {shown}? [y/N] ").and_then(|()| out.flush());
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer);
    if read.is_ok() && matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes") {
        return Ok(());
    }
    Err(Refusal("no call was made".to_owned()))
}

fn is_question(target: &TargetArgs, calls: u32) -> bool {
    let urls = [&target.start, &target.offer, &target.ws, &target.livekit];
    let public = urls.into_iter().flatten().any(|url| !is_nearby(url));
    calls > WITHOUT_ASKING && (public || target.agent.agent.is_some())
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;

    fn question(url: &str, calls: u32) -> bool {
        is_question(&TargetArgs::start(Url::parse(url).expect("a URL")), calls)
    }

    #[test]
    fn many_calls_to_a_public_address_are_a_question() {
        assert!(question("https://bots.example.com/start", 51));
        assert!(question("http://203.0.113.7:7860/start", 51));
        assert!(!question("https://bots.example.com/start", 50));
        for url in
            ["http://localhost:7860/start", "http://10.0.0.7/start", "http://bot/start", "http://[::1]/start"]
        {
            assert!(!question(url, 100_000), "{url}");
        }
    }

    #[test]
    fn without_a_terminal_only_the_command_line_answers() {
        let target =
            TargetArgs::start(Url::parse("https://bots.example.com/start?key=secret").expect("a URL"));
        assert_eq!(ask(&target, 51, true), Ok(()));
        if !std::io::stdin().is_terminal() {
            let Err(Refusal(text)) = ask(&target, 51, false) else { panic!("it was not refused") };
            assert!(text.contains("--yes") && !text.contains("secret"), "{text}");
        }
    }
}
