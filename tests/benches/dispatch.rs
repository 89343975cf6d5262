//! How many messages a second one core takes from the wire to the app: bytes in, typed events out.
//!
//! Everything runs on one thread: what gives the bytes to the client, the client, and the app that reads its events.

use std::time::Instant;

use bytes::Bytes;
use rtvi_core::{
    ConnectParams, Event, EventStream, PipecatClient, PipecatClientOptions,
    client::EVENT_QUEUE,
    transport::{
        TransportCommand, TransportFact, TransportFacts,
        scripted::{ScriptedConnection, ScriptedTransport},
    },
};

use crate::{figure::Figure, messages::Conversation};

/// How many messages are sent.
const COUNT: usize = 3_000_000;

/// Measures it.
pub(crate) fn run() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let rate = runtime.block_on(measure());
    Figure::high("dispatch", rate, "messages/s").goal(1_000_000.0).print();
}

async fn measure() -> f64 {
    let (transport, mut bot) =
        ScriptedTransport::new(TransportFacts { max_message_size: usize::MAX, capture: None });
    let client = PipecatClient::new(PipecatClientOptions::new(transport)).expect("there is a runtime");
    let mut events = client.events();
    let Conversation { ready, messages } = Conversation::recorded();
    let connecting = client.connect(ConnectParams::default());
    let answering = async {
        let mut connection = bot.accept().await.expect("the client connects");
        connection.open().await;
        while !matches!(connection.command().await.expect("the client stays"), TransportCommand::Send(_)) {}
        connection.report(TransportFact::Message(ready)).await;
        connection
    };
    let (connected, connection) = tokio::join!(connecting, answering);
    connected.expect("the bot is ready");
    let start = Instant::now();
    tokio::spawn(feed(connection, messages));
    read(&mut events, COUNT).await;
    COUNT as f64 / start.elapsed().as_secs_f64()
}

async fn feed(connection: ScriptedConnection, messages: Vec<Bytes>) {
    for message in messages.iter().cycle().take(COUNT) {
        assert!(connection.report(TransportFact::Message(message.clone())).await, "the client listens");
    }
    // Stays there until the client goes: a connection that ends would be restored.
    connection.port.cancel.cancelled().await;
}

/// Reads events until `count` of them were messages after `bot-ready`.
pub(crate) async fn read(events: &mut EventStream, count: usize) {
    let mut left = count + 1;
    while left > 0 {
        let batch = events.next_batch(EVENT_QUEUE).await;
        assert!(!batch.is_empty(), "the client stays");
        for event in batch {
            assert!(!matches!(event, Event::ProtocolError { .. }), "{event:?}");
            left -= usize::from(matches!(event, Event::Server(_)));
        }
    }
}
