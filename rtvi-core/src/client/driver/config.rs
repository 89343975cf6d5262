//! What the machine is told of a client's options.

use serde_json::Value;

use crate::{
    client::{
        AboutClient, PipecatClientOptions,
        machine::{Aliases, Config},
    },
    protocol::AboutData,
};

/// The machine's part of the options.
pub(super) fn config(options: &PipecatClientOptions) -> Config {
    let unsupported = [(options.enable_cam, "camera"), (options.enable_screen_share, "screen share")];
    Config {
        deadlines: options.deadlines,
        reconnect: options.reconnect,
        disconnect_on_bot_disconnect: options.disconnect_on_bot_disconnect,
        about: about(options.about.clone()),
        mic_enabled: options.enable_mic,
        unsupported: unsupported.into_iter().filter_map(|(wanted, name)| wanted.then_some(name)).collect(),
        id_seed: uuid::Uuid::new_v4().as_fields().0,
        aliases: Aliases::default(),
    }
}

fn about(client: AboutClient) -> AboutData {
    let details = client.platform_details;
    AboutData {
        library: client.library,
        library_version: Some(client.library_version),
        platform: Some(client.platform),
        platform_version: client.platform_version,
        platform_details: (!details.is_empty()).then_some(Value::Object(details)),
    }
}
