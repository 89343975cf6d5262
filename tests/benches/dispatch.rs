//! How many messages a second one core carries from the wire to the app: bytes in, typed events
//! out.
//!
//! Everything runs on one thread: the source of the bytes, the client, and the app that reads its
//! events. There is always work, so the thread's CPU time is the time of an undisturbed core.
//! Elapsed time is reported too.

use std::time::Instant;

use bytes::Bytes;
use rtvi_core::{
    ConnectParams, Event, EventStream, PipecatClient, PipecatClientOptions,
    client::EVENT_QUEUE,
    transport::{
        TransportCapabilities, TransportCommand, TransportEvent,
        scripted::{ScriptedConnection, ScriptedTransport},
    },
};

use crate::{figure::Figure, messages::Conversation, usage::thread_cpu_seconds};

/// The number of messages.
const COUNT: usize = 3_000_000;
/// The number of messages that arrive at once.
const BURST: usize = 32;

/// Measures it.
pub(crate) fn run() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(measure());
}

async fn measure() {
    let (transport, mut bot) =
        ScriptedTransport::new(TransportCapabilities { max_message_size: usize::MAX, capture: None });
    let client = PipecatClient::new(PipecatClientOptions::new(transport)).expect("there is a runtime");
    let mut events = client.events();
    let Conversation { ready, messages } = Conversation::recorded();
    let connecting = client.connect(ConnectParams::default());
    let answering = async {
        let mut connection = bot.accept().await.expect("the client connects");
        connection.open().await;
        while !matches!(connection.command().await.expect("the client stays"), TransportCommand::Send(_)) {}
        connection.report(TransportEvent::Message(ready)).await;
        connection
    };
    let (connected, connection) = tokio::join!(connecting, answering);
    connected.expect("the bot is ready");
    let (start, cpu) = (Instant::now(), thread_cpu_seconds());
    tokio::spawn(feed(connection, messages));
    read(&mut events, COUNT).await;
    let rate = COUNT as f64 / (thread_cpu_seconds() - cpu);
    let elapsed_rate = COUNT as f64 / start.elapsed().as_secs_f64();
    Figure::high("dispatch", rate, "messages/CPU s").goal(1_000_000.0).print();
    Figure::high("dispatch-elapsed", elapsed_rate, "messages/s").print();
}

async fn feed(connection: ScriptedConnection, messages: Vec<Bytes>) {
    let mut events = messages.iter().cycle().take(COUNT).cloned().map(TransportEvent::Message);
    let bursts = COUNT.div_ceil(BURST);
    for _ in 0..bursts {
        let room = connection.port.events.reserve_many(BURST).await.expect("the client listens");
        room.zip(&mut events).for_each(|(place, event)| place.send(event));
    }
    // Stays until the client leaves: a connection that ends would be restored.
    connection.port.cancel.cancelled().await;
}

/// Reads events until `count` messages after `bot-ready` have arrived.
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
