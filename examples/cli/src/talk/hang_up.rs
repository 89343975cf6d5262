//! A bot that hangs up a phone call at its provider's API: the call ends as the provider ends it.

use std::future::pending;

use rtvi_bot::PhoneApi;
use rtvi_core::{
    Event, EventStream, PipecatClient,
    protocol::{BotReadyData, ServerMessage},
};

/// Follows the client's calls to their ends. Never ends by itself before the client does.
pub(super) async fn follow(client: PipecatClient, mut events: EventStream, api: PhoneApi) {
    let mut call = None;
    loop {
        tokio::select! {
            event = events.next() => match event {
                Some(Event::Server(ServerMessage::BotReady(ready))) => {
                    call = id_of(&ready).filter(|call| api.connect(call));
                }
                Some(Event::Disconnected(_)) => call.take().iter().for_each(|call: &String| api.forget(call)),
                Some(_) => {}
                None => return,
            },
            () = hung_up(&api, call.as_deref()) => {
                call = None;
                // The bot may have closed the socket already.
                let _ = client.disconnect_bot().await;
            }
        }
    }
}

fn id_of(ready: &BotReadyData) -> Option<String> {
    ready.about.as_ref()?.get("call_id")?.as_str().map(str::to_owned)
}

async fn hung_up(api: &PhoneApi, call: Option<&str>) {
    match call {
        Some(call) => api.wait_for_hang_up(call).await,
        None => pending().await,
    }
}
