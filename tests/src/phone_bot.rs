//! A bot on a phone of Twilio that costs little: it answers each turn of a caller with a second of a
//! tone, a known time after its end.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use futures_util::{SinkExt, StreamExt};
use rtvi_core::{
    media::{AudioFormat, AudioSource, ToneSource},
    protocol::telephony::PhoneEncoding,
};
use serde::Deserialize;
use tokio::{
    net::{TcpListener, TcpStream},
    task::AbortHandle,
};
use tokio_tungstenite::{accept_async, tungstenite::Message};

/// How long the caller must be quiet until the bot answers.
const ANSWER_AFTER: Duration = Duration::from_millis(600);
/// The length of an answer, and of the pieces in which it is sent, at once, as real bots do.
const ANSWER: Duration = Duration::from_secs(1);
const PIECE: Duration = Duration::from_millis(40);
/// The mean amplitude above which a caller speaks.
const LOUD: u64 = 400;

const ENCODING: PhoneEncoding = PhoneEncoding::MuLaw;

/// A running bot, stopped when dropped.
#[derive(Debug)]
pub struct PhoneBot {
    address: SocketAddr,
    delays: Delays,
    serving: AbortHandle,
}

/// How long after the caller's last words each answer went out, by the bot's own clock.
type Delays = Arc<Mutex<Vec<Duration>>>;

impl PhoneBot {
    /// Starts it on a free port.
    ///
    /// # Panics
    /// If there is none.
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("there is a free port");
        let address = listener.local_addr().expect("it has an address");
        let (answer, delays) = (Arc::new(answer()), Delays::default());
        let kept = Arc::clone(&delays);
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(take(stream, Arc::clone(&answer), Arc::clone(&kept)));
            }
        });
        Self { address, delays, serving: serving.abort_handle() }
    }

    /// The median of what it took to answer since this was asked last; `None` without an answer. On a
    /// busy machine it is more than [`ANSWER_AFTER`].
    pub fn took(&self) -> Option<Duration> {
        let mut delays = std::mem::take(&mut *self.delays.lock().unwrap_or_else(PoisonError::into_inner));
        delays.sort();
        delays.get(delays.len() / 2).copied()
    }

    /// Its WebSocket.
    pub fn ws_url(&self) -> String {
        format!("ws://{}/", self.address)
    }
}

impl Drop for PhoneBot {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// The pieces of the answer as base64.
fn answer() -> Vec<String> {
    let format = AudioFormat::mono(ENCODING.sample_rate());
    let mut samples = vec![0; format.samples_in(ANSWER)];
    ToneSource::new(format, 500.0, 0.3).expect("the tone is possible").read(&mut samples);
    let encoded = |piece: &[i16]| {
        let mut bytes = Vec::new();
        ENCODING.encode(piece, &mut bytes);
        STANDARD.encode(bytes)
    };
    samples.chunks(format.samples_in(PIECE)).map(encoded).collect()
}

/// What the provider sends, as far as the bot uses it.
#[derive(Deserialize)]
struct Event<'a> {
    event: &'a str,
    #[serde(borrow)]
    media: Option<Media<'a>>,
    #[serde(rename = "streamSid")]
    stream: Option<&'a str>,
}

#[derive(Deserialize)]
struct Media<'a> {
    payload: &'a str,
}

/// Takes a call, until the caller hangs up.
async fn take(stream: TcpStream, answer: Arc<Vec<String>>, delays: Delays) {
    // The answer goes out at once, not with the next message.
    let _ = stream.set_nodelay(true);
    let Ok(mut socket) = accept_async(stream).await else { return };
    let mut ear = Ear::default();
    while let Some(Ok(message)) = socket.next().await {
        let Ok(text) = message.to_text() else { continue };
        let Ok(event) = serde_json::from_str::<Event<'_>>(text) else { continue };
        let Some(media) = event.media.filter(|_| event.event == "media") else { continue };
        if !ear.hears_the_end(media.payload) {
            continue;
        }
        let stream = event.stream.unwrap_or_default();
        for payload in answer.iter() {
            let text =
                format!(r#"{{"event":"media","streamSid":"{stream}","media":{{"payload":"{payload}"}}}}"#);
            if socket.feed(Message::text(text)).await.is_err() {
                return;
            }
        }
        if socket.flush().await.is_err() {
            return;
        }
        let took = ear.last_words.map(|last| last.elapsed());
        delays.lock().unwrap_or_else(PoisonError::into_inner).extend(took);
    }
}

/// Hears when the caller has spoken.
#[derive(Default)]
struct Ear {
    has_spoken: bool,
    last_words: Option<Instant>,
    quiet: Duration,
}

impl Ear {
    /// Takes a frame. Returns whether the caller's turn is over.
    fn hears_the_end(&mut self, payload: &str) -> bool {
        let bytes = STANDARD.decode(payload).unwrap_or_default();
        let samples = ENCODING.decode(&bytes).unwrap_or_default();
        let sum: u64 = samples.iter().map(|sample| u64::from(sample.unsigned_abs())).sum();
        if sum > LOUD * samples.len() as u64 {
            (self.has_spoken, self.quiet) = (true, Duration::ZERO);
            self.last_words = Some(Instant::now());
            return false;
        }
        self.quiet += AudioFormat::mono(ENCODING.sample_rate()).duration_of(samples.len());
        self.quiet >= ANSWER_AFTER && std::mem::take(&mut self.has_spoken)
    }
}
