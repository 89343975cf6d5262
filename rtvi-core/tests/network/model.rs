//! The network: what happens to connections, and to bytes in transit.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, duplex, split},
    sync::watch,
    time::sleep,
};

use crate::{bot, stream::Stream};

/// The maximum number of bytes in transit, in each direction.
const PIPE: usize = 16 * 1024;
/// The maximum number of bytes that travel together.
const CHUNK: usize = 512;
/// The maximum time of bytes in transit, in milliseconds.
const SLOWEST: u64 = 120;

/// The state of the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weather {
    /// Everything arrives, sooner or later.
    Fair,
    /// Nothing arrives; connections stay open.
    Dark,
    /// New connections are refused.
    Refusing,
    /// New connections get no answer.
    Swallowing,
}

/// How open connections end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Break {
    Reset,
    Cut,
    /// They stay open, but nothing arrives any more.
    HalfOpen,
}

/// A network with a bot at its other end.
#[derive(Clone, Debug)]
pub(crate) struct Network {
    weather: Arc<watch::Sender<Weather>>,
    /// How all currently open connections end. The number distinguishes repeated breaks.
    breaks: Arc<watch::Sender<(u64, Break)>>,
    random: Arc<AtomicU64>,
}

impl Network {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            weather: Arc::new(watch::Sender::new(Weather::Fair)),
            breaks: Arc::new(watch::Sender::new((0, Break::Cut))),
            random: Arc::new(AtomicU64::new(seed)),
        }
    }

    pub(crate) fn set(&self, weather: Weather) {
        self.weather.send_replace(weather);
    }

    pub(crate) fn break_connections(&self, way: Break) {
        self.breaks.send_modify(|(count, last)| (*count, *last) = (*count + 1, way));
    }

    /// Returns a number below this one. The same seed returns the same numbers (a linear
    /// congruential generator, Knuth's).
    pub(crate) fn below(&self, limit: u64) -> u64 {
        let next = |state: u64| {
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407)
        };
        let last = self.random.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |state| Some(next(state)));
        (last.unwrap_or_default() >> 33) % limit
    }

    pub(crate) async fn pause(&self) {
        sleep(Duration::from_millis(self.below(SLOWEST))).await;
    }

    /// Opens a new connection to the bot.
    pub(crate) async fn connect(self) -> io::Result<Stream> {
        self.pause().await;
        let mut weather = self.weather.subscribe();
        let is_answered = |weather: &Weather| matches!(weather, Weather::Fair | Weather::Refusing);
        let answered = weather.wait_for(is_answered).await.map(|weather| *weather);
        if !matches!(answered, Ok(Weather::Fair)) {
            return Err(io::ErrorKind::ConnectionRefused.into());
        }
        let (near, near_far) = duplex(PIPE);
        let (far_near, far) = duplex(PIPE);
        let is_reset = Arc::new(AtomicBool::new(false));
        tokio::spawn(bot::serve(far, self.clone()));
        tokio::spawn(self.carry(near_far, far_near, Arc::clone(&is_reset)));
        Ok(Stream { pipe: near, is_reset })
    }

    /// Carries bytes in both directions until the connection ends or breaks.
    async fn carry(self, mut near: DuplexStream, mut far: DuplexStream, is_reset: Arc<AtomicBool>) {
        let mut breaks = self.breaks.subscribe();
        {
            let ((from_near, to_near), (from_far, to_far)) = (split(&mut near), split(&mut far));
            tokio::select! {
                _ = self.pass(from_near, to_far) => return,
                _ = self.pass(from_far, to_near) => return,
                _ = breaks.changed() => {}
            }
        }
        let way = breaks.borrow().1;
        is_reset.store(way == Break::Reset, Ordering::Relaxed);
        if way == Break::HalfOpen {
            // Both ends are kept until the client drops its own, or writes more than the maximum in
            // transit.
            drop(tokio::io::copy(&mut near, &mut tokio::io::sink()).await);
        }
    }

    async fn pass(
        &self,
        mut from: impl AsyncRead + Unpin,
        mut to: impl AsyncWrite + Unpin,
    ) -> io::Result<()> {
        let mut weather = self.weather.subscribe();
        let mut bytes = [0; CHUNK];
        loop {
            let most = 1 + self.below(CHUNK as u64 - 1) as usize;
            let count = from.read(&mut bytes[..most]).await?;
            self.pause().await;
            let lit = weather.wait_for(|weather| *weather != Weather::Dark).await;
            drop(lit.map_err(|_| io::ErrorKind::BrokenPipe)?);
            if count == 0 {
                return Ok(());
            }
            to.write_all(&bytes[..count]).await?;
        }
    }
}
