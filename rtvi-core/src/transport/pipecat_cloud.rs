//! The special rules of Pipecat Cloud: where its agents are started, and what it accepts.
//!
//! Pure values. Based on its documentation: the REST reference of "start", and the guides to
//! WebSocket sessions.

use serde_json::Value;
use url::Url;

use crate::error::{Error, ErrorKind};

use super::ApiRequest;

/// The address of Pipecat Cloud's API for clients.
const BASE: &str = "https://api.pipecat.daily.co/v1/public";
/// The largest `body` for an agent, in bytes of JSON.
const MAX_BODY: usize = 1024 * 1024;
/// The same for WebSockets, where the body travels in the URL.
const MAX_WEBSOCKET_BODY: usize = 4 * 1024;
/// The maximum length of an agent's name, in bytes.
const MAX_AGENT: usize = 128;

impl ApiRequest {
    /// Creates a request that starts a session of an agent on Pipecat Cloud, with a public key
    /// (`pk_…`).
    ///
    /// Add the request data with [`with_data`](Self::with_data): `{"transport": "webrtc"}` or
    /// `"websocket"`, and in `body` the bot's arguments. They may have up to 1 MiB of JSON, or 4
    /// KiB for WebSockets; for more, `start_bot` returns an [`ErrorKind::InvalidArgument`]. Public
    /// keys are meant to be in apps, but anyone who has one can start sessions. The key is
    /// therefore sent as a header and never shown.
    ///
    /// These sessions have longer deadlines by default (see [`Timeouts`](crate::client::Timeouts)),
    /// because an agent that is not running takes up to 40 s to start. The same applies to every
    /// other URL that ends in `/v1/public/AGENT/start`, so you can set `endpoint` to another server
    /// of the same kind.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] for a name that is empty, `.`, `..`, longer than 128 bytes or
    /// contains `/`, `\\` or control characters, and for a key that is empty or can't be a header.
    /// The error never contains the key.
    pub fn pipecat_cloud(agent: &str, public_key: &str) -> Result<Self, Error> {
        let invalid = |text: String| Error::new(ErrorKind::InvalidArgument, text);
        check_agent(agent)
            .map_err(|what| invalid(format!("the agent's name '{}' {what}", agent.escape_debug())))?;
        let key = public_key.trim();
        if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            let what = if key.is_empty() { "is empty" } else { "contains characters that a key can't have" };
            return Err(invalid(format!("the public key for the agent '{agent}' {what}")));
        }
        let mut endpoint =
            Url::parse(BASE).map_err(|cause| Error::new(ErrorKind::Internal, cause.to_string()))?;
        if let Ok(mut path) = endpoint.path_segments_mut() {
            path.extend([agent, "start"]);
        }
        Ok(Self::new(endpoint).with_header("Authorization", format!("Bearer {key}")))
    }
}

fn check_agent(agent: &str) -> Result<(), &'static str> {
    match agent {
        "" => Err("is empty"),
        "." | ".." => Err("is not a name"),
        long if long.len() > MAX_AGENT => Err("is longer than 128 bytes"),
        bad if bad.contains(|c: char| c == '/' || c == '\\' || c.is_control() || c.is_whitespace()) => {
            Err("contains '/', '\\', a space or a control character")
        }
        _ => Ok(()),
    }
}

/// Returns the agent that a start endpoint of Pipecat Cloud's kind starts: the URL ends in
/// `/v1/public/AGENT/start`.
pub(crate) fn agent(endpoint: &str) -> Option<String> {
    let url = Url::parse(endpoint).ok()?;
    let path = url.path().strip_suffix('/').unwrap_or_else(|| url.path());
    let mut parts = path.rsplit('/');
    let (start, agent, public, version) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    ((start, public, version) == ("start", "public", "v1") && !agent.is_empty()).then(|| agent.to_owned())
}

