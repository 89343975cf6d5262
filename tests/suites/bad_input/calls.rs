//! Calls with invalid arguments, or with arguments that the bot refuses.

use std::time::Duration;

use rtvi_core::{
    ApiRequest, ConnectParams, Error,
    ErrorKind::{self, *},
    Phase, PipecatClient,
    media::{AudioFormat, PcmPace, PcmSource, ToneSource, WavRecorder},
    protocol::{File, FileSource, SendFileData},
    transport::{TlsOptions, WebSocketTransport, WebSocketTransportOptions},
};
use serde_json::json;

use crate::row::{
    Expected,
    How::{Idle, Legacy, Ready},
    Outcome, Row,
};

const fn fails(kind: ErrorKind, says: &'static str) -> Outcome {
    Outcome::Fails(Expected::new(kind, None, says))
}

const fn fails_in(phase: Phase, kind: ErrorKind, says: &'static str) -> Outcome {
    Outcome::Fails(Expected::new(kind, Some(phase), says))
}

#[rustfmt::skip]
pub(crate) const ROWS: &[Row] = &[
    Row::new("DTMF without keys", Ready(|client, _| Box::pin(client.send_dtmf(""))), fails(InvalidArgument, "no DTMF keys")),
    Row::new("DTMF with a letter", Ready(|client, _| Box::pin(client.send_dtmf("12a"))), fails(InvalidArgument, "'a'")),
    Row::new("DTMF key `A`", Ready(|client, _| Box::pin(client.send_dtmf("A"))), fails(InvalidArgument, "'A'")),
    Row::new("DTMF to a 1.x bot", Legacy(|client, _| Box::pin(client.send_dtmf("1"))), fails(UnsupportedFeature, "1.1.0")),
    Row::new("file to a 1.x bot", Legacy(|client, _| Box::pin(client.send_file(file(10)))), fails(UnsupportedFeature, "1.1.0")),
    Row::new("message over 1 MiB", Ready(|client, _| Box::pin(client.send_client_message("large", Some(json!("x".repeat(2 << 20)))))), fails_in(Phase::Session, MessageTooLarge, "at most 1048576")),
    Row::new("inline file over 1 MiB", Ready(|client, _| Box::pin(client.send_file(file(1 << 20)))), fails_in(Phase::Session, MessageTooLarge, "at most 1048576")),
    Row::new("request over 1 MiB", Ready(|client, _| Box::pin(large_request(client))), fails_in(Phase::Session, MessageTooLarge, "at most 1048576")),
    Row::new("request that the bot does not know", Ready(|client, _| Box::pin(request(client, "no-such-thing"))), fails_in(Phase::Request, RequestFailed, "unknown request 'no-such-thing'")),
    Row::new("request without an answer", Ready(|client, _| Box::pin(request(client, "never"))), fails_in(Phase::Request, Timeout, "\"never\"")),
    Row::new("append_to_context to a current bot", Ready(|client, _| Box::pin(append(client))), fails_in(Phase::Request, UnsupportedFeature, "Unsupported type append-to-context")),
    Row::new("session request without a session", Idle(|client, _| Box::pin(ask(client))), fails_in(Phase::Request, InvalidState, "needs a session that a start request began")),
    Row::new("session request without a start request", Ready(|client, _| Box::pin(ask(client))), fails_in(Phase::Request, InvalidState, "the client is ready without one")),
    Row::new("agent that is a path", Idle(|_, _| Box::pin(async { ApiRequest::pipecat_cloud("../my-agent", "pk_s3cret").map(drop) })), fails(InvalidArgument, "'../my-agent'")),
    Row::new("public key with a line break", Idle(|_, _| Box::pin(async { ApiRequest::pipecat_cloud("my-agent", "pk_\ns3cret").map(drop) })), fails(InvalidArgument, "the public key for the agent 'my-agent'")),
    Row::new("body over 4 KiB for a WebSocket on Pipecat Cloud", Idle(|client, _| Box::pin(large_body(client, "websocket", 5_000))), fails_in(Phase::StartRequest, InvalidArgument, "has 5000 bytes; Pipecat Cloud accepts 4096")),
    Row::new("body over 1 MiB for Pipecat Cloud", Idle(|client, _| Box::pin(large_body(client, "webrtc", 2_000_000))), fails_in(Phase::StartRequest, InvalidArgument, "has 2000000 bytes; Pipecat Cloud accepts 1048576")),
    Row::new("URL over 16 KiB", Idle(|client, _| Box::pin(long_url(client))), fails_in(Phase::TransportOpen, InvalidTransportParams, "too many for a WebSocket handshake")),
    Row::new("PEM text without a certificate", Idle(|_, _| Box::pin(async { TlsOptions::default().with_roots_pem("not PEM").map(drop) })), fails(InvalidArgument, "contains no certificate")),
    Row::new("sample rate that no transport accepts", Idle(|_, _| Box::pin(odd_rate())), fails_in(Phase::TransportOpen, InvalidTransportParams, "100 Hz")),
    Row::new("app audio in an unsupported format", Idle(|_, _| Box::pin(async { PcmSource::new(AudioFormat::mono(3), PcmPace::Live).map(drop) })), fails(InvalidArgument, "3 Hz")),
    Row::new("tone above half the sample rate", Idle(|_, _| Box::pin(async { ToneSource::new(AudioFormat::mono(8_000), 5_000.0, 0.5).map(drop) })), fails(InvalidArgument, "5000 Hz")),
    Row::new("recording into a folder that does not exist", Idle(|_, _| Box::pin(async { WavRecorder::create("no/such/folder/bot.wav", AudioFormat::mono(24_000)).map(drop) })), fails(InvalidArgument, "no/such/folder/bot.wav")),
];

