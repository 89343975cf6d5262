//! The request that opens the signalling socket: its URL and its headers.
//!
//! Pure. The token travels in a header, which servers prefer, and is in no URL and no `Debug` form.

use std::fmt;

use base64::{Engine, prelude::BASE64_URL_SAFE};
use http::{HeaderMap, HeaderValue, header};
use prost::Message;
use url::Url;

use crate::error::{Error, ErrorKind};

use super::wire::{ClientInfo, ConnectionSettings, JoinRequest, ReconnectReason, WrappedJoinRequest};

/// The version of the signalling protocol that the client speaks. From 17 on, packets have trailers;
/// from 18 on, data channels have fixed numbers.
const PROTOCOL: i32 = 16;

/// How the client and the server exchange media.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// One peer connection, which the client offers: servers since 1.9.2.
    Single,
    /// One peer connection in each direction, each offered by its sender: for older servers, which
    /// answer 404 to the other mode.
    Dual,
}

/// An access token. Its `Debug` form does not show it.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Token(HeaderValue);

impl Token {
    /// # Errors
    /// [`ErrorKind::InvalidTransportParams`] if the token contains characters that no token has.
    pub(super) fn new(token: &str) -> Result<Self, Error> {
        let Ok(mut value) = HeaderValue::from_str(&format!("Bearer {}", token.trim())) else {
            let text = "the token for LiveKit contains characters that a header can't carry";
            return Err(Error::new(ErrorKind::InvalidTransportParams, text));
        };
        value.set_sensitive(true);
        Ok(Self(value))
    }

    /// The headers of a request with this token.
    pub(super) fn headers(&self) -> HeaderMap {
        [(header::AUTHORIZATION, self.0.clone())].into_iter().collect()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

/// A session to take up again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Resumed {
    /// The server's identifier of the participant.
    pub(super) participant_sid: String,
    pub(super) reason: ReconnectReason,
}

/// The URL of the signalling socket below a server's URL. With `resumed`, the server continues the
/// session of that participant.
pub(super) fn socket_url(server: &Url, mode: Mode, resumed: Option<&Resumed>) -> Url {
    let mut url = below(server, mode.path());
    match mode {
        Mode::Single => single_query(&mut url, resumed),
        Mode::Dual => dual_query(&mut url, resumed),
    }
    url
}

impl Mode {
    const fn path(self) -> &'static [&'static str] {
        match self {
            Self::Single => &["rtc", "v1"],
            Self::Dual => &["rtc"],
        }
    }
}

fn below(server: &Url, path: &[&str]) -> Url {
    let mut url = server.clone();
    // This fails only for URLs without a host.
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(path);
    }
    url
}

fn single_query(url: &mut Url, resumed: Option<&Resumed>) {
    let join = JoinRequest {
        client_info: Some(ClientInfo {
            sdk: 0,
            version: crate::VERSION.to_owned(),
            protocol: PROTOCOL,
            os: std::env::consts::OS.to_owned(),
        }),
        connection_settings: Some(ConnectionSettings { auto_subscribe: false }),
        reconnect: resumed.is_some(),
        reconnect_reason: resumed.map_or(0, |resumed| resumed.reason.into()),
        participant_sid: resumed.map(|resumed| resumed.participant_sid.clone()).unwrap_or_default(),
    };
    let wrapped = WrappedJoinRequest { compression: 0, join_request: join.encode_to_vec().into() };
    let text = BASE64_URL_SAFE.encode(wrapped.encode_to_vec());
    url.query_pairs_mut().append_pair("join_request", &text);
}

fn dual_query(url: &mut Url, resumed: Option<&Resumed>) {
    let mut query = url.query_pairs_mut();
    query.append_pair("auto_subscribe", "0");
    query.append_pair("adaptive_stream", "0");
    query.append_pair("protocol", &PROTOCOL.to_string());
    query.append_pair("version", crate::VERSION);
    query.append_pair("os", std::env::consts::OS);
    if let Some(resumed) = resumed {
        query.append_pair("reconnect", "1");
        query.append_pair("reconnect_reason", &i32::from(resumed.reason).to_string());
        query.append_pair("sid", &resumed.participant_sid);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resumed() -> Resumed {
        Resumed { participant_sid: "PA_1".to_owned(), reason: ReconnectReason::SignalDisconnected }
    }

    fn join_request(url: &Url) -> JoinRequest {
        let (name, value) = url.query_pairs().next().unwrap();
        assert_eq!(name, "join_request");
        let wrapped = WrappedJoinRequest::decode(&BASE64_URL_SAFE.decode(&*value).unwrap()[..]).unwrap();
        assert_eq!(wrapped.compression, 0);
        JoinRequest::decode(wrapped.join_request).unwrap()
    }

    #[test]
    fn the_path_is_below_the_servers_own() {
        for (server, single, dual) in [
            ("ws://h:7880", "ws://h:7880/rtc/v1", "ws://h:7880/rtc"),
            ("wss://h/", "wss://h/rtc/v1", "wss://h/rtc"),
            ("wss://h/a/b/", "wss://h/a/b/rtc/v1", "wss://h/a/b/rtc"),
        ] {
            let server = Url::parse(server).unwrap();
            let path = |mode| {
                let mut url = socket_url(&server, mode, None);
                url.set_query(None);
                url.to_string()
            };
            assert_eq!((path(Mode::Single).as_str(), path(Mode::Dual).as_str()), (single, dual));
        }
    }

    #[test]
    fn a_join_states_the_protocol_and_none_of_livekits_sdks() {
        let server = Url::parse("ws://h").unwrap();
        let join = join_request(&socket_url(&server, Mode::Single, None));
        let info = join.client_info.unwrap();
        assert_eq!((info.sdk, info.protocol), (0, 16));
        assert!(!join.connection_settings.unwrap().auto_subscribe && !join.reconnect);
        let url = socket_url(&server, Mode::Dual, None);
        assert!(url.query().unwrap().starts_with("auto_subscribe=0&adaptive_stream=0&protocol=16&"), "{url}");
        assert!(!url.as_str().contains("reconnect"), "{url}");
    }

    #[test]
    fn a_resumed_session_names_its_participant() {
        let server = Url::parse("ws://h").unwrap();
        let join = join_request(&socket_url(&server, Mode::Single, Some(&resumed())));
        assert!(join.reconnect);
        assert_eq!((join.participant_sid.as_str(), join.reconnect_reason), ("PA_1", 1));
        let url = socket_url(&server, Mode::Dual, Some(&resumed()));
        assert!(url.as_str().ends_with("&reconnect=1&reconnect_reason=1&sid=PA_1"), "{url}");
    }

    #[test]
    fn the_token_is_in_the_header_alone() {
        let token = Token::new(" secret ").unwrap();
        assert_eq!(token.headers()[header::AUTHORIZATION], "Bearer secret");
        let shown = format!("{token:?} {:?}", token.headers());
        assert!(!shown.contains("secret"), "{shown}");
    }
}
