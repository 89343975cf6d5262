use std::{
    ffi::c_void,
    ptr,
    sync::atomic::{AtomicUsize, Ordering},
};

use rtvi_core::{
    ErrorKind,
    media::video::{Plane, Rotation, VideoFormat, VideoFrame, VideoInput, VideoOutput, VideoPixels},
};

use super::{
    display::{
        rtvi_video_display, rtvi_video_display_custom, rtvi_video_display_encoded, rtvi_video_display_free,
        rtvi_video_display_pictures,
    },
    feed::{
        rtvi_video_feed, rtvi_video_feed_encoded, rtvi_video_feed_free, rtvi_video_feed_pattern,
        rtvi_video_feed_pictures, rtvi_video_feed_preview,
    },
    frame::{rtvi_encoded_frame, rtvi_pixel_format as pixels, rtvi_video_codec as codec, rtvi_video_frame},
    functions::rtvi_video_display_functions,
    input::{
        rtvi_frame_input, rtvi_frame_input_dropped, rtvi_frame_input_free, rtvi_frame_input_is_on,
        rtvi_frame_input_push, rtvi_frame_input_push_encoded,
    },
    output::{rtvi_frame_output, rtvi_frame_output_read},
    picture::{
        rtvi_video_picture, rtvi_video_picture_encoded, rtvi_video_picture_frame, rtvi_video_picture_free,
        rtvi_video_picture_share, rtvi_video_picture_to_bgra,
    },
};

const WANTED: VideoFormat = VideoFormat { width: 4, height: 2, frame_rate: 10 };

/// A picture of 4x2 pixels over memory that lives as long as the program.
fn picture() -> rtvi_video_frame {
    static MEMORY: [u8; 64] = [7; 64];
    let plane = MEMORY.as_ptr();
    rtvi_video_frame {
        size: size_of::<rtvi_video_frame>(),
        width: 4,
        height: 2,
        format: pixels::RTVI_PIXELS_I420 as i32,
        rotation: 90,
        timestamp_us: 1_500,
        data: [plane; 3],
        stride: [6, 2, 2],
    }
}

fn encoded(is_key: bool) -> rtvi_encoded_frame {
    rtvi_encoded_frame {
        size: size_of::<rtvi_encoded_frame>(),
        codec: codec::RTVI_VIDEO_H264 as i32,
        width: 4,
        height: 2,
        is_key,
        timestamp_us: 0,
        data: b"frame".as_ptr(),
        length: 5,
    }
}

fn pictures() -> (Box<rtvi_frame_input>, *mut rtvi_video_feed) {
    let (mut feed, mut input) = (ptr::null_mut(), None);
    assert!(rtvi_video_feed_pictures(ptr::null(), ptr::null_mut(), None, &mut feed, &mut input).is_none());
    (input.unwrap(), feed)
}

/// Pushes a picture without an owner. Returns what is wrong with it.
fn push(input: &rtvi_frame_input, frame: &rtvi_video_frame) -> Result<bool, String> {
    let mut taken = false;
    match rtvi_frame_input_push(Some(input), frame, None, ptr::null_mut(), &mut taken) {
        None => Ok(taken),
        Some(error) => {
            assert_eq!(error.core().kind(), ErrorKind::InvalidArgument);
            Err(error.core().message().to_owned())
        }
    }
}

#[test]
fn pictures_are_copied_once() {
    let (input, feed) = pictures();
    let mut source = super::feed::take(feed).unwrap().unwrap();
    assert_eq!(push(&input, &picture()), Ok(false));
    source.start(WANTED).unwrap();
    assert!(rtvi_frame_input_is_on(Some(&input)));
    assert_eq!(push(&input, &picture()), Ok(true));
    let Some(VideoInput::Pixels(frame)) = source.read() else { panic!("there is a picture") };
    assert_eq!((frame.width, frame.height, frame.rotation), (4, 2, Rotation::Quarter));
    assert_eq!(frame.timestamp.as_micros(), 1_500);
    let VideoPixels::I420([y, u, _]) = &frame.pixels else { panic!("it is I420") };
    assert_eq!((y.data.len(), y.stride, u.data.len()), (10, 6, 2));
    assert_ne!(y.data.as_ptr(), picture().data[0]);
    rtvi_frame_input_free(Some(input));
    assert!(source.is_finished());
}

