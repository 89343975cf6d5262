//! The connection actor with a server at the other end of an in-memory pipe, in virtual time.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use prost::Message as _;
use tokio::{
    io::{AsyncWriteExt, DuplexStream},
    sync::mpsc,
    task::JoinHandle,
    time::{Instant, sleep, timeout},
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Message,
        protocol::{CloseFrame, Role},
    },
};
use tokio_util::sync::CancellationToken;

use super::*;
use crate::{
    ErrorKind,
    media::{AudioFormat, AudioFrame, Playout},
    protocol::frame::{AudioRawFrame, Frame, FrameKind as Kind, InterruptionFrame, MessageFrame},
    transport::{
        TransportEvent,
        websocket::{
            MAX_OUTGOING, dial::MAX_INCOMING, dial::socket_config, metered::Metered, protobuf::Protobuf,
        },
    },
};

const STALL: Duration = Duration::from_millis(5_500);

/// Both ends of a connection: the server's socket and the client's channels.
struct Bench {
    server: WebSocketStream<DuplexStream>,
    commands: mpsc::Sender<TransportCommand>,
    events: mpsc::Receiver<TransportEvent>,
    mic: mpsc::Sender<AudioFrame>,
    speaker: Arc<Playout>,
    cancel: CancellationToken,
    running: JoinHandle<CloseReason>,
}

impl Bench {
    /// Creates a connection whose pipe holds `pipe` bytes each way and whose client has room for
    /// `events` events. It is open, and the server has sent one message.
    async fn started_with(pipe: usize, events: usize) -> Self {
        let mut bench = Self::opened(pipe, events).await;
        bench.says("first").await;
        assert_eq!(bench.event().await, message("first"));
        bench
    }

    async fn started() -> Self {
        Self::started_with(64 * 1024, 16).await
    }

    async fn opened(pipe: usize, events: usize) -> Self {
        let (near, far) = tokio::io::duplex(pipe);
        let server = WebSocketStream::from_raw_socket(far, Role::Server, None).await;
        let (near, meter) = Metered::new(near);
        let stream = WebSocketStream::from_raw_socket(near, Role::Client, Some(socket_config())).await;
        let client = Socket { stream, meter };
        let (commands, command_rx) = mpsc::channel(64);
        let (event_tx, events) = mpsc::channel(events);
        let (mic, mic_rx) = mpsc::channel(4);
        let speaker = Arc::new(Playout::default());
        let cancel = CancellationToken::new();
        let port = TransportPort {
            commands: command_rx,
            events: event_tx,
            mic: mic_rx,
            speaker: Arc::clone(&speaker),
            cancel: cancel.clone(),
        };
        let running = tokio::spawn(run(client, Protobuf::default(), port, STALL));
        let mut bench = Self { server, commands, events, mic, speaker, cancel, running };
        assert!(
            matches!(bench.event().await, TransportEvent::Opened { bot } if bot.id == "bot" && !bot.local)
        );
        bench
    }

    async fn event(&mut self) -> TransportEvent {
        timeout(Duration::from_secs(60), self.events.recv()).await.unwrap().unwrap()
    }

    async fn says(&mut self, text: &str) {
        let payload = payload(Kind::Message(MessageFrame { data: text.into() }));
        self.server.send(Message::Binary(payload)).await.unwrap();
    }

    /// Reads the first ping, which answers it. The client then knows that this server answers
    /// pings.
    async fn answers_a_ping(&mut self) {
        assert!(matches!(self.server.next().await, Some(Ok(Message::Ping(_)))));
        self.server.flush().await.unwrap();
        sleep(Duration::from_millis(10)).await;
    }

    async fn plays(&mut self, millis: usize) {
        let audio = AudioRawFrame {
            audio: vec![1; millis * 48].into(),
            sample_rate: 24_000,
            num_channels: 1,
            ..Default::default()
        };
        self.server.send(Message::Binary(payload(Kind::Audio(audio)))).await.unwrap();
    }

    async fn send(&self, text: impl Into<String>) {
        self.commands.send(TransportCommand::Send(text.into())).await.unwrap();
    }

