//! Makes RTVI of what a server does that does not speak RTVI, such as a bot on a phone.
//!
//! Pure; depends on the protocol and on the media layer's values. It answers the client in the
//! bot's stead, and derives from audio and playout who is speaking. It knows no wire; a transport
//! feeds it and reports its messages as if they had come from the server. The client's state
//! machine does not know the difference.

mod party;

use std::{
    borrow::Cow,
    time::{Duration, Instant},
};

use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    media::{Level, PlayoutStats},
    protocol::{DtmfData, MESSAGE_LABEL, PROTOCOL_VERSION},
};

use party::{Bot, User};

/// Audio from this loudness on counts as speech: 40 dB below full scale. Voices are 10 to 20 dB
/// louder, the noise of a phone line is quieter.
const LOUD: f32 = 0.01;

/// What a message of the client asks of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    /// Nothing: the message was answered.
    Nothing,
    /// Press these keys.
    Keys(Vec<char>),
    /// End the session.
    HangUp,
}

/// A message of the client.
#[derive(Deserialize)]
struct Sent<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(default)]
    data: Value,
}

/// Speaks RTVI for a server that does not. Its messages are appended to `out`.
#[derive(Debug)]
pub(crate) struct Interpreter {
    /// The server, as errors name it.
    server: String,
    /// What bot-ready says about the bot.
    about: Value,
    user: User,
    bot: Bot,
    is_ready: bool,
    /// Whether the server reports by itself who is speaking.
    speaks_rtvi: bool,
}

impl Interpreter {
    /// An interpreter for a server that errors name `server`. `about` describes it to the app.
    pub(crate) fn new(server: String, about: Value) -> Self {
        Self {
            server,
            about,
            user: User::default(),
            bot: Bot::default(),
            is_ready: false,
            speaks_rtvi: false,
        }
    }

    /// Takes a message of the client: answers it, or returns what it asks of the server.
    pub(crate) fn on_client(&mut self, text: &str, out: &mut Vec<Bytes>) -> Wish {
        let Ok(Sent { kind, id, data }) = serde_json::from_str(text) else { return Wish::Nothing };
        match &*kind {
            "client-ready" => self.answer_ready(&id, out),
            "disconnect-bot" => return Wish::HangUp,
            "dtmf" => return keys(data),
            kind => out.push(self.refusal(kind, &id)),
        }
        Wish::Nothing
    }

    fn answer_ready(&mut self, id: &str, out: &mut Vec<Bytes>) {
        let capabilities = json!({
            "audio_in": true, "audio_out": true, "video_in": false, "screen_in": false, "video_out": false,
            "metrics": false,
        });
        let data = json!({"version": PROTOCOL_VERSION, "about": self.about, "capabilities": capabilities});
        out.push(message("bot-ready", Some(id), Some(data)));
        self.is_ready = true;
        self.report(out);
    }

    fn refusal(&self, kind: &str, id: &str) -> Bytes {
        let server = &self.server;
        let error =
            format!("{server} does not take {kind}: it takes speech, keys and the end of the session");
        message("error-response", Some(id), Some(json!({"error": error})))
    }

    /// The server sent an RTVI message of its own: passes it on, and leaves it to the server to
    /// report who is speaking. A bot-ready is dropped, because the client has one.
    pub(crate) fn on_rtvi(&mut self, text: Bytes, out: &mut Vec<Bytes>) {
        if !self.speaks_rtvi {
            self.user.hush();
            self.bot.hush();
            self.report(out);
            self.speaks_rtvi = true;
        }
        if !is_bot_ready(&text) {
            out.push(text);
        }
    }

    /// A server-message with `data`: something of the server's own for the app.
    pub(crate) fn news(data: Value) -> Bytes {
        message("server-message", None, Some(data))
    }

    /// The user's audio was sent.
    pub(crate) fn on_user_audio(&mut self, samples: &[i16], time: Duration, out: &mut Vec<Bytes>) {
        self.user.hear(Level::of(samples).rms >= LOUD, time);
        self.report(out);
    }

    /// The bot's audio arrived. `stats` are those of the playout before it.
    pub(crate) fn on_bot_audio(
        &mut self,
        samples: &[i16],
        time: Duration,
        stats: PlayoutStats,
        out: &mut Vec<Bytes>,
    ) {
        if Level::of(samples).rms >= LOUD {
            self.bot.hear(stats.received + time);
            self.report(out);
        }
    }

    /// The server dropped the bot's audio that was not played, and the playout is flushed.
    pub(crate) fn on_cleared(&mut self, out: &mut Vec<Bytes>) {
        if self.bot.is_reported() && self.reports() {
            out.push(message("bot-interrupted", None, None));
        }
        self.bot.hush();
        self.report(out);
    }

    /// Time passed, and audio was played.
    pub(crate) fn on_tick(&mut self, now: Instant, stats: PlayoutStats, out: &mut Vec<Bytes>) {
        self.bot.play(now, stats);
        self.report(out);
    }

    /// Whether the bot is speaking, as the user hears it.
    pub(crate) const fn is_bot_speaking(&self) -> bool {
        self.bot.is_speaking()
    }

    const fn reports(&self) -> bool {
        self.is_ready && !self.speaks_rtvi
    }

    /// Reports what has changed.
    fn report(&mut self, out: &mut Vec<Bytes>) {
        if !self.reports() {
            return;
        }
        let (user, bot) = (self.user.take_change(), self.bot.take_change());
        let user = user.map(|began| if began { "user-started-speaking" } else { "user-stopped-speaking" });
        let bot = bot.map(|began| if began { "bot-started-speaking" } else { "bot-stopped-speaking" });
        out.extend(user.into_iter().chain(bot).map(|kind| message(kind, None, None)));
    }
}

fn keys(data: Value) -> Wish {
    match serde_json::from_value(data) {
        Ok(DtmfData::Buttons { buttons }) => Wish::Keys(buttons),
        Ok(DtmfData::Button { button }) => Wish::Keys(vec![button]),
        Err(_) => Wish::Nothing,
    }
}

fn is_bot_ready(text: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Kind<'a> {
        #[serde(rename = "type", borrow)]
        kind: Cow<'a, str>,
    }
    serde_json::from_slice::<Kind<'_>>(text).is_ok_and(|message| message.kind == "bot-ready")
}

fn message(kind: &str, id: Option<&str>, data: Option<Value>) -> Bytes {
    let mut message = json!({"label": MESSAGE_LABEL, "type": kind});
    if let Some(fields) = message.as_object_mut() {
        fields.extend(id.map(|id| ("id".to_owned(), id.into())));
        fields.extend(data.map(|data| ("data".to_owned(), data)));
    }
    message.to_string().into()
}

#[cfg(test)]
mod tests;
