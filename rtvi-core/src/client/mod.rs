//! The client: the handle that apps use, its options and events, and behind it the state machine
//! and its driver.
//!
//! The top layer: may use everything else in the crate; nothing else may use it. Inside, the
//! dependencies are handle → driver → machine. Only the machine decides; only the driver acts.

mod audio;
mod awaited;
mod conversation;
mod devices;
mod driver;
mod event;
#[cfg(feature = "testing")]
mod event_feed;
mod function_calls;
mod hub;
mod info;
mod machine;
mod messaging;
mod options;
mod outline;
mod pipecat_client;
mod pipecat_client_options;
mod state;
mod status;
mod sync;
pub mod trace;
mod video;
mod video_options;
mod voice;
mod voice_options;

pub use audio::AudioStats;
pub use conversation::{
    BotPart, BotTurn, Conversation, ConversationChange, ConversationLimits, FunctionCallEntry,
    FunctionCallState, MAX_TURN_PARTS, MAX_TURN_TEXT, MAX_TURNS, Segment, SegmentState, Turn, TurnContent,
    UserTurn,
};
pub(crate) use event::event_table;
pub use event::{
    BotAudioHeard, DeviceState, DisconnectReason, Event, MediaDevice, MediaState, Track, TrackKind,
};
#[cfg(feature = "testing")]
pub use event_feed::EventFeed;
pub use function_calls::FunctionCall;
pub use hub::{EVENT_QUEUE, EventStream, Subscription};
pub use info::ClientInfo;
pub use options::{
    AboutClient, BOT_READY_TIMEOUT, CLOUD_BOT_READY_TIMEOUT, CLOUD_OPEN_TIMEOUT, ClientOptions,
    DEVICES_TIMEOUT, DISCONNECT_TIMEOUT, FUNCTION_TIMEOUT, OPEN_TIMEOUT, REQUEST_TIMEOUT, ReconnectPolicy,
    STALL_LIMIT, START_TIMEOUT, Timeouts,
};
pub use pipecat_client::PipecatClient;
pub use pipecat_client_options::PipecatClientOptions;
pub use state::TransportState;
pub use video_options::{CameraOptions, MAX_RECEIVE_BITRATE, ScreenOptions, VideoOptions};
pub use voice::RECORDING_RATE;
pub use voice_options::{Ducking, LEVEL_PERIOD, MAX_PRE_CONNECT, MIC_RELEASE, PushToTalk, VoiceOptions};
