//! Access tokens, as an app's own server makes them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ring::hmac;
use serde_json::{Value, json};

/// The key that the servers of the tests know, and its secret.
pub(super) const KEY: &str = "devkey";
pub(super) const SECRET: &str = "a secret of thirty-two characters";

/// How long a token is valid.
const LIFE: Duration = Duration::from_secs(600);

/// A token in the making.
#[derive(Clone, Debug)]
pub struct Token {
    identity: String,
    grants: Value,
    life: Duration,
    secret: &'static str,
}

impl Token {
    /// A user's token for a room, as Pipecat's runner makes it.
    pub fn user(room: &str, identity: &str) -> Self {
        let grants = json!({
            "roomJoin": true, "room": room, "canPublish": true, "canSubscribe": true, "canPublishData": true,
        });
        Self { identity: identity.to_owned(), grants, life: LIFE, secret: SECRET }
    }

    /// A token for the room API.
    pub(super) fn admin(room: &str) -> Self {
        let grants = json!({"roomAdmin": true, "roomCreate": true, "roomList": true, "room": room});
        Self { identity: "admin".to_owned(), grants, life: LIFE, secret: SECRET }
    }

    /// Marks its participant as a bot.
    #[must_use]
    pub fn agent(self) -> Self {
        self.with("agent", true)
    }

    /// Grants or denies something.
    #[must_use]
    pub fn with(mut self, grant: &str, is_granted: bool) -> Self {
        self.grants[grant] = json!(is_granted);
        self
    }

    /// It is no longer valid.
    #[must_use]
    pub fn expired(mut self) -> Self {
        self.life = Duration::ZERO;
        self
    }

    /// It was signed by someone else.
    #[must_use]
    pub fn forged(mut self) -> Self {
        self.secret = "a secret that the server knows not";
        self
    }

    /// The signed token (JWT, HS256).
    ///
    /// # Panics
    /// If the clock is before 1970.
    pub fn sign(&self) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970");
        // The server allows for clocks that differ by a minute.
        let (begin, end) = (now.as_secs() - LIFE.as_secs(), (now + self.life).as_secs());
        let end = if self.life.is_zero() { end - LIFE.as_secs() / 2 } else { end };
        let claims = json!({
            "iss": KEY, "sub": self.identity, "name": self.identity, "nbf": begin, "exp": end,
            "video": self.grants,
        });
        let encode = |part: &Value| BASE64_URL_SAFE_NO_PAD.encode(part.to_string());
        let signed = format!("{}.{}", encode(&json!({"alg": "HS256", "typ": "JWT"})), encode(&claims));
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.secret.as_bytes());
        let signature = hmac::sign(&key, signed.as_bytes());
        format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
    }
}
