//! The gate that decides whether the user's audio is sent: muting, and push-to-talk with its
//! pre-roll.

use std::{collections::VecDeque, time::Duration};

/// Passes frames, silences them or holds them back.
#[derive(Debug)]
pub(super) struct Gate {
    /// How long silence is sent after closing.
    silence: Duration,
    muted: bool,
    talk: Option<PushToTalk>,
    /// How much of the silence is left; absent while open.
    closed: Option<Duration>,
}

/// Push-to-talk.
#[derive(Debug)]
struct PushToTalk {
    pressed: bool,
    /// The audio before the press.
    pre_roll: VecDeque<i16>,
    /// The capacity of `pre_roll` in samples.
    capacity: usize,
}

/// What happens to a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Passage {
    Open,
    Silence,
    Closed,
}

impl Gate {
    pub(super) const fn new(silence: Duration) -> Self {
        Self { silence, muted: false, talk: None, closed: None }
    }

    pub(super) fn set_muted(&mut self, muted: bool) {
        self.muted = muted;
        if let Some(talk) = self.talk.as_mut().filter(|_| muted) {
            talk.pre_roll.clear();
        }
        self.update();
    }

    pub(super) const fn is_muted(&self) -> bool {
        self.muted
    }

    /// Turns push-to-talk on, with a pre-roll of `capacity` samples, or off.
    pub(super) fn set_push_to_talk(&mut self, capacity: Option<usize>) {
        self.talk = capacity.map(|capacity| PushToTalk {
            pressed: false,
            pre_roll: VecDeque::with_capacity(capacity),
            capacity,
        });
        self.update();
    }

    /// Presses or releases the button. Returns the pre-roll when a press opens the gate.
    pub(super) fn set_pressed(&mut self, pressed: bool) -> Option<VecDeque<i16>> {
        let muted = self.muted;
        let talk = self.talk.as_mut()?;
        let before = std::mem::replace(&mut talk.pressed, pressed);
        let opens = pressed && !before && !muted;
        let pre_roll =
            opens.then(|| std::mem::replace(&mut talk.pre_roll, VecDeque::with_capacity(talk.capacity)));
        self.update();
        pre_roll
    }

    /// Whether the user's audio passes now.
    pub(super) fn is_open(&self) -> bool {
        !self.muted && self.talk.as_ref().is_none_or(|talk| talk.pressed)
    }

    fn update(&mut self) {
        self.closed = match (self.is_open(), self.closed) {
            (true, _) => None,
            (false, None) => Some(self.silence),
            (false, left) => left,
        };
    }

    /// Decides about a frame of duration `time`.
    pub(super) fn pass(&mut self, samples: &[i16], time: Duration) -> Passage {
        let Some(left) = &mut self.closed else { return Passage::Open };
        let over = left.is_zero();
        *left = left.saturating_sub(time);
        if let Some(talk) = self.talk.as_mut().filter(|_| !self.muted) {
            talk.keep(samples);
        }
        if over { Passage::Closed } else { Passage::Silence }
    }
}

impl PushToTalk {
    fn keep(&mut self, samples: &[i16]) {
        let new = samples.get(samples.len().saturating_sub(self.capacity)..).unwrap_or_default();
        let old = (self.pre_roll.len() + new.len()).saturating_sub(self.capacity);
        self.pre_roll.drain(..old);
        self.pre_roll.extend(new);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Duration = Duration::from_millis(20);

    fn gate() -> Gate {
        Gate::new(Duration::from_millis(40))
    }

    #[test]
    fn muting_gives_silence_then_nothing() {
        let mut gate = gate();
        assert_eq!(gate.pass(&[1; 4], FRAME), Passage::Open);
        gate.set_muted(true);
        let passages: Vec<_> = (0..4).map(|_| gate.pass(&[1; 4], FRAME)).collect();
        assert_eq!(passages, [Passage::Silence, Passage::Silence, Passage::Closed, Passage::Closed]);
        gate.set_muted(true);
        assert_eq!(gate.pass(&[1; 4], FRAME), Passage::Closed, "muting again changes nothing");
        gate.set_muted(false);
        assert_eq!(gate.pass(&[1; 4], FRAME), Passage::Open);
    }

    #[test]
    fn a_press_opens_and_brings_what_was_said_just_before() {
        let mut gate = gate();
        gate.set_push_to_talk(Some(6));
        for value in 0..5 {
            assert_ne!(gate.pass(&[value; 4], FRAME), Passage::Open);
        }
        assert_eq!(gate.set_pressed(true).unwrap(), [3, 3, 4, 4, 4, 4]);
        assert_eq!(gate.set_pressed(true), None, "it is pressed already");
        assert_eq!(gate.pass(&[5; 4], FRAME), Passage::Open);
        gate.set_pressed(false);
        assert_eq!(gate.pass(&[6; 4], FRAME), Passage::Silence, "so that the server hears the end");
        assert_eq!(gate.set_pressed(true).unwrap(), [6; 4], "nothing is sent twice");
    }

    #[test]
    fn nothing_is_kept_while_muted() {
        let mut gate = gate();
        gate.set_push_to_talk(Some(100));
        gate.pass(&[1; 4], FRAME);
        gate.set_muted(true);
        gate.pass(&[2; 4], FRAME);
        assert_eq!(gate.set_pressed(true), None);
        assert!(!gate.is_open());
        gate.set_muted(false);
        assert!(gate.is_open());
        gate.set_pressed(false);
        assert_eq!(gate.set_pressed(true).unwrap(), [0; 0]);
    }

    #[test]
    fn without_push_to_talk_the_button_does_nothing() {
        let mut gate = gate();
        assert_eq!(gate.set_pressed(false), None);
        assert!(gate.is_open());
        gate.set_push_to_talk(Some(0));
        assert!(!gate.is_open());
        gate.pass(&[1; 4], FRAME);
        assert_eq!(gate.set_pressed(true).unwrap().len(), 0);
        gate.set_push_to_talk(None);
        assert!(gate.is_open());
    }
}
