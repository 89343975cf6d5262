//! Where the bot's audio goes: a file, the app's own hands, or functions of the app.
//!
//! Depends on [`crate::pcm`] and the core's sinks. A speaker is made once and used up by a client.

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

/// Where the bot's audio goes. Give it to a client with the options, or free it with `rtvi_speaker_free`.
#[derive(Debug)]
pub struct rtvi_speaker;

static SPEAKERS: UsedOnce<rtvi_speaker, dyn AudioSink> = UsedOnce::new("rtvi_speaker");

/// Uses up a speaker; null is none.
pub(crate) fn take(speaker: *mut rtvi_speaker) -> Result<Option<Box<dyn AudioSink>>, Error> {
    SPEAKERS.take(speaker)
}

fn give(to: *mut *mut rtvi_speaker, sink: impl AudioSink) {
    SPEAKERS.give(to, Box::new(sink));
}

/// A speaker of this machine, chosen as with `rtvi_microphone_device`.
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

/// Records the bot's audio as a 16-bit WAV file, which is complete when the client is freed. Makes the file, or empties the one that is
/// there.
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

/// Gives the bot's samples to the app, which pulls them from `*output`. Free the output with `rtvi_pcm_output_free`.
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

/// A speaker made of functions of the app: a table with `size` set, and null for what is not there. Called on threads of the SDK, one at
/// a time; none may wait or call functions that do.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_speaker_functions {
    /// `sizeof(rtvi_speaker_functions)`.
    pub size: usize,
    /// Begins to play; may come again after `stop`. Returns null, or why it can't (`rtvi_error_new`). May be null.
    pub start: Option<extern "C" fn(user_data: *mut c_void) -> Option<Box<rtvi_error>>>,
    /// How many samples it wants now to stay filled. Null for a sink without a clock of its own: it then gets them in real time.
    pub wanted: Option<extern "C" fn(user_data: *mut c_void) -> usize>,
    /// Takes samples to play after those it has. Must be there.
    pub write: Option<extern "C" fn(user_data: *mut c_void, samples: *const i16, count: usize)>,
    /// Drops what it has not played yet: the bot was interrupted. May be null.
    pub flush: Option<extern "C" fn(user_data: *mut c_void)>,
    /// Stops playing. May be null.
    pub stop: Option<extern "C" fn(user_data: *mut c_void)>,
    /// What has gone wrong since this was called last: null, or an error (`rtvi_error_new`). Called after each of the others. An error
    /// comes as the event `deviceError`, and the speaker counts as failed: it is stopped as usual, and before the next start only `stop` is
    /// called. May be null.
    pub failure: Option<extern "C" fn(user_data: *mut c_void) -> Option<Box<rtvi_error>>>,
}

// SAFETY: `repr(C)`, `size` first, and zeros are null.
unsafe impl SizedStruct for rtvi_speaker_functions {}

/// Makes a speaker of functions. `drop_user_data` is called when the client has no more use for it, or this fails.
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

/// Frees a speaker that no client was given; does nothing for null and for one that is used up.
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
