//! What to do about a failure. Pure.

use rtvi_core::{Error, ErrorKind, Phase};

pub(super) const REFUSED: &str = "Nobody listens there. Is the server running, and is the port right? In a container, is the port published?";
pub(super) const UNREACHABLE: &str =
    "The host does not answer. Is it up, and does a firewall or a missing network (VPN) keep you from it?";
pub(super) const ROOM: &str = "Ask for another transport: --transport webrtc or websocket, and no createDailyRoom in --data. The bot must offer it.";

/// What to do about an error of the client.
pub(super) fn for_error(error: &Error) -> Option<String> {
    let hint = match (error.kind(), error.phase(), error.status()) {
        (_, _, Some(status)) => for_status(status)?,
        (ErrorKind::Tls, ..) => for_tls(error.message()),
        (ErrorKind::StartBotFailed, ..) => {
            "The URL should be the endpoint that starts bots; Pipecat's runner has it at /start, and it answers JSON."
        }
        (ErrorKind::Timeout, Some(Phase::BotReady), _) => {
            "The connection is open, but the bot does not answer client-ready. Has its pipeline an RTVI processor, and has it started? See its log."
        }
        (ErrorKind::Timeout, Some(Phase::StartRequest), _) => {
            "The server accepts connections but does not answer. A bot can take long to start: try a longer --timeout."
        }
        (ErrorKind::Timeout, ..) => {
            "The server accepts connections but does not answer. Is it overloaded, or another kind of server?"
        }
        (ErrorKind::InvalidTransportParams, ..) => {
            "The parameters for the connection can't be used; they come from the URL or the start endpoint's answer."
        }
        (ErrorKind::BotError, ..) => "The bot has failed by itself. See its log.",
        (ErrorKind::ConnectionFailed, ..) if error.message().contains("network path") => {
            "The server answers over HTTP, but no packets of WebRTC get through. Does a firewall stop UDP? The server may need a TURN server to hand out."
        }
        (ErrorKind::ConnectionLost | ErrorKind::ConnectionFailed, ..) => {
            "The server closed the connection. Does it speak this transport (over a WebSocket Pipecat's protobuf frames) at this path? See its log."
        }
        _ => return None,
    };
    Some(hint.to_owned())
}

/// What to do when Pipecat Cloud has refused to start an agent.
pub(super) fn for_agent(agent: &str, error: &Error) -> Option<String> {
    let again =
        error.retry_after().map_or_else(String::new, |wait| format!(" Try again in {} s.", wait.as_secs()));
    Some(match (error.code(), error.status()) {
        (Some("PCC-1002"), _) | (_, Some(401 | 403)) => {
            "Pipecat Cloud does not take the key. It must be a public one (pk_...) of the agent's own organization.".to_owned()
        }
        (Some("PCC-1004"), _) | (_, Some(402)) => {
            "The organization has no billing set up: see its page on Pipecat Cloud's dashboard.".to_owned()
        }
        (Some("PCC-AGENT-AT-CAPACITY"), _) | (_, Some(429)) => {
            format!("All instances of the agent are in use: try again later, or let it have more (max-agents).{again}")
        }
        (_, Some(404)) => {
            format!("There is no agent '{agent}' in the organization of this key. Has it been deployed, and is the name right?")
        }
        (_, Some(413)) => "What is sent in 'body' is too large: see --data.".to_owned(),
        (Some(code), Some(500..)) if code.starts_with("PCC") => {
            format!("The agent could not be started: see its log, `pipecat cloud agent logs {agent}`.{again}")
        }
        _ => return None,
    })
}

