//! Which camera is wanted, and what the client hears of it.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use rtvi_core::{
    Error,
    media::{DeviceControl, DeviceEvent, DeviceInfo},
};

use super::list;

/// How often the list is compared with the one before.
const LIST_EVERY: Duration = Duration::from_secs(1);

/// How many events wait for the client. When full, the oldest is dropped: newer ones replace it.
const WAITING: usize = 16;

/// What the client, through the control, and the capture thread agree on.
#[derive(Debug)]
pub(super) struct Selection(Mutex<State>);

#[derive(Debug)]
struct State {
    id: String,
    /// Counts the selections.
    turn: u64,
    is_open: bool,
    events: VecDeque<DeviceEvent>,
}

impl Selection {
    pub(super) fn new(id: &str) -> Self {
        Self(Mutex::new(State { id: id.to_owned(), turn: 0, is_open: false, events: VecDeque::new() }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The id that is wanted, and the count of its selection.
    pub(super) fn wanted(&self) -> (String, u64) {
        let state = self.state();
        (state.id.clone(), state.turn)
    }

    pub(super) fn opened(&self, info: DeviceInfo) {
        let mut state = self.state();
        state.is_open = true;
        state.tell(DeviceEvent::Using(info));
    }

    pub(super) fn failed(&self, error: Error) {
        self.state().tell(DeviceEvent::Failed(error));
    }

    pub(super) fn close(&self) {
        self.state().is_open = false;
    }

    /// Selects a camera. One that runs is changed by its thread, which also tells the result.
    fn select(&self, id: &str) {
        let found = list::find(id);
        let mut state = self.state();
        match found {
            Ok(info) => {
                id.clone_into(&mut state.id);
                state.turn += 1;
                if !state.is_open {
                    state.tell(DeviceEvent::Using(info));
                }
            }
            Err(error) => state.tell(DeviceEvent::Failed(error)),
        }
    }
}

impl State {
    fn tell(&mut self, event: DeviceEvent) {
        if self.events.len() >= WAITING {
            self.events.pop_front();
        }
        self.events.push_back(event);
    }
}

/// The client's side.
#[derive(Debug)]
pub(super) struct CameraControl {
    selection: Arc<Selection>,
    /// The list that the client knows, and when it was made; absent until it watches.
    known: Option<(Vec<DeviceInfo>, Instant)>,
}

impl CameraControl {
    pub(super) const fn new(selection: Arc<Selection>) -> Self {
        Self { selection, known: None }
    }

    #[expect(clippy::disallowed_methods, reason = "devices are of the real world")]
    fn list(&mut self) {
        let now = Instant::now();
        let is_new = match &mut self.known {
            Some((_, at)) if now.duration_since(*at) < LIST_EVERY => return,
            Some((known, at)) => {
                *at = now;
                *known != list::cameras()
            }
            None => true,
        };
        if is_new {
            let cameras = list::cameras();
            self.selection.state().tell(DeviceEvent::Listed(cameras.clone()));
            self.known = Some((cameras, now));
        }
    }
}

impl DeviceControl for CameraControl {
    fn watch(&mut self) {
        if self.known.is_none() {
            self.list();
            let id = self.selection.wanted().0;
            match list::find(&id) {
                Ok(info) => self.selection.state().tell(DeviceEvent::Using(info)),
                Err(error) => self.selection.failed(error),
            }
        }
    }

    fn select(&mut self, id: &str) {
        self.selection.select(id);
    }

    fn next_event(&mut self) -> Option<DeviceEvent> {
        if self.known.is_some() {
            self.list();
        }
        self.selection.state().events.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use rtvi_core::media::DEFAULT_DEVICE;

    use super::*;

    #[test]
    fn watching_lists_once_and_selecting_answers() {
        let mut control = CameraControl::new(Arc::new(Selection::new(DEFAULT_DEVICE)));
        assert_eq!(control.next_event(), None);
        control.watch();
        control.watch();
        assert!(matches!(control.next_event(), Some(DeviceEvent::Listed(_))));
        assert!(matches!(control.next_event(), Some(DeviceEvent::Using(_) | DeviceEvent::Failed(_))));
        assert_eq!(control.next_event(), None);
        control.select("v4l:9999");
        assert!(matches!(control.next_event(), Some(DeviceEvent::Failed(_))));
        assert_eq!(control.selection.wanted().0, DEFAULT_DEVICE);
    }

    #[test]
    fn events_that_nobody_takes_are_bounded() {
        let selection = Selection::new(DEFAULT_DEVICE);
        for _ in 0..100 {
            selection.select("v4l:9999");
        }
        assert_eq!(selection.state().events.len(), WAITING);
    }
}
