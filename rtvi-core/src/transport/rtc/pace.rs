//! The times of an open connection that every transport shares: its turns, and its last words.

use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::time::{Interval, MissedTickBehavior, interval, sleep, timeout};
use webrtc::data_channel::DataChannel;

/// How often audio is passed to the speaker and timers are checked.
const TURN: Duration = Duration::from_millis(10);
/// How long closing waits until the last messages are confirmed.
const LAST_WORDS: Duration = Duration::from_millis(300);
/// How often it looks whether they are.
const LOOK: Duration = Duration::from_millis(10);

/// Ticks on each turn of a connection.
pub(crate) fn turns() -> Interval {
    let mut turns = interval(TURN);
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    turns
}

/// Waits until the remote peer has confirmed what was sent, beginning with `sending`. Without a
/// confirmation, it waits for 300 ms.
pub(crate) async fn last_words(
    channel: &dyn DataChannel,
    sending: Option<BoxFuture<'static, webrtc::error::Result<()>>>,
) {
    let confirmed = async {
        if let Some(sending) = sending {
            let _ = sending.await;
        }
        while channel.outstanding_bytes().await.is_ok_and(|waiting| waiting > 0) {
            sleep(LOOK).await;
        }
    };
    let _ = timeout(LAST_WORDS, confirmed).await;
}
