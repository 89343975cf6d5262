//! One session: moves inputs and outputs between a [`Link`] and the [`Conversation`], which makes
//! every decision.
//!
//! Runs in the caller's task and ends with it. It alternates between sending and reading: while the
//! client does not read, the bot does not read either, so nothing piles up. Knows no RTVI and no
//! socket.

use tokio::time::{Instant, sleep_until};

use crate::{
    conversation::Conversation,
    link::{Flow, Input, Link},
};

/// The number of outputs sent in a row before the bot checks for input.
const BURST: usize = 64;

/// Serves `conversation` on `link` until either side ends it.
pub(crate) async fn run<L: Link>(mut link: L, conversation: Conversation) {
    if link.open().await == Flow::Continue {
        Session { link, conversation, opened: Instant::now() }.run().await;
    }
}

struct Session<L> {
    link: L,
    conversation: Conversation,
    opened: Instant,
}

impl<L: Link> Session<L> {
    async fn run(mut self) {
        self.conversation.open();
        while self.turn().await == Flow::Continue {}
        if let Some(code) = self.link.close_code() {
            self.conversation.note_close(code);
        }
    }

    /// Sends what is due, then waits for input or for the next thing to be due.
    async fn turn(&mut self) -> Flow {
        if self.send_due().await == Flow::End {
            return Flow::End;
        }
        let due = self.conversation.next_due().map(|due| self.opened + due);
        tokio::select! {
            input = self.link.receive() => self.take(input),
            () = sleep_until(due.unwrap_or(self.opened)), if due.is_some() => Flow::Continue,
        }
    }

    async fn send_due(&mut self) -> Flow {
        for _ in 0..BURST {
            let Some(output) = self.conversation.poll(self.opened.elapsed()) else { break };
            if self.link.put(output).await == Flow::End {
                return Flow::End;
            }
        }
        self.link.flush().await
    }

    fn take(&mut self, input: Option<Input>) -> Flow {
        let now = self.opened.elapsed();
        match input {
            Some(Input::Text(text)) => self.conversation.receive_text(now, &text),
            Some(Input::Audio(frame)) => self.conversation.hear(now, &frame),
            #[cfg(feature = "webrtc")]
            Some(Input::Note(note)) => self.conversation.note(note),
            Some(Input::Nothing) => {}
            None => return Flow::End,
        }
        Flow::Continue
    }
}
