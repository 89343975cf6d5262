//! The current Pipecat in the rooms of a real LiveKit server.

use rtvi_tests::livekit::{Shape, Site};
use serde_json::json;

/// A bot joins a room, and the room API reaches it.
async fn takes_a_bot(shape: Shape) {
    let site = Site::start(shape).await;
    site.send_bot(json!({"room": "one"})).await;
    let room = site.room("one");
    let bot = room.identity(true).await;
    assert!(bot.starts_with("Pipecat Agent-"), "{bot}");
    room.mute(&bot, true).await;
    room.participant(|participant| participant["tracks"][0]["muted"] == true).await;
    room.kick(&bot).await;
    assert_eq!(room.participants().await.len(), 0);
    assert_eq!(site.seen_by_bots("one").await, ["on_connected"]);
}

#[tokio::test]
async fn a_server_takes_a_bot() {
    takes_a_bot(Shape::Full).await;
}

#[tokio::test]
async fn an_old_server_takes_a_bot() {
    takes_a_bot(Shape::Old).await;
}
