//! Conversion between samples and bytes: 16-bit little-endian PCM, channels interleaved.
//!
//! Pure.

/// Converts samples to bytes.
pub(crate) fn bytes(samples: &[i16]) -> Vec<u8> {
    samples.iter().flat_map(|sample| sample.to_le_bytes()).collect()
}

/// Passes the samples in `pcm` to `take` piece by piece, without allocating, until it takes fewer
/// than it receives. Returns how many bytes were taken. A last odd byte is left.
pub(crate) fn for_each_piece(pcm: &[u8], mut take: impl FnMut(&[i16]) -> usize) -> usize {
    // A whole number of groups for every channel count from 1 to 8.
    const PIECE: usize = 840;
    let mut samples = [0; PIECE];
    let mut taken = 0;
    for piece in pcm.as_chunks().0.chunks(PIECE) {
        for (sample, pair) in samples.iter_mut().zip(piece) {
            *sample = i16::from_le_bytes(*pair);
        }
        let count = take(samples.get(..piece.len()).unwrap_or_default());
        taken += 2 * count;
        if count < piece.len() {
            break;
        }
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_become_the_same_samples() {
        let samples: Vec<i16> = (-3000..3000).collect();
        let mut pcm = bytes(&samples);
        pcm.push(7);
        let mut seen = Vec::new();
        let taken = for_each_piece(&pcm, |piece| {
            seen.extend_from_slice(piece);
            piece.len()
        });
        assert_eq!((taken, seen), (12_000, samples));
    }

    #[test]
    fn a_full_taker_ends_it() {
        let mut room = 1000;
        let taken = for_each_piece(&bytes(&[1; 3000]), |piece| {
            let count = piece.len().min(room);
            room -= count;
            count
        });
        assert_eq!(taken, 2000);
    }
}
