//! Notes that a test can recognize in received audio, even if their length changed on the way.
//!
//! Pure. A client accelerates and expands audio to follow the network, and a busy machine delays
//! it; the pitch remains.

use std::f64::consts::TAU;

use crate::sound::{RECORDED_RATE, SAID_RATE};

/// The notes in hertz. None is near a multiple of another.
const NOTES: [f64; 8] = [440.0, 1_010.0, 590.0, 1_330.0, 700.0, 1_700.0, 520.0, 840.0];
/// Their loudness, as a root mean square.
const LOUDNESS: f64 = 6_000.0;
/// The length of each note, in milliseconds, and of the silence after it.
const LENGTH: usize = 400;
const REST: usize = 100;
/// The length of the pieces in which a note is searched, in milliseconds: long enough to
/// distinguish the closest two.
const PIECE: usize = 40;
/// In how many pieces a note must be heard: half of its length.
const ENOUGH: usize = LENGTH / PIECE / 2;

/// All notes in turn, in the form that [`SoundServer::say`](crate::SoundServer::say) accepts.
pub fn melody() -> Vec<i16> {
    let note = |hertz: &f64| {
        let step = TAU * hertz / f64::from(SAID_RATE);
        let count = LENGTH * SAID_RATE as usize / 1_000;
        let sound = (0..count).map(move |index| LOUDNESS * 2_f64.sqrt() * (step * index as f64).sin());
        sound.chain(std::iter::repeat_n(0.0, REST * SAID_RATE as usize / 1_000))
    };
    NOTES.iter().flat_map(note).map(|sample| sample as i16).collect()
}

/// The number of notes.
pub const fn melody_length() -> usize {
    NOTES.len()
}

/// The numbers of the notes in a [`Recording`](crate::Recording), in the order in which they were
/// heard. Each must be about as pure and as loud as it was sent.
pub fn notes_in(heard: &[i16]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut present = (usize::MAX, 0);
    for piece in heard.chunks_exact(PIECE * RECORDED_RATE as usize / 1_000) {
        let Some(note) = note_in(piece) else { continue };
        let count = if present.0 == note { present.1 + 1 } else { 1 };
        present = (note, count);
        if count == ENOUGH {
            found.push(note);
        }
    }
    found
}

/// The note that dominates the sound, if it is loud enough.
fn note_in(piece: &[i16]) -> Option<usize> {
    let power = piece.iter().map(|sample| f64::from(*sample).powi(2)).sum::<f64>() / piece.len() as f64;
    let is_as_loud = (LOUDNESS / 2.0..LOUDNESS * 1.5).contains(&power.sqrt());
    let of_note = |hertz: &f64| power_at(piece, *hertz) > 0.8 * power;
    NOTES.iter().position(of_note).filter(|_| is_as_loud)
}

/// The power of the sound at this frequency.
fn power_at(piece: &[i16], hertz: f64) -> f64 {
    let step = TAU * hertz / f64::from(RECORDED_RATE);
    let sum = |turn: fn(f64) -> f64| -> f64 {
        piece.iter().enumerate().map(|(index, sample)| f64::from(*sample) * turn(step * index as f64)).sum()
    };
    let count = piece.len() as f64;
    2.0 * (sum(f64::sin).powi(2) + sum(f64::cos).powi(2)) / (count * count)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a recorder without any filter would record.
    fn recorded(said: &[i16]) -> Vec<i16> {
        let count = said.len() * RECORDED_RATE as usize / SAID_RATE as usize;
        let at = |index: usize| index as f64 * f64::from(SAID_RATE) / f64::from(RECORDED_RATE);
        (0..count).filter_map(|index| said.get(at(index).round() as usize).copied()).collect()
    }

    #[test]
    fn what_was_said_is_found_in_its_order() {
        let heard = recorded(&melody());
        assert_eq!(notes_in(&heard), [0, 1, 2, 3, 4, 5, 6, 7]);
        let (first, second) = heard.split_at(heard.len() / 2);
        assert_eq!(notes_in(&[[0; 1_234].as_slice(), second, first].concat()), [4, 5, 6, 7, 0, 1, 2, 3]);
    }

    #[test]
    fn what_is_missing_too_quiet_or_not_pure_is_not_found() {
        let heard = recorded(&melody());
        assert_eq!(notes_in(&heard[4_000 * 2..]), [2, 3, 4, 5, 6, 7]);
        let quiet: Vec<i16> = heard.iter().map(|sample| sample / 3).collect();
        assert!(notes_in(&quiet).is_empty());
        let chopped: Vec<i16> = heard
            .iter()
            .enumerate()
            .map(|(index, sample)| if index % 80 < 40 { 0 } else { *sample })
            .collect();
        assert!(notes_in(&chopped).is_empty());
    }
}
