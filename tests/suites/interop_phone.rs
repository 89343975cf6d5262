//! Phone calls to real Pipecat bots: the providers that Pipecat's runner detects, and its other
//! serializers.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::{process::Stdio, time::Duration};

use futures_util::future::join_all;
use rtvi_bot::PhoneApi;
use rtvi_core::{
    ConnectParams, ErrorKind, TransportState,
    protocol::{SendTextOptions, telephony::PhoneEncoding, telephony::PhoneProvider},
    transport::{PhoneTransport, PhoneTransportOptions},
};
use rtvi_tests::{
    PipecatServer, Program, Session, free_port, http, phone_bot::PhoneBot, speech, write_greeting,
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::Command,
};

/// How many calls one bot of the tests answers in real time, on two cores.
const CALLS_AT_ONCE: usize = 4;

async fn phone_api() -> PhoneApi {
    PhoneApi::start(([127, 0, 0, 1], 0).into()).await.expect("there is a free port")
}

/// The path of the bot for a provider.
const fn path(provider: PhoneProvider) -> &'static str {
    match provider {
        PhoneProvider::Vonage => "/vonage",
        PhoneProvider::Genesys => "/genesys",
        _ => "/ws",
    }
}

fn options(provider: PhoneProvider) -> PhoneTransportOptions {
    PhoneTransportOptions {
        provider,
        from: Some("+15550100".to_owned()),
        to: Some("+15550199".to_owned()),
        parameters: [("plan".to_owned(), "gold".to_owned())].into(),
        ..PhoneTransportOptions::default()
    }
}

/// Calls the bot at `url`.
async fn call(options: PhoneTransportOptions, url: String) -> Session {
    let transport = PhoneTransport::new(options);
    let session = Session::with(|options| {
        options.transport = std::sync::Arc::new(transport);
        options.client.reconnect.max_attempts = 0;
    });
    session.client.connect(ConnectParams::websocket(url)).await.expect("the bot takes the call");
    session
}

async fn call_id(session: &mut Session) -> String {
    let ready = session.wait_for("botReady").await;
    ready["about"]["call_id"].as_str().expect("the call has an identifier").to_owned()
}

/// The bot reads the pressed keys out, the caller interrupts it, and speaks.
async fn converse(options: PhoneTransportOptions, server: &PipecatServer) {
    let provider = options.provider;
    let mut session = call(options, server.ws_url(path(provider))).await;
    session.client.send_dtmf("12#").await.expect("keys are pressed");
    session.wait_for("botStartedSpeaking").await;
    session.wait_for("botStoppedSpeaking").await;
    let heard = session.wait_for("botAudioHeard").await;
    assert!(heard["heardMs"].as_f64().is_some_and(|ms| ms > 500.0), "{provider}: {heard}");

    session.client.send_dtmf("123456789012345678901234567890#").await.expect("keys are pressed");
    session.wait_for("botStartedSpeaking").await;
    session.microphone.say(&speech("Stop it please, I have heard enough of this.").await).await;
    session.wait_for("userStartedSpeaking").await;
    session.wait_for("botInterrupted").await;
    session.wait_for("botStoppedSpeaking").await;
    session.wait_for("userStoppedSpeaking").await;
    session.wait_for_answer().await;

    session.client.disconnect().await.expect("the caller hangs up");
    assert_eq!(session.client.state(), TransportState::Disconnected);
    assert_eq!(session.all("protocolError"), [json!(null); 0], "{provider}");
    assert_eq!(session.all("error"), [json!(null); 0], "{provider}");
}

#[tokio::test]
async fn every_provider_holds_a_conversation() {
    let api = phone_api().await;
    let server = PipecatServer::start_phone_bot(api.url()).await;
    let alaw =
        PhoneTransportOptions { encoding: Some(PhoneEncoding::ALaw), ..options(PhoneProvider::Telnyx) };
    let calls: Vec<_> = PhoneProvider::ALL.map(options).into_iter().chain([alaw]).collect();
    for some in calls.chunks(CALLS_AT_ONCE) {
        join_all(some.iter().map(|options| converse(options.clone(), &server))).await;
    }
}

#[tokio::test]
async fn the_bot_hangs_up_over_the_providers_api() {
    let api = phone_api().await;
    let server = PipecatServer::start_phone_bot(api.url()).await;
    for provider in [PhoneProvider::Twilio, PhoneProvider::Telnyx, PhoneProvider::Plivo] {
        let mut session = call(options(provider), server.ws_url("/ws")).await;
        let id = call_id(&mut session).await;
        api.connect(&id);
        session.client.send_dtmf("*").await.expect("the key is pressed");
        let hung_up = tokio::time::timeout(Duration::from_secs(30), api.wait_for_hang_up(&id)).await;
        assert!(hung_up.is_ok(), "{provider}: the bot does not hang up; since then {:?}", session.names());
        let end = session.wait_for("disconnected").await;
        assert_eq!((&end["reason"], &end["code"]), (&json!("botLeft"), &json!(1000)), "{provider}: {end}");
    }
}

#[tokio::test]
async fn a_bot_hangs_up_by_itself() {
    let api = phone_api().await;
    let server = PipecatServer::start_phone_bot(api.url()).await;
    let mut session = call(options(PhoneProvider::Genesys), server.ws_url("/genesys")).await;
    session.client.send_dtmf("*").await.expect("the key is pressed");
    let news = session.wait_for("serverMessage").await;
    assert_eq!(news["parameters"]["outputVariables"]["intent"], json!("billing"), "{news}");
    let end = session.wait_for("disconnected").await;
    assert_eq!((&end["reason"], &end["message"]), (&json!("botLeft"), &json!("completed")));
    for provider in [PhoneProvider::Exotel, PhoneProvider::Vonage] {
        let mut session = call(options(provider), server.ws_url(path(provider))).await;
        session.client.send_dtmf("*").await.expect("the key is pressed");
        session.wait_for("disconnected").await;
    }
}

