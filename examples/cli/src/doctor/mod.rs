//! `rtvi doctor`: walks the way of a session step by step and says at which one it ends, and why.
//!
//! The steps up to TLS are made here, so that each can be told apart; the start request and the session are made by a real client.

mod hints;
mod network;
mod report;
mod session;

use std::process::ExitCode;

use rtvi_core::{ConnectParams, Error};
use serde_json::{Map, Value};
use url::Url;

use crate::{args::DoctorArgs, outcome::Outcome, talk};

use report::Report;

/// A step has failed; what comes after it has no sense.
#[derive(Debug)]
pub(crate) struct Broken;

/// What a step gives: what it has found, or why it failed and what to do.
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
    let mut report = Report::new(anstream::stdout());
    let outcome = match examine(&args, &mut report).await {
        Ok(()) => Outcome::Done,
        Err(Broken) => Outcome::NotConnected,
    };
    report.conclusion(outcome == Outcome::Done);
    outcome.into()
}

async fn examine(args: &DoctorArgs, report: &mut Report) -> Result<(), Broken> {
    let is_websocket = matches!(args.url.scheme(), "ws" | "wss");
    report.heading(&format!(
        "The {}, {}",
        if is_websocket { "WebSocket" } else { "start endpoint" },
        shown(&args.url)
    ));
    network::examine(&args.url, args.timeout, report).await?;
    if is_websocket {
        return session::examine(websocket_params(args), args.timeout, report).await;
    }
    let answer = session::start(args, report).await?;
    report.heading("The bot's WebSocket");
    let url = report.check("address", async { websocket_of(&answer) }).await?;
    if (url.host_str(), url.port_or_known_default())
        != (args.url.host_str(), args.url.port_or_known_default())
    {
        network::examine(&url, args.timeout, report).await?;
    }
    session::examine(ConnectParams::new(answer), args.timeout, report).await
}

/// Where the start endpoint's answer says that the bot is.
fn websocket_of(answer: &Map<String, Value>) -> Finding<Url> {
    let text = ["wsUrl", "ws_url"].iter().filter_map(|key| answer.get(*key)).find_map(Value::as_str);
    let Some(text) = text else {
        let keys = answer.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        return Err(Failure::new(
            format!("the answer holds no wsUrl; it holds: {keys}"),
            "The server offers another transport. Start it with its WebSocket transport (with Pipecat's runner: -t websocket).",
        ));
    };
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "ws" | "wss" | "http" | "https") => {
            let said = shown(&url);
            Ok((url, said))
        }
        Ok(url) => Err(Failure::new(
            format!("the answer's wsUrl has the scheme '{}'", url.scheme()),
            "It must be ws or wss. Look at the server's configuration of its own address.",
        )),
        Err(cause) => Err(Failure::new(
            format!("the answer's wsUrl is not a URL: {cause}"),
            "Look at the server's configuration of its own address.",
        )),
    }
}

fn websocket_params(args: &DoctorArgs) -> ConnectParams {
    let mut params = ConnectParams::websocket(args.url.as_str());
    if let Some(token) = &args.token {
        params = params.with("token", token.clone());
    }
    let headers: Map<String, Value> =
        args.headers.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect();
    params.with("headers", headers)
}

/// What may be shown of a URL: no query, no user.
fn shown(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{}{port}{}", url.scheme(), url.host_str().unwrap_or_default(), url.path())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn websocket(answer: &Value) -> Finding<Url> {
        websocket_of(answer.as_object().expect("an object"))
    }

    #[test]
    fn the_answer_must_say_where_the_bot_is() {
        assert!(
            websocket(&json!({"wsUrl": "ws://h:1/ws?token=secret"}))
                .is_ok_and(|(_, said)| said == "ws://h:1/ws")
        );
        assert!(websocket(&json!({"ws_url": "wss://h/ws"})).is_ok());
        let other = websocket(&json!({"dailyRoom": "https://x", "sessionId": "1"})).expect_err("no URL");
        assert!(other.cause.contains("dailyRoom, sessionId"), "{other:?}");
        assert!(websocket(&json!({"wsUrl": "/ws"})).is_err());
        assert!(
            websocket(&json!({"wsUrl": "ftp://h"})).is_err_and(|failure| failure.cause.contains("'ftp'"))
        );
    }
}