#[test]
fn pictures_with_a_release_are_not_copied() {
    static RELEASED: AtomicUsize = AtomicUsize::new(0);
    extern "C" fn release(pointer: *mut c_void) {
        RELEASED.fetch_add(pointer.addr(), Ordering::Relaxed);
    }
    let (input, feed) = pictures();
    let mut source = super::feed::take(feed).unwrap().unwrap();
    source.start(WANTED).unwrap();
    let one = ptr::without_provenance_mut(1);
    let push = |frame: &rtvi_video_frame| {
        rtvi_frame_input_push(Some(&input), frame, Some(release), one, ptr::null_mut())
    };
    assert!(push(&picture()).is_none());
    assert_eq!(RELEASED.load(Ordering::Relaxed), 0);
    let Some(VideoInput::Pixels(frame)) = source.read() else { panic!("there is a picture") };
    let VideoPixels::I420([y, ..]) = &frame.pixels else { panic!("it is I420") };
    assert_eq!(y.data.as_ptr(), picture().data[0]);
    drop(frame);
    assert_eq!(RELEASED.load(Ordering::Relaxed), 1);
    assert!(push(&rtvi_video_frame { width: 0, ..picture() }).is_some());
    assert_eq!(RELEASED.load(Ordering::Relaxed), 2, "also after an error");
    assert!(push(&picture()).is_none());
    drop(source);
    assert_eq!(RELEASED.load(Ordering::Relaxed), 3, "the client is gone");
}

#[test]
fn bad_pictures_are_named() {
    let (input, feed) = pictures();
    let good = picture();
    let [y, u, _] = good.data;
    for (frame, complaint) in [
        (rtvi_video_frame { width: 0, ..good }, "0x2"),
        (rtvi_video_frame { height: u32::MAX, ..good }, "4294967295"),
        (rtvi_video_frame { data: [y, ptr::null(), u], ..good }, "plane U is null"),
        (rtvi_video_frame { stride: [3, 2, 2], ..good }, "3 bytes do not fit plane Y"),
        (rtvi_video_frame { stride: [6, 2, 0], ..good }, "plane V"),
        (rtvi_video_frame { stride: [usize::MAX, 2, 2], ..good }, "plane Y"),
        (rtvi_video_frame { rotation: 45, ..good }, "45"),
        (rtvi_video_frame { format: 0, ..good }, "0 is no rtvi_pixel_format"),
        (rtvi_video_frame { size: 0, ..good }, "size is not set"),
    ] {
        let found = push(&input, &frame).unwrap_err();
        assert!(found.contains(complaint), "{found}");
    }
    assert!(rtvi_frame_input_push(None, &good, None, ptr::null_mut(), ptr::null_mut()).is_some());
    assert!(
        rtvi_frame_input_push(Some(&input), ptr::null(), None, ptr::null_mut(), ptr::null_mut()).is_some()
    );
    let refused = rtvi_frame_input_push_encoded(Some(&input), &encoded(true), ptr::null_mut()).unwrap();
    assert!(refused.core().message().contains("pictures only"));
    assert_eq!(rtvi_frame_input_dropped(Some(&input)), 0);
    rtvi_video_feed_free(feed);
    assert_eq!(push(&input, &good), Ok(false), "the feed is gone");
}

#[test]
fn encoded_frames_begin_with_a_key_frame() {
    let (mut feed, mut input) = (ptr::null_mut(), None);
    let h264 = codec::RTVI_VIDEO_H264 as i32;
    let none = rtvi_video_feed_encoded(9, ptr::null(), ptr::null_mut(), None, &mut feed, &mut input).unwrap();
    assert!(none.core().message().contains("9 is no rtvi_video_codec"));
    assert!(
        rtvi_video_feed_encoded(h264, ptr::null(), ptr::null_mut(), None, &mut feed, &mut input).is_none()
    );
    let (input, mut source) = (input.unwrap(), super::feed::take(feed).unwrap().unwrap());
    source.start(WANTED).unwrap();
    let push = |frame: rtvi_encoded_frame| {
        let mut taken = false;
        let error = rtvi_frame_input_push_encoded(Some(&input), &frame, &mut taken);
        error.map_or(Some(taken), |_| None)
    };
    assert_eq!(
        (push(encoded(false)), push(encoded(true)), push(encoded(false))),
        (Some(false), Some(true), Some(true))
    );
    assert_eq!(push(rtvi_encoded_frame { length: 0, ..encoded(true) }), None);
    assert_eq!(push(rtvi_encoded_frame { length: usize::MAX, ..encoded(true) }), None);
    assert_eq!(push(rtvi_encoded_frame { data: ptr::null(), ..encoded(true) }), None);
    assert_eq!(push(rtvi_encoded_frame { codec: codec::RTVI_VIDEO_VP8 as i32, ..encoded(true) }), None);
    assert!(matches!(source.read(), Some(VideoInput::Encoded(frame)) if frame.data == "frame"));
    assert_eq!(rtvi_frame_input_dropped(Some(&input)), 1);
}

