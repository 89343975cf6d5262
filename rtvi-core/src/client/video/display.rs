//! The task that shows the bot's video: decodes frames and gives the pictures to the app's sink.
//!
//! It reports what happens; it decides no state.

use std::{sync::Arc, time::Duration};

use tokio::{runtime::Handle, sync::mpsc, time::timeout};

use crate::{
    client::machine::{Input, VideoStream},
    error::{Error, ErrorKind},
    log,
    media::video::{
        EncodedFrame, VideoAccepts, VideoCodec, VideoCodecs, VideoDecoder, VideoOutput, VideoSink,
    },
    transport::DownlinkEnds,
};

use super::guard::{blocking, guarded};

/// The bot's video has stopped when there was no frame for so long.
const SILENCE: Duration = Duration::from_secs(2);
/// With so many frames behind it, a picture is late: it is decoded but not shown.
const LATE: usize = 3;

/// Shows the bot's video.
pub(super) struct DisplayTask {
    /// Absent while a call to it runs elsewhere, and after a failure.
    sink: Option<Box<dyn VideoSink>>,
    accepts: VideoAccepts,
    codecs: Option<Arc<dyn VideoCodecs>>,
    decoder: Option<(VideoCodec, Box<dyn VideoDecoder>)>,
    /// Whether frames are of no use until the next key frame.
    needs_key_frame: bool,
    flows: bool,
    events: mpsc::Sender<Input>,
    runtime: Handle,
}

/// What has become of a frame.
enum Shown {
    /// It is shown, or was decoded too late for that.
    Yes,
    /// It contains nothing to show.
    Nothing,
    /// The sink or the decoder needs a key frame.
    NeedsKeyFrame,
    /// The sink has failed.
    Failed(Error),
}

impl DisplayTask {
    pub(super) fn new(
        sink: Box<dyn VideoSink>,
        codecs: Option<Arc<dyn VideoCodecs>>,
        events: mpsc::Sender<Input>,
        runtime: Handle,
    ) -> Self {
        let accepts =
            guarded("the app's display", || sink.accepts()).unwrap_or(VideoAccepts::Encoded(Vec::new()));
        Self {
            sink: Some(sink),
            accepts,
            codecs,
            decoder: None,
            needs_key_frame: true,
            flows: false,
            events,
            runtime,
        }
    }

    /// Shows the video of each connection, until the driver has ended.
    pub(super) async fn run(mut self, mut connections: mpsc::Receiver<DownlinkEnds>) {
        let mut present: Option<DownlinkEnds> = None;
        loop {
            tokio::select! {
                biased;
                next = connections.recv() => {
                    self.end().await;
                    self.needs_key_frame = true;
                    match next {
                        Some(next) => present = Some(next),
                        None => return,
                    }
                }
                next = next_frame(&mut present) => match next {
                    Next::Frame(frame) => self.show(frame, &present).await,
                    Next::Silence => self.end().await,
                    Next::End => {
                        self.end().await;
                        present = None;
                    }
                },
            }
        }
    }

    async fn show(&mut self, frame: EncodedFrame, present: &Option<DownlinkEnds>) {
        let Some(ends) = present.as_ref().filter(|_| !self.needs_key_frame || frame.is_key) else { return };
        self.needs_key_frame = false;
        match self.give(frame, ends.frames.len() >= LATE).await {
            Shown::Yes => self.set_flows(true).await,
            Shown::Nothing => {}
            Shown::NeedsKeyFrame => {
                self.needs_key_frame = true;
                ends.key_frames.send_modify(|count| *count = count.wrapping_add(1));
            }
            Shown::Failed(error) => {
                self.end().await;
                self.sink = None;
                log::warn!(%error, "the bot's video is no longer shown");
                self.report(Input::DisplayFailed(error)).await;
            }
        }
    }

