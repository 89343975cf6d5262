//! One caller's side of a conversation, on samples: when it speaks, and how long it waits.
//!
//! Pure. Time is passed in: for what is said the time at which it was due, for what is heard the
//! time at which it was. A late generator therefore makes answers late, and never early.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use rtvi_core::media::AudioFormat;

use crate::{
    ear::Ear,
    voice::{Turn, Voice},
};

/// How many measured turns wait to be taken. When full, the oldest is dropped.
const MAX_NEWS: usize = 256;

/// The manners of a caller.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Manners {
    /// How long the bot must be quiet before the caller speaks.
    pub pause: Duration,
    /// How long the caller waits for an answer before it speaks again.
    pub patience: Duration,
    /// Whether the turns begin again after the last one.
    pub repeat: bool,
}

/// What became of a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TurnResult {
    /// When the caller's speech ended.
    pub ended: Duration,
    /// How long it took until the answer began; `None` if there was none.
    pub answer: Option<Duration>,
}

/// A caller's conversation.
#[derive(Debug)]
pub(crate) struct Talk {
    voice: Arc<Voice>,
    manners: Manners,
    ear: Ear,
    state: State,
    /// The turn that is spoken next or now.
    turn: usize,
    /// When the bot was heard first, if it spoke before the caller.
    greeting: Option<Duration>,
    news: VecDeque<TurnResult>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// The session is not ready.
    Absent,
    /// The bot may speak first.
    Greeted { since: Duration },
    /// The caller has said so many samples of its turn.
    Speaking(usize),
    /// The caller's speech ended then, and no answer has begun.
    Waiting { ended: Duration },
    /// The bot answers.
    Listening,
    /// Everything was said.
    Done,
}

impl Talk {
    /// A conversation in which the bot is heard in this format.
    pub(crate) fn new(voice: Arc<Voice>, manners: Manners, heard: AudioFormat) -> Self {
        let (state, news) = (State::Absent, VecDeque::new());
        Self { voice, manners, ear: Ear::new(heard), state, turn: 0, greeting: None, news }
    }

    /// The session is ready, for the first time or again. A turn that was cut off is not measured,
    /// and is said again.
    pub(crate) fn begin(&mut self, now: Duration) {
        if self.state != State::Done {
            self.state = State::Greeted { since: now };
        }
    }

    /// The connection was lost.
    pub(crate) fn interrupt(&mut self) {
        if self.state != State::Done {
            self.state = State::Absent;
        }
    }

    /// Whether everything was said and answered.
    pub(crate) fn is_done(&self) -> bool {
        self.state == State::Done
    }

    /// When the bot was heard first, if it spoke before the caller.
    pub(crate) const fn greeting(&self) -> Option<Duration> {
        self.greeting
    }

    /// The next measured turn.
    pub(crate) fn take(&mut self) -> Option<TurnResult> {
        self.news.pop_front()
    }

    /// Hears a block of the bot whose first sample plays at `at`. Returns whether there is
    /// something to take.
    pub(crate) fn hear(&mut self, at: Duration, samples: &[i16]) -> bool {
        self.ear.hear(at, samples);
        let answer = self.ear.sound().map(|sound| sound.began);
        match (self.state, answer) {
            (State::Greeted { .. }, Some(began)) => {
                self.greeting.get_or_insert(began);
                false
            }
            (State::Waiting { ended }, Some(began)) if began >= ended => {
                self.state = State::Listening;
                self.report(TurnResult { ended, answer: Some(began - ended) });
                true
            }
            _ => false,
        }
    }

    /// Says the next block, whose first sample is due at `at`. Returns whether there is something
    /// to take, or everything is said.
    pub(crate) fn speak(&mut self, at: Duration, out: &mut [i16]) -> bool {
        let before = self.state;
        let is_quiet = self.ear.quiet_for(at) >= self.manners.pause;
        match self.state {
            State::Greeted { since } if at.saturating_sub(since) >= self.manners.pause && is_quiet => {
                self.state = self.beginning();
            }
            State::Waiting { ended } if at.saturating_sub(ended) >= self.manners.patience => {
                self.report(TurnResult { ended, answer: None });
                self.next_turn();
            }
            State::Listening if is_quiet => self.next_turn(),
            _ => {}
        }
        out.fill(0);
        if let State::Speaking(said) = self.state {
            self.say(said, at, out);
        }
        self.state != before && (self.state == State::Done || matches!(before, State::Waiting { .. }))
    }

    fn say(&mut self, said: usize, at: Duration, out: &mut [i16]) {
        let format = self.voice.format;
        let turn = self.voice.turns.get(self.turn).map(Turn::samples).unwrap_or_default();
        let rest = turn.get(said..).unwrap_or_default();
        let count = rest.len().min(out.len());
        out.iter_mut().zip(rest).for_each(|(slot, sample)| *slot = *sample);
        self.state = if count == rest.len() {
            State::Waiting { ended: at + format.duration_of(count) }
        } else {
            State::Speaking(said + count)
        };
    }

    fn beginning(&self) -> State {
        match self.voice.turns.get(self.turn) {
            Some(_) => State::Speaking(0),
            // A silent caller listens until the call ends.
            None if self.manners.repeat && self.voice.turns.is_empty() => State::Listening,
            None => State::Done,
        }
    }

