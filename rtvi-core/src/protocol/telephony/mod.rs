//! Phone calls as telephone providers stream them to a bot: the provider's side of a WebSocket.
//!
//! Pure; may depend on serde, base64, [`crate::Error`] and the repair of JSON. Must not know
//! sockets, clocks or the media layer.
//!
//! [`PhoneCall`] is what identifies a call, [`PhoneStream`] writes what the provider sends and
//! reads what the bot sends. A provider is one file with a stream of its own, one row in
//! [`PhoneProvider`] and one arm in `stream.rs`. The formats come from the providers' documents;
//! the vectors in `tests/conformance/phone` are made with Pipecat's own serializers.

mod alaw;
mod call;
mod encoding;
mod events;
mod exotel;
mod genesys;
mod mulaw;
mod plivo;
mod provider;
mod stream;
mod telnyx;
mod twilio;
mod vonage;
mod writer;

pub use call::PhoneCall;
pub use encoding::PhoneEncoding;
pub use provider::PhoneProvider;
pub use stream::{BotSignal, PhonePayload, PhoneStream, phone_stream};
