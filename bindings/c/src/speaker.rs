//! The destination of the bot's audio: a file, the app, or functions of the app.
//!
//! Depends on [`crate::pcm`] and the core's sinks. An app creates a speaker, and one client takes
//! it over.

use std::ffi::c_void;

use rtvi_core::{
    Error, ErrorKind,
    media::{AudioFormat, AudioSink, PcmSink, WavRecorder},
};

use crate::{
    audio_format::rtvi_audio_format,
    callback::{UserData, rtvi_drop_fn},
    error::rtvi_error,
    memory::{self, SizedStruct},
    panic::guard,
    pcm::rtvi_pcm_output,
    system_audio,
    text::rtvi_str,
    used_once::UsedOnce,
};

/// The destination of the bot's audio. Pass it to a client with the options, or free it with
/// `rtvi_speaker_free`.
#[derive(Debug)]
pub struct rtvi_speaker;

static SPEAKERS: UsedOnce<rtvi_speaker, dyn AudioSink> = UsedOnce::new("rtvi_speaker");

/// Uses up a speaker. Null means none.
pub(crate) fn take(speaker: *mut rtvi_speaker) -> Result<Option<Box<dyn AudioSink>>, Error> {
    SPEAKERS.take(speaker)
}

fn give(to: *mut *mut rtvi_speaker, sink: impl AudioSink) {
    SPEAKERS.give(to, Box::new(sink));
}

/// Creates a speaker of this machine. The id works as in `rtvi_microphone_device`.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_speaker_device(
    device_id: rtvi_str,
    speaker: *mut *mut rtvi_speaker,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        give(speaker, system_audio::speaker(device_id.text("device_id")?)?);
        Ok(())
    })
}

/// Records the bot's audio as a 16-bit WAV file. The file is complete when the client is freed.
/// Creates the file, or empties an existing one.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_speaker_wav(
    path: rtvi_str,
    format: rtvi_audio_format,
    speaker: *mut *mut rtvi_speaker,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        give(speaker, WavRecorder::create(path.text("path")?, format.into())?);
        Ok(())
    })
}

/// Passes the bot's samples to the app, which pulls them from `*output`. Free the output with
/// `rtvi_pcm_output_free`.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_speaker_pcm(
    format: rtvi_audio_format,
    speaker: *mut *mut rtvi_speaker,
    output: *mut Option<Box<rtvi_pcm_output>>,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        let (sink, end) = PcmSink::new(format.into())?;
        give(speaker, sink);
        memory::write(output, Some(Box::new(rtvi_pcm_output::from(end))));
        Ok(())
    })
}

/// The functions of an app's own speaker. Set `size`, and set absent functions to null. Threads of
/// the SDK call them, one at a time. They must not wait or call functions that wait.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_speaker_functions {
    /// `sizeof(rtvi_speaker_functions)`.
    pub size: usize,
    /// Starts to play. May be called again after `stop`. Returns null, or an error if it can't
    /// start (`rtvi_error_new`). May be null.
    pub start: Option<extern "C" fn(user_data: *mut c_void) -> Option<Box<rtvi_error>>>,
    /// Returns how many samples the speaker needs now to stay filled. Null for a sink without a
    /// clock of its own: the client then writes in real time.
    pub wanted: Option<extern "C" fn(user_data: *mut c_void) -> usize>,
    /// Receives samples to play after those it has. Required.
    pub write: Option<extern "C" fn(user_data: *mut c_void, samples: *const i16, count: usize)>,
    /// Drops the samples that are not played yet, because the bot was interrupted. May be null.
    pub flush: Option<extern "C" fn(user_data: *mut c_void)>,
    /// Stops playing. May be null.
    pub stop: Option<extern "C" fn(user_data: *mut c_void)>,
    /// Returns what has gone wrong since the last call: null, or an error (`rtvi_error_new`).
    /// Called after each of the other functions. An error becomes the event `deviceError`, and the
    /// speaker counts as failed: it is stopped as usual, and before the next start only `stop` is
    /// called. May be null.
    pub failure: Option<extern "C" fn(user_data: *mut c_void) -> Option<Box<rtvi_error>>>,
}

// SAFETY: `repr(C)`, `size` first, and zeros are null.
unsafe impl SizedStruct for rtvi_speaker_functions {}

/// Creates a speaker from functions. `drop_user_data` is called when the client no longer needs it,
/// or if this function fails.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_speaker_custom(
    format: rtvi_audio_format,
    functions: *const rtvi_speaker_functions,
    user_data: *mut c_void,
    drop_user_data: rtvi_drop_fn,
    speaker: *mut *mut rtvi_speaker,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        let data = UserData::new(user_data, drop_user_data);
        let functions = memory::read_sized(functions, "rtvi_speaker_functions")?;
        let functions = functions.filter(|functions| functions.write.is_some()).ok_or_else(|| {
            Error::new(ErrorKind::InvalidArgument, "rtvi_speaker_functions.write is missing")
        })?;
        let format = AudioFormat::from(format);
        if !format.is_supported() {
            return Err(Error::new(ErrorKind::InvalidArgument, format!("can't give audio of {format}")));
        }
        give(speaker, FunctionSink { format, functions, data });
        Ok(())
    })
}

/// Frees a speaker that was not passed to a client. Null is ignored, and so is a speaker that a
/// client has taken over.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_speaker_free(speaker: *mut rtvi_speaker) {
    drop(guard(|| take(speaker).map(drop)));
}

struct FunctionSink {
    format: AudioFormat,
    functions: rtvi_speaker_functions,
    data: UserData,
}

impl AudioSink for FunctionSink {
    fn format(&self) -> AudioFormat {
        self.format
    }

    fn start(&mut self) -> Result<(), Error> {
        let refusal = self.functions.start.and_then(|start| start(self.data.pointer()));
        refusal.map_or(Ok(()), |error| Err(error.core().clone()))
    }

    fn wanted(&self) -> Option<usize> {
        self.functions.wanted.map(|wanted| wanted(self.data.pointer()))
    }

    fn write(&mut self, samples: &[i16]) {
        if let Some(write) = self.functions.write {
            write(self.data.pointer(), samples.as_ptr(), samples.len());
        }
    }

    fn flush(&mut self) {
        if let Some(flush) = self.functions.flush {
            flush(self.data.pointer());
        }
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