    /// The next frame that the server receives, except pings.
    async fn server_gets(&mut self) -> Option<Kind> {
        loop {
            match self.server.next().await?.unwrap() {
                Message::Binary(payload) => return Frame::decode(payload).unwrap().kind,
                Message::Ping(_) => {}
                other => panic!("the server got {other:?}"),
            }
        }
    }

    /// The next message that the server receives, except pings.
    async fn server_reads(&mut self) -> Message {
        loop {
            match self.server.next().await.unwrap().unwrap() {
                Message::Ping(_) => {}
                other => return other,
            }
        }
    }

    async fn closes(&mut self, frame: Option<CloseFrame>) {
        self.server.send(Message::Close(frame)).await.unwrap();
    }

    /// How the connection ended. The server reads nothing meanwhile.
    async fn end(self) -> CloseReason {
        self.running.await.unwrap()
    }

    /// How the connection ended, with a server that keeps reading (and so answers pings and closes)
    /// to the end.
    async fn end_with_server(mut self) -> CloseReason {
        let serving = async { while let Some(Ok(_)) = self.server.next().await {} };
        tokio::join!(serving, self.running).1.unwrap()
    }
}

/// A speaker: takes audio from the playout, and counts the samples of the bot.
fn play(playout: Arc<Playout>) -> (Arc<AtomicUsize>, JoinHandle<()>) {
    let heard = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&heard);
    let playing = tokio::spawn(async move {
        let mut out = [0; 480];
        loop {
            sleep(Duration::from_millis(20)).await;
            counter.fetch_add(playout.pull(&mut out, AudioFormat::mono(24_000)), Ordering::Relaxed);
        }
    });
    (heard, playing)
}

fn payload(kind: Kind) -> Bytes {
    Frame { kind: Some(kind) }.encode_to_vec().into()
}

fn message(text: &str) -> TransportEvent {
    TransportEvent::Message(Bytes::copy_from_slice(text.as_bytes()))
}

fn close_frame(code: u16, reason: &'static str) -> Option<CloseFrame> {
    Some(CloseFrame { code: code.into(), reason: reason.into() })
}

fn mic_frame() -> AudioFrame {
    AudioFrame::new(AudioFormat::mono(16_000), [0x0303; 320])
}

fn loss(reason: CloseReason) -> Error {
    match reason {
        CloseReason::Lost(error) => error,
        other => panic!("{other:?} is not a loss"),
    }
}

#[tokio::test(start_paused = true)]
async fn messages_and_audio_go_both_ways() {
    let mut bench = Bench::started().await;
    bench.send("{\"type\":\"client-ready\"}").await;
    let Some(Kind::Message(got)) = bench.server_gets().await else { panic!("no message") };
    assert_eq!(got.data, "{\"type\":\"client-ready\"}");

    bench.mic.send(mic_frame()).await.unwrap();
    let Some(Kind::Audio(got)) = bench.server_gets().await else { panic!("no audio") };
    assert_eq!((got.sample_rate, got.num_channels, &got.audio[..]), (16_000, 1, [3; 640].as_slice()));

    bench.server.send(Message::text("{\"plain\":1}")).await.unwrap();
    assert_eq!(bench.event().await, message("{\"plain\":1}"));
    bench.plays(20).await;
    bench.plays(20).await;
    bench.says("after audio").await;
    assert_eq!(bench.event().await, TransportEvent::BotAudioStarted);
    assert_eq!(bench.event().await, message("after audio"));
    assert_eq!(bench.speaker.stats().received, Duration::from_millis(40));
}

#[tokio::test(start_paused = true)]
async fn an_interruption_flushes_the_speaker_before_it_is_reported() {
    let mut bench = Bench::started().await;
    bench.plays(1_000).await;
    let interruption = payload(Kind::Interruption(InterruptionFrame::default()));
    bench.server.send(Message::Binary(interruption)).await.unwrap();
    assert_eq!(bench.event().await, TransportEvent::BotAudioStarted);
    assert_eq!(bench.event().await, TransportEvent::Interrupted);
    assert!(bench.speaker.stats().flushed > Duration::from_millis(900));
}

