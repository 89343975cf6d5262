//! The headers of encoded frames: the key frame of VP8, and the parameter sets of H.264.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rtvi_core::media::video::{MAX_VIDEO_SIDE, VideoCodec, read_frame_header};

fuzz_target!(|frame: &[u8]| {
    for codec in [VideoCodec::Vp8, VideoCodec::H264] {
        if let Some((width, height)) = read_frame_header(codec, frame).and_then(|header| header.size) {
            assert!(width > 0 && height > 0);
            assert!(codec == VideoCodec::Vp8 || width.max(height) <= MAX_VIDEO_SIDE);
        }
    }
});
