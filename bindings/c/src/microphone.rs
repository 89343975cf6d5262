//! Where the user's audio comes from: files, tones, the app's samples, or functions of the app.
//!
//! Depends on [`crate::pcm`] and the core's sources. A microphone is made once and used up by a client.

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

/// Where the user's audio comes from. Give it to a client with the options, or free it with `rtvi_microphone_free`.
#[derive(Debug)]
pub struct rtvi_microphone;

static MICROPHONES: UsedOnce<rtvi_microphone, dyn AudioSource> = UsedOnce::new("rtvi_microphone");

/// Uses up a microphone; null is none.
pub(crate) fn take(microphone: *mut rtvi_microphone) -> Result<Option<Box<dyn AudioSource>>, Error> {
    MICROPHONES.take(microphone)
}

fn give(to: *mut *mut rtvi_microphone, source: impl AudioSource) {
    MICROPHONES.give(to, Box::new(source));
}

/// A microphone of this machine: the one with this id, or for `default` the system's default, whichever that is at any time. It need
/// not be there yet; it is opened only while it is wanted. Its audio is cleaned of echo and noise unless the client's voice options say
/// otherwise. Once a client has it, `rtvi_client_get_info` lists the others and `rtvi_client_update_mic` changes to one of them.
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

/// Plays a WAV file as the user's voice, once or over and over. Waits while the first seconds are read.
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

/// Sends silence for ever.
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

/// Sends the samples that the app pushes into `*input`. Free the input with `rtvi_pcm_input_free`; then silence is sent.
///
/// `paced` false: the app pushes in real time, as from a device of its own; what comes late is caught up with. True: it pushes whenever
/// there is room, and the client takes it in real time.
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

/// A microphone made of functions of the app: a table with `size` set, and null for what is not there. Called on threads of the SDK, one
/// at a time; none may wait or call functions that do.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_microphone_functions {
    /// `sizeof(rtvi_microphone_functions)`.
    pub size: usize,
    /// Begins to capture; may come again after `stop`. Returns null, or why it can't (`rtvi_error_new`). May be null.
    pub start: Option<extern "C" fn(user_data: *mut c_void) -> Option<Box<rtvi_error>>>,
    /// How many samples have been captured and not read. Null for a source without a clock of its own: the client then reads in real
    /// time.
    pub available: Option<extern "C" fn(user_data: *mut c_void) -> usize>,
    /// Moves up to `count` samples to `samples` and says how many. Must be there.
    pub read: Option<extern "C" fn(user_data: *mut c_void, samples: *mut i16, count: usize) -> usize>,
    /// Whether nothing will follow; the client then sends silence. Null: never.
    pub is_finished: Option<extern "C" fn(user_data: *mut c_void) -> bool>,
    /// Stops capturing: the microphone was muted for long enough, or the session has ended. May be null.
    pub stop: Option<extern "C" fn(user_data: *mut c_void)>,
    /// What has gone wrong since this was called last: null, or an error (`rtvi_error_new`). Called after each of the others. An error
    /// comes as the event `deviceError`, and the microphone counts as failed: it is stopped as usual, and before the next start only `stop` is
    /// called. May be null.
    pub failure: Option<extern "C" fn(user_data: *mut c_void) -> Option<Box<rtvi_error>>>,
}

// SAFETY: `repr(C)`, `size` first, and zeros are null.
unsafe impl SizedStruct for rtvi_microphone_functions {}

/// Makes a microphone of functions. `drop_user_data` is called when the client has no more use for it, or this fails.
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

/// Frees a microphone that no client was given; does nothing for null and for one that is used up.
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
