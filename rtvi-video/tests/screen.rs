//! The screen of a real X server, compared picture by picture with what was drawn there.
#![cfg(target_os = "linux")]
#![allow(clippy::expect_used, reason = "a test may panic, its helpers too")]
#![allow(clippy::disallowed_methods, reason = "a real server is waited for in real time")]

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use rtvi_core::{
    DeviceErrorKind,
    media::video::{VideoFormat, VideoFrame, VideoInput, VideoPixels, VideoSource},
};
use rtvi_video::X11Screen;
use x11rb::{
    connection::Connection,
    protocol::xproto::{ConnectionExt, CreateGCAux, ImageFormat},
    rust_connection::RustConnection,
    wrapper::ConnectionExt as _,
};

const WIDTH: u16 = 320;
const HEIGHT: u16 = 200;

/// An X server without a screen of glass, ended on drop.
struct Server {
    process: Child,
    display: String,
}

impl Server {
    fn start(options: &[&str]) -> Self {
        let mut process = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", &format!("{WIDTH}x{HEIGHT}x24"), "-nolisten", "tcp"])
            .args(options)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb, which `cargo xtask setup` installs");
        let mut number = String::new();
        BufReader::new(process.stdout.take().expect("its output"))
            .read_line(&mut number)
            .expect("its display");
        Self { process, display: format!(":{}", number.trim()) }
    }

    /// Draws the screen full.
    fn draw(&self, connection: &RustConnection, pixels: &[u8]) {
        let root = connection.setup().roots[0].root;
        let gc = connection.generate_id().expect("an id");
        connection.create_gc(gc, root, &CreateGCAux::new()).expect("a context");
        connection
            .put_image(ImageFormat::Z_PIXMAP, root, gc, WIDTH, HEIGHT, 0, 0, 0, 24, pixels)
            .expect("draws");
        connection.free_gc(gc).expect("frees");
        connection.sync().expect("drawn");
    }

    fn connect(&self) -> RustConnection {
        RustConnection::connect(Some(&self.display)).expect("connects").0
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A picture that differs from the others in every pixel.
fn picture(number: u8) -> Vec<u8> {
    let pixel = |at: usize| [(at % 251) as u8 ^ number, (at / 320) as u8, number.wrapping_mul(37), 0];
    (0..usize::from(WIDTH) * usize::from(HEIGHT)).flat_map(pixel).collect()
}

fn colours(pixels: &[u8]) -> Vec<[u8; 3]> {
    pixels.chunks_exact(4).map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect()
}

/// The next picture, within five seconds.
fn next(source: &mut X11Screen) -> VideoFrame {
    let until = Instant::now() + Duration::from_secs(5);
    while Instant::now() < until {
        assert_eq!(source.failure(), None);
        match source.read() {
            Some(VideoInput::Pixels(frame)) => return frame,
            _ => std::thread::yield_now(),
        }
    }
    panic!("no picture");
}

/// Waits for a picture like `wanted`: one that was being taken when it was drawn comes before it.
fn expect(source: &mut X11Screen, wanted: &[u8]) {
    for _ in 0..3 {
        let frame = next(source);
        assert_eq!((frame.width, frame.height), (WIDTH.into(), HEIGHT.into()));
        let VideoPixels::Bgra(plane) = &frame.pixels else { panic!("BGRA") };
        assert_eq!(plane.stride, usize::from(WIDTH) * 4);
        if colours(&plane.data) == colours(wanted) {
            return;
        }
    }
    panic!("the screen was not captured as it was drawn");
}

fn captured(options: &[&str]) {
    let server = Server::start(options);
    let connection = server.connect();
    let mut source = X11Screen::on_display(&server.display);
    source.start(VideoFormat { width: 1280, height: 720, frame_rate: 50 }).expect("starts");
    for number in 0..20 {
        let picture = picture(number);
        server.draw(&connection, &picture);
        expect(&mut source, &picture);
    }
    source.stop();
    assert!(source.read().is_none() && source.status().captured() >= 20);
    source.start(VideoFormat { width: 1280, height: 720, frame_rate: 50 }).expect("starts again");
    expect(&mut source, &picture(19));
    drop(server);
    let until = Instant::now() + Duration::from_secs(5);
    let failure = loop {
        match source.failure() {
            Some(failure) => break failure,
            None => assert!(Instant::now() < until, "the server is gone"),
        }
    };
    assert_eq!(failure.device_kind(), Some(DeviceErrorKind::Unknown), "{failure}");
}

#[test]
fn every_picture_is_captured_as_drawn() {
    captured(&[]);
}

#[test]
fn a_server_that_shares_no_memory_sends_the_pictures() {
    captured(&["-extension", "MIT-SHM"]);
}

#[test]
fn no_server_is_an_error_that_names_the_display() {
    let error = X11Screen::on_display(":999")
        .start(VideoFormat { width: 64, height: 64, frame_rate: 1 })
        .expect_err("no server");
    assert!(
        error.device_kind() == Some(DeviceErrorKind::NotFound) && error.message().contains(":999"),
        "{error}"
    );
}
