//! The payloads of all messages, grouped by subject.
//!
//! Pure; may depend on serde, the version type and the lenient field readers. A payload is plain
//! data with public fields: it decides nothing. On input, an explicit null is an absent field. On
//! output, absent fields are omitted.

mod bot;
mod function_call;
mod llm;
mod metrics;
mod send;
mod session;
mod ui;
mod user;

pub use bot::*;
pub use function_call::*;
pub use llm::*;
pub use metrics::*;
pub use send::*;
pub use session::*;
pub use ui::*;
pub use user::*;
