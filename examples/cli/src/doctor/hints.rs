//! How to fix a failure. Pure.

use rtvi_core::{Error, ErrorKind, Phase};

pub(super) const REFUSED: &str = "Nothing listens there. Is the server running, and is the port right? In a container, is the port published?";
pub(super) const UNREACHABLE: &str =
    "The host does not answer. Is it up? Does a firewall block it, or do you need a VPN?";
pub(super) const ROOM: &str = "Request another transport that the bot offers: --transport webrtc, websocket or livekit, and no createDailyRoom in --data.";
pub(super) const OWN_ADDRESS: &str = "Check the server's configuration of its own address.";

/// How to fix an error of the client.
pub(super) fn for_error(error: &Error) -> Option<String> {
    let hint = match (error.kind(), error.phase(), error.status()) {
        (_, _, Some(status)) => for_status(status)?,
        (ErrorKind::Tls, ..) => for_tls(error.message()),
        (ErrorKind::StartBotFailed, ..) => {
            "The URL must be the endpoint that starts bots; it answers JSON. Pipecat's runner has it at /start."
        }
        (ErrorKind::Timeout, Some(Phase::BotReady), _) => {
            "The connection is open, but the bot does not answer client-ready. Does its pipeline have an RTVI processor, and has it started? See its log."
        }
        (ErrorKind::Timeout, Some(Phase::StartRequest), _) => {
            "The server accepts connections but does not answer. Some bots start slowly: try a longer --timeout."
        }
        (ErrorKind::Timeout, ..) => {
            "The server accepts connections but does not answer. Is it overloaded, or another kind of server?"
        }
        (ErrorKind::InvalidTransportParams, ..) => {
            "The connection parameters, from the URL or the start endpoint's answer, are unusable."
        }
        (ErrorKind::BotError, ..) => "The bot itself failed. See its log.",
        (ErrorKind::ConnectionFailed, ..) if error.message().contains("network path") => {
            "The server answers over HTTP, but WebRTC packets do not get through. Does a firewall block UDP? The server may have to provide a TURN server."
        }
        (ErrorKind::ConnectionLost | ErrorKind::ConnectionFailed, ..) => {
            "The server closed the connection. Does it speak this transport (on a WebSocket: Pipecat's protobuf frames) at this path? See its log."
        }
        _ => return None,
    };
    Some(hint.to_owned())
}

/// How to proceed when Pipecat Cloud refused to start an agent.
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
            format!("All instances of the agent are in use: try again later, or allow more (max-agents).{again}")
        }
        (_, Some(404)) => {
            format!("There is no agent '{agent}' in the organization of this key. Is it deployed, and is the name right?")
        }
        (_, Some(413)) => "The 'body' of the request is too large: see --data.".to_owned(),
        (Some(code), Some(500..)) if code.starts_with("PCC") => {
            format!("The agent did not start: see its log, `pipecat cloud agent logs {agent}`.{again}")
        }
        _ => return None,
    })
}

/// How to fix a failure to join a LiveKit room.
pub(super) fn for_room(error: &Error) -> Option<String> {
    let hint = match (error.kind(), error.status()) {
        (_, Some(401)) => {
            "The LiveKit server does not accept the token. Is it expired, does it grant roomJoin, and was it made with the key and secret of this server? Check LIVEKIT_API_KEY and LIVEKIT_API_SECRET where the bot starts, and the clocks."
        }
        (_, Some(403)) => {
            "Something refuses the connection before LiveKit does. Is there a LiveKit server at this address, and not the bot's own server or a proxy? Check LIVEKIT_URL where the bot starts."
        }
        (_, Some(404)) => {
            "There is no LiveKit server at this address. Its URL has no path unless a proxy adds one; check LIVEKIT_URL where the bot starts."
        }
        (ErrorKind::Timeout, None) if error.message().contains("in the room") => {
            "The server lets the client in, but no bot is in the room. Has the bot started, and is it in the same room? A bot whose token is not an agent's must publish audio."
        }
        (_, None) if error.message().contains("network path") => {
            "The server answers, but media does not get through. Does a firewall block UDP to its port range? Open its TCP port for media (7881 by default), or configure TURN on it."
        }
        _ => return None,
    };
    Some(hint.to_owned())
}

/// What an HTTP status or a WebSocket close code means.
const fn for_status(status: u16) -> Option<&'static str> {
    Some(match status {
        401 | 403 => "The server requires credentials: pass them with --header or --token.",
        404 => "The server has nothing at this path. Pipecat's runner has /start, /api/offer and /ws.",
        405 => {
            "The server does not accept this kind of request here. Is this the path of the start endpoint?"
        }
        400 | 422 => "The server rejects the request: see its text, and pass what it requires with --data.",
        429 => "The server has too many sessions. Try again later.",
        502..=504 => "A proxy answers, but not the bot server behind it. Is that server running?",
        500..=599 => "The server failed. See its log.",
        200..=299 => {
            "An ordinary web page answers at this path, not a bot. Pipecat's runner has /start, /api/offer and /ws."
        }
        1008 => "The server's policy refuses the session. Is the token right?",
        1011..=1014 => "The bot failed. See its log.",
        _ => return None,
    })
}

/// How to fix a failure of TLS.
pub(super) fn for_tls(cause: &str) -> &'static str {
    let cause = cause.to_lowercase();
    if cause.contains("issuer") || cause.contains("unknown authority") {
        "This machine does not trust the authority of the server's certificate. If the certificate is your own, install its authority."
    } else if cause.contains("neither encrypted") {
        "Give the server a certificate and use wss:// or https://. `rtvi talk --allow-plaintext` works without one."
    } else if cause.contains("name") {
        "The certificate is for another host. Use the name in the certificate."
    } else if cause.contains("expired") || cause.contains("valid yet") {
        "Renew the certificate, and check the clocks of both machines."
    } else if cause.contains("contenttype") || cause.contains("corrupt") || cause.contains("speak tls") {
        "The server does not speak TLS at this port: use ws:// or http://."
    } else {
        "The TLS handshake failed. Does the server speak TLS 1.2 or 1.3 at this port?"
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
    fn rooms_that_do_not_open_are_told_apart() {
        let failed = || Error::new(ErrorKind::ConnectionFailed, "refused");
        let alone = Error::new(ErrorKind::Timeout, "no bot is in the room, and nobody else");
        let blocked = Error::new(ErrorKind::ConnectionFailed, "no network path to the server was found");
        for (error, part) in [
            (failed().with_status(401), "LIVEKIT_API_SECRET"),
            (failed().with_status(403), "a proxy"),
            (failed().with_status(404), "LIVEKIT_URL"),
            (alone, "Has the bot started"),
            (blocked, "7881"),
        ] {
            assert!(for_room(&error).unwrap_or_default().contains(part), "{error}");
        }
        assert_eq!(for_room(&Error::new(ErrorKind::Tls, "no")), None);
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
