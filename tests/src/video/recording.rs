//! Files of encoded frames (IVF), made and decoded by `video_files.py`.

use std::{path::Path, process::Stdio};

use bytes::Bytes;
use rtvi_core::media::video::{EncodedFrame, VideoCodec, read_frame_header};
use serde_json::Value;

use crate::server::python;

const HEADER: usize = 32;
const FRAME_HEADER: usize = 12;

/// A sequence of frames.
#[derive(Clone, Debug)]
pub struct VideoRecording {
    /// How they are compressed.
    pub codec: VideoCodec,
    /// The frames, and whether each is a key frame.
    pub frames: Vec<(Bytes, bool)>,
}

impl VideoRecording {
    /// Records ten seconds of a moving pattern with numbers in it, with a key frame in each half
    /// second.
    ///
    /// # Panics
    /// If Python fails.
    pub async fn make(codec: VideoCodec, (width, height, rate): (u32, u32, u32)) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("video.ivf");
        Self::write(codec, (width, height, rate), &path).await;
        Self::read(codec, &std::fs::read(&path).expect("the file is there"))
    }

    /// Writes such a recording into a file.
    ///
    /// # Panics
    /// If Python fails.
    pub async fn write(codec: VideoCodec, (width, height, rate): (u32, u32, u32), path: &Path) {
        let name = if codec == VideoCodec::H264 { "H264" } else { "VP80" };
        let numbers = [width, height, rate, rate * 10, rate / 2].map(|number| number.to_string());
        let mut command = python("RTVI_PYTHON", "video_files.py");
        command.arg("record").arg(path).args(["--codec", name]);
        for (option, number) in ["--width", "--height", "--fps", "--frames", "--gop"].iter().zip(&numbers) {
            command.args([option, number.as_str()]);
        }
        assert!(command.status().await.expect("python runs").success());
    }

    fn read(codec: VideoCodec, file: &[u8]) -> Self {
        let mut rest = &file[HEADER..];
        let mut frames = Vec::new();
        while let Some((header, after)) = rest.split_at_checked(FRAME_HEADER) {
            let size = u32::from_le_bytes([header[0], header[1], header[2], header[3]]) as usize;
            let frame = Bytes::copy_from_slice(&after[..size]);
            let header = read_frame_header(codec, &frame).expect("a frame");
            frames.push((frame, header.is_key));
            rest = &after[size..];
        }
        Self { codec, frames }
    }

    /// Decodes frames; returns the numbers and the sizes of their pictures.
    ///
    /// # Panics
    /// If Python fails, or if a frame can't be decoded.
    pub async fn look(frames: &[EncodedFrame]) -> (Vec<u64>, Vec<(u64, u64)>) {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("video.ivf");
        std::fs::write(&path, ivf(frames)).expect("the file is written");
        Self::look_at(&path).await
    }

    /// Decodes the frames of a file; returns the same.
    ///
    /// # Panics
    /// If Python fails, or if a frame can't be decoded.
    pub async fn look_at(path: &Path) -> (Vec<u64>, Vec<(u64, u64)>) {
        let (numbers, sizes) = decode(path).await;
        let sizes = sizes.iter().map(|size| (size[0].as_u64().unwrap_or(0), size[1].as_u64().unwrap_or(0)));
        (numbers.iter().filter_map(Value::as_u64).collect(), sizes.collect())
    }
}

fn ivf(frames: &[EncodedFrame]) -> Vec<u8> {
    let is_h264 = frames.first().is_some_and(|frame| frame.codec == VideoCodec::H264);
    let mut file = vec![0; HEADER];
    file[..8].copy_from_slice(b"DKIF\0\0\x20\0");
    file[8..12].copy_from_slice(if is_h264 { b"H264" } else { b"VP80" });
    for (number, frame) in (0_u64..).zip(frames) {
        file.extend((frame.data.len() as u32).to_le_bytes());
        file.extend(number.to_le_bytes());
        file.extend_from_slice(&frame.data);
    }
    file
}

async fn decode(path: &Path) -> (Vec<Value>, Vec<Value>) {
    let mut command = python("RTVI_PYTHON", "video_files.py");
    let output = command.arg("look").arg(path).stdout(Stdio::piped()).output().await.expect("python runs");
    assert!(output.status.success(), "the frames can be decoded");
    let seen: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let list = |name: &str| seen[name].as_array().cloned().unwrap_or_default();
    (list("numbers"), list("sizes"))
}