#[tokio::test]
async fn a_bot_that_speaks_rtvi_reports_by_itself() {
    let api = phone_api().await;
    let server = PipecatServer::start_phone_bot(api.url()).await;
    let mut session = call(options(PhoneProvider::Twilio), server.ws_url("/rtvi")).await;
    session.client.send_dtmf("12#").await.expect("keys are pressed");
    session
        .wait_until("botTtsText", |data| data["text"].as_str().is_some_and(|text| text.contains("typed")))
        .await;
    session.wait_for("botStoppedSpeaking").await;
    let names = session.names();
    let count = |name: &str| names.iter().filter(|other| *other == name).count();
    assert_eq!(count("botReady"), 1);
    assert_eq!(count("botStartedSpeaking"), count("botStoppedSpeaking"), "{names:?}");
    session.client.disconnect().await.expect("the caller hangs up");
}

#[tokio::test]
async fn what_a_phone_cant_do_is_refused() {
    let api = phone_api().await;
    let server = PipecatServer::start_phone_bot(api.url()).await;
    let mut session = call(options(PhoneProvider::Twilio), server.ws_url("/ws")).await;
    let error = session.client.send_client_request("x", None, None).await.expect_err("no requests");
    assert_eq!(error.kind(), ErrorKind::RequestFailed);
    assert!(error.message().contains("a call over Twilio does not take client-message"), "{error}");
    session.client.send_text("Hello", SendTextOptions::default()).await.expect("it is sent");
    session.wait_until("messageError", |refusal| refusal.to_string().contains("send-text")).await;
    session.client.disconnect_bot().await.expect("the caller hangs up");
    let end = session.wait_for("disconnected").await;
    assert_eq!((&end["reason"], &end["message"]), (&json!("botLeft"), &json!("the caller hung up")));
}

#[tokio::test]
async fn a_bot_for_another_provider_does_not_take_the_call() {
    let api = phone_api().await;
    let server = PipecatServer::start_phone_bot(api.url()).await;
    let transport = PhoneTransport::new(options(PhoneProvider::Vonage));
    let mut session = Session::with(|options| {
        options.transport = std::sync::Arc::new(transport);
        options.client.reconnect.max_attempts = 0;
    });
    // The runner's bot waits for two texts of a provider that it knows.
    let connected = session.client.connect(ConnectParams::websocket(server.ws_url("/ws"))).await;
    if connected.is_ok() {
        session.client.send_dtmf("1").await.expect("the key is pressed");
        session.wait_for("disconnected").await;
    }
    let errors: Vec<Value> = session.all("error");
    assert!(!errors.is_empty(), "the call fails: {:?}", session.names());
}

#[tokio::test]
async fn the_command_line_takes_the_place_of_the_providers_api() {
    let (bot, api) = (PhoneBot::start().await, format!("127.0.0.1:{}", free_port()));
    let mut call = Command::new(Program::path())
        .args(["talk", "--phone", "telnyx", "--ws", &bot.ws_url(), "--hang-up-api", &api])
        .args(["--mic", "silence", "--duration", "60", "--json"])
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("rtvi runs");
    let mut lines = BufReader::new(call.stdout.take().expect("it is piped")).lines();
    let mut events = async |name: &str| {
        while let Some(line) = lines.next_line().await.expect("text") {
            let event: Value = serde_json::from_str(&line).expect("JSON");
            if event["event"] == name {
                return event["data"].clone();
            }
        }
        panic!("no {name}");
    };
    let ready = events("botReady").await;
    let id = ready["about"]["call_id"].as_str().expect("the call has an identifier");
    let path = format!("/v2/calls/{id}/actions/hangup");
    // The program registers the call while it prints that the bot is ready.
    let mut status = 0;
    for _ in 0..100 {
        let answer = http::post(api.parse().expect("an address"), &path, Some("any key"), &json!({})).await;
        status = answer.0.as_u16();
        if status == 200 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(status, 200);
    let end = events("disconnected").await;
    assert_eq!((&end["reason"], &end["message"]), (&json!("botLeft"), &json!("the caller hung up")), "{end}");
    assert!(call.wait().await.expect("it ends").success());
}

#[tokio::test]
async fn the_command_line_makes_a_call() {
    let api = phone_api().await;
    let server = PipecatServer::start_phone_bot(api.url()).await;
    let folder = tempfile::tempdir().expect("a folder can be made");
    let [said, heard] = ["said.wav", "heard.wav"].map(|name| folder.path().join(name));
    write_greeting(&said).await;
    let output = Command::new(Program::path())
        .args([
            "talk",
            "--phone",
            "twilio",
            "--from",
            "+15550100",
            "--to",
            "+15550199",
            "--param",
            "plan=gold",
        ])
        .args(["--dtmf", "12#", "--ws", &server.ws_url("/ws"), "--linger", "3"])
        .arg(format!("--mic=wav:{}", said.display()))
        .arg(format!("--speaker=wav:{}", heard.display()))
        .output();
    let output = tokio::time::timeout(Duration::from_secs(90), output).await.expect("the call ends");
    let output = output.expect("rtvi runs");
    assert!(output.status.success(), "{output:?}");
    rtvi_tests::assert_heard(&heard);

    let doctor = Command::new(Program::path())
        .args(["doctor", &server.ws_url("/ws"), "--phone", "twilio", "--timeout", "2"])
        .output()
        .await
        .expect("rtvi runs");
    assert!(doctor.status.success(), "{doctor:?}");
    assert!(String::from_utf8_lossy(&doctor.stdout).contains("the bot's voice"), "{doctor:?}");
}