    async fn give(&mut self, frame: EncodedFrame, is_late: bool) -> Shown {
        let decoder = match &self.accepts {
            VideoAccepts::Encoded(codecs) if codecs.contains(&frame.codec) => None,
            VideoAccepts::Encoded(_) => return Shown::Nothing,
            VideoAccepts::Pixels => match self.take_decoder(frame.codec) {
                Ok(decoder) => Some(decoder),
                Err(error) => {
                    log::warn!(%error, "a frame of the bot's video was not decoded");
                    return Shown::Nothing;
                }
            },
        };
        let Some(mut sink) = self.sink.take() else { return Shown::Nothing };
        let codec = frame.codec;
        let work = move || {
            let (decoder, shown) = match decoder {
                Some(decoder) => decode_and_show(decoder, sink.as_mut(), &frame, is_late),
                None => (None, write(sink.as_mut(), VideoOutput::Encoded(frame))),
            };
            (decoder, sink, shown)
        };
        let Some((decoder, sink, shown)) = blocking(&self.runtime, work).await else { return Shown::Nothing };
        self.decoder = decoder.map(|decoder| (codec, decoder));
        self.sink = Some(sink);
        shown
    }

    fn take_decoder(&mut self, codec: VideoCodec) -> Result<Box<dyn VideoDecoder>, Error> {
        if let Some((_, decoder)) = self.decoder.take().filter(|(present, _)| *present == codec) {
            return Ok(decoder);
        }
        let missing = || {
            let text = format!("the client has no decoder for {}", codec.name());
            Error::new(ErrorKind::UnsupportedFeature, text)
        };
        let codecs = self.codecs.as_ref().ok_or_else(missing)?;
        guarded("the app's video codecs", || codecs.decoder(codec)).flatten()
    }

    /// The video has ended for now.
    async fn end(&mut self) {
        if self.flows
            && let Some(mut sink) = self.sink.take()
        {
            let work = move || {
                drop(guarded("the app's display", || sink.stop()));
                sink
            };
            self.sink = blocking(&self.runtime, work).await;
        }
        self.set_flows(false).await;
    }

    async fn set_flows(&mut self, flows: bool) {
        if std::mem::replace(&mut self.flows, flows) != flows {
            self.report(Input::VideoFlow { stream: VideoStream::Bot, flows }).await;
        }
    }

    async fn report(&mut self, input: Input) {
        if self.events.send(input).await.is_err() {
            log::debug!("the driver has ended");
        }
    }
}

/// What a connection brings next.
enum Next {
    Frame(EncodedFrame),
    Silence,
    End,
}

async fn next_frame(present: &mut Option<DownlinkEnds>) -> Next {
    let Some(ends) = present else { return std::future::pending().await };
    match timeout(SILENCE, ends.frames.recv()).await {
        Ok(Some(frame)) => Next::Frame(frame),
        Ok(None) => Next::End,
        Err(_) => Next::Silence,
    }
}

/// A decoder that fails is not used again.
fn decode_and_show(
    mut decoder: Box<dyn VideoDecoder>,
    sink: &mut dyn VideoSink,
    frame: &EncodedFrame,
    is_late: bool,
) -> (Option<Box<dyn VideoDecoder>>, Shown) {
    match guarded("the app's video decoder", || decoder.decode(frame)).flatten() {
        Ok(Some(_)) if is_late => (Some(decoder), Shown::Yes),
        Ok(Some(picture)) => (Some(decoder), write(sink, VideoOutput::Pixels(picture))),
        Ok(None) => (Some(decoder), Shown::Nothing),
        Err(error) => {
            log::debug!(%error, "a frame of the bot's video can't be decoded");
            (None, Shown::NeedsKeyFrame)
        }
    }
}

fn write(sink: &mut dyn VideoSink, output: VideoOutput) -> Shown {
    let written = guarded("the app's display", || {
        sink.write(output);
        match sink.failure() {
            Some(error) => Shown::Failed(error),
            None if sink.needs_key_frame() => Shown::NeedsKeyFrame,
            None => Shown::Yes,
        }
    });
    written.unwrap_or_else(Shown::Failed)
}
