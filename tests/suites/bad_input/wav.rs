//! WAV files that can't be played, and odd ones that can.

use rtvi_core::{
    Error,
    ErrorKind::InvalidArgument,
    media::{AudioSource, WavSource},
};

use crate::row::{Expected, How::Idle, Outcome, Row};

const fn fails(says: &'static str) -> Outcome {
    Outcome::Fails(Expected::new(InvalidArgument, None, says))
}

const PCM: u16 = 1;
const FLOAT: u16 = 3;
const ADPCM: u16 = 2;

#[rustfmt::skip]
pub(crate) const ROWS: &[Row] = &[
    Row::new("WAV: no such file", Idle(|_, _| Box::pin(async { WavSource::open("no/such/speech.wav").map(drop) })), fails("no/such/speech.wav")),
    Row::new("WAV: a folder", Idle(|_, _| Box::pin(async { WavSource::open(std::env::temp_dir()).map(drop) })), fails("not a regular file")),
    Row::new("WAV: empty", Idle(|_, _| Box::pin(async { play(&[], 0) })), fails("speech.wav: it ends before its audio")),
    Row::new("WAV: something else", Idle(|_, _| Box::pin(async { play(&[b'x'; 100], 0) })), fails("no RIFF tag found")),
    Row::new("WAV: cut within its header", Idle(|_, _| Box::pin(async { play(&wav(PCM, 1, 16_000, 16, &[1; 8])[..30], 0) })), fails("it ends before its audio")),
    Row::new("WAV: no audio", Idle(|_, _| Box::pin(async { play(&wav(PCM, 1, 16_000, 16, &[]), 0) })), fails("it holds no audio")),
    Row::new("WAV: compressed", Idle(|_, _| Box::pin(async { play(&wav(ADPCM, 1, 16_000, 4, &[1; 8]), 0) })), fails("speech.wav")),
    Row::new("WAV: 12-bit samples", Idle(|_, _| Box::pin(async { play(&wav(PCM, 1, 16_000, 12, &[1; 8]), 0) })), fails("speech.wav")),
    Row::new("WAV: no channels", Idle(|_, _| Box::pin(async { play(&wav(PCM, 0, 16_000, 16, &[1; 8]), 0) })), fails("zero channels")),
    Row::new("WAV: nine channels", Idle(|_, _| Box::pin(async { play(&wav(PCM, 9, 16_000, 16, &[1; 36]), 0) })), fails("9 channels")),
    Row::new("WAV: 0 Hz", Idle(|_, _| Box::pin(async { play(&wav(PCM, 1, 0, 16, &[1; 8]), 0) })), fails("0 Hz")),
    Row::new("WAV: odd but playable: 44.1 kHz stereo float", Idle(|_, _| Box::pin(async { play(&wav(FLOAT, 2, 44_100, 32, &[0; 16]), 4) })), Outcome::Succeeds),
    Row::new("WAV: odd but playable: 8-bit", Idle(|_, _| Box::pin(async { play(&wav(PCM, 1, 8_000, 8, &[128; 5]), 5) })), Outcome::Succeeds),
    Row::new("WAV: odd but playable: a cut sample", Idle(|_, _| Box::pin(async { play(&wav(PCM, 1, 16_000, 16, &[1; 7]), 3) })), Outcome::Succeeds),
    Row::new("WAV: odd but playable: a length of 0xFFFFFFFF", Idle(|_, _| Box::pin(async { play(&streamed(wav(PCM, 1, 16_000, 16, &[1; 8]), u32::MAX), 4) })), Outcome::Succeeds),
    Row::new("WAV: odd but playable: a wrong length", Idle(|_, _| Box::pin(async { play(&streamed(wav(PCM, 1, 16_000, 16, &[1; 8]), 0x7fff_f000), 4) })), Outcome::Succeeds),
];

/// Plays a file with this content, which must have this many samples.
fn play(content: &[u8], samples: usize) -> Result<(), Error> {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("speech.wav");
    std::fs::write(&path, content).expect("there is room");
    let mut source = WavSource::open(&path)?;
    let mut out = [0; 100];
    assert_eq!(source.read(&mut out), samples);
    assert!(source.is_finished());
    Ok(())
}

fn wav(tag: u16, channels: u16, rate: u32, bits: u16, data: &[u8]) -> Vec<u8> {
    let align = channels * bits.div_ceil(8);
    let mut file = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0".to_vec();
    file.extend_from_slice(&tag.to_le_bytes());
    file.extend_from_slice(&channels.to_le_bytes());
    file.extend_from_slice(&rate.to_le_bytes());
    file.extend_from_slice(&(rate * u32::from(align)).to_le_bytes());
    file.extend_from_slice(&align.to_le_bytes());
    file.extend_from_slice(&bits.to_le_bytes());
    file.extend_from_slice(b"data");
    file.extend_from_slice(&(data.len() as u32).to_le_bytes());
    file.extend_from_slice(data);
    file
}

/// The same file with a length that a streaming program wrote.
fn streamed(mut file: Vec<u8>, length: u32) -> Vec<u8> {
    file[40..44].copy_from_slice(&length.to_le_bytes());
    file
}
