//! `rtvi doctor`: performs the steps of a session one by one, and reports which one fails and why.
//!
//! This module makes the steps up to TLS itself, to distinguish them; a real client makes the start
//! request and the session.

mod call;
mod hints;
mod network;
mod report;
mod session;

use std::process::ExitCode;

use rtvi_core::{ApiRequest, ConnectParams, Error, ErrorKind, PipecatClient, transport::TransportKind};
use serde_json::{Map, Value, json};
use url::Url;

use crate::{
    args::DoctorArgs,
    complain,
    outcome::Outcome,
    talk,
    trace::TraceFile,
    transport::{self, Kind},
};

use report::Report;

/// A step failed; the following steps make no sense.
#[derive(Debug)]
pub(crate) struct Broken;

/// The result of a step: what it found, or why it failed and how to fix it.
type Finding<T> = Result<(T, String), Failure>;

/// Why a step failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) cause: String,
    pub(crate) hint: Option<String>,
}

impl Failure {
    fn new(cause: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { cause: cause.into(), hint: Some(hint.into()) }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { cause: error.message().to_owned(), hint: hints::for_error(&error) }
    }
}

/// Checks a server.
pub(crate) async fn run(args: DoctorArgs) -> ExitCode {
    talk::log_to_stderr(crate::args::Level::Error);
    let opened = TraceFile::create(args.trace.clone())
        .and_then(|trace| Ok((trace, session::client(&args).map_err(|failure| failure.cause)?)));
    let (trace, client) = match opened {
        Ok(opened) => opened,
        Err(text) => {
            complain(&text);
            return Outcome::WrongUsage.into();
        }
    };
    let subject = match Subject::of(&args) {
        Ok(subject) => subject,
        Err(error) => {
            complain(error.message());
            return Outcome::WrongUsage.into();
        }
    };
    let mut report = Report::new(anstream::stdout());
    let outcome = match examine(&client, &args, subject, &mut report).await {
        Ok(()) => Outcome::Done,
        Err(Broken) => Outcome::NotConnected,
    };
    report.conclusion(outcome == Outcome::Done);
    trace.write(&client, outcome).into()
}

/// What is checked.
struct Subject {
    url: Url,
    target: Target,
    /// For a start endpoint.
    request: ApiRequest,
}

impl Subject {
    fn of(args: &DoctorArgs) -> Result<Self, Error> {
        let is_websocket = |url: &Url| Target::of(url, args.transport) == Target::WebSocket;
        if args.phone.is_some() && !args.url.as_ref().is_some_and(is_websocket) {
            let text = "--phone needs the bot's WebSocket: ws or wss";
            return Err(Error::new(ErrorKind::InvalidArgument, text));
        }
        if let Some(request) = args.agent.request(args.data.as_ref(), args.transport) {
            let mut request = request?;
            request.headers.extend(args.headers.iter().cloned());
            return Ok(Self { url: parsed(&request.endpoint)?, target: Target::Start, request });
        }
        let url =
            args.url.clone().ok_or_else(|| Error::new(ErrorKind::InvalidArgument, "there is no URL"))?;
        let mut request = ApiRequest::new(url.as_str());
        request.headers.clone_from(&args.headers);
        let mut data = args.data.clone().unwrap_or_default();
        if let Some(kind) = args.transport {
            data.entry("transport").or_insert_with(|| kind.name().into());
        }
        request.request_data = Some(Value::Object(data));
        Ok(Self { target: Target::of(&url, args.transport), url, request })
    }
}

fn parsed(url: &str) -> Result<Url, Error> {
    Url::parse(url)
        .map_err(|cause| Error::new(ErrorKind::InvalidArgument, format!("the address is not a URL: {cause}")))
}

async fn examine(
    client: &PipecatClient,
    args: &DoctorArgs,
    subject: Subject,
    report: &mut Report,
) -> Result<(), Broken> {
    let Subject { url, target, request } = subject;
    let what = if args.agent.agent.is_some() { "agent on Pipecat Cloud" } else { target.title() };
    report.heading(&format!("The {what}, {}", shown(&url)));
    network::examine(&url, args.timeout(), report).await?;
    match target {
        Target::WebSocket if args.phone.is_some() => {
            call::examine(client, websocket_params(&url, args), args, report).await
        }
        Target::Start => examine_start(client, args, &url, &request, report).await,
        Target::Offer => session::examine(client, Kind::Webrtc, webrtc_params(&url, args), report).await,
        Target::WebSocket => {
            session::examine(client, Kind::Websocket, websocket_params(&url, args), report).await
        }
        Target::Room => {
            let params = transport::room(&url, args.token.as_deref());
            session::examine(client, Kind::Livekit, params, report).await
        }
    }
}

/// The kind of endpoint that a URL names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    Start,
    Offer,
    WebSocket,
    Room,
}

impl Target {
    fn of(url: &Url, transport: Option<Kind>) -> Self {
        if matches!(url.scheme(), "ws" | "wss") {
            if transport == Some(Kind::Livekit) { Self::Room } else { Self::WebSocket }
        } else if url.path().trim_end_matches('/').ends_with("/offer") {
            Self::Offer
        } else {
            Self::Start
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Start => "start endpoint",
            Self::Offer => "offer endpoint",
            Self::WebSocket => "WebSocket",
            Self::Room => "LiveKit server",
        }
    }
}

