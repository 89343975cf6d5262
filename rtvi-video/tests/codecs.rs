//! Each codec with real pictures: what comes out is what went in, and nothing else breaks it.
#![allow(clippy::expect_used, reason = "a test may panic, its helpers too")]

mod common;

use bytes::Bytes;
use common::{pattern, plain, rows, target};
use proptest::prelude::*;
use rtvi_core::{
    ErrorKind,
    media::video::{
        EncodedFrame, Rotation, VideoCodec, VideoCodecs, VideoDecoder, VideoEncoder, VideoFrame, VideoPixels,
        VideoTarget,
    },
};
use rtvi_video::{Codecs, PatternSource, to_bgra};

fn encoder(codec: VideoCodec, target: VideoTarget) -> Box<dyn VideoEncoder> {
    Codecs.encoder(codec, target).expect("an encoder")
}

fn decoder(codec: VideoCodec) -> Box<dyn VideoDecoder> {
    Codecs.decoder(codec).expect("a decoder")
}

/// Encodes all pictures; the first is a key frame.
fn encoded(codec: VideoCodec, target: VideoTarget, frames: &[VideoFrame]) -> Vec<Option<EncodedFrame>> {
    let mut encoder = encoder(codec, target);
    let encode = |(at, frame)| encoder.encode(frame, at == 0).expect("encodes");
    frames.iter().enumerate().map(encode).collect()
}

/// How alike two pictures are: the peak signal-to-noise ratio of their luma in dB.
fn psnr(one: &VideoFrame, other: &VideoFrame) -> f64 {
    assert_eq!((one.width, one.height), (other.width, other.height));
    let ([one, ..], [other, ..]) = (rows(one), rows(other));
    let error: f64 = one.iter().zip(&other).map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2)).sum();
    let mean = (error / one.len() as f64).max(1e-6);
    10.0 * (255.0 * 255.0 / mean).log10()
}

#[test]
fn the_pattern_survives_a_round_trip() {
    for codec in Codecs.codecs() {
        let frames = pattern(640, 480, 48);
        let mut decoder = decoder(codec);
        let (mut count, mut size, mut worst) = (0, 0, f64::MAX);
        for (frame, encoded) in frames.iter().zip(encoded(codec, target(640, 480, 1_000_000), &frames)) {
            let Some(encoded) = encoded else { continue };
            let decoded = decoder.decode(&encoded).expect("decodes").expect("a picture");
            assert_eq!(decoded.timestamp, frame.timestamp);
            assert_eq!(PatternSource::number(&decoded), PatternSource::number(frame), "{codec:?}");
            (count, size) = (count + 1, size + encoded.data.len());
            worst = worst.min(psnr(frame, &decoded));
        }
        println!("{}: {count} of 48, {size} bytes, worst {worst:.1} dB", codec.name());
        assert!(count >= 40 && worst > 30.0, "{codec:?}: {count} pictures, worst {worst:.1} dB");
        assert!(size < 2 * 1_000_000 / 8 * 3 / 2, "{codec:?}: {size} bytes in two seconds");
    }
}

#[test]
fn key_frames_come_on_demand_only() {
    for codec in Codecs.codecs() {
        let frames = pattern(320, 240, 30);
        let mut encoder = encoder(codec, target(320, 240, 500_000));
        let mut keys = Vec::new();
        for (at, frame) in frames.iter().enumerate() {
            let frame = encoder.encode(frame, at == 0 || at == 17).expect("encodes");
            keys.extend(frame.filter(|frame| frame.is_key).map(|_| at));
        }
        assert_eq!(keys, [0, 17], "{codec:?}");
    }
}

