//! Tests the objects together, against the demo bot in this process and against a transport of the
//! test's own.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use rtvi_bot::{BotOptions, DemoBot};
use rtvi_core::{
    ErrorKind, Event, Phase, TransportState,
    client::{FunctionCall, TrackKind},
    ffi::RtviEvent,
    transport::{Participant, TransportCommand},
};
use serde_json::json;

use crate::*;

/// The default options with a WebSocket.
pub(crate) fn options() -> FfiClientOptions {
    with_transport(named("websocket"))
}

fn named(name: &str) -> FfiTransportChoice {
    FfiTransportChoice::Named { name: name.to_owned(), options_json: "{}".to_owned() }
}

fn with_transport(transport: FfiTransportChoice) -> FfiClientOptions {
    FfiClientOptions {
        transport,
        microphone: None,
        speaker: None,
        camera: None,
        screen: None,
        display: None,
        options_json: "{}".to_owned(),
    }
}

/// The test's own limit. A passing test never waits that long.
const LIMIT: Duration = Duration::from_secs(30);

/// Runs a test as an app would: on a thread that is not one of the runtime's.
fn run<T>(test: impl Future<Output = T>) -> T {
    runtime::handle().unwrap().block_on(async { tokio::time::timeout(LIMIT, test).await.expect("in time") })
}

async fn bot() -> DemoBot {
    DemoBot::start(BotOptions { pace: 0.1, ..BotOptions::default() }).await.unwrap()
}