async fn examine_start(
    client: &PipecatClient,
    args: &DoctorArgs,
    start: &Url,
    request: &ApiRequest,
    report: &mut Report,
) -> Result<(), Broken> {
    let answer = session::start(client, request, args, report).await?;
    let params = ConnectParams::new(answer.clone());
    match TransportKind::of(&params) {
        Err(refusal) => {
            let failure = Failure::new(refusal.message(), hints::ROOM);
            return report.check("transport", async { Err(failure) }).await;
        }
        Ok(Some(TransportKind::SmallWebRtc)) => {
            report.heading("The bot's WebRTC");
            return session::examine(client, Kind::Webrtc, params, report).await;
        }
        Ok(Some(TransportKind::LiveKit)) => {
            report.heading("The bot's LiveKit room");
            examine_server(start, room_server(&answer), args, report).await?;
            return session::examine(client, Kind::Livekit, params, report).await;
        }
        Ok(_) => {}
    }
    report.heading("The bot's WebSocket");
    examine_server(start, websocket_of(&answer), args, report).await?;
    session::examine(client, Kind::Websocket, params, report).await
}

/// Checks the address of the bot's server, and the path to it unless it is the start endpoint's.
async fn examine_server(
    start: &Url,
    address: Finding<Url>,
    args: &DoctorArgs,
    report: &mut Report,
) -> Result<(), Broken> {
    let url = report.check("address", async { address }).await?;
    if (url.host_str(), url.port_or_known_default()) != (start.host_str(), start.port_or_known_default()) {
        network::examine(&url, args.timeout(), report).await?;
    }
    Ok(())
}

/// The address of the LiveKit server in the start endpoint's answer.
fn room_server(answer: &Map<String, Value>) -> Finding<Url> {
    const KEYS: [&str; 6] = ["url", "livekitUrl", "livekit_url", "liveKitUrl", "serverUrl", "server_url"];
    match KEYS.iter().find_map(|key| Some((*key, answer.get(*key)?.as_str()?))) {
        Some((key, text)) => address(key, text),
        None => Err(Failure::new("the answer has a token for a LiveKit room but no url", hints::OWN_ADDRESS)),
    }
}

/// The bot's address in the start endpoint's answer.
fn websocket_of(answer: &Map<String, Value>) -> Finding<Url> {
    let text = ["wsUrl", "ws_url"].iter().filter_map(|key| answer.get(*key)).find_map(Value::as_str);
    let Some(text) = text else {
        let keys = answer.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        return Err(Failure::new(
            format!("the answer has no wsUrl and no sessionId, only: {keys}"),
            "The server offers another transport. Start it with WebRTC, WebSocket or LiveKit (with Pipecat's runner: -t webrtc, -t websocket or -t livekit).",
        ));
    };
    address("wsUrl", text)
}

/// The address under a key of the start endpoint's answer.
fn address(key: &str, text: &str) -> Finding<Url> {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "ws" | "wss" | "http" | "https") => {
            let said = shown(&url);
            Ok((url, said))
        }
        Ok(url) => Err(Failure::new(
            format!("the answer's {key} has the scheme '{}'; it must be ws or wss", url.scheme()),
            hints::OWN_ADDRESS,
        )),
        Err(cause) => {
            Err(Failure::new(format!("the answer's {key} is not a URL: {cause}"), hints::OWN_ADDRESS))
        }
    }
}

fn webrtc_params(url: &Url, args: &DoctorArgs) -> ConnectParams {
    let request = json!({ "endpoint": url.as_str(), "headers": headers(args) });
    ConnectParams::default().with("webrtcRequestParams", request)
}

fn websocket_params(url: &Url, args: &DoctorArgs) -> ConnectParams {
    let mut params = ConnectParams::websocket(url.as_str());
    if let Some(token) = &args.token {
        params = params.with("token", token.clone());
    }
    params.with("headers", headers(args))
}

fn headers(args: &DoctorArgs) -> Map<String, Value> {
    args.headers.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect()
}

/// The part of a URL that may be shown: no query, no user.
fn shown(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{}{port}{}", url.scheme(), url.host_str().unwrap_or_default(), url.path())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn websocket(answer: &Value) -> Finding<Url> {
        websocket_of(answer.as_object().expect("an object"))
    }

    #[test]
    fn urls_tell_what_they_are_of() {
        for (url, target) in [
            ("http://h/start", Target::Start),
            ("https://h/bots/1/start?offer", Target::Start),
            ("http://h/api/offer", Target::Offer),
            ("https://h/sessions/1/api/offer/", Target::Offer),
            ("wss://h/offer", Target::WebSocket),
        ] {
            assert_eq!(Target::of(&Url::parse(url).expect("a URL"), None), target, "{url}");
        }
        let room = |url| Target::of(&Url::parse(url).expect("a URL"), Some(Kind::Livekit));
        assert_eq!((room("wss://h"), room("http://h/start")), (Target::Room, Target::Start));
    }

    #[test]
    fn the_answer_must_say_where_the_bot_is() {
        assert!(
            websocket(&json!({"wsUrl": "ws://h:1/ws?token=secret"}))
                .is_ok_and(|(_, said)| said == "ws://h:1/ws")
        );
        assert!(websocket(&json!({"ws_url": "wss://h/ws"})).is_ok());
        let other = websocket(&json!({"dailyRoom": "https://x", "dailyToken": "1"})).expect_err("no URL");
        assert!(other.cause.contains("dailyRoom, dailyToken"), "{other:?}");
        assert!(websocket(&json!({"wsUrl": "/ws"})).is_err());
        assert!(
            websocket(&json!({"wsUrl": "ftp://h"})).is_err_and(|failure| failure.cause.contains("'ftp'"))
        );
        let room = |answer: Value| room_server(answer.as_object().expect("an object"));
        assert!(
            room(json!({"url": "ws://h:7880?secret", "token": "t"}))
                .is_ok_and(|(_, said)| said == "ws://h:7880/")
        );
        assert!(room(json!({"livekitToken": "t"})).is_err_and(|failure| failure.cause.contains("no url")));
    }
}
