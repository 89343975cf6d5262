//! Files: what was recorded is what is played.
#![allow(clippy::expect_used, reason = "a test may panic, its helpers too")]

mod common;

use common::{pattern, plain, rows, target};
use rtvi_core::media::video::{
    VideoCodec, VideoCodecs, VideoFormat, VideoInput, VideoOutput, VideoSink, VideoSource,
};
use rtvi_video::{Codecs, IvfSource, VideoRecorder, Y4mSource};

const FORMAT: VideoFormat = VideoFormat { width: 64, height: 48, frame_rate: 24 };

/// Everything that a source delivers until it ends.
fn played(source: &mut dyn VideoSource) -> Vec<VideoInput> {
    source.start(FORMAT).expect("starts");
    let mut played = Vec::new();
    while !source.is_finished() {
        match source.read() {
            Some(input) => played.push(input),
            None => std::thread::yield_now(),
        }
        assert_eq!(source.failure(), None);
    }
    source.stop();
    played
}

#[test]
fn pictures_come_back_from_y4m_as_they_were() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let frames = pattern(64, 48, 5);
    let mut recorder = VideoRecorder::y4m(file.path(), 100).expect("creates");
    let status = recorder.status();
    for frame in &frames {
        recorder.write(VideoOutput::Pixels(frame.clone()));
    }
    recorder.stop();
    drop(recorder);
    assert_eq!((status.written(), status.dropped(), status.error()), (5, 0, None));

    let mut source = Y4mSource::open(file.path()).expect("opens");
    let played = played(&mut source);
    assert_eq!(played.len(), 5);
    for (frame, played) in frames.iter().zip(&played) {
        let VideoInput::Pixels(played) = played else { panic!("pixels") };
        assert_eq!(rows(frame), rows(played));
    }
    assert_eq!((source.status().captured(), source.status().dropped()), (5, 0));
}

#[test]
fn a_recording_keeps_its_first_size() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let mut recorder = VideoRecorder::y4m(file.path(), 100).expect("creates");
    for (width, height) in [(64, 48), (128, 96), (32, 64), (64, 48)] {
        recorder.write(VideoOutput::Pixels(plain(width, height, 77)));
    }
    drop(recorder);
    let played = played(&mut Y4mSource::open(file.path()).expect("opens"));
    assert_eq!(played.len(), 4);
    for input in &played {
        let VideoInput::Pixels(frame) = input else { panic!("pixels") };
        assert_eq!((frame.width, frame.height), (64, 48));
        assert!(rows(frame)[0].iter().all(|luma| *luma == 77));
    }
}

#[test]
#[cfg(feature = "vp8")]
fn encoded_frames_come_back_from_ivf_as_they_were() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let mut encoder = Codecs.encoder(VideoCodec::Vp8, target(64, 48, 200_000)).expect("an encoder");
    let frames: Vec<_> = pattern(64, 48, 4)
        .iter()
        .zip(0_u64..)
        .filter_map(|(frame, at)| {
            let mut frame = frame.clone();
            frame.timestamp = std::time::Duration::from_millis(at * 5);
            encoder.encode(&frame, at % 3 == 0).expect("encodes")
        })
        .collect();
    let mut recorder = VideoRecorder::ivf(file.path()).expect("creates");
    for frame in &frames {
        recorder.write(VideoOutput::Encoded(frame.clone()));
    }
    drop(recorder);
    let mut source = IvfSource::open(file.path()).expect("opens");
    let played = played(&mut source);
    let expected: Vec<_> =
        frames.iter().map(|frame| format!("{:?}", VideoInput::Encoded(frame.clone()))).collect();
    assert_eq!(played.iter().map(|input| format!("{input:?}")).collect::<Vec<_>>(), expected);
}

#[test]
fn a_file_that_cannot_be_written_is_a_failure() {
    assert!(VideoRecorder::y4m("/does/not/exist.y4m", 30).is_err());
    #[cfg(target_os = "linux")]
    {
        let mut recorder = VideoRecorder::y4m("/dev/full", 30).expect("opens");
        let status = recorder.status();
        recorder.write(VideoOutput::Pixels(plain(64, 48, 1)));
        recorder.write(VideoOutput::Pixels(plain(64, 48, 1)));
        drop(recorder);
        assert_eq!((status.written(), status.dropped()), (0, 2));
        assert!(status.error().is_some_and(|error| error.message().contains("/dev/full")));
    }
}