#[test]
fn a_new_bitrate_is_followed_without_a_key_frame() {
    for codec in Codecs.codecs() {
        // Noise, which takes every bit that it is given.
        let mut seed = 1_u32;
        let mut noise = || {
            let mut frame = plain(640, 480, 128);
            if let VideoPixels::I420([luma, ..]) = &mut frame.pixels {
                let random = std::iter::repeat_with(|| {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    100 + (seed >> 27) as u8
                });
                luma.data = random.take(640 * 480).collect();
            }
            frame
        };
        let mut encoder = encoder(codec, target(640, 480, 1_500_000));
        let mut second = |encoder: &mut Box<dyn VideoEncoder>, is_first: bool| {
            let encode = |at| encoder.encode(&noise(), is_first && at == 0).expect("encodes");
            let frames: Vec<_> = (0..48).filter_map(encode).collect();
            assert!(frames.iter().skip(1).all(|frame| !frame.is_key), "{codec:?}");
            frames.iter().map(|frame| frame.data.len() * 8 / 2).sum::<usize>()
        };
        let fast = second(&mut encoder, true);
        encoder.set_target(target(640, 480, 400_000)).expect("follows");
        second(&mut encoder, false);
        let slow = second(&mut encoder, false);
        println!("{}: {fast} then {slow} bit/s", codec.name());
        assert!((200_000..700_000).contains(&slow) && fast > 2 * slow, "{codec:?}: {fast} then {slow} bit/s");
    }
}

#[test]
fn the_size_may_change_at_any_picture() {
    for codec in Codecs.codecs() {
        let mut encoder = encoder(codec, target(4096, 4096, 2_000_000));
        let mut decoder = decoder(codec);
        for (width, height) in
            [(640, 480), (16, 16), (1280, 720), (34, 18), (3840, 2160), (481, 321), (640, 480)]
        {
            let frame = plain(width, height, 90);
            let coded = encoder.encode(&frame, false).expect("encodes").expect("a frame");
            assert!(coded.is_key, "{codec:?}: {width}x{height}");
            let decoded = decoder.decode(&coded).expect("decodes").expect("a picture");
            assert_eq!((decoded.width, decoded.height), (width & !1, height & !1), "{codec:?}");
            assert_eq!((coded.width, coded.height), (decoded.width, decoded.height));
            let sample = rows(&decoded)[0][0];
            assert!(sample.abs_diff(90) < 4, "{codec:?}: {width}x{height}: {sample}");
        }
    }
}

#[test]
fn the_target_bounds_the_size() {
    for codec in Codecs.codecs() {
        let mut encoder = encoder(codec, target(640, 480, 500_000));
        let turned = VideoFrame { rotation: Rotation::Quarter, ..plain(1920, 1080, 90) };
        for (frame, size) in [(plain(1920, 1080, 90), (640, 360)), (turned, (270, 480))] {
            let coded = encoder.encode(&frame, true).expect("encodes").expect("a frame");
            assert_eq!((coded.width, coded.height), size, "{codec:?}");
        }
        encoder.set_target(target(320, 240, 500_000)).expect("follows");
        let coded = encoder.encode(&plain(640, 480, 90), false).expect("encodes").expect("a frame");
        assert!(coded.is_key && (coded.width, coded.height) == (320, 240), "{codec:?}");
    }
}

#[test]
fn nothing_is_decoded_before_a_key_frame() {
    for codec in Codecs.codecs() {
        let frames = encoded(codec, target(320, 240, 500_000), &pattern(320, 240, 3));
        let delta = frames.iter().flatten().find(|frame| !frame.is_key).expect("a delta frame");
        let decoded = decoder(codec).decode(delta);
        assert!(!matches!(decoded, Ok(Some(_))), "{codec:?}: {decoded:?}");
    }
}

#[test]
fn what_is_not_a_frame_is_refused() {
    for codec in Codecs.codecs() {
        let other = if codec == VideoCodec::Vp8 { VideoCodec::H264 } else { VideoCodec::Vp8 };
        let mut frame =
            encoded(codec, target(320, 240, 500_000), &pattern(320, 240, 1)).remove(0).expect("a frame");
        frame.codec = other;
        let error = decoder(codec).decode(&frame).expect_err("refused");
        assert_eq!(error.kind(), ErrorKind::Protocol, "{error}");
    }
}

