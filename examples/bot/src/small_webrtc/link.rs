//! A session's [`Link`] over a peer connection: messages on the data channel, audio and video on RTP.
//!
//! The peer connection may be replaced while the session lives. Knows no RTVI and no HTTP.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use tokio::{
    sync::mpsc,
    time::{Instant, Interval, interval, timeout},
};
use webrtc::{
    data_channel::{DataChannel, DataChannelEvent},
    media_stream::track_remote::{TrackRemote, TrackRemoteEvent},
    peer_connection::RTCPeerConnectionState as State,
};

use super::{
    avatar::Avatar,
    ear::Ear,
    mirror::Mirror,
    peer::{Ends, Opened},
    signalling::{self, Presence},
    speaker::Speaker,
};
use crate::{
    BotOptions,
    conversation::{Note, Output},
    link::{Flow, Input, Link},
};

/// Messages kept until the client opens the data channel, as the server keeps them; further ones
/// are lost.
const MAX_WAITING: usize = 50;

/// How long the bot waits for the connection, as the server does.
const CONNECT_WAIT: Duration = Duration::from_secs(60);

/// How long the bot waits for a client that does not take its messages; then the message is lost.
const SEND_WAIT: Duration = Duration::from_secs(3);

/// How long the last message may take to a client that is slow, or gone, before the connection
/// closes.
const CLOSE_WAIT: Duration = Duration::from_secs(3);

/// Pause between two looks at whether the client has everything.
const CLOSE_PAUSE: Duration = Duration::from_millis(5);

/// Pause between two looks at whether the client has closed the connection, which the library does
/// not tell.
const LOOK: Duration = Duration::from_millis(500);

/// How soon after the channel the connection closes when the client leaves: they end in one go.
const CLOSING: Duration = Duration::from_millis(20);

/// The name of the channel that no client asks for.
const OWN_CHANNEL: &str = "own";

/// Sample rate of what the bot listens to.
const HEARD_RATE: u32 = 16_000;

/// Sample rate of what the bot repeats.
const ECHO_RATE: u32 = 48_000;

/// A link to one client.
pub(crate) struct PeerLink {
    ends: Ends,
    arrivals: mpsc::Receiver<Ends>,
    channel: Option<Arc<dyn DataChannel>>,
    track: Option<Arc<dyn TrackRemote>>,
    ear: Ear,
    speaker: Option<Speaker>,
    mirror: Option<Mirror>,
    avatar: Option<Avatar>,
    presence: Presence,
    waiting: VecDeque<String>,
    looks: Interval,
    echo: bool,
    has_face: bool,
    /// A channel that the client did not ask for; it is kept, or it would close.
    own: Option<Arc<dyn DataChannel>>,
}

impl PeerLink {
    /// A link over `ends`, and then over what arrives.
    ///
    /// # Errors
    /// What the codec says.
    pub(crate) fn new(
        ends: Ends,
        arrivals: mpsc::Receiver<Ends>,
        options: &BotOptions,
    ) -> Result<Self, String> {
        let echo = options.echo;
        Ok(Self {
            ends,
            arrivals,
            channel: None,
            track: None,
            ear: ear(echo)?,
            speaker: None,
            mirror: None,
            avatar: None,
            presence: Presence::default(),
            waiting: VecDeque::new(),
            looks: interval(LOOK),
            echo,
            has_face: options.avatar,
            own: None,
        })
    }

    /// Goes over to another peer connection, and closes the old one. What the client has not heard
    /// is lost.
    fn replace(&mut self, ends: Ends) {
        let old = std::mem::replace(&mut self.ends, ends).peer;
        tokio::spawn(async move { old.close().await });
        (self.channel, self.track, self.speaker) = (None, None, None);
        (self.mirror, self.avatar) = (None, None);
        self.presence = Presence::default();
        self.waiting.clear();
    }

    /// Follows the connection's state: audio flows from when it stands; the session ends with it.
    fn state_changed(&mut self) -> Option<Input> {
        let state = *self.ends.state.borrow_and_update();
        match state {
            State::Connected => self.start_speaking(),
            State::Failed | State::Closed => return None,
            _ => {}
        }
        Some(Input::Nothing)
    }

    fn start_speaking(&mut self) {
        if let (None, Some(marks)) = (&self.speaker, self.ends.marks) {
            self.speaker = Speaker::start(Arc::clone(&self.ends.audio), marks, self.echo).ok();
            self.show_face();
        }
    }

    fn show_face(&mut self) {
        if let (Some(speaker), Some((track, marks)), true) = (&self.speaker, &self.ends.video, self.has_face)
        {
            self.avatar = Some(Avatar::start(Arc::clone(track), *marks, speaker.loudness()));
        }
    }

    fn opened(&mut self, opened: Opened) -> Input {
        match opened {
            Opened::Channel(channel) => self.channel = Some(channel),
            Opened::Track(track) => self.track = Some(track),
            Opened::Camera(camera) => {
                let video = self.ends.video.clone().filter(|_| !self.has_face);
                self.mirror = video.map(|(track, marks)| Mirror::start(camera, track, marks.ssrc));
            }
        }
        Input::Nothing
    }

    fn on_channel(&mut self, event: Option<DataChannelEvent>) -> Input {
        match event {
            Some(DataChannelEvent::OnOpen) => return Input::Note(Note::ChannelOpen),
            Some(DataChannelEvent::OnMessage(message)) => {
                return self.on_message(&message.data, message.is_string);
            }
            Some(DataChannelEvent::OnClose) | None => {
                self.channel = None;
                self.looks.reset_after(CLOSING);
            }
            Some(_) => {}
        }
        Input::Nothing
    }