/// Refuses what Pipecat Cloud would refuse, before sending it.
pub(super) fn check(request: &ApiRequest) -> Result<(), Error> {
    let (Some(data), Some(agent)) = (&request.request_data, agent(&request.endpoint)) else { return Ok(()) };
    let Some(body) = data.get("body") else { return Ok(()) };
    let websocket = data.get("transport").and_then(Value::as_str) == Some("websocket");
    let (limit, with) =
        if websocket { (MAX_WEBSOCKET_BODY, " with the transport websocket") } else { (MAX_BODY, "") };
    let size = body.to_string().len();
    if size <= limit {
        return Ok(());
    }
    let text =
        format!("the 'body' for the agent '{agent}' has {size} bytes; Pipecat Cloud accepts {limit}{with}");
    Err(Error::new(ErrorKind::InvalidArgument, text))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_agent_is_started_with_its_key() {
        let request = ApiRequest::pipecat_cloud("my-agent", " pk_secret ").unwrap();
        assert_eq!(request.endpoint, "https://api.pipecat.daily.co/v1/public/my-agent/start");
        assert_eq!(request.headers, [("Authorization".to_owned(), "Bearer pk_secret".to_owned())]);
        let shown = format!("{request:?}");
        assert!(shown.contains("my-agent") && !shown.contains("secret"), "{shown}");
        let odd = ApiRequest::pipecat_cloud("ä?#%2f", "pk").unwrap();
        assert_eq!(odd.endpoint, "https://api.pipecat.daily.co/v1/public/%C3%A4%3F%23%252f/start");
    }

    #[test]
    fn what_is_no_agent_or_key_is_named_without_the_key() {
        let error = |agent: &str, key: &str| {
            let error = ApiRequest::pipecat_cloud(agent, key).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidArgument);
            assert!(!error.message().contains("secret"), "{error}");
            error.message().to_owned()
        };
        for bad in ["", ".", "..", "a/b", "../x", "a\\b", "a\nb", "a b", &"x".repeat(129)] {
            error(bad, "pk_secret");
        }
        assert!(error("a\nb", "k").contains("'a\\nb'"));
        assert!(error("a", "").contains("is empty"));
        for bad in ["pk_secret\n", "pk secret", "pk_secret\u{7f}x", "pk_secretä"] {
            let bad = format!("x{bad}x");
            assert!(error("a", &bad).contains("'a'"), "{bad}");
        }
    }

    #[test]
    fn its_start_urls_are_known() {
        for (url, known) in [
            ("https://api.pipecat.daily.co/v1/public/a-1/start", Some("a-1")),
            ("http://localhost:7860/v1/public/a/start/?x=1", Some("a")),
            ("https://proxy.example/cloud/v1/public/a/start", Some("a")),
            ("https://bot.example/start", None),
            ("https://bot.example/v1/public/start", None),
            ("https://bot.example/v1/public//start", None),
            ("https://bot.example/v1/public/a/stop", None),
            ("v1/public/a/start", None),
            ("", None),
        ] {
            assert_eq!(agent(url).as_deref(), known, "{url}");
        }
    }

    #[test]
    fn a_body_that_is_too_large_is_refused_with_size_and_limit() {
        let checked = |endpoint: &str, transport: &str, bytes: usize| {
            let text = "x".repeat(bytes - 2);
            check(&ApiRequest::new(endpoint).with_data(json!({"transport": transport, "body": text})))
        };
        let cloud = "https://api.pipecat.daily.co/v1/public/a/start";
        for (transport, limit) in [("websocket", 4096), ("webrtc", 1_048_576), ("daily", 1_048_576)] {
            checked(cloud, transport, limit).unwrap();
            let error = checked(cloud, transport, limit + 1).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidArgument);
            for part in [(limit + 1).to_string(), limit.to_string(), "'a'".to_owned()] {
                assert!(error.message().contains(&part), "{error}");
            }
        }
        checked("https://bot.example/start", "websocket", 1_000_000).unwrap();
        check(&ApiRequest::pipecat_cloud("a", "k").unwrap()).unwrap();
    }
}
