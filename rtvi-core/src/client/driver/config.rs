//! The machine's configuration, made from a client's options.

use serde_json::Value;

use crate::{
    client::{
        AboutClient, ClientOptions,
        machine::{Config, VideoConfig},
    },
    protocol::AboutData,
};

/// The machine's part of the options.
pub(super) fn config(options: &ClientOptions, video: VideoConfig) -> Config {
    Config {
        deadlines: options.timeouts,
        reconnect: options.reconnect,
        disconnect_on_bot_disconnect: options.disconnect_on_bot_disconnect,
        about: about(options.about.clone()),
        mic_enabled: options.enable_mic,
        video,
        id_seed: uuid::Uuid::new_v4().as_fields().0,
    }
}

fn about(client: AboutClient) -> AboutData {
    let details = client.platform_details;
    AboutData {
        library: client.library.unwrap_or_else(|| env!("CARGO_PKG_NAME").to_owned()),
        library_version: client.library_version.or_else(|| Some(crate::VERSION.to_owned())),
        platform: client.platform.or_else(|| Some(std::env::consts::OS.to_owned())),
        platform_version: client.platform_version,
        platform_details: (!details.is_empty()).then_some(Value::Object(details)),
    }
}
