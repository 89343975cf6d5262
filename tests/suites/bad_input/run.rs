//! Runs one row: provokes the fault, compares the outcome, and uses the client again.

use std::time::{Duration, Instant};

use rtvi_core::{
    ApiRequest, ConnectParams, Error, ErrorKind, Phase, PipecatClientOptions, TransportState,
    client::{ReconnectPolicy, Timeouts},
    transport::{
        LiveKitTransport, PhoneTransport, TlsOptions, WebSocketTransport, WebSocketTransportOptions,
    },
};
use rtvi_tests::{Session, misbehaving::Servers};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::{
    outcome::{self, SECRET},
    row::{How, Outcome, Row},
};

/// The deadline under test, in rows where one passes.
const SHORT: Duration = Duration::from_secs(2);
/// How much earlier a transport may say what it lacks.
const EARLY: Duration = Duration::from_millis(200);
/// All other deadlines.
const LONG: Duration = Duration::from_secs(20);
/// How late a row may be after its deadline on a busy machine.
const SLACK: Duration = Duration::from_secs(10);

/// How often the client tries to connect afterwards, if deadlines pass.
const ATTEMPTS: usize = 5;

/// Runs a row. Returns a description of any unexpected outcome.
pub(crate) async fn attempt(servers: &Servers, row: &Row) -> Result<(), String> {
    let session = Session::with(|options| configure(servers, row, options));
    let begun = Instant::now();
    let tried = timeout(LONG + SLACK, provoke(servers, row, &session));
    let result = tried.await.map_err(|_| "it takes too long".to_owned())?;
    let took = begun.elapsed();
    compare(servers, row, session, result, took).await
}

fn configure(servers: &Servers, row: &Row, options: &mut PipecatClientOptions) {
    options.client.reconnect = ReconnectPolicy { max_attempts: 0, ..ReconnectPolicy::default() };
    options.client.timeouts = deadlines(row);
    if row.how.is_webrtc() {
        return;
    }
    if row.how.is_room() {
        options.transport = std::sync::Arc::new(LiveKitTransport::default());
        return;
    }
    if let Some(phone) = row.how.phone() {
        let phone = serde_json::from_str(phone).expect("they are options");
        options.transport = std::sync::Arc::new(PhoneTransport::new(phone));
        return;
    }
    let tls = TlsOptions::default().with_root_der(servers.authority());
    options.client.tls = tls.clone();
    let transport = WebSocketTransportOptions { tls: Some(tls), ..WebSocketTransportOptions::default() };
    options.transport = std::sync::Arc::new(WebSocketTransport::new(transport));
}

/// Long deadlines, except the one that the row tests.
fn deadlines(row: &Row) -> Timeouts {
    let phase = match &row.outcome {
        Outcome::Fails(expected) if expected.kind == ErrorKind::Timeout => expected.phase,
        _ => None,
    };
    let limit = |of: Phase| if phase == Some(of) { SHORT } else { LONG };
    let mut deadlines = Timeouts::default();
    deadlines.start = limit(Phase::StartRequest);
    deadlines.open = Some(limit(Phase::TransportOpen));
    deadlines.bot_ready = Some(limit(Phase::BotReady));
    deadlines
}

async fn provoke(servers: &Servers, row: &Row, session: &Session) -> Result<(), Error> {
    let client = &session.client;
    let ready = |url: String| async move { client.connect(ConnectParams::websocket(url)).await.map(drop) };
    match row.how {
        How::Connect(url) | How::Dial(_, url) => {
            client.connect(secret_params(&servers.fill(url))).await.map(drop)
        }
        How::Params(text) => client.connect(params(&servers.fill(text))).await.map(drop),
        How::Offer(url) => client.connect(secret_offer(&servers.fill(url))).await.map(drop),
        How::Room(url) => client.connect(secret_room(&servers.fill(url))).await.map(drop),
        How::OfferParams(text) | How::RoomParams(text) => {
            client.connect(params(&servers.fill(text))).await.map(drop)
        }
        How::Call(fault) => {
            client.connect(servers.good_offer()).await?;
            client.send_client_message("misbehave", Some(parse(fault))).await
        }
        How::CallOf(url, fault) => {
            client.connect(secret_offer(&servers.fill(url))).await?;
            client.send_client_message("misbehave", Some(parse(fault))).await
        }
        How::Start(url) => client.start_bot_and_connect(request(&servers.fill(url), None)).await.map(drop),
        How::StartFault(fault) => {
            let url = servers.fill("http://{bot}/start");
            client.start_bot_and_connect(request(&url, Some(fault))).await.map(drop)
        }
        How::Session(fault) => {
            ready(servers.good_url()).await?;
            client.send_client_message("misbehave", Some(parse(fault))).await
        }
        How::Idle(call) => call(client, servers).await,
        How::Ready(call) => {
            ready(servers.good_url()).await?;
            call(client, servers).await
        }
        How::Legacy(call) => {
            ready(servers.legacy_url()).await?;
            call(client, servers).await
        }
    }
}

/// Reads JSON, or a plain word.
fn parse(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| json!(text))
}

