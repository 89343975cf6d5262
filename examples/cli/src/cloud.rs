//! Agents on Pipecat Cloud: their name and key on the command line, and the resulting start
//! request.
//!
//! The key is a secret: no help text, error or `Debug` form contains it.

use std::fmt;

use clap::Args;
use rtvi_core::{ApiRequest, Error, ErrorKind};
use serde_json::{Map, Value};
use url::Url;

use crate::{transport::Kind, values};

/// The environment variable with the key. Unlike an argument, it is invisible to other users of the
/// machine.
const KEY_VARIABLE: &str = "PIPECAT_CLOUD_API_KEY";

/// An agent on Pipecat Cloud.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct AgentArgs {
    /// Agent on Pipecat Cloud: starts a session, over WebRTC unless --transport selects another one
    #[arg(long, value_name = "NAME")]
    pub(crate) agent: Option<String>,
    /// Public key (pk_...) for --agent [default: the environment variable PIPECAT_CLOUD_API_KEY,
    /// which others can't read]
    #[arg(long, value_name = "KEY", requires = "agent")]
    key: Option<Key>,
    /// Server to use instead of Pipecat Cloud, for --agent
    #[arg(long, value_name = "URL", requires = "agent", value_parser = values::http_url)]
    cloud: Option<Url>,
}

/// A key.
#[derive(Clone)]
struct Key(String);

impl From<&str> for Key {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl AgentArgs {
    /// The start request; `None` without an agent. It requests `data`, and `transport` unless
    /// `data` names one.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] when there is no key, or when the name or key is unusable.
    pub(crate) fn request(
        &self,
        data: Option<&Map<String, Value>>,
        transport: Option<Kind>,
    ) -> Option<Result<ApiRequest, Error>> {
        match self.agent.as_deref() {
            Some(agent) => Some(self.request_for(agent, data, transport)),
            // The grammar does not detect this when another target is given.
            None if self.key.is_some() || self.cloud.is_some() => {
                let text = "--key and --cloud require --agent; for other servers use --header";
                Some(Err(Error::new(ErrorKind::InvalidArgument, text)))
            }
            None => None,
        }
    }

    fn request_for(
        &self,
        agent: &str,
        data: Option<&Map<String, Value>>,
        transport: Option<Kind>,
    ) -> Result<ApiRequest, Error> {
        let mut request = ApiRequest::pipecat_cloud(agent, &self.key()?)?;
        if let Some(cloud) = &self.cloud {
            request.endpoint = moved(&request.endpoint, cloud)?;
        }
        Ok(request.with_data(Value::Object(asked(data, transport))))
    }

    fn key(&self) -> Result<String, Error> {
        let given = self.key.as_ref().map(|Key(key)| key.clone());
        given.or_else(|| std::env::var(KEY_VARIABLE).ok()).filter(|key| !key.is_empty()).ok_or_else(|| {
            let text = format!(
                "--agent needs a public key: pass it with --key or in the environment variable {KEY_VARIABLE}"
            );
            Error::new(ErrorKind::InvalidArgument, text)
        })
    }
}

/// The path of an endpoint on another server, below that server's own path.
fn moved(endpoint: &str, server: &Url) -> Result<String, Error> {
    let endpoint = Url::parse(endpoint)
        .map_err(|cause| Error::new(ErrorKind::InvalidArgument, format!("--cloud: {cause}")))?;
    let mut moved = server.clone();
    moved.set_path(&format!("{}{}", server.path().trim_end_matches('/'), endpoint.path()));
    moved.set_query(None);
    moved.set_fragment(None);
    Ok(moved.into())
}

/// The request data for an agent. Pipecat Cloud supplies the ICE servers that WebRTC needs only on
/// request.
fn asked(data: Option<&Map<String, Value>>, transport: Option<Kind>) -> Map<String, Value> {
    let mut asked = data.cloned().unwrap_or_default();
    let wanted = transport.unwrap_or(Kind::Webrtc).name();
    asked.entry("transport").or_insert_with(|| wanted.into());
    if asked.get("transport").and_then(Value::as_str) == Some(Kind::Webrtc.name()) {
        asked.entry("enableDefaultIceServers").or_insert(true.into());
    }
    asked
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        args: AgentArgs,
    }

    fn args(line: &[&str]) -> AgentArgs {
        Line::parse_from([&["rtvi"], line].concat()).args
    }

    #[test]
    fn an_agent_is_asked_for_webrtc_with_its_key() {
        let args = args(&["--agent", "my-agent", "--key", "pk_secret"]);
        assert!(!format!("{args:?}").contains("secret"), "{args:?}");
        let request = args.request(None, None).expect("an agent").expect("a request");
        assert_eq!(request.endpoint, "https://api.pipecat.daily.co/v1/public/my-agent/start");
        assert_eq!(request.headers, [("Authorization".to_owned(), "Bearer pk_secret".to_owned())]);
        assert_eq!(
            request.request_data,
            Some(json!({"transport": "webrtc", "enableDefaultIceServers": true}))
        );
    }

    #[test]
    fn what_is_asked_for_can_be_said() {
        let args = args(&["--agent", "a", "--key", "k", "--cloud", "http://localhost:7860"]);
        let data = Map::from_iter([("body".to_owned(), json!({"x": 1}))]);
        let request = args.request(Some(&data), Some(Kind::Websocket)).expect("an agent").expect("a request");
        assert_eq!(request.endpoint, "http://localhost:7860/v1/public/a/start");
        assert_eq!(request.request_data, Some(json!({"body": {"x": 1}, "transport": "websocket"})));
        let data = Map::from_iter([("transport".to_owned(), json!("daily"))]);
        let request = args.request(Some(&data), None).expect("an agent").expect("a request");
        assert_eq!(request.request_data, Some(json!({"transport": "daily"})));
        assert!(AgentArgs::default().request(None, None).is_none());
    }

    #[test]
    fn another_server_keeps_its_path() {
        for (cloud, endpoint) in [
            ("https://proxy.example", "https://proxy.example/v1/public/a/start"),
            ("https://proxy.example/pcc", "https://proxy.example/pcc/v1/public/a/start"),
            ("https://proxy.example/pcc/?x=1", "https://proxy.example/pcc/v1/public/a/start"),
        ] {
            let args = args(&["--agent", "a", "--key", "k", "--cloud", cloud]);
            let request = args.request(None, None).expect("an agent").expect("a request");
            assert_eq!(request.endpoint, endpoint);
        }
    }

    #[test]
    fn what_can_not_be_used_is_told_without_the_key() {
        let error = |line: &[&str]| {
            args(line).request(None, None).expect("an agent").expect_err("unusable").to_string()
        };
        assert!(error(&["--agent", "a/b", "--key", "pk_secret"]).contains("'a/b'"));
        let stray = AgentArgs { key: Some(Key("pk_secret".to_owned())), ..AgentArgs::default() };
        let stray = stray.request(None, None).expect("a complaint").expect_err("it is stray");
        assert!(stray.message().contains("--header") && !stray.message().contains("secret"), "{stray}");
        let bad_key = error(&["--agent", "a", "--key", "pk_secret x"]);
        assert!(bad_key.contains("key") && !bad_key.contains("secret"), "{bad_key}");
        assert!(
            Line::try_parse_from(["rtvi", "--key", "pk_secret"])
                .is_err_and(|error| !error.to_string().contains("secret"))
        );
    }
}
