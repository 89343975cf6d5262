//! A session in a LiveKit room, as its server and its peer connections drive it.

use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;
use url::Url;

use crate::{
    error::{Error, ErrorKind},
    transport::TransportCommand,
};

use super::{
    join::Token,
    session::{Action, Input, Path, Session, Settings},
    wire::{RequestKind, SignalTarget, decode_response},
};

/// How long a session may go on without its server, in seconds: the time for a resume, and the time to
/// notice.
const LONGEST: u32 = 40;

/// What a fuzzer can check.
#[derive(Debug, Default)]
pub struct Seen {
    /// The numbers of the offers that were sent.
    pub offers: Vec<u32>,
    /// How many dials would have joined the room, after the server had let the client in.
    pub second_joins: usize,
    /// How many actions followed the end.
    pub after_end: usize,
    /// Whether the session ended once its server was gone.
    pub ended: bool,
}

/// Runs a session over steps, each a kind, a length of two bytes, and as many bytes. Then its server
/// disappears.
///
/// # Errors
/// There are none: the session is given a URL and a token that are valid.
pub fn session(mut bytes: &[u8]) -> Result<Seen, Box<dyn std::error::Error>> {
    let mut run = Run::new()?;
    while let [kind, low, high, rest @ ..] = bytes {
        let length = usize::from(u16::from_le_bytes([*low, *high])).min(rest.len());
        let (step, next) = rest.split_at(length);
        bytes = next;
        run.step(*kind, step);
    }
    for _ in 0..LONGEST {
        run.give(Input::Refused(Error::new(ErrorKind::ConnectionFailed, "nobody is there")));
        run.wait(1_000);
    }
    Ok(run.seen)
}

struct Run {
    session: Session,
    now: Instant,
    joined: bool,
    seen: Seen,
}

impl Run {
    fn new() -> Result<Self, Box<dyn std::error::Error>> {
        let now = Instant::now();
        let settings = Settings {
            url: Url::parse("wss://h")?,
            token: Token::new("token")?,
            bot_identity: None,
            mic_enabled: true,
            stall_timeout: Duration::from_secs(6),
            open_timeout: Duration::from_secs(15),
            resume_timeout: Duration::from_secs(15),
        };
        let mut run =
            Self { session: Session::new(settings, now), now, joined: false, seen: Seen::default() };
        run.look();
        Ok(run)
    }

    fn step(&mut self, kind: u8, step: &[u8]) {
        let number = step.first().copied().unwrap_or_default();
        let target = if number & 1 == 0 { SignalTarget::Publisher } else { SignalTarget::Subscriber };
        let text = || String::from_utf8_lossy(step).into_owned();
        match kind % 16 {
            0..=4 => self.receive(step),
            5 => self.give(Input::Packet(Bytes::copy_from_slice(step))),
            6 => self.give(Input::Prepared),
            7 => self.give(Input::Offered(text())),
            8 => self.give(Input::Accepted(Ok(()))),
            9 => self.give(Input::Path(target, Path::Connected)),
            10 => self.give(Input::Path(target, Path::Broken)),
            11 => self.give(Input::ChannelsOpen(Vec::new())),
            12 => self.give(Input::Command(TransportCommand::Send(text()))),
            13 => self.give(Input::SocketLost(text())),
            14 => self.give(Input::Command(TransportCommand::NetworkChanged)),
            _ => self.wait(u32::from(number) * 50),
        }
    }

    /// A message of the signalling socket.
    fn receive(&mut self, bytes: &[u8]) {
        match decode_response(Bytes::copy_from_slice(bytes)) {
            Ok(Some(response)) => self.give(Input::Response(response)),
            Ok(None) | Err(_) => self.give(Input::Heard),
        }
    }

    fn wait(&mut self, millis: u32) {
        self.now += Duration::from_millis(u64::from(millis));
        self.give(Input::Tick);
    }

    fn give(&mut self, input: Input) {
        self.session.handle(self.now, input);
        self.look();
    }

    fn look(&mut self) {
        while let Some(action) = self.session.poll_action() {
            self.seen.after_end += usize::from(self.seen.ended);
            match action {
                Action::Prepare { .. } => self.joined = true,
                Action::Dial(dial) => {
                    self.seen.second_joins += usize::from(self.joined && dial.resumed.is_none());
                }
                Action::Request(RequestKind::Offer(offer)) => self.seen.offers.push(offer.id),
                Action::End(_) => self.seen.ended = true,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn seeds() -> Vec<Vec<u8>> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fuzz/seeds/livekit_session");
        let files = std::fs::read_dir(folder).unwrap();
        files.map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
    }

    fn check(bytes: &[u8]) -> Seen {
        let seen = session(bytes).unwrap();
        assert!(seen.offers.is_sorted_by(|one, next| one < next), "{:?}", seen.offers);
        assert_eq!((seen.second_joins, seen.after_end, seen.ended), (0, 0, true));
        seen
    }

    #[tokio::test(start_paused = true)]
    async fn the_seeds_get_far() {
        let mut offers: Vec<usize> = seeds().iter().map(|seed| check(seed).offers.len()).collect();
        offers.sort_unstable();
        assert_eq!(offers, [1, 1, 2, 2]);
    }

    proptest! {
        #[test]
        fn changed_seeds_break_nothing(seed in prop::sample::select(seeds()), changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20)) {
            let mut seed = seed;
            for (at, byte) in changes {
                let at = at.index(seed.len());
                seed[at] = byte;
            }
            check(&seed);
        }
    }
}
