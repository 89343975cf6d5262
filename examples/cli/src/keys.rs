//! Keys pressed on the terminal during a session.
//!
//! While it exists, the terminal delivers every key at once and shows none; Ctrl-C is then a key
//! too.

use std::{
    io::{self, IsTerminal},
    thread,
    time::Duration,
};

use crossterm::{
    event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers},
    terminal,
};
use tokio::sync::mpsc;

/// How many keys wait to be handled. When full, further ones wait in the terminal.
const QUEUE: usize = 16;
/// Most terminals report only that a key repeats, not its release. After this time without
/// repetition, the space bar counts as released. Longer than the pause before the first repetition.
const LET_GO: Duration = Duration::from_millis(700);

/// A command of the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    /// Turn the microphone off or on.
    Mute,
    /// Talk until the next key; only with push-to-talk.
    Talk,
    /// Stop talking.
    LetGo,
    /// End the session.
    Quit,
}

/// The stream of keys.
#[derive(Debug)]
pub(crate) struct Keys {
    keys: mpsc::Receiver<Key>,
}

impl Keys {
    /// Starts reading keys, if stdin and stdout are a terminal that supports it.
    pub(crate) fn new(push_to_talk: bool) -> Option<Self> {
        if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
            return None;
        }
        terminal::enable_raw_mode().ok()?;
        let (sender, keys) = mpsc::channel(QUEUE);
        thread::spawn(move || listen(&sender, push_to_talk));
        Some(Self { keys })
    }

    /// Waits for the next one. Cancel-safe.
    pub(crate) async fn next(&mut self) -> Key {
        match self.keys.recv().await {
            Some(key) => key,
            None => std::future::pending().await,
        }
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        // If the terminal is gone, there is nothing to restore.
        let _ = terminal::disable_raw_mode();
    }
}

/// Reads keys until the terminal or the session is gone.
fn listen(keys: &mpsc::Sender<Key>, push_to_talk: bool) {
    let mut talking = false;
    loop {
        let key = match (talking, event::poll(LET_GO)) {
            (_, Ok(true)) => match event::read() {
                Ok(Event::Key(key)) => meaning(key, push_to_talk),
                Ok(_) => None,
                Err(_) => return,
            },
            (true, Ok(false)) => Some(Key::LetGo),
            (false, Ok(false)) => None,
            (_, Err(_)) => return,
        };
        let repeats = talking && key == Some(Key::Talk);
        let Some(key) = key.filter(|_| !repeats) else {
            if keys.is_closed() {
                return;
            }
            continue;
        };
        talking = key == Key::Talk;
        if keys.blocking_send(key).is_err() {
            return;
        }
    }
}

const fn meaning(key: KeyEvent, push_to_talk: bool) -> Option<Key> {
    let is_release = matches!(key.kind, KeyEventKind::Release);
    match key.code {
        KeyCode::Char(' ') if !push_to_talk => None,
        KeyCode::Char(' ') if is_release => Some(Key::LetGo),
        _ if is_release => None,
        KeyCode::Char(' ') => Some(Key::Talk),
        KeyCode::Char('c') if key.modifiers.contains(KeyModifiers::CONTROL) => Some(Key::Quit),
        KeyCode::Char('q') => Some(Key::Quit),
        KeyCode::Char('m') => Some(Key::Mute),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_mean_what_the_help_says() {
        let key = |code, modifiers| meaning(KeyEvent::new(code, modifiers), true);
        assert_eq!(key(KeyCode::Char('m'), KeyModifiers::NONE), Some(Key::Mute));
        assert_eq!(key(KeyCode::Char(' '), KeyModifiers::NONE), Some(Key::Talk));
        assert_eq!(key(KeyCode::Char('q'), KeyModifiers::NONE), Some(Key::Quit));
        assert_eq!(key(KeyCode::Char('c'), KeyModifiers::CONTROL), Some(Key::Quit));
        assert_eq!(key(KeyCode::Char('c'), KeyModifiers::NONE), None);
        let mut release = KeyEvent::new(KeyCode::Char(' '), KeyModifiers::NONE);
        release.kind = KeyEventKind::Release;
        assert_eq!(meaning(release, true), Some(Key::LetGo));
        assert_eq!(meaning(release, false), None);
    }
}
