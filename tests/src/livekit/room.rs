//! The room API of a LiveKit server: what an app's own server can do to a room.

use std::{net::SocketAddr, time::Duration};

use axum::http::StatusCode;
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use super::token::Token;
use crate::http;

/// How long something may take to happen in a room on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// One room, by its name. It need not exist yet.
#[derive(Clone, Debug)]
pub struct Room {
    server: SocketAddr,
    name: String,
}

impl Room {
    pub(super) fn new(server: SocketAddr, name: &str) -> Self {
        Self { server, name: name.to_owned() }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The participants, with the server's own fields.
    pub async fn participants(&self) -> Vec<Value> {
        let (status, mut answer) = self.ask("ListParticipants", json!({})).await;
        if status == StatusCode::NOT_FOUND {
            return Vec::new();
        }
        answer["participants"].as_array_mut().map(std::mem::take).unwrap_or_default()
    }

    /// The identity of the bot, or of the user, once it is in the room.
    ///
    /// # Panics
    /// If it does not come.
    pub async fn identity(&self, is_bot: bool) -> String {
        self.participant(|participant| participant["permission"]["agent"].as_bool() == Some(is_bot)).await
            ["identity"]
            .as_str()
            .expect("every participant has an identity")
            .to_owned()
    }

    /// The first participant that fits, once there is one.
    ///
    /// # Panics
    /// If there is none in time.
    pub async fn participant(&self, fits: impl Fn(&Value) -> bool) -> Value {
        let found = timeout(PATIENCE, async {
            loop {
                if let Some(found) = self.participants().await.into_iter().find(&fits) {
                    return found;
                }
                sleep(Duration::from_millis(50)).await;
            }
        });
        match found.await {
            Ok(found) => found,
            Err(_) => panic!("nobody fits: {:#?}", self.participants().await),
        }
    }

    /// Removes a participant.
    pub async fn kick(&self, identity: &str) {
        self.act("RemoveParticipant", json!({"identity": identity})).await;
    }

    /// Deletes the room, with everybody in it.
    pub async fn delete(&self) {
        self.act("DeleteRoom", json!({})).await;
    }

    /// Mutes or unmutes every track of a participant.
    pub async fn mute(&self, identity: &str, muted: bool) {
        let found = self.participant(|participant| participant["identity"] == identity).await;
        for track in found["tracks"].as_array().into_iter().flatten() {
            let body = json!({"identity": identity, "trackSid": track["sid"], "muted": muted});
            self.act("MutePublishedTrack", body).await;
        }
    }

    /// Sets what a participant may do.
    pub async fn permit(&self, identity: &str, permission: Value) {
        self.act("UpdateParticipant", json!({"identity": identity, "permission": permission})).await;
    }

    /// Sends a reliable data packet that comes from no participant.
    pub async fn send(&self, identity: &str, data: &[u8]) {
        let data = BASE64_STANDARD.encode(data);
        let body = json!({"data": data, "kind": "RELIABLE", "destinationIdentities": [identity]});
        self.act("SendData", body).await;
    }

    async fn act(&self, method: &str, body: Value) {
        let (status, answer) = self.ask(method, body).await;
        assert_eq!(status, StatusCode::OK, "{method}: {answer}");
    }

    async fn ask(&self, method: &str, mut body: Value) -> (StatusCode, Value) {
        body["room"] = json!(self.name);
        let path = format!("/twirp/livekit.RoomService/{method}");
        http::post(self.server, &path, Some(&Token::admin(&self.name).sign()), &body).await
    }
}
