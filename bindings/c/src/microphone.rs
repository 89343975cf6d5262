//! The source of the user's audio: a file, a tone, the app's samples, or functions of the app.
//!
//! Depends on [`crate::pcm`] and the core's sources. An app creates a microphone, and one client
//! takes it over.

use std::ffi::c_void;

use rtvi_core::{
    Error, ErrorKind,
    media::{AudioFormat, AudioSource, PcmPace, PcmSource, SilenceSource, ToneSource, WavSource},
};

use crate::{
    audio_format::rtvi_audio_format,
    callback::{UserData, rtvi_drop_fn},
    error::rtvi_error,
    memory::{self, SizedStruct},
    panic::guard,
    pcm::rtvi_pcm_input,
    system_audio,
    text::rtvi_str,
    used_once::UsedOnce,
};

/// The source of the user's audio. Pass it to a client with the options, or free it with
/// `rtvi_microphone_free`.
#[derive(Debug)]
pub struct rtvi_microphone;

static MICROPHONES: UsedOnce<rtvi_microphone, dyn AudioSource> = UsedOnce::new("rtvi_microphone");

/// Uses up a microphone. Null means none.
pub(crate) fn take(microphone: *mut rtvi_microphone) -> Result<Option<Box<dyn AudioSource>>, Error> {
    MICROPHONES.take(microphone)
}

fn give(to: *mut *mut rtvi_microphone, source: impl AudioSource) {
    MICROPHONES.give(to, Box::new(source));
}

/// Creates a microphone of this machine: the one with this id, or for `default` the system's
/// default, which may change at any time. The device need not exist yet. It is open only while it
/// is needed. The client removes echo and noise from its audio unless the voice options say
/// otherwise. Once a client has the microphone, `rtvi_client_get_info` lists the others and
/// `rtvi_client_update_mic` switches to one of them.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_microphone_device(
    device_id: rtvi_str,
    microphone: *mut *mut rtvi_microphone,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        give(microphone, system_audio::microphone(device_id.text("device_id")?)?);
        Ok(())
    })
}

/// Plays a WAV file as the user's voice, once or repeatedly. Waits while it reads the first
/// seconds.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_microphone_wav(
    path: rtvi_str,
    repeat: bool,
    microphone: *mut *mut rtvi_microphone,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        let path = path.text("path")?;
        give(microphone, if repeat { WavSource::open_looped(path)? } else { WavSource::open(path)? });
        Ok(())
    })
}

/// Plays an endless tone of `frequency` Hz whose peaks reach `amplitude` (0 to 1) of full scale.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_microphone_tone(
    format: rtvi_audio_format,
    frequency: f64,
    amplitude: f64,
    microphone: *mut *mut rtvi_microphone,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        give(microphone, ToneSource::new(format.into(), frequency, amplitude)?);
        Ok(())
    })
}

/// Sends endless silence.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_microphone_silence(
    format: rtvi_audio_format,
    microphone: *mut *mut rtvi_microphone,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        give(microphone, SilenceSource::new(supported(format)?));
        Ok(())
    })
}

/// Sends the samples that the app pushes into `*input`. Free the input with `rtvi_pcm_input_free`;
/// after that, silence is sent.
///
/// If `paced` is false, the app pushes in real time, as from a device of its own, and the client
/// catches up after late samples. If it is true, the app pushes whenever there is room, and the
/// client reads in real time.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_microphone_pcm(
    format: rtvi_audio_format,
    paced: bool,
    microphone: *mut *mut rtvi_microphone,
    input: *mut Option<Box<rtvi_pcm_input>>,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        let pace = if paced { PcmPace::Paced } else { PcmPace::Live };
        let (end, source) = PcmSource::new(format.into(), pace)?;
        give(microphone, source);
        memory::write(input, Some(Box::new(rtvi_pcm_input::from(end))));
        Ok(())
    })
}

