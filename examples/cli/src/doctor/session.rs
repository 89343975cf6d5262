//! The steps that a real client makes: start request, connection, handshake, disconnecting.

use rtvi_core::{
    ApiRequest, ConnectParams, Error, ErrorKind, Event, EventStream, PipecatClient, client::ReconnectPolicy,
    protocol::BotReadyData, transport::TlsOptions,
};
use serde_json::{Map, Value};

use crate::{
    args::DoctorArgs,
    talk,
    transport::{Choice, Kind},
};

use super::{Broken, Failure, Finding, hints, report::Report};

/// Asks the start endpoint for a bot.
pub(super) async fn start(
    client: &PipecatClient,
    request: &ApiRequest,
    args: &DoctorArgs,
    report: &mut Report,
) -> Result<Map<String, Value>, Broken> {
    report
        .check("POST", async {
            let answer = client.start_bot(request.clone()).await.map_err(|error| why_not(error, args))?;
            let keys = answer.as_object().keys().map(String::as_str).collect::<Vec<_>>().join(", ");
            Ok((answer.as_object().clone(), format!("started a bot; the answer has {keys}")))
        })
        .await
}

fn why_not(error: Error, args: &DoctorArgs) -> Failure {
    let hint = args.agent.agent.as_deref().and_then(|agent| hints::for_agent(agent, &error));
    match hint {
        Some(hint) => Failure::new(error.message(), hint),
        None => error.into(),
    }
}

/// Opens the connection, waits for the bot, and disconnects.
pub(super) async fn examine(
    client: &PipecatClient,
    kind: Kind,
    params: ConnectParams,
    report: &mut Report,
) -> Result<(), Broken> {
    let mut events = client.events();
    let connecting = {
        let client = client.clone();
        tokio::spawn(async move { client.connect(params).await })
    };
    let opened = report.check(kind.title(), opened(&mut events, kind)).await;
    // The call ends on its own: the client has a deadline for each phase.
    let ready =
        connecting.await.unwrap_or_else(|cause| Err(Error::new(ErrorKind::Internal, cause.to_string())));
    opened?;
    report.check("bot-ready", async { Ok(describe(&ready?)) }).await?;
    report.check("goodbye", async { Ok((client.disconnect().await?, "closed gracefully".to_owned())) }).await
}

/// A client that does not retry, with the time limit of a step for each of its phases.
pub(super) fn client(args: &DoctorArgs) -> Result<PipecatClient, Failure> {
    let limit = args.timeout();
    let phone = args.phone.map(|provider| args.call.options(provider, TlsOptions::default()));
    let mut options = Choice { phone, ..Choice::default() }.client_options();
    options.client.timeouts.start = limit;
    options.client.timeouts.open = Some(limit);
    options.client.timeouts.bot_ready = Some(limit);
    options.client.reconnect = ReconnectPolicy { max_attempts: 0, ..ReconnectPolicy::default() };
    options.client.about = talk::about();
    Ok(PipecatClient::new(options)?)
}

/// Waits until the transport is open or has failed.
pub(super) async fn opened(events: &mut EventStream, kind: Kind) -> Finding<()> {
    while let Some(event) = events.next().await {
        match event {
            Event::Connected => return Ok(((), "open".to_owned())),
            Event::Error { error, fatal: true } => return Err(not_open(error, kind)),
            Event::Disconnected(_) => break,
            _ => {}
        }
    }
    Err(Failure::new("the session ended before it began", "See the server's log."))
}

fn not_open(error: Error, kind: Kind) -> Failure {
    match hints::for_room(&error).filter(|_| kind == Kind::Livekit) {
        Some(hint) => Failure::new(error.message(), hint),
        None => error.into(),
    }
}

fn describe(bot: &BotReadyData) -> ((), String) {
    let about = |key: &str| bot.about.as_ref().and_then(|about| about.get(key)).and_then(Value::as_str);
    let library =
        [about("library"), about("library_version")].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let version = bot.version.as_deref().unwrap_or("of unknown version");
    ((), format!("RTVI {version}, {}", if library.is_empty() { "library unknown" } else { &library }))
}
