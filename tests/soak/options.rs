//! The command line of `rtvi-soak`.
//!
//! Values only.

use std::{path::PathBuf, time::Duration};

use crate::{
    member,
    over::{Over, Transports},
};

/// How it is used.
pub(crate) const USAGE: &str =
    "usage: rtvi-soak [--clients N] [--minutes T] [--transport websocket|webrtc|both] [--out DIR]";
/// A run from this length on is judged by memory and latency, too: in a shorter one they have not come to rest.
const LONG: Duration = Duration::from_secs(600);
/// How long a round of work takes at the longest, and at the shortest.
const WORK: (f64, f64) = (45.0, 6.0);
/// How many rounds there are at least.
const ROUNDS: f64 = 3.0;

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Options {
    /// How many clients there are at a time.
    pub(crate) clients: usize,
    /// For how long.
    pub(crate) lasts: Duration,
    /// What they use.
    pub(crate) transports: Transports,
    /// Where `soak.csv` and `soak.svg` go.
    pub(crate) out: PathBuf,
}

impl Options {
    /// Reads the arguments; what is not said is 10 clients, a minute, both transports and `target/soak`.
    pub(crate) fn read(arguments: &[String]) -> Result<Self, String> {
        let mut options = Self {
            clients: 10,
            lasts: Duration::from_secs(60),
            transports: Transports::Both,
            out: PathBuf::from("target/soak"),
        };
        let mut rest = arguments.iter();
        while let Some(flag) = rest.next() {
            let value = rest.next().ok_or_else(|| format!("{flag} takes a value"))?;
            match flag.as_str() {
                "--clients" => options.clients = clients(value)?,
                "--minutes" => options.lasts = minutes(value)?,
                "--transport" => {
                    options.transports =
                        Transports::named(value).ok_or_else(|| format!("there is no transport `{value}`"))?;
                }
                "--out" => options.out = PathBuf::from(value),
                _ => return Err(format!("there is no option `{flag}`")),
            }
        }
        Ok(options)
    }

    /// Whether memory and latency are judged, and not only shown.
    pub(crate) fn is_long(&self) -> bool {
        self.lasts >= LONG
    }

    /// How many descriptors and tasks there may be at rest beyond those of the first rest: a client that uses WebRTC may keep the
    /// connection of its last offer open for the next one, and may just have lost it.
    pub(crate) fn allowance(&self) -> usize {
        let keeps =
            |number: &usize| member::is_resident(*number) && self.transports.of(*number) == Over::WebRtc;
        (0..self.clients).filter(keeps).count()
    }

    /// How long the clients work in a round, until they rest.
    pub(crate) fn work(&self) -> Duration {
        Duration::from_secs_f64((self.lasts.as_secs_f64() / ROUNDS).min(WORK.0).max(WORK.1))
    }
}

fn clients(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|count| *count > 0).ok_or_else(|| format!("`{text}` is no number of clients"))
}

fn minutes(text: &str) -> Result<Duration, String> {
    let minutes: Option<f64> = text.parse().ok().filter(|minutes| (0.0..=100_000.0).contains(minutes));
    minutes
        .map(|minutes| Duration::from_secs_f64(minutes * 60.0))
        .ok_or_else(|| format!("`{text}` are no minutes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Options, String> {
        Options::read(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn arguments_are_read() {
        let options = read("--clients 50 --minutes 60 --transport webrtc --out x").unwrap();
        assert_eq!(
            (options.clients, options.lasts, options.transports),
            (50, Duration::from_secs(3_600), Transports::WebRtc)
        );
        assert!(options.is_long() && !read("").unwrap().is_long());
        assert_eq!(read("--minutes 0.1").unwrap().work(), Duration::from_secs(6));
    }

    #[test]
    fn wrong_ones_are_refused() {
        for line in [
            "--clients 0",
            "--clients x",
            "--minutes -1",
            "--minutes NaN",
            "--transport tcp",
            "--out",
            "--loud 1",
        ] {
            assert!(read(line).is_err(), "{line}");
        }
    }
}
