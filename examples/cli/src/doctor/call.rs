//! The steps of a phone call: the call, the bot's voice, hanging up.

use std::time::Duration;

use rtvi_core::{ConnectParams, Error, ErrorKind, Event, EventStream, PipecatClient};
use tokio::time::timeout;

use crate::{args::DoctorArgs, transport::Kind};

use super::{Broken, Failure, Finding, report::Report, session};

const CLOSED: &str = "The bot ended the call at once. Does it expect this provider? With Pipecat's runner, the provider's credentials must be set in its environment. See its log.";

/// Calls the bot, listens to it, and hangs up.
pub(super) async fn examine(
    client: &PipecatClient,
    params: ConnectParams,
    args: &DoctorArgs,
    report: &mut Report,
) -> Result<(), Broken> {
    let mut events = client.events();
    let connecting = {
        let client = client.clone();
        tokio::spawn(async move { client.connect(params).await })
    };
    let opened = report.check("call", session::opened(&mut events, Kind::Websocket)).await;
    // The call ends on its own: the client has a deadline for each phase.
    let taken =
        connecting.await.unwrap_or_else(|cause| Err(Error::new(ErrorKind::Internal, cause.to_string())));
    opened?;
    let voice = async {
        taken?;
        voice(&mut events, args.timeout()).await
    };
    report.check("the bot's voice", voice).await?;
    report.check("hanging up", async { Ok((client.disconnect().await?, "done".to_owned())) }).await
}

/// Waits for the bot's first audio. A bot may wait for the caller's first word.
async fn voice(events: &mut EventStream, limit: Duration) -> Finding<()> {
    let first = async {
        while let Some(event) = events.next().await {
            match event {
                Event::TrackStarted(track) if !track.participant.local => {
                    return Ok(((), "the bot sends audio".to_owned()));
                }
                Event::Error { error, fatal: true } => return Err(Failure::new(error.message(), CLOSED)),
                Event::Disconnected(_) => break,
                _ => {}
            }
        }
        Err(Failure::new("the call ended", CLOSED))
    };
    let silent = || {
        let text = format!("none within {} s; the bot may wait for the caller to speak", limit.as_secs());
        Ok(((), text))
    };
    timeout(limit, first).await.unwrap_or_else(|_| silent())
}