fn params(text: &str) -> ConnectParams {
    ConnectParams::new(parse(text).as_object().cloned().unwrap_or_default())
}

/// Parameters for the URL with a secret in its query, its token and a header.
fn secret_params(url: &str) -> ConnectParams {
    ConnectParams::websocket(with_secret(url))
        .with("token", format!("{SECRET}-token"))
        .with("headers", json!({"x-key": format!("{SECRET}-header")}))
}

/// The same for an offer.
fn secret_offer(url: &str) -> ConnectParams {
    let headers = json!({"x-key": format!("{SECRET}-header")});
    let request = json!({"endpoint": with_secret(url), "headers": headers, "requestData": {"key": SECRET}});
    ConnectParams::default().with("webrtcRequestParams", request)
}

/// The same for a room.
fn secret_room(url: &str) -> ConnectParams {
    ConnectParams::default().with("url", with_secret(url)).with("token", format!("{SECRET}-token"))
}

fn request(url: &str, fault: Option<&str>) -> ApiRequest {
    let mut data = json!({"key": format!("{SECRET}-body")});
    if let Some(fault) = fault {
        data["fault"] = parse(fault);
    }
    ApiRequest::new(with_secret(url)).with_header("x-key", format!("{SECRET}-header")).with_data(data)
}

fn with_secret(url: &str) -> String {
    let separator = if url.contains('?') { '&' } else { '?' };
    format!("{url}{separator}key={SECRET}-query")
}

async fn compare(
    servers: &Servers,
    row: &Row,
    mut session: Session,
    result: Result<(), Error>,
    took: Duration,
) -> Result<(), String> {
    match (&row.outcome, result) {
        (Outcome::Fails(expected), Err(error)) => {
            outcome::error(servers, expected, &error)?;
            if error.message().contains(SECRET) {
                return Err(format!("a secret is given away: {error}"));
            }
            in_time(expected.kind, took)?;
        }
        (Outcome::Fails(_), Ok(())) => return Err("it does not fail".to_owned()),
        (_, Err(error)) => return Err(format!("it fails: {:?}: {error}", error.kind())),
        (Outcome::Ends(expected), Ok(())) => {
            session.wait_for("disconnected").await;
            let Some(rtvi_core::client::DisconnectReason::Failed(error)) = outcome::reason(&session) else {
                return Err(format!("it ends as {:?}", outcome::reason(&session)));
            };
            outcome::error(servers, expected, &error)?;
        }
        (Outcome::Leaves { code, says }, Ok(())) => {
            let left = session.wait_for("disconnected").await;
            if left["reason"] != "botLeft" || left["code"] != json!(code) {
                return Err(format!("it ends as {left}"));
            }
            outcome::says(says, &left.to_string())?;
        }
        (Outcome::Event { name, says }, Ok(())) => {
            session.wait_until(name, |data| data.to_string().contains(says)).await;
            works(&row.how, &session).await?;
        }
        (Outcome::Succeeds, Ok(())) => {}
    }
    outcome::is_discreet(&session)?;
    let good = match &row.how {
        how if how.is_room() => servers.good_room(),
        how if how.phone().is_some() => servers.good_phone(),
        how if how.is_webrtc() => servers.good_offer(),
        _ => ConnectParams::websocket(servers.good_url()),
    };
    is_usable(good, &row.how, &session).await
}

/// A deadline passes when it should, and everything else happens before it does.
fn in_time(kind: ErrorKind, took: Duration) -> Result<(), String> {
    let right = match kind {
        ErrorKind::Timeout => (SHORT - EARLY..SHORT + SLACK).contains(&took),
        _ => took < LONG,
    };
    if right { Ok(()) } else { Err(format!("it took {took:?}")) }
}

/// Checks that the session works.
async fn works(how: &How, session: &Session) -> Result<(), String> {
    if how.phone().is_some() {
        return session.client.send_dtmf("1").await.map_err(|error| format!("afterwards: {error}"));
    }
    let answer = session.client.send_client_request("get-language", None, None).await;
    match answer {
        Ok(Some(answer)) if answer == json!({"language": "en-US"}) => Ok(()),
        other => Err(format!("afterwards the bot answers {other:?}")),
    }
}

/// Connects, even if the client's deadline is short and the machine is busy.
async fn connect_again(good: ConnectParams, session: &Session) -> Result<(), Error> {
    let mut attempts = 1..ATTEMPTS;
    loop {
        match session.client.connect(good.clone()).await {
            Err(error) if error.kind() == ErrorKind::Timeout && attempts.next().is_some() => {}
            connected => return connected.map(drop),
        }
    }
}

/// Checks that the same client can hold a session with a good bot.
async fn is_usable(good: ConnectParams, how: &How, session: &Session) -> Result<(), String> {
    let client = &session.client;
    let failed = |error: Error| format!("afterwards: {error}");
    client.disconnect().await.map_err(failed)?;
    connect_again(good, session).await.map_err(failed)?;
    works(how, session).await?;
    client.disconnect().await.map_err(failed)?;
    match client.state() {
        TransportState::Disconnected => Ok(()),
        state => Err(format!("at last it is {state}")),
    }
}
