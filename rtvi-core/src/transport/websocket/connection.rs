//! The connection actor: moves commands, microphone audio and events between the client's channels
//! and a [`Pump`].

use std::{
    future::{pending, poll_fn},
    pin::pin,
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::{Instant, Interval, MissedTickBehavior, interval},
};

use crate::{
    error::Error,
    log,
    transport::{
        CloseReason, TransportCommand, TransportPort,
        backlog::{Backlog, deliver, flush_one},
    },
};

use super::{dial::Socket, framing::Framing, pump::Pump};

/// The period of time checks: pings, stalls, and the wait for the server's close frame.
const TICK: Duration = Duration::from_millis(250);

/// Opens the connection with `dialing` and runs it to its end.
pub(in crate::transport) async fn open_and_run(
    dialing: impl Future<Output = Result<Socket, Error>>,
    framing: impl Framing,
    stall_timeout: Duration,
    mut port: TransportPort,
) -> CloseReason {
    match open(dialing, &mut port).await {
        Ok(socket) => run(socket, framing, port, stall_timeout).await,
        Err(reason) => reason,
    }
}

async fn open(
    dialing: impl Future<Output = Result<Socket, Error>>,
    port: &mut TransportPort,
) -> Result<Socket, CloseReason> {
    let mut dialing = pin!(dialing);
    loop {
        tokio::select! {
            () = port.cancel.cancelled() => return Err(CloseReason::Requested),
            socket = &mut dialing => return socket.map_err(CloseReason::OpenFailed),
            command = port.commands.recv() => match command {
                None | Some(TransportCommand::Close) => return Err(CloseReason::Requested),
                Some(TransportCommand::MicEnabled(_) | TransportCommand::NetworkChanged) => {}
                Some(TransportCommand::Send(_)) => log::error!("dropped a message sent before the WebSocket was open"),
            },
        }
    }
}

/// Runs an open connection to its end.
async fn run<S, F>(socket: Socket<S>, framing: F, port: TransportPort, stall_timeout: Duration) -> CloseReason
where
    S: AsyncRead + AsyncWrite + Unpin,
    F: Framing,
{
    let TransportPort { mut commands, events, mut mic, speaker, cancel } = port;
    let mut pump = Pump::new(socket, framing, Backlog::new(events.clone()), speaker, stall_timeout);
    pump.open();
    let mut beats = F::BEAT.map(every);
    let mut ticks = every(TICK);
    let mut mic_open = true;
    let end = loop {
        let ended = tokio::select! {
            () = cancel.cancelled() => return CloseReason::Requested,
            ended = poll_fn(|cx| pump.poll(cx)) => ended,
            permit = events.reserve(), if !pump.backlog().is_empty() => flush_one(permit, pump.backlog()),
            command = commands.recv(), if pump.takes_commands() => on_command(command, &mut pump),
            frame = mic.recv(), if mic_open => {
                mic_open = frame.is_some();
                frame.into_iter().for_each(|frame| pump.send_audio(&frame));
                None
            }
            now = ticks.tick() => pump.tick(now),
            now = beat(&mut beats) => {
                pump.beat(now);
                None
            }
        };
        if let Some(reason) = ended {
            break reason;
        }
    };
    if end != CloseReason::Requested {
        deliver(pump.into_backlog(), &events, &mut commands, &cancel).await;
    }
    end
}

/// Ticks of a period. A late one is not followed by those that were missed.
fn every(period: Duration) -> Interval {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

/// The next beat of a framing that has one.
async fn beat(beats: &mut Option<Interval>) -> Instant {
    match beats {
        Some(beats) => beats.tick().await,
        None => pending().await,
    }
}

fn on_command<S, F>(command: Option<TransportCommand>, pump: &mut Pump<S, F>) -> Option<CloseReason>
where
    S: AsyncRead + AsyncWrite + Unpin,
    F: Framing,
{
    match command {
        Some(TransportCommand::Send(json)) => pump.send_message(json),
        // The client stops sending frames by itself, and the wire has no message for it.
        Some(TransportCommand::MicEnabled(_)) => {}
        Some(TransportCommand::NetworkChanged) => pump.probe(),
        Some(TransportCommand::Close) | None => pump.close(),
    }
    None
}

#[cfg(test)]
mod slow_link;
#[cfg(test)]
mod tests;