#[tokio::test(start_paused = true)]
async fn what_cant_be_read_is_reported_and_the_connection_goes_on() {
    let mut bench = Bench::started().await;
    for (bytes, said) in
        [(&b""[..], "empty"), (&[0x3a, 0][..], "unknown kind 7"), (&[0x22, 200][..], "malformed")]
    {
        bench.server.send(Message::Binary(Bytes::copy_from_slice(bytes))).await.unwrap();
        let TransportEvent::Unreadable(text) = bench.event().await else { panic!("{said} was readable") };
        assert!(text.contains(said), "{text}");
    }
    bench.says("still here").await;
    assert_eq!(bench.event().await, message("still here"));
}

#[tokio::test(start_paused = true)]
async fn a_frozen_server_is_noticed_within_six_seconds() {
    let mut bench = Bench::started().await;
    bench.answers_a_ping().await;
    let start = Instant::now();
    let mic = bench.mic.clone();
    // The kernel accepts data although the server is frozen: only the server's silence reveals it.
    let talking = tokio::spawn(async move {
        while mic.send(mic_frame()).await.is_ok() {
            sleep(Duration::from_millis(100)).await;
        }
    });
    let error = loss(bench.end().await);
    assert!(start.elapsed() <= Duration::from_secs(6), "{:?}", start.elapsed());
    assert_eq!(error.kind(), ErrorKind::ConnectionLost);
    assert!(error.message().contains("not answered"), "{error}");
    talking.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_bot_whose_loop_stands_still_for_a_while_is_waited_for() {
    let mut bench = Bench::started().await;
    bench.answers_a_ping().await;
    for _ in 0..3 {
        sleep(Duration::from_millis(4_500)).await;
        // The server reads the waiting data, and so answers the pings.
        let reading = async { while let Some(Ok(_)) = bench.server.next().await {} };
        assert!(timeout(Duration::from_millis(600), reading).await.is_err());
    }
    assert!(!bench.running.is_finished());
    bench.says("still here").await;
    assert_eq!(bench.event().await, message("still here"));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_answers_no_ping_may_be_quiet_while_it_takes_data() {
    let bench = Bench::started_with(1024 * 1024, 16).await;
    let ended = timeout(Duration::from_secs(120), bench.end()).await;
    assert!(ended.is_err(), "{ended:?}");
}

#[tokio::test(start_paused = true)]
async fn nothing_the_bot_says_is_lost_when_it_says_too_much_at_once() {
    let mut bench = Bench::started().await;
    bench.answers_a_ping().await;
    let minutes = 15;
    let (heard, playing) = play(Arc::clone(&bench.speaker));
    for _ in 0..minutes * 60 {
        bench.plays(1_000).await;
    }
    bench.says("the last message").await;
    assert_eq!(bench.event().await, TransportEvent::BotAudioStarted);
    let events = timeout(Duration::from_secs(minutes as u64 * 60), bench.events.recv()).await;
    assert_eq!(events.unwrap(), Some(message("the last message")));
    let stats = bench.speaker.stats();
    assert_eq!((stats.received, stats.dropped), (Duration::from_secs(minutes as u64 * 60), Duration::ZERO));
    assert!(!bench.running.is_finished(), "a server that has been kept waiting is not a dead one");
    while bench.speaker.buffered() > Duration::ZERO {
        sleep(Duration::from_secs(1)).await;
    }
    let lost = (minutes * 60 * 24_000_usize).abs_diff(heard.load(Ordering::Relaxed));
    assert!(lost < 2_400, "{lost} samples of the bot were not heard");
    playing.abort();
}

#[tokio::test(start_paused = true)]
async fn an_interruption_behind_minutes_of_audio_comes_at_once() {
    let mut bench = Bench::started().await;
    let start = Instant::now();
    for _ in 0..150 {
        bench.plays(1_000).await;
    }
    let interruption = Kind::Interruption(InterruptionFrame { id: 1, name: "i".into() });
    bench.server.send(Message::Binary(payload(interruption))).await.unwrap();
    assert_eq!(bench.event().await, TransportEvent::BotAudioStarted);
    assert_eq!(bench.event().await, TransportEvent::Interrupted);
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    assert_eq!(bench.speaker.buffered(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn while_the_playout_is_full_a_flush_makes_room_and_closing_works() {
    let mut bench = Bench::started_with(4 * 1024, 16).await;
    let speaker = Arc::clone(&bench.speaker);
    let talking = async {
        loop {
            bench.plays(10_000).await;
        }
    };
    assert!(timeout(Duration::from_secs(5), talking).await.is_err(), "the server is kept waiting");
    assert!(speaker.is_full() && !bench.running.is_finished());
    speaker.flush();
    let before = speaker.stats().received;
    bench.plays(10_000).await;
    assert!(speaker.stats().received > before, "it is read again");
    bench.commands.send(TransportCommand::Close).await.unwrap();
    assert_eq!(
        timeout(Duration::from_secs(2), bench.end_with_server()).await.unwrap(),
        CloseReason::Requested
    );
}

#[tokio::test(start_paused = true)]
async fn a_speaker_that_takes_nothing_costs_audio_and_no_message() {
    let mut bench = Bench::started_with(4 * 1024, 16).await;
    let (speaker, start) = (Arc::clone(&bench.speaker), Instant::now());
    let talking = async {
        while speaker.stats().dropped == Duration::ZERO {
            bench.plays(10_000).await;
        }
    };
    timeout(Duration::from_secs(60), talking).await.expect("the server is read again after a while");
    assert!(start.elapsed() >= Duration::from_secs(10), "{:?}", start.elapsed());
    bench.says("still there").await;
    assert_eq!(bench.event().await, TransportEvent::BotAudioStarted);
    assert_eq!(bench.event().await, message("still there"));
}

#[tokio::test(start_paused = true)]
async fn a_quiet_server_that_answers_pings_is_kept() {
    let bench = Bench::started().await;
    let ended = timeout(Duration::from_secs(600), bench.end_with_server()).await;
    assert!(ended.is_err(), "{ended:?}");
}

#[tokio::test(start_paused = true)]
async fn a_bot_that_has_said_nothing_yet_is_left_its_time() {
    let bench = Bench::opened(64 * 1024, 4).await;
    let ended = timeout(Duration::from_secs(60), bench.end()).await;
    assert!(ended.is_err(), "{ended:?}");
}

#[tokio::test(start_paused = true)]
async fn a_slow_app_slows_the_server_and_loses_nothing() {
    let mut bench = Bench::started_with(1024, 1).await;
    bench.says("0").await;
    let Bench { mut server, mut events, running, commands: _commands, .. } = bench;
    let sending = tokio::spawn(async move {
        for number in 1..500 {
            let data = number.to_string();
            let payload = payload(Kind::Message(MessageFrame { data }));
            server.send(Message::Binary(payload)).await.unwrap();
        }
        server.send(Message::Close(close_frame(1000, "done"))).await.unwrap();
        server
    });
    sleep(Duration::from_secs(30)).await;
    assert!(!sending.is_finished() && !running.is_finished());
    for number in 0..500 {
        assert_eq!(events.recv().await, Some(message(&number.to_string())));
    }
    assert_eq!(running.await.unwrap(), CloseReason::BotLeft { code: Some(1000), reason: "done".into() });
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_the_app_comes_as_soon_as_there_is_room() {
    let mut bench = Bench::started_with(64 * 1024, 1).await;
    for number in 0..3 {
        let payload = payload(Kind::Message(MessageFrame { data: number.to_string() }));
        bench.server.feed(Message::Binary(payload)).await.unwrap();
    }
    bench.server.flush().await.unwrap();
    sleep(Duration::from_millis(100)).await;
    let start = Instant::now();
    for number in 0..3 {
        assert_eq!(bench.event().await, message(&number.to_string()));
    }
    assert_eq!(start.elapsed(), Duration::ZERO, "something waited for a timer");
}

#[tokio::test(start_paused = true)]
async fn while_the_app_is_slow_for_a_moment_all_else_goes_on() {
    let mut bench = Bench::started_with(64 * 1024, 1).await;
    for number in 0..10 {
        bench.says(&number.to_string()).await;
    }
    bench.server.send(Message::Ping("are you there".into())).await.unwrap();
    assert_eq!(bench.server_reads().await, Message::Pong("are you there".into()));
    bench.send("command").await;
    assert!(matches!(bench.server_gets().await, Some(Kind::Message(got)) if got.data == "command"));
    bench.mic.send(mic_frame()).await.unwrap();
    assert!(matches!(bench.server_gets().await, Some(Kind::Audio(_))));
    bench.plays(20).await;
    bench.server.send(Message::Ping("again".into())).await.unwrap();
    assert_eq!(bench.server_reads().await, Message::Pong("again".into()));
    assert_eq!(bench.speaker.stats().received, Duration::from_millis(20));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_takes_nothing_is_lost() {
    let mut bench = Bench::started_with(256, 16).await;
    let start = Instant::now();
    for _ in 0..8 {
        bench.send("x".repeat(32 * 1024)).await;
    }
    // The server sends data, so it is not silent.
    for _ in 0..3 {
        sleep(Duration::from_secs(1)).await;
        bench.says("talking").await;
        assert_eq!(bench.event().await, message("talking"));
    }
    let error = loss(bench.end().await);
    assert!(error.message().contains("not accepted any data"), "{error}");
    assert!(start.elapsed() <= Duration::from_secs(7));
}

#[tokio::test(start_paused = true)]
async fn a_slow_server_misses_audio_but_no_message() {
    let mut bench = Bench::started_with(256, 16).await;
    bench.send("x".repeat(32 * 1024)).await;
    for _ in 0..100 {
        bench.mic.send(mic_frame()).await.unwrap();
        sleep(Duration::from_millis(20)).await;
    }
    bench.send("last").await;
    let (mut messages, mut frames) = (0, 0);
    while messages < 2 {
        match bench.server_gets().await {
            Some(Kind::Message(_)) => messages += 1,
            Some(Kind::Audio(_)) => frames += 1,
            other => panic!("{other:?}"),
        }
    }
    while let Ok(Some(Kind::Audio(_))) = timeout(Duration::from_millis(500), bench.server_gets()).await {
        frames += 1;
    }
    assert!((25..60).contains(&frames), "{frames} frames arrived");
}

#[tokio::test(start_paused = true)]
async fn close_codes_reach_the_client() {
    for code in [1000, 1001, 1008, 1011, 1012, 1013, 4401] {
        let mut bench = Bench::started().await;
        bench.says("last words").await;
        bench.closes(close_frame(code, "because")).await;
        assert_eq!(bench.event().await, message("last words"));
        let answer = bench.server_reads().await;
        assert_eq!(answer, Message::Close(close_frame(code, "because")));
        match bench.end().await {
            CloseReason::BotLeft { code: left, reason } => {
                assert_eq!((code, left, reason.as_str()), (1000, Some(1000), "because"));
            }
            other => assert_eq!(loss(other).status(), Some(code)),
        }
    }
    let mut bench = Bench::started().await;
    bench.closes(None).await;
    assert_eq!(bench.end().await, CloseReason::BotLeft { code: None, reason: String::new() });
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_just_ends_is_lost_at_once() {
    let Bench { server, running, commands: _commands, events: _events, .. } = Bench::started().await;
    let start = Instant::now();
    drop(server);
    let error = loss(running.await.unwrap());
    assert_eq!(error.kind(), ErrorKind::ConnectionLost);
    assert_eq!(start.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn an_oversized_message_ends_the_connection_as_a_protocol_error() {
    let mut bench = Bench::started().await;
    let huge = Message::Binary(vec![0; MAX_INCOMING + 1].into());
    // The client refuses the frame at its header, so the server can't send all of it.
    let sent = timeout(Duration::from_secs(1), bench.server.send(huge)).await;
    assert!(!matches!(sent, Ok(Ok(()))));
    let error = loss(bench.end().await);
    assert_eq!(error.kind(), ErrorKind::Protocol);
    assert!(error.message().contains("4194305"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn broken_websocket_framing_is_a_protocol_error_reported_to_the_server() {
    // A reserved opcode; a text frame that is not UTF-8.
    for (bytes, code) in [(&[0x83, 0][..], 1002_u16), (&[0x81, 1, 0xff][..], 1007)] {
        let mut bench = Bench::started().await;
        bench.answers_a_ping().await;
        let Bench { server, running, commands: _commands, events: _events, .. } = bench;
        let mut raw = server.into_inner();
        raw.write_all(bytes).await.unwrap();
        assert_eq!(loss(running.await.unwrap()).kind(), ErrorKind::Protocol);
        let mut server = WebSocketStream::from_raw_socket(raw, Role::Server, None).await;
        let Some(Ok(Message::Close(Some(frame)))) = server.next().await else { panic!("no close frame") };
        assert_eq!(u16::from(frame.code), code);
    }
}

#[tokio::test(start_paused = true)]
async fn closing_sends_what_waits_then_a_close_frame() {
    let mut bench = Bench::started().await;
    bench.send("disconnect-bot").await;
    bench.commands.send(TransportCommand::Close).await.unwrap();
    assert!(matches!(bench.server_gets().await, Some(Kind::Message(got)) if got.data == "disconnect-bot"));
    assert_eq!(bench.server_reads().await, Message::Close(close_frame(1000, "")));
    assert_eq!(bench.end_with_server().await, CloseReason::Requested);
}

#[tokio::test(start_paused = true)]
async fn closing_does_not_wait_for_a_frozen_server() {
    let bench = Bench::started().await;
    let start = Instant::now();
    bench.commands.send(TransportCommand::Close).await.unwrap();
    assert_eq!(bench.end().await, CloseReason::Requested);
    assert!(start.elapsed() <= Duration::from_millis(1_500), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn closing_works_while_the_app_is_slow() {
    let mut bench = Bench::started_with(64 * 1024, 1).await;
    for number in 0..200 {
        bench.says(&number.to_string()).await;
    }
    bench.commands.send(TransportCommand::Close).await.unwrap();
    let start = Instant::now();
    let commands = bench.commands.clone();
    let Bench { mut server, running, events: _events, .. } = bench;
    while let Some(Ok(_)) = server.next().await {}
    assert_eq!(running.await.unwrap(), CloseReason::Requested);
    assert_eq!(start.elapsed(), Duration::ZERO);
    drop(commands);
}

#[tokio::test(start_paused = true)]
async fn cancelling_ends_at_once_and_a_dropped_client_sends_a_close_frame() {
    let bench = Bench::started().await;
    let start = Instant::now();
    bench.cancel.cancel();
    assert_eq!(bench.end().await, CloseReason::Requested);
    assert_eq!(start.elapsed(), Duration::ZERO);

    let Bench { mut server, commands, running, .. } = Bench::started().await;
    drop(commands);
    let mut got = server.next().await;
    while let Some(Ok(Message::Ping(_))) = got {
        got = server.next().await;
    }
    assert_eq!(got.unwrap().unwrap(), Message::Close(close_frame(1000, "")));
    while let Some(Ok(_)) = server.next().await {}
    assert_eq!(running.await.unwrap(), CloseReason::Requested);
}

#[tokio::test(start_paused = true)]
async fn a_message_over_the_limit_is_not_sent() {
    let mut bench = Bench::started_with(4 * 1024 * 1024, 4).await;
    bench.send("x".repeat(MAX_OUTGOING + 1)).await;
    bench.send("x".repeat(MAX_OUTGOING)).await;
    assert!(matches!(bench.server_gets().await, Some(Kind::Message(got)) if got.data.len() == MAX_OUTGOING));
}

#[tokio::test(start_paused = true)]
async fn a_flood_from_the_server_leaves_room_for_our_own() {
    let bench = Bench::started_with(64 * 1024, 256).await;
    let Bench { server, mut events, mic, commands, .. } = bench;
    let (mut to_client, mut from_client) = server.split();
    let flood = tokio::spawn(async move {
        for _ in 0..50_000 {
            let data = "flood".to_owned();
            to_client.send(Message::Binary(payload(Kind::Message(MessageFrame { data })))).await.unwrap();
        }
    });
    let reading = tokio::spawn(async move { while events.recv().await.is_some() {} });
    mic.send(mic_frame()).await.unwrap();
    commands.send(TransportCommand::Send("command".into())).await.unwrap();
    let mut got = 0;
    while got < 2 {
        let message = from_client.next().await.unwrap().unwrap();
        got += usize::from(matches!(message, Message::Binary(_)));
    }
    assert!(!flood.is_finished(), "the flood was over first");
    flood.abort();
    reading.abort();
}
