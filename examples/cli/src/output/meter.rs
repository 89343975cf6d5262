//! How loud you and the bot are. Pure.

use std::time::Duration;

/// The width of one bar.
const BAR: usize = 10;
/// How often to print a line about the levels if there is no live line.
const PERIOD: Duration = Duration::from_secs(1);
/// The threshold of audible levels, from 0 to 1.
const AUDIBLE: f32 = 0.05;

/// The current levels, and the highest since the last line.
#[derive(Debug, Default)]
pub(super) struct Meter {
    you: f32,
    bot: f32,
    loudest: (f32, f32),
    due: Duration,
}

impl Meter {
    /// Sets your level.
    pub(super) const fn you(&mut self, level: f32) {
        self.you = level;
        self.loudest.0 = self.loudest.0.max(level);
    }

    /// Sets the bot's level.
    pub(super) const fn bot(&mut self, level: f32) {
        self.bot = level;
        self.loudest.1 = self.loudest.1.max(level);
    }

    /// The current levels as bars.
    pub(super) fn bars(&self) -> String {
        bars(self.you, self.bot)
    }

    /// Once a second, if anybody was audible: the highest levels since the last line.
    pub(super) fn line(&mut self, at: Duration) -> Option<String> {
        if at < self.due {
            return None;
        }
        self.due = at + PERIOD;
        let (you, bot) = std::mem::take(&mut self.loudest);
        (you.max(bot) >= AUDIBLE).then(|| bars(you, bot))
    }
}

fn bars(you: f32, bot: f32) -> String {
    format!("you {} bot {}", bar(you), bar(bot))
}

fn bar(level: f32) -> String {
    let full = (level.clamp(0.0, 1.0) * BAR as f32).round() as usize;
    format!("{}{}", "█".repeat(full), "·".repeat(BAR - full))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_stay_within_their_width() {
        for (level, expected) in [
            (0.0, "··········"),
            (0.5, "█████·····"),
            (1.0, "██████████"),
            (7.0, "██████████"),
            (f32::NAN, "··········"),
        ] {
            assert_eq!(bar(level), expected, "{level}");
        }
    }

    #[test]
    fn a_line_a_second_tells_the_loudest() {
        let mut meter = Meter::default();
        assert_eq!(meter.line(Duration::ZERO), None, "nobody was audible");
        meter.you(0.8);
        meter.you(0.1);
        meter.bot(0.2);
        assert_eq!(meter.line(Duration::from_millis(900)), None, "too early");
        assert_eq!(meter.line(Duration::from_secs(1)).as_deref(), Some("you ████████·· bot ██········"));
        assert_eq!(meter.line(Duration::from_secs(2)), None, "nothing since");
        assert_eq!(meter.bars(), "you █········· bot ██········");
    }
}