/// A picture of the bot's.
fn of_the_bot() -> VideoOutput {
    let plane = Plane { data: vec![9; 5 * 4 + 16].into(), stride: 20 };
    VideoOutput::Pixels(VideoFrame {
        width: 4,
        height: 2,
        rotation: Rotation::Half,
        timestamp: std::time::Duration::from_micros(7),
        pixels: VideoPixels::Bgra(plane),
    })
}

#[test]
fn the_app_reads_pictures() {
    let (mut display, mut output): (*mut rtvi_video_display, Option<Box<rtvi_frame_output>>) =
        (ptr::null_mut(), None);
    assert!(rtvi_video_display_pictures(&mut display, &mut output).is_none());
    let mut sink = super::display::take(display).unwrap().unwrap();
    assert!(rtvi_frame_output_read(output.as_deref()).is_none());
    sink.write(of_the_bot());
    let picture = rtvi_frame_output_read(output.as_deref()).unwrap();
    let shared = rtvi_video_picture_share(Some(&picture)).unwrap();
    rtvi_video_picture_free(Some(picture));
    let in_c = crate::memory::read_sized(rtvi_video_picture_frame(Some(&shared)), "frame").unwrap().unwrap();
    assert_eq!((in_c.width, in_c.height, in_c.rotation, in_c.timestamp_us), (4, 2, 180, 7));
    assert_eq!(
        (in_c.format, in_c.stride, in_c.data[1]),
        (pixels::RTVI_PIXELS_BGRA as i32, [20, 0, 0], ptr::null())
    );
    assert!(rtvi_video_picture_encoded(Some(&shared)).is_null());
    let mut out = [0; 40];
    assert!(rtvi_video_picture_to_bgra(Some(&shared), out.as_mut_ptr(), 24).is_none());
    assert_eq!((out[15], out[16], out[24], out[39]), (9, 0, 9, 9));
    assert!(rtvi_video_picture_to_bgra(Some(&shared), out.as_mut_ptr(), 15).is_some());
    assert!(rtvi_video_picture_to_bgra(None, out.as_mut_ptr(), 24).is_some());
}

#[test]
fn displays_without_codecs_or_functions_are_refused() {
    let mut display = ptr::null_mut();
    assert!(rtvi_video_display_encoded(ptr::null(), 0, &mut display, ptr::null_mut()).is_some());
    let nothing = rtvi_video_display_functions {
        size: size_of::<rtvi_video_display_functions>(),
        write: None,
        needs_key_frame: None,
        stop: None,
        failure: None,
    };
    let none = ptr::null_mut();
    let refused = rtvi_video_display_custom(ptr::null(), 0, &nothing, none, None, &mut display).unwrap();
    assert!(refused.core().message().contains("write is missing"));
    rtvi_video_display_free(display);
}

#[test]
fn an_apps_display_keeps_a_picture() {
    static SEEN: AtomicUsize = AtomicUsize::new(0);
    extern "C" fn write(_: *mut c_void, picture: Option<&rtvi_video_picture>) {
        let kept = rtvi_video_picture_share(picture);
        SEEN.fetch_add(usize::from(!rtvi_video_picture_frame(kept.as_deref()).is_null()), Ordering::Relaxed);
    }
    let functions = rtvi_video_display_functions {
        size: size_of::<rtvi_video_display_functions>(),
        write: Some(write),
        needs_key_frame: None,
        stop: None,
        failure: None,
    };
    let mut display = ptr::null_mut();
    let none = ptr::null_mut();
    assert!(rtvi_video_display_custom(ptr::null(), 0, &functions, none, None, &mut display).is_none());
    let mut sink = super::display::take(display).unwrap().unwrap();
    sink.write(of_the_bot());
    assert_eq!((SEEN.load(Ordering::Relaxed), sink.needs_key_frame()), (1, false));
}

#[test]
fn a_feed_has_a_preview() {
    let mut feed = ptr::null_mut();
    assert!(rtvi_video_feed_pattern(&mut feed).is_none());
    let mut preview = None;
    assert!(rtvi_video_feed_preview(feed, &mut preview).is_none());
    assert!(rtvi_frame_output_read(preview.as_deref()).is_none());
    rtvi_video_feed_free(feed);
    assert!(rtvi_video_feed_preview(feed, &mut preview).is_some(), "it was freed");
}
