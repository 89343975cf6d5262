//! The last messages of a server that closed the connection, which may say that it left.
//!
//! Pipecat says `peerLeft` and closes at once. The stack tells that the connection is closed before
//! it hands out the messages that came first, on a task of its own; so that message may be a moment
//! behind the news.

use std::{future::ready, pin::pin, time::Duration};

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use tokio::time::timeout;
use webrtc::data_channel::DataChannelEvent;

use super::signalling::{self, Incoming};

/// How long the stack may take to hand out the last messages. A server that closed without one is
/// lost so much later.
const PATIENCE: Duration = Duration::from_millis(200);
/// How many messages are looked through, and kept beyond what the backlog takes otherwise.
const LAST_MESSAGES: usize = 64;

/// Whether `peerLeft` is among what the data channel still has to give; `keep` gets what comes
/// before it.
pub(super) async fn have_peer_left(
    rest: impl Stream<Item = DataChannelEvent>,
    keep: impl FnMut(Incoming),
) -> bool {
    timeout(PATIENCE, find(rest, keep)).await.unwrap_or(false)
}

async fn find(rest: impl Stream<Item = DataChannelEvent>, mut keep: impl FnMut(Incoming)) -> bool {
    let mut messages = pin!(rest.filter_map(|event| ready(message_in(event))).take(LAST_MESSAGES));
    while let Some(message) = messages.next().await {
        match signalling::read(message) {
            Incoming::PeerLeft => return true,
            other => keep(other),
        }
    }
    false
}

fn message_in(event: DataChannelEvent) -> Option<Bytes> {
    match event {
        DataChannelEvent::OnMessage(message) => Some(message.data.freeze()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;
    use tokio::time::{Instant, sleep};
    use webrtc::data_channel::RTCDataChannelMessage;

    use super::*;

    const PEER_LEFT: &str = r#"{"type":"signalling","message":{"type":"peerLeft"}}"#;
    const ODD: &str = r#"{"type":"signalling","message":{"type":"odd"}}"#;

    fn message(text: &str) -> DataChannelEvent {
        DataChannelEvent::OnMessage(RTCDataChannelMessage { is_string: true, data: text.into() })
    }

    fn said(text: &'static str) -> Incoming {
        Incoming::Message(text.into())
    }

    /// What is found in a channel that gives each of these after so many milliseconds, and then
    /// ends or gives nothing more.
    async fn found(given: Vec<(u64, DataChannelEvent)>, ends: bool) -> (bool, Vec<Incoming>) {
        let given = stream::iter(given).then(|(wait, event)| async move {
            sleep(Duration::from_millis(wait)).await;
            event
        });
        let more = if ends { stream::empty().left_stream() } else { stream::pending().right_stream() };
        let mut kept = Vec::new();
        (have_peer_left(given.chain(more), |message| kept.push(message)).await, kept)
    }

    #[tokio::test(start_paused = true)]
    async fn peer_left_is_found_at_once_and_later() {
        for wait in [0, 1, 199] {
            assert_eq!(found(vec![(wait, message(PEER_LEFT))], false).await, (true, Vec::new()), "{wait} ms");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn it_is_found_behind_the_close_and_other_messages_which_are_kept() {
        let given = [DataChannelEvent::OnClose, message(ODD), message("a"), message("b"), message(PEER_LEFT)];
        let given = given.into_iter().map(|event| (10, event)).collect();
        let kept = vec![Incoming::Unknown("odd".to_owned()), said("a"), said("b")];
        assert_eq!(found(given, false).await, (true, kept));
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_says_none_is_not_waited_for_long() {
        let begin = Instant::now();
        assert_eq!(found(vec![(0, message("a"))], false).await, (false, vec![said("a")]));
        assert_eq!(begin.elapsed(), PATIENCE);
        assert_eq!(found(vec![(250, message(PEER_LEFT))], false).await, (false, Vec::new()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_channel_that_ends_is_not_waited_for() {
        let begin = Instant::now();
        assert_eq!(found(vec![(5, message("a"))], true).await, (false, vec![said("a")]));
        assert_eq!(begin.elapsed(), Duration::from_millis(5));
    }

    #[tokio::test(start_paused = true)]
    async fn a_flood_is_not_looked_through_to_its_end() {
        let flood = |count| {
            let texts = std::iter::repeat_n("a", count).chain([PEER_LEFT]);
            texts.map(|text| (0, message(text))).collect()
        };
        assert!(found(flood(LAST_MESSAGES - 1), false).await.0);
        let (peer_left, kept) = found(flood(LAST_MESSAGES), false).await;
        assert_eq!((peer_left, kept.len()), (false, LAST_MESSAGES));
    }
}
