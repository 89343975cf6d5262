//! The time from the server's report of an interruption to silence at the speaker, with a speaker
//! that takes audio every 20 ms.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use rtvi_core::{
    ConnectParams, Error, PipecatClient, PipecatClientOptions,
    media::{AudioFormat, AudioFrame, AudioSink},
    transport::{
        TransportCapabilities, TransportCommand,
        scripted::{ScriptedBot, ScriptedConnection, ScriptedTransport},
    },
};
use serde_json::json;

use crate::{
    figure::{Figure, median},
    rig::runtime,
};

const FORMAT: AudioFormat = AudioFormat::mono(48_000);
const TIMES: u32 = 21;

/// A speaker that records when its last sound will have been played.
struct Speaker(Arc<Mutex<Option<Instant>>>);

impl AudioSink for Speaker {
    fn format(&self) -> AudioFormat {
        FORMAT
    }

    fn start(&mut self) -> Result<(), Error> {
        Ok(())
    }

    fn wanted(&self) -> Option<usize> {
        None
    }

    fn write(&mut self, samples: &[i16]) {
        if let Some(last) = samples.iter().rposition(|sample| sample.unsigned_abs() > 100) {
            let end = Instant::now() + FORMAT.duration_of(last);
            *self.0.lock().expect("nobody panics with it") = Some(end);
        }
    }

    fn flush(&mut self) {}

    fn stop(&mut self) {}
}

/// Measures it.
pub(crate) fn run() {
    runtime().block_on(async {
        let last = Arc::new(Mutex::new(None));
        let (transport, bot) =
            ScriptedTransport::new(TransportCapabilities { max_message_size: 10_000, capture: None });
        let mut options = PipecatClientOptions::new(transport);
        options.speaker = Some(Box::new(Speaker(Arc::clone(&last))));
        let client = PipecatClient::new(options).expect("there is a runtime");
        let (ready, connection) =
            tokio::join!(client.connect(ConnectParams::websocket("ws://bot")), serve(bot));
        ready.expect("the bot is ready");
        let mut times = Vec::new();
        for number in 0..TIMES {
            times.push(interrupt(&connection, &last, number).await);
        }
        Figure::low("voice-interruption", median(times), "ms").goal(30.0).print();
    });
}

pub(super) async fn serve(mut bot: ScriptedBot) -> ScriptedConnection {
    let mut connection = bot.accept().await.expect("the client opens a connection");
    connection.open().await;
    let Some(TransportCommand::Send(_)) = connection.command().await else { panic!("no client-ready") };
    let ready = json!({"label": "rtvi-ai", "type": "bot-ready", "id": "1", "data": {"version": "2.2.0"}});
    connection.message(ready.to_string()).await;
    connection
}

async fn interrupt(connection: &ScriptedConnection, last: &Mutex<Option<Instant>>, number: u32) -> f64 {
    let tone: Vec<i16> = (0..48_000).map(|n| if n / 60 % 2 == 0 { 8_000 } else { -8_000 }).collect();
    connection.port.speaker.push(AudioFrame::new(FORMAT, tone));
    tokio::time::sleep(Duration::from_millis(203) + Duration::from_millis(7) * number).await;
    let begin = Instant::now();
    connection.message(json!({"label": "rtvi-ai", "type": "bot-interrupted"}).to_string()).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    let end = last.lock().expect("nobody panics with it").expect("the bot was heard");
    end.saturating_duration_since(begin).as_secs_f64() * 1_000.0
}
