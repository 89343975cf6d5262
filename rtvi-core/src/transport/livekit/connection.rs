//! The connection actor: moves commands, audio, messages and events between the client's channels
//! and a [`Call`].

use tokio::{sync::mpsc, time::Instant};
use tokio_util::sync::CancellationToken;

use crate::{
    media::AudioFrame,
    transport::{
        CloseReason, TransportCommand, TransportEvent, TransportPort,
        backlog::{Backlog, deliver, flush_one},
        rtc,
    },
};

use super::{
    Setup,
    call::{Call, CallEvent},
    peers::{Peers, PeersEvent},
    session::Input,
    signal::Signal,
};

/// Joins the room and stays in it to the end of the connection.
pub(super) async fn open_and_run(setup: Setup, port: TransportPort) -> CloseReason {
    let TransportPort { mut commands, events, mut mic, speaker, cancel } = port;
    let mut call = Call::new(setup, Backlog::new(events.clone()), speaker, Instant::now());
    let end = run(&mut call, &mut commands, &mut mic, &events, &cancel).await;
    let backlog = call.close(end == CloseReason::Requested).await;
    if end != CloseReason::Requested {
        deliver(backlog, &events, &mut commands, &cancel).await;
    }
    end
}

async fn run(
    call: &mut Call,
    commands: &mut mpsc::Receiver<TransportCommand>,
    mic: &mut mpsc::Receiver<AudioFrame>,
    events: &mpsc::Sender<TransportEvent>,
    cancel: &CancellationToken,
) -> CloseReason {
    let mut turns = rtc::turns();
    if let Some(end) = call.act().await {
        return end;
    }
    loop {
        let has_room = !call.backlog.is_full();
        let reads = call.session.is_open() && has_room;
        let event = tokio::select! {
            () = cancel.cancelled() => return CloseReason::Requested,
            permit = events.reserve(), if !call.backlog.is_empty() => match flush_one(permit, &mut call.backlog) {
                Some(end) => return end,
                None => continue,
            },
            command = commands.recv(), if call.session.takes_messages() => {
                CallEvent::Input(Input::Command(command.unwrap_or(TransportCommand::Close)))
            }
            Some(frame) = mic.recv() => CallEvent::Microphone(frame),
            input = next_of_signal(&mut call.signal), if has_room => CallEvent::Input(input),
            event = next_of_peers(&mut call.peers, reads) => event.into(),
            now = turns.tick() => CallEvent::Turn(now),
        };
        if let Some(end) = call.handle(event).await {
            return end;
        }
    }
}

async fn next_of_signal(signal: &mut Option<Signal>) -> Input {
    match signal {
        Some(signal) => signal.next().await,
        None => std::future::pending().await,
    }
}

async fn next_of_peers(peers: &mut Option<Peers>, reads: bool) -> PeersEvent {
    match peers {
        Some(peers) => peers.next(reads).await,
        None => std::future::pending().await,
    }
}
