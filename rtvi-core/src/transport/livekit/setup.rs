//! What a connection begins with, and what the transport remembers for the next one.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use crate::{
    error::{Error, ErrorKind},
    transport::{
        TlsOptions,
        rtc::{
            IceServer,
            peer::{PeerConfig, Shape},
        },
    },
};

use super::{LiveKitTransportOptions, join::Token, params::Target, session::Settings, wire};

/// What a connection begins with.
pub(super) struct Setup {
    pub(super) target: Target,
    pub(super) options: LiveKitTransportOptions,
    pub(super) tls: TlsOptions,
    pub(super) memory: Memory,
    pub(super) mic_enabled: bool,
    pub(super) open_timeout: Duration,
}

impl Setup {
    /// What the session begins with.
    pub(super) fn settings(&self) -> Settings {
        Settings {
            url: self.target.url.clone(),
            token: self.memory.recall(&self.target),
            bot_identity: self.options.bot_identity.clone(),
            mic_enabled: self.mic_enabled,
            open_timeout: self.open_timeout,
            stall_timeout: self.options.stall_timeout,
            resume_timeout: self.options.resume_timeout,
        }
    }

    /// The app's STUN and TURN servers, and the room server's TURN servers. Its STUN servers, public
    /// ones of third parties by default, add nothing: a room's server has an address that clients
    /// reach, and learns theirs from the packets. To resolve their names would delay connecting.
    ///
    /// # Errors
    /// The client may only use TURN servers, and there is none.
    pub(super) fn ice_servers(&self, given: &[wire::IceServer]) -> Result<Vec<IceServer>, Error> {
        let is_turn = |url: &&String| !url.trim_start().to_ascii_lowercase().starts_with("stun");
        let given = given.iter().map(|server| IceServer {
            urls: server.urls.iter().filter(is_turn).cloned().collect(),
            username: server.username.clone(),
            credential: server.credential.clone(),
        });
        let given = given.filter(|server| !server.urls.is_empty());
        let all: Vec<IceServer> = self.options.ice_servers.iter().cloned().chain(given).collect();
        if self.options.relay_only && !all.iter().any(IceServer::is_relay) {
            let text = "relay_only needs a TURN server, but neither the options nor the server name one";
            return Err(Error::new(ErrorKind::ConnectionFailed, text));
        }
        Ok(all)
    }

    pub(super) fn peer_config(&self, shape: Shape, ice_servers: &[IceServer]) -> PeerConfig {
        PeerConfig {
            shape,
            ice_servers: ice_servers.to_vec(),
            relay_only: self.options.relay_only,
            ice_tcp: self.options.ice_tcp,
            tls: self.tls.clone(),
            shared: self.options.shared.clone(),
        }
    }
}

/// The server's last token for a room. The token of a start answer is valid for a shorter time.
#[derive(Clone, Default)]
pub(super) struct Memory(Arc<Mutex<Option<(Target, Token)>>>);

impl Memory {
    /// The server has renewed the token that this target began with.
    pub(super) fn remember(&self, target: &Target, token: Token) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((target.clone(), token));
    }

    /// The newest token for a target.
    fn recall(&self, target: &Target) -> Token {
        let memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = memory.as_ref().filter(|(known, _)| known == target);
        known.map_or_else(|| target.token.clone(), |(_, token)| token.clone())
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Memory")
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;

    #[test]
    fn a_renewed_token_is_used_for_the_same_room_only() {
        let target =
            |token: &str| Target { url: Url::parse("ws://h").unwrap(), token: Token::new(token).unwrap() };
        let memory = Memory::default();
        assert_eq!(memory.recall(&target("a")), Token::new("a").unwrap());
        memory.remember(&target("a"), Token::new("b").unwrap());
        assert_eq!(memory.recall(&target("a")), Token::new("b").unwrap());
        assert_eq!(memory.recall(&target("c")), Token::new("c").unwrap());
    }
}