#[test]
#[cfg(feature = "vp8")]
fn absurd_sizes_are_refused_before_anything_is_allocated() {
    let mut decoder = decoder(VideoCodec::Vp8);
    let huge = [0x10, 2, 0, 0x9d, 0x01, 0x2a, 0xff, 0x3f, 0xff, 0x3f, 0, 0, 0, 0];
    for (data, reason) in [(&huge[..], "16383x16383"), (&huge[..5], "5 bytes"), (&[], "0 bytes")] {
        let frame = EncodedFrame {
            codec: VideoCodec::Vp8,
            data: Bytes::copy_from_slice(data),
            is_key: true,
            width: 640,
            height: 480,
            timestamp: std::time::Duration::ZERO,
        };
        let error = decoder.decode(&frame).expect_err("refused");
        assert!(error.message().contains(reason), "{error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever happens to the bytes, the decoder reports it or shows something, and the next key
    /// frame puts it right.
    #[test]
    fn damaged_frames_do_no_harm(
        damage in prop::collection::vec((0_usize..4000, any::<u8>()), 1..40),
        cut in 0_usize..6000,
    ) {
        for codec in Codecs.codecs() {
            let frames = pattern(320, 240, 6);
            let good: Vec<_> = encoded(codec, target(320, 240, 800_000), &frames).into_iter().flatten().collect();
            let mut decoder = decoder(codec);
            for frame in &good {
                let mut data = frame.data.to_vec();
                data.truncate(cut.max(1));
                for (at, value) in &damage {
                    let at = at % data.len();
                    data[at] ^= value;
                }
                let damaged = EncodedFrame { data: data.into(), ..frame.clone() };
                if let Ok(Some(picture)) = decoder.decode(&damaged) {
                    prop_assert!(picture.check().is_ok());
                }
            }
            let recovered = decoder.decode(&good[0]).expect("decodes").expect("a picture");
            prop_assert!(psnr(&frames[0], &recovered) > 30.0);
        }
    }
}

#[test]
fn pixels_of_every_form_are_encoded() {
    for codec in Codecs.codecs() {
        let original = pattern(640, 480, 1).remove(0);
        let bgra = to_bgra(&original).expect("converts");
        let plane = |data: Vec<u8>, stride| rtvi_core::media::video::Plane { data: data.into(), stride };
        let [y, u, v] = rows(&original);
        let pairs = u.iter().zip(&v).flat_map(|(u, v)| [*u, *v]).collect();
        let forms =
            [VideoPixels::Bgra(plane(bgra, 640 * 4)), VideoPixels::Nv12([plane(y, 640), plane(pairs, 640)])];
        for pixels in forms {
            let frame = VideoFrame { pixels, ..original.clone() };
            let coded = encoder(codec, target(640, 480, 2_000_000)).encode(&frame, true).expect("encodes");
            let decoded =
                decoder(codec).decode(&coded.expect("a frame")).expect("decodes").expect("a picture");
            assert!(psnr(&original, &decoded) > 30.0, "{codec:?}");
            let ([_, u, v], [_, blue, red]) = (rows(&original), rows(&decoded));
            let off =
                |a: &[u8], b: &[u8]| a.iter().zip(b).map(|(a, b)| u32::from(a.abs_diff(*b))).sum::<u32>();
            assert!(off(&u, &blue) < u.len() as u32 * 4 && off(&v, &red) < v.len() as u32 * 4, "{codec:?}");
        }
    }
}

#[test]
fn pictures_that_are_too_short_are_errors() {
    for codec in Codecs.codecs() {
        let mut frame = plain(640, 480, 90);
        frame.height = 481;
        let error = encoder(codec, target(640, 480, 500_000)).encode(&frame, true).expect_err("refused");
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{error}");
    }
}
