//! The driver's work with connections: it opens and closes them, sends messages and takes events.

use std::{sync::Arc, time::Instant};

use crate::{
    client::{
        hub::LARGE,
        machine::{CallId, Epoch, Input, Open, Reply},
    },
    transport::{CloseReason, OpenRequest, TransportCommand, TransportEvent},
};

use super::{
    Driver, calls,
    connection_task::{self, ConnectionEvent, ConnectionTask},
    now,
};

/// How many queued events are taken at once.
const BATCH: usize = 32;

impl Driver {
    pub(super) fn open_connection(&mut self, open: &Open) {
        self.start.on_open(open);
        let Open { epoch, params, start, attempt, mic_enabled, timeout } = open;
        let request = OpenRequest {
            params,
            start: start.as_ref(),
            cookies: &self.start.cookies,
            tls: &self.tls,
            attempt: *attempt,
            mic_enabled: *mic_enabled,
            open_timeout: *timeout,
        };
        match connection_task::make(self.transport.as_ref(), request) {
            Ok((mut connection, capabilities)) => {
                let carries_video = self.video.connect(connection.as_mut());
                let playout = Arc::clone(&self.audio.playout);
                self.connection = Some(ConnectionTask::open(connection, *epoch, playout, &self.runtime));
                self.next.push_back(Input::Opening { epoch: *epoch, capabilities });
                if carries_video {
                    self.next.push_back(Input::VideoCarried { epoch: *epoch });
                }
            }
            Err(error) => {
                let reason = CloseReason::OpenFailed(error);
                self.next.push_back(Input::TransportClosed { epoch: *epoch, reason });
            }
        }
    }

    pub(super) fn close_connection(&self, epoch: Epoch) {
        if let Some(connection) = self.connection.as_ref().filter(|connection| connection.epoch == epoch) {
            // If the queue is full, it will not empty in time either; the deadline then ends the
            // connection.
            connection.tell(TransportCommand::Close);
        }
    }

    pub(super) fn tell_network_changed(&self, epoch: Epoch) {
        if let Some(connection) = self.connection.as_ref().filter(|connection| connection.epoch == epoch) {
            // A connection whose queue is full is stuck, and will notice that itself.
            connection.tell(TransportCommand::NetworkChanged);
        }
    }

    pub(super) fn discard_connection(&mut self, epoch: Epoch) {
        if let Some(connection) = self.connection.take_if(|connection| connection.epoch == epoch) {
            connection.discard(&self.runtime);
        }
    }

    pub(super) fn send(&mut self, id: String, text: String, call: Option<CallId>) {
        let sent =
            self.connection.as_ref().is_some_and(|connection| connection.tell(TransportCommand::Send(text)));
        match (sent, call) {
            (true, Some(call)) => self.settle(call, Ok(Reply::Done)),
            (false, Some(call)) => self.settle(call, Err(calls::busy())),
            (false, None) => self.next.push_back(Input::SendRefused { id }),
            (true, None) => {}
        }
    }

    pub(super) fn on_connection_event(&mut self, (epoch, event): (Epoch, ConnectionEvent)) {
        match event {
            ConnectionEvent::Transport(event) => {
                let now = now();
                if self.take(now, epoch, event) {
                    self.take_more(now, epoch);
                }
            }
            ConnectionEvent::Closed(reason) => {
                self.connection = None;
                self.feed(Input::TransportClosed { epoch, reason });
            }
        }
    }

    /// Takes the events that are queued already, without a turn of the loop or a look at the clock
    /// for each.
    fn take_more(&mut self, now: Instant, epoch: Epoch) {
        for _ in 0..BATCH {
            let Some(connection) = self.connection.as_mut().filter(|connection| connection.epoch == epoch)
            else {
                return;
            };
            let Some(event) = connection.try_next() else { return };
            if !self.take(now, epoch, event) {
                return;
            }
        }
    }

    /// Takes an event. Returns whether another one may follow before the event queues are checked
    /// again.
    fn take(&mut self, now: Instant, epoch: Epoch, event: TransportEvent) -> bool {
        let bytes = if let TransportEvent::Message(text) = &event { text.len() } else { 0 };
        if let TransportEvent::AudioDropped(dropped) = &event {
            self.audio.counters.lose(dropped);
        }
        self.feed_at(now, Input::Transport { epoch, event });
        if bytes >= LARGE {
            self.hub.weigh(bytes);
        }
        bytes < LARGE
    }
}
