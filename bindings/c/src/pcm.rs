//! The app's ends of audio that it pushes and pulls itself.
//!
//! Depends on [`crate::handle`]. Real-time safe: nothing here allocates or waits, except freeing.

use std::sync::Mutex;

use rtvi_core::media::{PcmInput, PcmOutput};

use crate::{memory, panic::guard_or};

/// The input into which the app pushes the user's samples. Use it on one thread at a time: a push
/// during another push takes nothing.
#[derive(Debug)]
pub struct rtvi_pcm_input(Mutex<PcmInput>);

/// The output from which the app pulls the bot's samples. Use it on one thread at a time: a pull
/// during another pull returns nothing.
#[derive(Debug)]
pub struct rtvi_pcm_output(Mutex<PcmOutput>);

impl From<PcmInput> for rtvi_pcm_input {
    fn from(input: PcmInput) -> Self {
        Self(Mutex::new(input))
    }
}

impl From<PcmOutput> for rtvi_pcm_output {
    fn from(output: PcmOutput) -> Self {
        Self(Mutex::new(output))
    }
}

/// Appends interleaved samples to the queue and returns how many it took. It takes fewer than
/// `count` when two seconds of audio are queued, and always whole groups of channels. It never
/// waits, so that real-time audio callbacks may call it.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_pcm_input_push(
    input: Option<&rtvi_pcm_input>,
    samples: *const i16,
    count: usize,
) -> usize {
    guard_or(0, || {
        let Some(Ok(mut input)) = input.map(|input| input.0.try_lock()) else { return 0 };
        input.push(memory::samples(samples, count))
    })
}

/// Returns how many samples there is room for.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_pcm_input_free_space(input: Option<&rtvi_pcm_input>) -> usize {
    guard_or(0, || match input.map(|input| input.0.try_lock()) {
        Some(Ok(input)) => input.free(),
        _ => 0,
    })
}

/// Ends the audio and frees the input. Null is ignored. No push may be under way.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_pcm_input_free(input: Option<Box<rtvi_pcm_input>>) {
    guard_or((), || drop(input));
}

/// Moves up to `count` interleaved samples to `samples` and returns how many. They are fewer when
/// the client has no more or is not connected. The rest of `samples` is unchanged: play silence
/// instead. It never waits, so that real-time audio callbacks may call it.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_pcm_output_pull(
    output: Option<&rtvi_pcm_output>,
    samples: *mut i16,
    count: usize,
) -> usize {
    guard_or(0, || {
        let Some(Ok(mut output)) = output.map(|output| output.0.try_lock()) else { return 0 };
        output.pull(memory::samples_mut(samples, count))
    })
}

/// Frees the output. Null is ignored. The client's speaker then takes no more audio. No pull may be
/// under way.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_pcm_output_free(output: Option<Box<rtvi_pcm_output>>) {
    guard_or((), || drop(output));
}

#[cfg(test)]
mod tests {
    use rtvi_core::media::{AudioFormat, AudioSource, PcmPace, PcmSource};

    use super::*;

    #[test]
    fn samples_go_in() {
        let (end, mut source) = PcmSource::new(AudioFormat::mono(8_000), PcmPace::Paced).unwrap();
        let input = Box::new(rtvi_pcm_input::from(end));
        assert_eq!(rtvi_pcm_input_push(Some(&input), [1, 2, 3].as_ptr(), 3), 3);
        assert_eq!(rtvi_pcm_input_free_space(Some(&input)), 15_997);
        let held = input.0.lock().unwrap();
        assert_eq!(rtvi_pcm_input_push(Some(&input), [1].as_ptr(), 1), 0);
        drop(held);
        rtvi_pcm_input_free(Some(input));
        let mut out = [0; 4];
        assert_eq!((source.read(&mut out), source.is_finished()), (3, true));
        assert_eq!(rtvi_pcm_input_push(None, [1].as_ptr(), 1), 0);
        assert_eq!(rtvi_pcm_output_pull(None, out.as_mut_ptr(), 4), 0);
    }
}
