//! Lines that are read, and lines that are refused.

use std::time::Duration;

use clap::CommandFactory;

use crate::audio::{Microphone, Speaker};

use super::*;

fn parse(line: &[&str]) -> Result<Command, clap::Error> {
    Cli::try_parse_from([&["rtvi"], line].concat()).map(|cli| cli.command)
}

fn talk(line: &[&str]) -> Result<TalkArgs, clap::Error> {
    match parse(&[&["talk"], line].concat())? {
        Command::Talk(args) => Ok(*args),
        other => panic!("not talk: {other:?}"),
    }
}

#[test]
fn the_grammar_is_sound() {
    Cli::command().debug_assert();
}

#[test]
fn every_option_of_talk_is_read() {
    let args = talk(&[
        "--start",
        "http://h/start",
        "--header",
        "A: b",
        "--header",
        "C: d",
        "--data",
        "{\"x\":1}",
        "--mic",
        "tone:440",
        "--speaker",
        "none",
        "--linger",
        "0.5",
        "--send-text",
        "one",
        "--send-text",
        "two",
        "--request",
        "r={\"a\":[]}",
        "--message",
        "m",
        "--dtmf",
        "1#",
        "--function",
        "f={}",
        "--timeout",
        "3",
        "--reconnect",
        "0",
        "--json",
        "--log",
        "debug",
    ])
    .expect("a valid line");
    assert_eq!(args.target.headers.len(), 2);
    assert_eq!(args.session.send_text, ["one", "two"]);
    assert_eq!(args.session.mic, Microphone::Tone(440.0));
    assert_eq!(args.session.linger, Some(Duration::from_millis(500)));
    assert_eq!(
        (args.session.timeout(&args.target), args.session.reconnect(&args.target)),
        (Duration::from_secs(3), 0)
    );
    assert_eq!(args.session.log, Level::Debug);
}

#[test]
fn defaults_are_as_documented() {
    let args = talk(&["--ws", "ws://h"]).expect("a valid line");
    assert_eq!((&args.session.mic, &args.session.speaker), (&Microphone::None, &Speaker::None));
    assert_eq!(
        (args.session.timeout(&args.target), args.session.reconnect(&args.target)),
        (Duration::from_secs(30), 3)
    );
    let args = talk(&["--agent", "a", "--open-timeout", "45"]).expect("a valid line");
    assert_eq!(args.session.timeout(&args.target), Duration::from_secs(90));
    assert_eq!(args.session.open_timeout, Some(Duration::from_secs(45)));
    assert!(!args.session.json && !args.session.keep_mic && args.session.script.is_none());
}

#[test]
fn what_is_said_about_transports_is_read() {
    let line = ["--offer", "https://h/api/offer", "--relay-only", "--ice-server", "stun:a:1", "--ice-server"];
    let choice = talk(&[&line[..], &["turn:u:p@b"]].concat()).expect("a valid line").target.choice();
    assert_eq!((choice.only, choice.relay_only, choice.ice_servers.len()), (None, true, 2));
    let line = ["--start", "http://h/start", "--transport", "websocket"];
    let choice = talk(&line).expect("a valid line").target.choice();
    assert_eq!((choice.only, choice.relay_only), (Some(Kind::Websocket), false));
    let line = ["--ws", "ws://bot.example/ws", "--allow-plaintext"];
    assert!(talk(&line).expect("a valid line").target.allow_plaintext);
    for (line, kind) in
        [(&["demo"][..], Kind::Webrtc), (&["demo", "--transport", "websocket"], Kind::Websocket)]
    {
        assert!(matches!(parse(line), Ok(Command::Demo(args)) if args.transport == kind), "{line:?}");
    }
}

#[test]
fn a_phone_call_is_read() {
    let line = ["--phone", "telnyx", "--ws", "ws://h", "--from", "+1", "--to", "+2", "--param", "a=b=c"];
    let args = talk(&line).expect("a valid line");
    assert_eq!(args.session.reconnect(&args.target), 0);
    let phone = args.target.choice().phone.expect("a phone");
    assert_eq!((phone.provider.name(), phone.from.as_deref()), ("telnyx", Some("+1")));
    assert_eq!((phone.to.as_deref(), phone.parameters["a"].as_str()), (Some("+2"), "b=c"));
}

#[test]
fn wrong_usage_is_refused_with_code_2() {
    let lines: &[&[&str]] = &[
        &["talk"],
        &["talk", "--ws", "ws://a", "--start", "http://a"],
        &["talk", "--ws", "http://a"],
        &["talk", "--offer", "ws://a"],
        &["talk", "--offer", "http://a", "--start", "http://a"],
        &["talk", "--offer", "http://a", "--transport", "websocket"],
        &["talk", "--offer", "http://a", "--data", "{}"],
        &["talk", "--offer", "http://a", "--token", "t"],
        &["talk", "--offer", "http://a", "--ice-server", "http://a"],
        &["talk", "--start", "http://a", "--transport", "pigeon"],
        &["talk", "--ws", "ws://a", "--relay-only"],
        &["talk", "--livekit", "ws://a"],
        &["talk", "--livekit", "ws://a", "--token", "t", "--header", "A: b"],
        &["talk", "--livekit", "ws://a", "--token", "t", "--data", "{}"],
        &["talk", "--livekit", "ftp://a", "--token", "t"],
        &["demo", "--transport", "livekit"],
        &["talk", "--ws", "ws://a", "--ice-server", "stun:a"],
        &["talk", "--start", "ws://a"],
        &["talk", "--ws", "ws://a", "--data", "{}"],
        &["talk", "--start", "http://a", "--token", "t"],
        &["talk", "--start", "http://a", "--agent", "a"],
        &["talk", "--agent", "a", "--token", "t"],
        &["doctor", "http://a", "--agent", "a"],
        &["doctor", "--key", "k"],
        &["talk", "--ws", "ws://a", "--mic", "mp3:x"],
        &["talk", "--ws", "ws://a", "--script", "f", "--send-text", "x"],
        &["talk", "--ws", "ws://a", "--script", "f", "--duration", "1"],
        &["talk", "--ws", "ws://a", "--linger", "1", "--duration", "1"],
        &["talk", "--ws", "ws://a", "--unknown"],
        &["talk", "--phone", "twilio"],
        &["talk", "--phone", "twilio", "--start", "http://a"],
        &["talk", "--phone", "pigeon", "--ws", "ws://a"],
        &["talk", "--ws", "ws://a", "--from", "+1"],
        &["talk", "--phone", "twilio", "--ws", "ws://a", "--param", "=x"],
        &["doctor", "--agent", "a", "--phone", "twilio"],
        &["dance"],
        &["doctor"],
    ];
    for line in lines {
        let error = parse(line).expect_err(&line.join(" "));
        assert_eq!(error.exit_code(), 2, "{line:?}");
    }
}

#[test]
fn the_other_commands_are_read() {
    assert!(matches!(parse(&["bot", "--port", "0"]), Ok(Command::Bot(args)) if args.port == 0));
    assert!(
        matches!(parse(&["demo", "--send-text", "x"]), Ok(Command::Demo(args)) if args.session.send_text == ["x"])
    );
    assert!(
        matches!(parse(&["doctor", "wss://h/ws"]), Ok(Command::Doctor(args)) if args.url.as_ref().is_some_and(|url| url.scheme() == "wss"))
    );
    assert!(
        matches!(parse(&["doctor", "--agent", "a", "--key", "k"]), Ok(Command::Doctor(args)) if args.url.is_none())
    );
}