/// What to do about an HTTP status or a WebSocket close code.
const fn for_status(status: u16) -> Option<&'static str> {
    Some(match status {
        401 | 403 => "The server wants credentials: give them with --header or --token.",
        404 => "The server has nothing at this path. Pipecat's runner has /start, /api/offer and /ws.",
        405 => "The server does not take this kind of request here. Is the path that of the start endpoint?",
        400 | 422 => {
            "The server does not like the request: see its text, and give what it asks for with --data."
        }
        429 => "The server has too many sessions. Try again later.",
        502..=504 => "A proxy answers, but not the bot server behind it. Is that running?",
        500..=599 => "The server has failed. See its log.",
        200..=299 => {
            "An ordinary web page answers at this path, not a bot. Pipecat's runner has /start, /api/offer and /ws."
        }
        1008 => "The server refused the session by its policy. Is the token right?",
        1011..=1014 => "The bot has failed. See its log.",
        _ => return None,
    })
}

/// What to do about a failure of TLS.
pub(super) fn for_tls(cause: &str) -> &'static str {
    let cause = cause.to_lowercase();
    if cause.contains("issuer") || cause.contains("unknown authority") {
        "Nobody that this machine trusts vouches for the server. For a certificate of your own, install its authority."
    } else if cause.contains("neither encrypted") {
        "Give the server a certificate and use wss:// or https://. `rtvi talk --allow-plaintext` does without one."
    } else if cause.contains("name") {
        "The certificate is for another host. Use the name that is in it."
    } else if cause.contains("expired") || cause.contains("valid yet") {
        "Renew the certificate, and look at the clocks of both machines."
    } else if cause.contains("contenttype") || cause.contains("corrupt") || cause.contains("speak tls") {
        "The server does not speak TLS at this port: use ws:// or http://."
    } else {
        "TLS could not be agreed on. Does the server speak TLS 1.2 or 1.3 at this port?"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_failures_have_a_hint() {
        let hint = |error: Error| for_error(&error).unwrap_or_default();
        let error = |kind| Error::new(kind, "test");
        assert!(hint(error(ErrorKind::StartBotFailed).with_status(401)).contains("--token"));
        assert!(hint(error(ErrorKind::StartBotFailed).with_status(404)).contains("/start"));
        assert!(hint(error(ErrorKind::ConnectionFailed).with_status(503)).contains("proxy"));
        assert!(hint(error(ErrorKind::Timeout).in_phase(Phase::BotReady)).contains("client-ready"));
        assert!(hint(error(ErrorKind::Timeout).in_phase(Phase::StartRequest)).contains("--timeout"));
        assert_eq!(for_error(&error(ErrorKind::Cancelled)), None);
    }

    #[test]
    fn refusals_of_pipecat_cloud_are_told_apart() {
        let hint = |status: u16, code: &str| {
            let error = Error::new(ErrorKind::StartBotFailed, "no").with_status(status).with_code(code);
            for_agent("my-agent", &error.with_retry_after(std::time::Duration::from_secs(7)))
                .unwrap_or_default()
        };
        for (status, code, part) in [
            (400, "PCC-1002", "pk_"),
            (401, "", "pk_"),
            (400, "PCC-1004", "billing"),
            (503, "PCC-AGENT-AT-CAPACITY", "in 7 s"),
            (429, "429", "max-agents"),
            (404, "", "'my-agent'"),
            (500, "PCC_UNKNOWN_ERROR", "logs my-agent"),
            (413, "", "--data"),
        ] {
            assert!(hint(status, code).contains(part), "{status} {code}");
        }
        assert_eq!(hint(500, ""), "");
    }

    #[test]
    fn tls_failures_are_told_apart() {
        for (cause, part) in [
            ("invalid peer certificate: UnknownIssuer", "authority"),
            ("certificate not valid for name \"x\"", "another host"),
            ("invalid peer certificate: Expired", "Renew"),
            ("received corrupt message of type InvalidContentType", "ws://"),
            ("http://bot.example/ is neither encrypted nor on this machine", "--allow-plaintext"),
            ("handshake failure", "TLS 1.2"),
        ] {
            assert!(for_tls(cause).contains(part), "{cause}");
        }
    }
}