/// The functions of an app's own microphone. Set `size`, and set absent functions to null. Threads
/// of the SDK call them, one at a time. They must not wait or call functions that wait.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_microphone_functions {
    /// `sizeof(rtvi_microphone_functions)`.
    pub size: usize,
    /// Starts to capture. May be called again after `stop`. Returns null, or an error if it can't
    /// start (`rtvi_error_new`). May be null.
    pub start: Option<extern "C" fn(user_data: *mut c_void) -> Option<Box<rtvi_error>>>,
    /// Returns how many samples are captured and not yet read. Null for a source without a clock of
    /// its own: the client then reads in real time.
    pub available: Option<extern "C" fn(user_data: *mut c_void) -> usize>,
    /// Moves up to `count` samples to `samples` and returns how many. Required.
    pub read: Option<extern "C" fn(user_data: *mut c_void, samples: *mut i16, count: usize) -> usize>,
    /// Returns whether the source has ended; the client then sends silence. If null, it never ends.
    pub is_finished: Option<extern "C" fn(user_data: *mut c_void) -> bool>,
    /// Stops capturing, because the microphone was muted for long enough or the session has ended.
    /// May be null.
    pub stop: Option<extern "C" fn(user_data: *mut c_void)>,
    /// Returns what has gone wrong since the last call: null, or an error (`rtvi_error_new`).
    /// Called after each of the other functions. An error becomes the event `deviceError`, and the
    /// microphone counts as failed: it is stopped as usual, and before the next start only `stop`
    /// is called. May be null.
    pub failure: Option<extern "C" fn(user_data: *mut c_void) -> Option<Box<rtvi_error>>>,
}

// SAFETY: `repr(C)`, `size` first, and zeros are null.
unsafe impl SizedStruct for rtvi_microphone_functions {}

/// Creates a microphone from functions. `drop_user_data` is called when the client no longer needs
/// it, or if this function fails.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_microphone_custom(
    format: rtvi_audio_format,
    functions: *const rtvi_microphone_functions,
    user_data: *mut c_void,
    drop_user_data: rtvi_drop_fn,
    microphone: *mut *mut rtvi_microphone,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        let data = UserData::new(user_data, drop_user_data);
        let functions = memory::read_sized(functions, "rtvi_microphone_functions")?;
        let functions = functions.filter(|functions| functions.read.is_some()).ok_or_else(|| {
            Error::new(ErrorKind::InvalidArgument, "rtvi_microphone_functions.read is missing")
        })?;
        give(microphone, FunctionSource { format: supported(format)?, functions, data });
        Ok(())
    })
}

/// Frees a microphone that was not passed to a client. Null is ignored, and so is a microphone that
/// a client has taken over.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_microphone_free(microphone: *mut rtvi_microphone) {
    drop(guard(|| take(microphone).map(drop)));
}

fn supported(format: rtvi_audio_format) -> Result<AudioFormat, Error> {
    let format = AudioFormat::from(format);
    if format.is_supported() {
        return Ok(format);
    }
    Err(Error::new(ErrorKind::InvalidArgument, format!("can't take audio of {format}")))
}

struct FunctionSource {
    format: AudioFormat,
    functions: rtvi_microphone_functions,
    data: UserData,
}

impl AudioSource for FunctionSource {
    fn format(&self) -> AudioFormat {
        self.format
    }

    fn start(&mut self) -> Result<(), Error> {
        let refusal = self.functions.start.and_then(|start| start(self.data.pointer()));
        refusal.map_or(Ok(()), |error| Err(error.core().clone()))
    }

    fn available(&self) -> Option<usize> {
        self.functions.available.map(|available| available(self.data.pointer()))
    }

    fn read(&mut self, out: &mut [i16]) -> usize {
        let Some(read) = self.functions.read else { return 0 };
        read(self.data.pointer(), out.as_mut_ptr(), out.len()).min(out.len())
    }

    fn is_finished(&self) -> bool {
        self.functions.is_finished.is_some_and(|is_finished| is_finished(self.data.pointer()))
    }

    fn failure(&self) -> Option<Error> {
        let failure = self.functions.failure?;
        failure(self.data.pointer()).map(|error| error.core().clone())
    }

    fn stop(&mut self) {
        if let Some(stop) = self.functions.stop {
            stop(self.data.pointer());
        }
    }
}
