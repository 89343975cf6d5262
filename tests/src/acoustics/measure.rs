//! Measures the power and similarity of sounds.

/// The mean square.
pub fn power(samples: &[i16]) -> f64 {
    samples.iter().map(|sample| f64::from(*sample).powi(2)).sum::<f64>() / samples.len().max(1) as f64
}

/// By how many decibels `louder` is louder than `quieter`. A level below one step of 16-bit audio
/// counts as one step.
pub fn decibels(louder: &[i16], quieter: &[i16]) -> f64 {
    10.0 * (power(louder).max(1.0) / power(quieter).max(1.0)).log10()
}

/// How much of `heard` is `original`, in decibels relative to everything else in it (SI-SDR).
/// Neither its loudness nor a delay of up to `most` samples matters.
pub fn si_sdr(original: &[i16], heard: &[i16], most: usize) -> f64 {
    (0..=most)
        .map(|delay| {
            let pairs =
                || original.iter().zip(heard.iter().skip(delay)).map(|(a, b)| (f64::from(*a), f64::from(*b)));
            let product: f64 = pairs().map(|(original, heard)| original * heard).sum();
            let energy: f64 = pairs().map(|(original, _)| original * original).sum::<f64>().max(1.0);
            let scale = product / energy;
            let rest: f64 = pairs().map(|(original, heard)| (heard - scale * original).powi(2)).sum();
            10.0 * ((scale * scale * energy).max(1.0) / rest.max(1.0)).log10()
        })
        .fold(f64::NEG_INFINITY, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acoustics::{Room, hiss, voice};

    #[test]
    fn measures_known_sounds() {
        let sound = voice(1, 16_000, 1);
        let half: Vec<i16> = sound.iter().map(|sample| sample / 2).collect();
        assert!((decibels(&sound, &half) - 6.0).abs() < 0.2);
        let later: Vec<i16> = [0; 9].iter().chain(&half).copied().collect();
        assert!(si_sdr(&sound, &later, 20) > 40.0);
        assert!(si_sdr(&sound, &hiss(2, 1_000.0, 16_000), 20) < -20.0);
        let echo = Room::office(100).hear(&sound, 16_000);
        assert!(echo[..1_600].iter().all(|sample| *sample == 0) && power(&echo) > power(&sound) / 20.0);
        assert_eq!(voice(1, 16_000, 1), sound);
    }
}
