//! The microphone and the speaker of a caller: both ends of its [`Talk`], in the client's seam.
//!
//! The client's audio task calls them; neither blocks. The lock is never contended: one task calls
//! both, and the call looks in between two ticks.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rtvi_core::{
    Error,
    media::{AudioFormat, AudioSink, AudioSource},
};
use tokio::{sync::Notify, time::Instant};

use crate::{
    pace::{FRAME, Lateness, Pace},
    talk::Talk,
};

/// A conversation that a client's audio task holds, and its call follows.
#[derive(Debug)]
pub(crate) struct Line {
    talk: Mutex<Talk>,
    /// Says that there is something to take.
    pub(crate) news: Notify,
    lateness: Arc<Lateness>,
    /// The beginning of the run.
    zero: Instant,
}

impl Line {
    pub(crate) fn new(talk: Talk, lateness: Arc<Lateness>, zero: Instant) -> Arc<Self> {
        Arc::new(Self { talk: Mutex::new(talk), news: Notify::new(), lateness, zero })
    }

    /// The conversation.
    pub(crate) fn talk(&self) -> MutexGuard<'_, Talk> {
        self.talk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The time since the beginning of the run.
    pub(crate) fn now(&self) -> Duration {
        self.zero.elapsed()
    }
}

/// What the caller says.
#[derive(Debug)]
pub(crate) struct Mouth {
    line: Arc<Line>,
    format: AudioFormat,
    pace: Pace,
    /// How many samples of the present frame were read.
    read: usize,
    /// When the present frame was due.
    due: Duration,
}

impl Mouth {
    pub(crate) fn new(line: Arc<Line>, format: AudioFormat) -> Self {
        Self { line, format, pace: Pace::default(), read: 0, due: Duration::ZERO }
    }

    /// Plans the frame that begins with this read.
    fn plan(&mut self) {
        let tick = self.pace.tick(self.line.now());
        self.line.lateness.record(tick.late);
        self.line.lateness.skip(tick.skipped);
        self.due = tick.due;
    }
}

impl AudioSource for Mouth {
    fn format(&self) -> AudioFormat {
        self.format
    }

    fn start(&mut self) -> Result<(), Error> {
        (self.pace, self.read) = (Pace::default(), 0);
        Ok(())
    }

    fn available(&self) -> Option<usize> {
        None
    }

    fn read(&mut self, out: &mut [i16]) -> usize {
        if self.read == 0 {
            self.plan();
        }
        // A frame is sent when its last sample was said.
        let at = (self.due + self.format.duration_of(self.read)).saturating_sub(FRAME);
        if self.line.talk().speak(at, out) {
            self.line.news.notify_one();
        }
        self.read = (self.read + out.len()) % self.format.samples_in(FRAME).max(1);
        out.len()
    }

    fn is_finished(&self) -> bool {
        false
    }

    fn stop(&mut self) {}
}

/// What the caller hears.
#[derive(Debug)]
pub(crate) struct Receiver {
    pub(crate) line: Arc<Line>,
    pub(crate) format: AudioFormat,
}

impl AudioSink for Receiver {
    fn format(&self) -> AudioFormat {
        self.format
    }

    fn start(&mut self) -> Result<(), Error> {
        Ok(())
    }

    fn wanted(&self) -> Option<usize> {
        None
    }

    fn write(&mut self, samples: &[i16]) {
        if self.line.talk().hear(self.line.now(), samples) {
            self.line.news.notify_one();
        }
    }

    fn flush(&mut self) {}

    fn stop(&mut self) {}
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;
    use crate::{
        talk::Manners,
        voice::{Turn, Voice},
    };

    const SENT: AudioFormat = AudioFormat::mono(16_000);
    const HEARD: AudioFormat = AudioFormat::mono(24_000);

    const fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    /// A tick of the client: the speaker first, then the microphone in two pieces. Returns whether
    /// the caller spoke.
    fn tick(mouth: &mut Mouth, receiver: &mut Receiver, level: i16) -> bool {
        receiver.write(&[level; 480]);
        let mut frame = [0; 320];
        let (first, second) = frame.split_at_mut(160);
        assert_eq!((mouth.read(first), mouth.read(second)), (160, 160));
        frame.iter().any(|sample| *sample != 0)
    }

    #[tokio::test(start_paused = true)]
    async fn latency_is_the_time_between_samples() {
        let voice = Voice { format: SENT, turns: vec![Turn::tone(300.0, ms(200), SENT).expect("possible")] };
        let manners = Manners { pause: ms(100), patience: ms(5_000), repeat: false };
        let lateness = Arc::new(Lateness::default());
        let line =
            Line::new(Talk::new(Arc::new(voice), manners, HEARD), Arc::clone(&lateness), Instant::now());
        let (mut mouth, mut receiver) =
            (Mouth::new(Arc::clone(&line), SENT), Receiver { line: Arc::clone(&line), format: HEARD });
        advance(ms(1_000)).await;
        line.talk().begin(line.now());
        let mut last = Duration::ZERO;
        for _ in 0..50 {
            advance(ms(20)).await;
            if tick(&mut mouth, &mut receiver, 0) {
                last = line.now();
            }
        }
        // The generator is late for this tick, and the answer is in it.
        advance(ms(60)).await;
        tick(&mut mouth, &mut receiver, 9_000);
        let answered = line.now();
        let result = line.talk().take().expect("a turn was measured");
        assert_eq!((result.ended, result.answer), (last, Some(answered - last)));
        assert_eq!(lateness.counts().max(), Some(40.0));
    }
}
