//! The connection actor: moves commands, audio, messages and events between the client's channels
//! and a [`PeerCall`].

use tokio::{sync::mpsc, time::Instant};
use tokio_util::sync::CancellationToken;

use crate::{
    log,
    media::AudioFrame,
    transport::{
        CloseReason, TransportCommand, TransportEvent, TransportPort,
        backlog::{Backlog, deliver, flush_one},
        rtc::turns,
    },
};

use super::{
    call::PeerCall,
    call_event::CallEvent,
    opening::{Open, Setup},
};

/// Opens the connection and runs it to its end.
pub(super) async fn open_and_run(setup: Setup, mut port: TransportPort) -> CloseReason {
    let mut mic_enabled = setup.mic_enabled;
    let open = match open(&setup, &mut port, &mut mic_enabled).await {
        Ok(open) => open,
        Err(reason) => return reason,
    };
    let TransportPort { mut commands, events, mut mic, speaker, cancel } = port;
    let mut call = match PeerCall::new(setup, open, Backlog::new(events.clone()), speaker, Instant::now()) {
        Ok(call) => call,
        Err(error) => return CloseReason::OpenFailed(error),
    };
    call.begin(mic_enabled).await;
    let end = run(&mut call, &mut commands, &mut mic, &events, &cancel).await;
    let backlog = call.close(end == CloseReason::Requested).await;
    if end != CloseReason::Requested {
        deliver(backlog, &events, &mut commands, &cancel).await;
    }
    end
}

async fn open(setup: &Setup, port: &mut TransportPort, mic_enabled: &mut bool) -> Result<Open, CloseReason> {
    let mut opening = Box::pin(setup.open());
    loop {
        tokio::select! {
            () = port.cancel.cancelled() => return Err(CloseReason::Requested),
            open = &mut opening => return open.map_err(CloseReason::OpenFailed),
            command = port.commands.recv() => match command {
                None | Some(TransportCommand::Close) => return Err(CloseReason::Requested),
                Some(TransportCommand::MicEnabled(enabled)) => *mic_enabled = enabled,
                Some(TransportCommand::NetworkChanged) => {}
                Some(TransportCommand::Send(_)) => {
                    log::warn!("message before the data channel is open, dropped");
                }
            },
            // What the user says before the bot can hear it is not kept.
            Some(_) = port.mic.recv() => {}
        }
    }
}

/// Runs an open connection to its end.
async fn run(
    call: &mut PeerCall,
    commands: &mut mpsc::Receiver<TransportCommand>,
    mic: &mut mpsc::Receiver<AudioFrame>,
    events: &mpsc::Sender<TransportEvent>,
    cancel: &CancellationToken,
) -> CloseReason {
    let mut turns = turns();
    let (mut mic_open, mut media_open) = (true, true);
    loop {
        let event = tokio::select! {
            () = cancel.cancelled() => return CloseReason::Requested,
            permit = events.reserve(), if !call.backlog.is_empty() => match flush_one(permit, &mut call.backlog) {
                Some(end) => return end,
                None => continue,
            },
            () = call.trickle.run() => continue,
            command = commands.recv(), if call.sending.is_none() => CallEvent::Command(command),
            frame = mic.recv(), if mic_open => {
                mic_open = frame.is_some();
                CallEvent::Microphone(frame)
            }
            report = call.peer.events.recv() => CallEvent::Peer(report),
            message = call.channel.poll(), if !call.backlog.is_full() => CallEvent::Channel(message),
            media = call.peer.media.recv(), if media_open => {
                media_open = media.is_some();
                CallEvent::Media(media)
            }
            event = call.video.next() => CallEvent::Video(event),
            result = finished(&mut call.sending) => CallEvent::Sent(result),
            answer = finished(&mut call.renegotiation) => CallEvent::Answered(answer),
            listening = finished(&mut call.probe) => CallEvent::Probed(listening),
            now = turns.tick() => CallEvent::Turn(now),
        };
        if let Some(end) = call.handle(event).await {
            return end;
        }
    }
}

/// Waits for the end of what is under way, if anything is, and takes it away.
async fn finished<T>(slot: &mut Option<futures_util::future::BoxFuture<'static, T>>) -> T {
    match slot {
        Some(future) => {
            let result = future.await;
            *slot = None;
            result
        }
        None => std::future::pending().await,
    }
}