    /// The messages of a client that is away are not carried out, as with the server.
    fn on_message(&mut self, data: &[u8], is_text: bool) -> Input {
        let now = Instant::now();
        match signalling::read(data, is_text) {
            Input::Note(Note::Ping) => {
                self.presence.ping(now);
                Input::Note(Note::Ping)
            }
            Input::Text(_) if !self.presence.is_here(now) => Input::Nothing,
            input => input,
        }
    }

    fn on_track(&mut self, event: Option<TrackRemoteEvent>) -> Input {
        match event {
            Some(TrackRemoteEvent::OnRtpPacket(packet)) => {
                self.ear.hear(&packet).map_or(Input::Nothing, Input::Audio)
            }
            Some(TrackRemoteEvent::OnEnded) | None => {
                self.track = None;
                Input::Nothing
            }
            Some(_) => Input::Nothing,
        }
    }

    async fn send(&mut self, text: String) -> Flow {
        let Some(channel) = self.channel.clone() else {
            if self.waiting.len() < MAX_WAITING {
                self.waiting.push_back(text);
            }
            return Flow::Continue;
        };
        // A message that is too long for the client, or that it does not take, is lost.
        let _ = timeout(SEND_WAIT, channel.send_text(&text)).await;
        Flow::Continue
    }

    async fn send_binary(&mut self, data: &[u8]) -> Flow {
        if let Some(channel) = &self.channel {
            // As in `send`.
            let _ = timeout(SEND_WAIT, channel.send(data.into())).await;
        }
        Flow::Continue
    }

    async fn open_channel(&mut self) -> Flow {
        // What the library refuses is not opened.
        self.own = self.ends.peer.open_channel(OWN_CHANNEL).await.ok();
        Flow::Continue
    }

    async fn close(&mut self) -> Flow {
        self.send(signalling::peer_left()).await;
        if let Some(channel) = &self.channel {
            let deadline = Instant::now() + CLOSE_WAIT;
            while channel.outstanding_bytes().await.is_ok_and(|bytes| bytes > 0) && Instant::now() < deadline
            {
                tokio::time::sleep(CLOSE_PAUSE).await;
            }
        }
        self.ends.peer.close().await;
        Flow::End
    }

    fn kill(&self) -> Flow {
        self.ends.peer.kill();
        Flow::End
    }

    fn say(&self, frame: &rtvi_core::protocol::frame::AudioRawFrame) {
        if let Some(speaker) = self.speaker.as_ref().filter(|_| self.presence.is_here(Instant::now())) {
            speaker.say(frame);
        }
    }
}

fn ear(echo: bool) -> Result<Ear, String> {
    Ear::new(if echo { ECHO_RATE } else { HEARD_RATE })
}

impl Link for PeerLink {
    async fn open(&mut self) -> Flow {
        let connected = async {
            loop {
                tokio::select! {
                    Some(ends) = self.arrivals.recv() => self.replace(ends),
                    changed = self.ends.state.changed() => {
                        if changed.is_err() || self.state_changed().is_none() {
                            return Flow::End;
                        }
                    }
                }
                if *self.ends.state.borrow() == State::Connected {
                    return Flow::Continue;
                }
            }
        };
        timeout(CONNECT_WAIT, connected).await.unwrap_or(Flow::End)
    }

    async fn receive(&mut self) -> Option<Input> {
        let (channel, track) = (self.channel.clone(), self.track.clone());
        tokio::select! {
            Some(ends) = self.arrivals.recv() => {
                self.replace(ends);
                Some(Input::Note(Note::Restarted))
            }
            changed = self.ends.state.changed() => {
                changed.ok()?;
                self.state_changed()
            }
            Some(opened) = self.ends.opened.recv() => Some(self.opened(opened)),
            event = poll_channel(channel) => Some(self.on_channel(event)),
            _ = self.looks.tick() => {
                (!self.ends.peer.is_closed_by_client().await).then_some(Input::Nothing)
            }
            event = poll_track(track) => Some(self.on_track(event)),
        }
    }

    async fn put(&mut self, output: Output) -> Flow {
        match output {
            Output::Message(message) => self.send(message.to_string()).await,
            Output::Text(text) => self.send(text).await,
            Output::Binary(bytes) => self.send_binary(&bytes).await,
            Output::Renegotiate => self.send(signalling::renegotiate()).await,
            Output::OpenChannel => self.open_channel().await,
            Output::PeerLeft => self.send(signalling::peer_left()).await,
            Output::Audio(frame) => {
                self.say(&frame);
                Flow::Continue
            }
            Output::Interruption { .. } => {
                self.speaker.iter().for_each(Speaker::interrupt);
                Flow::Continue
            }
            Output::Close { .. } => self.close().await,
            Output::Drop | Output::Reset => self.kill(),
            Output::Stall => {
                self.speaker.iter().for_each(Speaker::stop);
                Flow::Continue
            }
            Output::Freeze => {
                self.ends.peer.freeze();
                Flow::Continue
            }
        }
    }

    async fn flush(&mut self) -> Flow {
        while self.channel.is_some()
            && let Some(text) = self.waiting.pop_front()
        {
            self.send(text).await;
        }
        Flow::Continue
    }

    fn close_code(&self) -> Option<u16> {
        None
    }
}

async fn poll_channel(channel: Option<Arc<dyn DataChannel>>) -> Option<DataChannelEvent> {
    match channel {
        Some(channel) => channel.poll().await,
        None => std::future::pending().await,
    }
}

async fn poll_track(track: Option<Arc<dyn TrackRemote>>) -> Option<TrackRemoteEvent> {
    match track {
        Some(track) => track.poll().await,
        None => std::future::pending().await,
    }
}