fn file(size: usize) -> SendFileData {
    let source = FileSource::Bytes { bytes: vec![b'x'; size], width: None, height: None };
    let file = File { format: "text/plain".to_owned(), name: None, source };
    SendFileData { content: String::new(), file, options: None }
}

async fn ask(client: &PipecatClient) -> Result<(), Error> {
    client.session_request("GET", "status", None, None).await.map(drop)
}

async fn large_body(client: &PipecatClient, transport: &str, size: usize) -> Result<(), Error> {
    let data = json!({"transport": transport, "body": "x".repeat(size - 2)});
    client.start_bot(ApiRequest::pipecat_cloud("my-agent", "pk_s3cret")?.with_data(data)).await.map(drop)
}

async fn long_url(client: &PipecatClient) -> Result<(), Error> {
    let params = ConnectParams::websocket("ws://localhost/ws").with("body", "x".repeat(17_000));
    client.connect(params).await.map(drop)
}

async fn request(client: &PipecatClient, t: &str) -> Result<(), Error> {
    client.send_client_request(t, None, Some(Duration::from_secs(2))).await.map(drop)
}

async fn large_request(client: &PipecatClient) -> Result<(), Error> {
    client.send_client_request("large", Some(json!("x".repeat(2 << 20))), None).await.map(drop)
}

#[expect(deprecated, reason = "this is what it is about")]
async fn append(client: &PipecatClient) -> Result<(), Error> {
    let data = serde_json::from_value(json!({"role": "user", "content": "remember this"}));
    client.append_to_context(data.expect("the data fits")).await
}

/// Another client, whose transport has an invalid option.
async fn odd_rate() -> Result<(), Error> {
    let options = WebSocketTransportOptions { sample_rate: 100, ..WebSocketTransportOptions::default() };
    let options = rtvi_core::PipecatClientOptions::new(WebSocketTransport::new(options));
    let client = PipecatClient::new(options)?;
    client.connect(ConnectParams::websocket("ws://bot/")).await.map(drop)
}
