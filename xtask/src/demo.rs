//! `cargo xtask demo`: a spoken conversation with the demo bot, on a fresh machine, in one command.
//!
//! Depends on [`crate::setup`], [`crate::process`] and [`crate::workspace`]. Must never need
//! Python, a key, or any network access except cargo's.

use std::{fs, path::Path, process::Command};

use crate::{
    failure::{Failure, Outcome},
    process,
    setup::packages::{self, BUILD, SPEECH},
    workspace,
};

/// The speech for the bot: two sentences, with a pause long enough for the bot to take its turn.
const SPEECH_TEXT: &str = "<speak>Hello, can you hear me? <break time=\"2500ms\"/> \
    What is the weather like in Berlin today?</speak>";

/// The loudest sample of a recording that counts as silent: 1 % of full scale.
const SILENCE_PEAK: u32 = 327;

/// Sets up, builds, and talks. Everything after `--` goes to `rtvi demo`.
pub(crate) fn run(args: &[String]) -> Outcome {
    let extra = match args.split_first() {
        None => &[],
        Some((separator, extra)) if separator == "--" => extra,
        Some((arg, _)) => {
            return Err(Failure::usage(format!("`{arg}`: put arguments for `rtvi demo` after `--`")));
        }
    };
    packages::ensure(&BUILD)?;
    packages::ensure(&[&SPEECH])?;
    let folder = workspace::cache("demo");
    fs::create_dir_all(&folder).map_err(Failure::doing(folder.display()))?;
    let (question, answer) = (folder.join("hello.wav"), folder.join("bot.wav"));
    speak(&question)?;
    forget(&answer)?;
    println!("demo: building rtvi");
    process::run(&mut demo_command(&question, &answer, extra)?)?;
    let heard = recorded(&answer)?;
    println!("demo: the bot's voice ({heard}) is in {}", answer.display());
    Ok(())
}

fn demo_command(question: &Path, answer: &Path, extra: &[String]) -> Outcome<Command> {
    let mut command = Command::new(workspace::release("rtvi-cli", "rtvi")?);
    command.arg("demo").arg("--mic").arg(format!("wav:{}", question.display()));
    command.arg("--speaker").arg(format!("wav:{}", answer.display())).args(extra);
    Ok(command)
}

/// Creates the recording of the caller, unless an earlier demo did.
fn speak(wav: &Path) -> Outcome {
    if recorded(wav).is_ok() {
        return Ok(());
    }
    process::run(Command::new("espeak-ng").args(["-m", "-s", "150", "-w"]).arg(wav).arg(SPEECH_TEXT))?;
    recorded(wav).map(drop)
}

/// Removes the recording of an earlier demo, so that it is not mistaken for the new one.
fn forget(wav: &Path) -> Outcome {
    if wav.exists() { fs::remove_file(wav).map_err(Failure::doing(wav.display())) } else { Ok(()) }
}

/// Returns how long the recording is. A missing, unreadable or silent recording is a failure.
fn recorded(wav: &Path) -> Outcome<String> {
    let mut reader = hound::WavReader::open(wav).map_err(Failure::doing(wav.display()))?;
    let seconds = f64::from(reader.duration()) / f64::from(reader.spec().sample_rate.max(1));
    let mut peak = 0;
    for sample in reader.samples::<i32>() {
        peak = peak.max(sample.map_err(Failure::doing(wav.display()))?.unsigned_abs());
    }
    if peak <= SILENCE_PEAK {
        return Err(Failure::new(format!("{}: {seconds:.1} s of silence", wav.display())));
    }
    Ok(format!("{seconds:.1} s"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wav(sample: i16) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.wav");
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: 8_000,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut writer = hound::WavWriter::create(&path, spec).unwrap();
        (0..4_000).for_each(|_| writer.write_sample(sample).unwrap());
        writer.finalize().unwrap();
        (folder, path)
    }

    #[test]
    fn a_recording_has_a_length() {
        let (_folder, path) = wav(-2_000);
        assert_eq!(recorded(&path).unwrap(), "0.5 s");
    }

    #[test]
    fn silence_and_nothing_are_failures() {
        let (folder, path) = wav(3);
        assert!(recorded(&path).unwrap_err().to_string().ends_with("0.5 s of silence"));
        assert!(recorded(&folder.path().join("none.wav")).is_err());
    }

    #[test]
    fn an_argument_without_separator_is_wrong_usage() {
        assert_eq!(run(&["--json".to_owned()]).unwrap_err().exit_code(), 2);
    }
}