fn start(bot: &DemoBot, transport: &str) -> String {
    format!(r#"{{"endpoint":"{}","requestData":{{"transport":"{transport}"}}}}"#, bot.start_url())
}

fn kind(error: FfiError) -> ErrorKind {
    let FfiError::Failed { error } = error;
    error.kind()
}

async fn until(stream: &FfiEventStream, name: &str) -> RtviEvent {
    loop {
        let events = stream.next_events(1).await.unwrap();
        let event = events.into_iter().next().expect("the stream has not ended");
        if Event::from(event.clone()).name() == name {
            return event;
        }
    }
}

fn present(client: &FfiClient) -> TransportState {
    TransportState::ALL[usize::from(client.state_index())]
}

fn state(state: TransportState) -> RtviEvent {
    RtviEvent::TransportStateChanged { state }
}

async fn has_a_session(choice: FfiTransportChoice, name: &str) {
    let bot = bot().await;
    let input = FfiPcmInput::new(16_000, 1, false, None).unwrap();
    let output = FfiPcmOutput::new(24_000, 1, None).unwrap();
    let mut options = with_transport(choice);
    options.microphone = Some(FfiMicrophone::Pcm { input: Arc::clone(&input) });
    options.speaker = Some(FfiSpeaker::Pcm { output: Arc::clone(&output) });
    let client = FfiClient::new(options).unwrap();
    let events = client.events().unwrap();
    let ready = client.start_bot_and_connect(start(&bot, name), None).await.unwrap();
    assert_eq!(ready.version.as_deref(), Some("2.2.0"));
    assert_eq!((present(&client), client.info().unwrap().bot), (TransportState::Ready, Some(ready)));
    assert_eq!(input.push(&[0; 641]), 640);
    client.send_text("Hello".to_owned(), None, None, None).await.unwrap();
    until(&events, "botStartedSpeaking").await;
    while output.pull(960).is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    client.disconnect(None).await.unwrap();
    until(&events, "disconnected").await;
    assert!(client.info().unwrap().audio_stats.received > Duration::ZERO);
    client.shutdown();
    while !events.next_events(512).await.unwrap().is_empty() {}
    bot.stop().await;
}

#[test]
fn a_session_over_websocket() {
    run(has_a_session(named("websocket"), "websocket"));
}

#[test]
fn a_session_over_webrtc() {
    run(has_a_session(named("small-webrtc"), "webrtc"));
}

#[test]
fn the_state_is_followed_until_the_client_is_closed() {
    run(async {
        let bot = bot().await;
        let client = FfiClient::new(options()).unwrap();
        let follower = tokio::spawn({
            let client = Arc::clone(&client);
            async move {
                let mut seen = vec![present(&client)];
                while let Some(state) = client.state_after(*seen.last().unwrap()).await {
                    seen.push(state);
                }
                seen
            }
        });
        client.start_bot_and_connect(start(&bot, "websocket"), None).await.unwrap();
        assert_eq!(client.state_after(TransportState::Connected).await, Some(TransportState::Ready));
        client.disconnect(None).await.unwrap();
        assert_eq!(client.state_after(TransportState::Ready).await, Some(TransportState::Disconnected));
        client.shutdown();
        assert_eq!(client.state_after(TransportState::Disconnected).await, None);
        let seen = follower.await.unwrap();
        assert!(seen.windows(2).all(|pair| pair[0] != pair[1]), "{seen:?}");
        bot.stop().await;
    });
}

#[test]
fn calls_are_given_up_by_their_cancellation_and_by_shutdown() {
    run(async {
        let bot = bot().await;
        let client = FfiClient::new(options()).unwrap();
        client.start_bot_and_connect(start(&bot, "websocket"), None).await.unwrap();
        let cancellation = FfiCancellation::new();
        let request = |cancellation| client.send_client_request("never".to_owned(), None, None, cancellation);
        let (first, second, ()) =
            tokio::join!(request(Some(Arc::clone(&cancellation))), request(None), async {
                cancellation.cancel();
                assert!(cancellation.is_cancelled());
                tokio::task::yield_now().await;
                client.shutdown();
            });
        assert_eq!(
            (kind(first.unwrap_err()), kind(second.unwrap_err())),
            (ErrorKind::Cancelled, ErrorKind::Cancelled)
        );
        assert_eq!(kind(client.disconnect(None).await.unwrap_err()), ErrorKind::InvalidState);
        assert_eq!(present(&client), TransportState::Disconnected);
        bot.stop().await;
    });
}

#[test]
fn giving_up_connect_undoes_it() {
    run(async {
        let client = FfiClient::new(with_transport(custom(Arc::new(NeverOpens)))).unwrap();
        let events = client.events().unwrap();
        let cancellation = FfiCancellation::new();
        let connect = client.connect(json!({}), Some(Arc::clone(&cancellation)));
        let (result, ()) = tokio::join!(connect, async {
            while until(&events, "transportStateChanged").await != state(TransportState::Connecting) {}
            cancellation.cancel();
        });
        assert_eq!(kind(result.unwrap_err()), ErrorKind::Cancelled);
        while until(&events, "transportStateChanged").await != state(TransportState::Disconnected) {}
    });
}

#[test]
fn a_stopped_stream_ends_its_reader() {
    run(async {
        let client = FfiClient::new(options()).unwrap();
        let stream = client.events().unwrap();
        let (batch, ()) = tokio::join!(stream.next_events(9), async { stream.stop() });
        assert_eq!(batch.unwrap(), []);
        assert_eq!(stream.next_events(9).await.unwrap(), []);
    });
}

struct Weather;

#[async_trait::async_trait]
impl FfiFunctionHandler for Weather {
    async fn call(&self, call: FunctionCall) -> Result<FfiFunctionResult, FfiError> {
        assert_eq!(call.function_name, "get_weather");
        assert_eq!(call.arguments.get("city"), Some(&json!("Berlin")));
        Ok(FfiFunctionResult { value: json!({"conditions": "sunny"}) })
    }
}

#[test]
fn the_bot_calls_a_function() {
    run(async {
        let bot = bot().await;
        let client = FfiClient::new(options()).unwrap();
        let events = client.events().unwrap();
        client.register_function("get_weather".to_owned(), Arc::new(Weather)).unwrap();
        client.start_bot_and_connect(start(&bot, "websocket"), None).await.unwrap();
        client.send_text("What is the weather in Berlin?".to_owned(), None, None, None).await.unwrap();
        let stopped = event_data(until(&events, "llmFunctionCallStopped").await).unwrap().unwrap();
        assert_eq!(stopped["result"]["conditions"], "sunny");
        assert_eq!(client.unregister_function("get_weather".to_owned()), Ok(true));
        assert_eq!(client.unregister_function("get_weather".to_owned()), Ok(false));
        client.shutdown();
        bot.stop().await;
    });
}

fn custom(transport: Arc<dyn FfiTransport>) -> FfiTransportChoice {
    let capabilities = FfiCustomTransport {
        max_message_size: None,
        capture_sample_rate: Some(8_000),
        capture_channels: 1,
        capture_frame_ms: 20,
    };
    FfiTransportChoice::Custom { capabilities, transport }
}

struct NeverOpens;

#[async_trait::async_trait]
impl FfiTransport for NeverOpens {
    async fn run(&self, _: Arc<FfiConnection>) -> Result<FfiConnectionEnd, FfiError> {
        std::future::pending().await
    }
}

/// Answers client-ready, echoes the microphone, and ends on request.
#[derive(Default)]
struct Loopback {
    heard: Mutex<usize>,
}

#[async_trait::async_trait]
impl FfiTransport for Loopback {
    async fn run(&self, connection: Arc<FfiConnection>) -> Result<FfiConnectionEnd, FfiError> {
        assert_eq!((connection.params(), connection.attempt()), (json!({"room": 1}), 0));
        let bot = Participant { id: "b".to_owned(), name: "Bot".to_owned(), local: false };
        connection.opened(bot, None).await?;
        loop {
            tokio::select! {
                command = connection.next_command(None) => match command? {
                    Some(TransportCommand::Send(message)) => self.answer(&connection, &message).await?,
                    Some(TransportCommand::MicEnabled(_) | TransportCommand::NetworkChanged) => {}
                    Some(TransportCommand::Close) | None => return Ok(FfiConnectionEnd::Requested),
                },
                audio = connection.next_audio(None) => if let Some(pcm) = audio? {
                    *self.heard.lock().unwrap() += pcm.len();
                    connection.audio(8_000, 1, &pcm)?;
                },
            }
        }
    }
}

impl Loopback {
    async fn answer(&self, connection: &FfiConnection, message: &str) -> Result<(), FfiError> {
        let message: Value = serde_json::from_str(message).unwrap();
        let reply = match message["type"].as_str() {
            Some("client-ready") => "{\"version\":\"2.2.0\"}",
            _ => return connection.unreadable("a message".to_owned(), None).await,
        };
        let id = &message["id"];
        let text = format!("{{\"label\":\"rtvi-ai\",\"type\":\"bot-ready\",\"id\":{id},\"data\":{reply}}}");
        connection.message(text, None).await
    }
}

#[test]
fn a_transport_of_the_apps_own() {
    run(async {
        let transport = Arc::new(Loopback::default());
        let input = FfiPcmInput::new(8_000, 1, true, None).unwrap();
        let mut options = with_transport(custom(Arc::clone(&transport) as Arc<dyn FfiTransport>));
        options.microphone = Some(FfiMicrophone::Pcm { input: Arc::clone(&input) });
        let client = FfiClient::new(options).unwrap();
        let events = client.events().unwrap();
        client.connect(json!({"room": 1}), None).await.unwrap();
        assert_eq!(input.push(&[1; 3200]), 3200);
        let track = loop {
            if let RtviEvent::TrackStarted { track } = until(&events, "trackStarted").await
                && track.participant.name == "Bot"
            {
                break track;
            }
        };
        assert_eq!(track.kind, TrackKind::Audio);
        client.send_client_message("x".to_owned(), None, None).await.unwrap();
        until(&events, "protocolError").await;
        client.disconnect(None).await.unwrap();
        assert!(*transport.heard.lock().unwrap() > 0);
    });
}

struct Throws;

#[async_trait::async_trait]
impl FfiTransport for Throws {
    async fn run(&self, _: Arc<FfiConnection>) -> Result<FfiConnectionEnd, FfiError> {
        Err(uniffi::UnexpectedUniFFICallbackError::new("no such room").into())
    }
}

impl FfiMicrophoneControl for Throws {
    fn start(&self) -> Result<(), FfiError> {
        Err(uniffi::UnexpectedUniFFICallbackError::new("no permission").into())
    }

    fn stop(&self) -> Result<(), FfiError> {
        Ok(())
    }
}

#[test]
fn what_the_app_throws_is_the_reason() {
    run(async {
        let client = FfiClient::new(with_transport(custom(Arc::new(Throws)))).unwrap();
        let FfiError::Failed { error } = client.connect(json!({}), None).await.unwrap_err();
        assert_eq!((error.kind(), error.phase()), (ErrorKind::ConnectionFailed, Some(Phase::TransportOpen)));
        assert!(error.message().contains("no such room"), "{error}");
        let mut options = options();
        let input = FfiPcmInput::new(16_000, 1, false, Some(Arc::new(Throws))).unwrap();
        options.microphone = Some(FfiMicrophone::Pcm { input });
        let client = FfiClient::new(options).unwrap();
        let events = client.events().unwrap();
        // A failing microphone is reported, and the session continues without it.
        let bot = bot().await;
        client.start_bot_and_connect(start(&bot, "websocket"), None).await.unwrap();
        let told = event_data(until(&events, "deviceError").await).unwrap().unwrap();
        assert!(told["message"].as_str().unwrap().contains("no permission"), "{told}");
        bot.stop().await;
    });
}
