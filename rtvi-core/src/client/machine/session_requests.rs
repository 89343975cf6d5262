//! Requests of the app to the session's own HTTP endpoints: each gets exactly one reply, at the
//! latest when the session ends.

use crate::{
    client::TransportState as S,
    error::{Error, ErrorKind, Phase},
    transport::{SessionAnswer, SessionRequest},
};

use super::{Asked, CallId, Machine, Output, Reply};

/// How many may be under way at once; one more is refused as busy.
pub(super) const MAX_SESSION_REQUESTS: usize = 64;

impl Machine {
    pub(super) fn on_session_request(&mut self, call: CallId, method: &str, asked: Asked) {
        match self.session_request(method, asked) {
            Ok(request) => {
                self.session_requests.push(call);
                self.outputs.push_back(Output::RequestSession { call, request: Box::new(request) });
            }
            Err(error) => self.reply(call, Err(error.in_phase(Phase::Request))),
        }
    }

    fn session_request(&self, method: &str, asked: Asked) -> Result<SessionRequest, Error> {
        let state = self.state;
        let has_session = matches!(state, S::Authenticated | S::Connecting | S::Connected | S::Ready);
        let Some(start) = self.session.start.clone().filter(|_| has_session) else {
            let text = format!(
                "{method} needs a session that a start request began; the client is {state}{}",
                if has_session { " without one" } else { "" }
            );
            return Err(Error::new(ErrorKind::InvalidState, text));
        };
        if self.session_requests.len() >= MAX_SESSION_REQUESTS {
            let text = format!(
                "{MAX_SESSION_REQUESTS} requests to the session are under way already; try again later"
            );
            return Err(Error::new(ErrorKind::Busy, text));
        }
        let Asked { method, path, body, timeout } = asked;
        Ok(SessionRequest { start, params: self.session.params.clone(), method, path, body, timeout })
    }

    pub(super) fn on_session_answered(&mut self, call: CallId, result: Result<SessionAnswer, Error>) {
        if self.forget_session_request(call) {
            self.reply(call, result.map(Reply::SessionAnswer));
        }
    }

    /// The app dropped the future of the call.
    pub(super) fn drop_session_request(&mut self, call: CallId) {
        if self.forget_session_request(call) {
            self.outputs.push_back(Output::CancelSessionRequest { call });
        }
    }

    /// The session is being closed.
    pub(super) fn end_session_requests(&mut self) {
        for call in std::mem::take(&mut self.session_requests) {
            self.outputs.push_back(Output::CancelSessionRequest { call });
            let error = Error::new(ErrorKind::Cancelled, "the session was closed").in_phase(Phase::Request);
            self.reply(call, Err(error));
        }
    }

    fn forget_session_request(&mut self, call: CallId) -> bool {
        let place = self.session_requests.iter().position(|waiting| *waiting == call);
        place.map(|place| self.session_requests.swap_remove(place)).is_some()
    }
}