    fn next_turn(&mut self) {
        self.turn += 1;
        if self.manners.repeat && self.turn >= self.voice.turns.len() {
            self.turn = 0;
        }
        self.state = self.beginning();
    }

    fn report(&mut self, result: TurnResult) {
        if self.news.len() == MAX_NEWS {
            self.news.pop_front();
        }
        self.news.push_back(result);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENT: AudioFormat = AudioFormat::mono(16_000);
    const HEARD: AudioFormat = AudioFormat::mono(24_000);

    const fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    fn manners(repeat: bool) -> Manners {
        Manners { pause: ms(500), patience: ms(3_000), repeat }
    }

    fn talk(turns: usize, manners: Manners) -> Talk {
        let turn = Turn::tone(300.0, ms(310), SENT).expect("possible");
        Talk::new(Arc::new(Voice { format: SENT, turns: vec![turn; turns] }), manners, HEARD)
    }

    /// Whether a bot is loud at a time.
    type Bot<'a> = &'a dyn Fn(u64) -> bool;

    /// Runs a conversation from 0 to `end` in ticks of 20 ms; what was measured, in milliseconds,
    /// and in which ticks the caller was loud.
    fn run(talk: &mut Talk, end: u64, bot: Bot<'_>) -> (Vec<(u64, Option<u64>)>, Vec<u64>) {
        let (mut results, mut loud) = (Vec::new(), Vec::new());
        talk.begin(ms(0));
        for tick in (0..end).step_by(20) {
            let mut block = Vec::new();
            for millis in tick..tick + 20 {
                block.extend((0..24).map(|i| {
                    if !bot(millis) {
                        0
                    } else if i < 12 {
                        8_000
                    } else {
                        -8_000
                    }
                }));
            }
            talk.hear(ms(tick), &block);
            let mut out = [1; 320];
            talk.speak(ms(tick), &mut out);
            if out.iter().any(|sample| *sample != 0) {
                loud.push(tick);
            }
            while let Some(TurnResult { ended, answer }) = talk.take() {
                results.push((ended.as_millis() as u64, answer.map(|answer| answer.as_millis() as u64)));
            }
        }
        (results, loud)
    }

    #[test]
    fn an_answer_counts_from_the_end_of_speech() {
        let mut talk = talk(2, manners(false));
        // Speaks from 500 to 810, is answered at 1000 for 300 ms; then from 1800 to 2110, at 3000.
        let bot = |at| (1_000..1_300).contains(&at) || (3_000..3_100).contains(&at);
        let (results, loud) = run(&mut talk, 4_000, &bot);
        assert_eq!(results, [(810, Some(190)), (2_110, Some(890))]);
        assert_eq!((loud[0], loud[15], loud[16], loud.len()), (500, 800, 1_800, 32));
        assert!(talk.is_done());
    }

    #[test]
    fn a_greeting_is_heard_to_its_end() {
        let mut talk = talk(1, manners(false));
        let bot = |at| (300..2_000).contains(&at) || (3_000..3_300).contains(&at);
        let (results, loud) = run(&mut talk, 4_000, &bot);
        assert_eq!((results, loud[0]), (vec![(2_810, Some(190))], 2_500));
        assert_eq!(talk.greeting(), Some(ms(300)));
    }

    #[test]
    fn what_began_before_the_end_is_no_answer() {
        let mut talk = talk(1, manners(false));
        // An echo of the caller, and then an answer.
        let bot = |at| (540..850).contains(&at) || (1_500..1_600).contains(&at);
        assert_eq!(run(&mut talk, 3_000, &bot).0, [(810, Some(690))]);
    }

    #[test]
    fn patience_ends_and_the_next_turn_begins() {
        let mut talk = talk(2, manners(false));
        let (results, loud) = run(&mut talk, 8_000, &|_| false);
        assert_eq!(results, [(810, None), (4_130, None)]);
        assert_eq!(loud[16], 3_820);
        assert!(talk.is_done());
    }

    #[test]
    fn turns_repeat_as_long_as_the_call_lasts() {
        let mut repeated = talk(1, manners(true));
        // Answers each end of speech, whenever it is.
        let bot = |at| at % 2_000 >= 1_500 && at % 2_000 < 1_700;
        let (results, _) = run(&mut repeated, 20_000, &bot);
        assert!(results.len() >= 8 && results.iter().all(|(_, answer)| answer.is_some()), "{results:?}");
        assert!(!repeated.is_done());
        let mut silent = talk(0, manners(true));
        run(&mut silent, 2_000, &|_| false);
        assert!(!silent.is_done());
        let mut nothing = talk(0, manners(false));
        run(&mut nothing, 2_000, &|_| false);
        assert!(nothing.is_done());
    }

    #[test]
    fn a_lost_connection_begins_the_turn_again() {
        let mut talk = talk(1, manners(false));
        assert_eq!(run(&mut talk, 700, &|_| false).0, []);
        talk.interrupt();
        let mut out = [1; 320];
        assert!(!talk.speak(ms(700), &mut out) && out == [0; 320]);
        // `run` begins again at 0.
        let (results, loud) = run(&mut talk, 2_000, &|at| (1_000..1_300).contains(&at));
        assert_eq!((results, loud[0]), (vec![(810, Some(190))], 500));
    }
}
