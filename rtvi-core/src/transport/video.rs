//! The video part of the seam between the client and a transport.
//!
//! Values and channel ends only; no I/O. All channels are bounded.

use tokio::sync::{mpsc, watch};

use crate::media::video::{EncodedFrame, VideoCodec, VideoTarget};

/// How many encoded frames wait between a thread of the client and a connection. When the queue is
/// full, the newest frame is dropped and counted, and a key frame follows.
pub const FRAME_QUEUE: usize = 8;

/// What a client wants of video, for a connection that is about to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VideoPlan {
    /// The codecs to offer, the preferred one first. Never empty.
    pub codecs: Vec<VideoCodec>,
    /// The most that the camera may send; `None` if there is no camera.
    pub camera: Option<VideoTarget>,
    /// The most that the screen may send; `None` if no screen can be shared.
    pub screen: Option<VideoTarget>,
    /// The highest bitrate of the bot's video in bits per second; `None` if nobody shows it.
    pub bot: Option<u32>,
}

/// The connection's ends of the channels for video. A connection that carries video gets it from
/// [`Connection::take_video`](super::Connection::take_video).
#[derive(Debug)]
pub struct VideoPort {
    /// What to open.
    pub plan: VideoPlan,
    /// The camera's frames.
    pub camera: VideoUplink,
    /// The screen's frames.
    pub screen: VideoUplink,
    /// Where the bot's frames go.
    pub bot: VideoDownlink,
}

/// The connection's ends for the frames of a camera or a screen.
#[derive(Debug)]
pub struct VideoUplink {
    /// Whether the source is on. While it is off, the connection sends no packet for it, and it
    /// tells the server of each change before the first packet.
    pub enabled: watch::Receiver<bool>,
    /// The frames to send now. Closed if there is no such source.
    pub frames: mpsc::Receiver<EncodedFrame>,
    /// What the encoder must do.
    pub demand: watch::Sender<VideoDemand>,
}

/// What a connection demands of an encoder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VideoDemand {
    /// The codec that the server accepted; `None` until it is known. Nothing is encoded before.
    pub codec: Option<VideoCodec>,
    /// What the network carries now; `None` for the plan's.
    pub target: Option<VideoTarget>,
    /// How many key frames the connection has asked for. Each increase asks for one.
    pub key_frames: u32,
}

/// The connection's ends for the bot's frames.
#[derive(Debug)]
pub struct VideoDownlink {
    /// Complete frames in order, each when it is due. The first one, and the first one after a gap,
    /// is a key frame.
    pub frames: mpsc::Sender<EncodedFrame>,
    /// How many key frames the client has asked for, since it can't decode without one. The
    /// connection asks the server for one after each increase.
    pub key_frames: watch::Receiver<u32>,
}

/// The client's ends of a [`VideoPort`].
#[derive(Debug)]
pub struct VideoEnds {
    /// Of the camera.
    pub camera: UplinkEnds,
    /// Of the screen.
    pub screen: UplinkEnds,
    /// Of the bot's video.
    pub bot: DownlinkEnds,
}

/// The client's ends of a [`VideoUplink`].
#[derive(Debug)]
pub struct UplinkEnds {
    /// Sets whether the source is on.
    pub enabled: watch::Sender<bool>,
    /// Takes the source's frames.
    pub frames: mpsc::Sender<EncodedFrame>,
    /// What the connection demands.
    pub demand: watch::Receiver<VideoDemand>,
}

/// The client's ends of a [`VideoDownlink`].
#[derive(Debug)]
pub struct DownlinkEnds {
    /// Yields the bot's frames.
    pub frames: mpsc::Receiver<EncodedFrame>,
    /// Increased to ask for a key frame.
    pub key_frames: watch::Sender<u32>,
}

impl VideoPort {
    /// The ends of new channels. All sources are off.
    pub fn new(plan: VideoPlan) -> (Self, VideoEnds) {
        let ((camera, camera_ends), (screen, screen_ends)) = (uplink(), uplink());
        let (frame_sender, frame_receiver) = mpsc::channel(FRAME_QUEUE);
        let (key_sender, key_receiver) = watch::channel(0);
        let bot = VideoDownlink { frames: frame_sender, key_frames: key_receiver };
        let bot_ends = DownlinkEnds { frames: frame_receiver, key_frames: key_sender };
        let ends = VideoEnds { camera: camera_ends, screen: screen_ends, bot: bot_ends };
        (Self { plan, camera, screen, bot }, ends)
    }
}

fn uplink() -> (VideoUplink, UplinkEnds) {
    let (on_sender, on_receiver) = watch::channel(false);
    let (frame_sender, frame_receiver) = mpsc::channel(FRAME_QUEUE);
    let (demand_sender, demand_receiver) = watch::channel(VideoDemand::default());
    let uplink = VideoUplink { enabled: on_receiver, frames: frame_receiver, demand: demand_sender };
    (uplink, UplinkEnds { enabled: on_sender, frames: frame_sender, demand: demand_receiver })
}
