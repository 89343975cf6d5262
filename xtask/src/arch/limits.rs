//! SECURITY.md's table of limits against the constants that are the limits.
//!
//! Depends on nothing. Must never know a limit itself but by its two spellings.

use super::Breach;

const FILE: &str = "SECURITY.md";
/// The line before the table.
const HEADING: &str = "| what | limit | beyond it |";
const CORE: &str = "rtvi-core/src/";

/// How a line of the table begins, the file with the constant, and how that is written there.
type Limit = (&'static str, &'static str, &'static str);

const LIMITS: &[Limit] = &[
    (
        "answer to a start request or an offer | 1 MiB",
        "transport/http/client.rs",
        "MAX_ANSWER: usize = 1024 * 1024;",
    ),
    (
        "compressed answers | 1 MiB before and after they are unpacked, 3 codings |",
        "transport/http/coding.rs",
        "MAX_CODINGS: usize = 3;",
    ),
    (
        "what is unpacked of a refused WebSocket handshake | 64 KiB |",
        "transport/http/coding.rs",
        "MAX_TAIL: usize = 64 * 1024;",
    ),
    ("cookies of a session | 50, of 4 KiB each |", "transport/cookies.rs", "MAX_COOKIES: usize = 50;"),
    ("cookies of a session | 50, of 4 KiB each |", "transport/cookies.rs", "MAX_COOKIE: usize = 4096;"),
    ("redirects | 5 |", "transport/http/redirect.rs", "MAX_REDIRECTS: usize = 5;"),
    ("text of a server in an error | 200 characters", "protocol/violation.rs", "MAX_TEXT: usize = 200;"),
    ("text of a server in an error | 200 characters", "error.rs", "EXCERPT: usize = 200;"),
    ("SDP answer | 256 KiB |", "transport/small_webrtc/sdp/answer.rs", "MAX_ANSWER: usize = 256 * 1024;"),
    (
        "candidates in it, and the server's STUN and TURN servers | 64, and 8 of each |",
        "transport/small_webrtc/sdp/answer.rs",
        "MAX_CANDIDATES: usize = 64;",
    ),
    (
        "candidates in it, and the server's STUN and TURN servers | 64, and 8 of each |",
        "transport/small_webrtc/turn/mod.rs",
        "MOST_SERVERS: usize = 8;",
    ),
    ("WebSocket message | 4 MiB", "transport/websocket/dial.rs", "MAX_INCOMING: usize = 4 * 1024 * 1024;"),
    ("WebRTC message | 256 KiB", "transport/small_webrtc/mod.rs", "MAX_INCOMING: u32 = 256 * 1024;"),
    (
        "frame from a TURN server over TCP | 16 KiB |",
        "transport/small_webrtc/turn/framing.rs",
        "LARGEST: usize = 16 * 1024;",
    ),
    (
        "messages that the client has not looked at yet | 32, and 1 MiB behind them |",
        "client/driver/link.rs",
        "EVENT_QUEUE: usize = 32;",
    ),
    (
        "messages that the client has not looked at yet | 32, and 1 MiB behind them |",
        "transport/backlog.rs",
        "MAX_BYTES: usize = 1024 * 1024;",
    ),
    ("messages that wait for the app | 512 events", "client/hub.rs", "EVENT_QUEUE: usize = 512;"),
    (
        "messages that wait for the app | 512 events, and 8 MiB of messages over 16 KiB",
        "client/hub.rs",
        "MAX_WAITING: usize = 8 * 1024 * 1024;",
    ),
    (
        "messages that wait for the app | 512 events",
        "client/options.rs",
        "STALL_LIMIT: Duration = Duration::from_secs(10);",
    ),
    (
        "audio that waits to be played | 10 min, 24 MiB |",
        "media/playout/mod.rs",
        "MAX_BUFFERED: Duration = Duration::from_secs(600);",
    ),
    (
        "audio that waits to be played | 10 min, 24 MiB |",
        "media/playout/state.rs",
        "MAX_BUFFERED_BYTES: usize = 24 * 1024 * 1024;",
    ),
    ("functions that run or wait to run | 64 |", "client/machine/functions.rs", "MAX_OPEN: usize = 64;"),
    (
        "a function that runs | 30 s",
        "client/options.rs",
        "FUNCTION_TIMEOUT: Duration = Duration::from_secs(30);",
    ),
    (
        "function calls that are remembered | 256 |",
        "client/machine/functions.rs",
        "MAX_REMEMBERED: usize = 256;",
    ),
    (
        "reports of a peer connection that wait | 256 |",
        "transport/small_webrtc/peer.rs",
        "EVENT_QUEUE: usize = 256;",
    ),
    (
        "a conversation that is kept | 1000 turns, 64 KiB of text and 1000 parts",
        "client/conversation/mod.rs",
        "MAX_TURNS: u32 = 1000;",
    ),
    (
        "a conversation that is kept | 1000 turns, 64 KiB of text and 1000 parts",
        "client/conversation/mod.rs",
        "MAX_TURN_TEXT: u32 = 64 * 1024;",
    ),
    (
        "a conversation that is kept | 1000 turns, 64 KiB of text and 1000 parts",
        "client/conversation/mod.rs",
        "MAX_TURN_PARTS: usize = 1000;",
    ),
    (
        "silence of a server that was ready | 5.5 s (WebSocket), 5.75 s (WebRTC)",
        "transport/websocket/options.rs",
        "stall_timeout: Duration::from_millis(5_500),",
    ),
    (
        "silence of a server that was ready | 5.5 s (WebSocket), 5.75 s (WebRTC)",
        "transport/small_webrtc/options.rs",
        "stall_timeout: Duration::from_millis(5_750),",
    ),
    ("attempts to restore a connection | 3 (option)", "client/options.rs", "max_attempts: 3,"),
    ("disconnecting | 2 s |", "client/options.rs", "DISCONNECT_TIMEOUT: Duration = Duration::from_secs(2);"),
];

/// The lines whose limits are no constants of ours: what a library refuses, and what is never asked for. Tests show them.
const OTHERS: [&str; 4] = [
    "WebRTC messages that are not read yet |",
    "WebRTC data channels |",
    "headers of a WebSocket's handshake |",
    "nesting of JSON |",
];

/// What does not agree.
pub(super) fn check(texts: &[(String, String)]) -> Vec<Breach> {
    let text_of = |name: &str| texts.iter().find(|(file, _)| file == name).map(|(_, text)| text.as_str());
    let Some(security) = text_of(FILE) else { return Vec::new() };
    let rows = rows(security);
    let breach = |file: &str, line: usize, message: String| Breach { file: file.to_owned(), line, message };
    let mut breaches = Vec::new();
    for (row, file, constant) in LIMITS {
        let file = format!("{CORE}{file}");
        if !rows.iter().any(|(_, found)| found.starts_with(row)) {
            breaches.push(breach(FILE, 1, format!("no limit `{row}`, which `{constant}` in {file} is")));
        }
        if !text_of(&file).is_some_and(|text| text.contains(constant)) {
            breaches.push(breach(&file, 1, format!("no `{constant}`, as {FILE} has it: `{row}`")));
        }
    }
    let is_known =
        |row: &str| LIMITS.iter().map(|(known, ..)| *known).chain(OTHERS).any(|known| row.starts_with(known));
    for (line, row) in rows.into_iter().filter(|(_, row)| !is_known(row)) {
        breaches.push(breach(FILE, line, format!("`{row}`: say in xtask's `limits` which constant it is")));
    }
    breaches
}

/// The lines of the table without their first bar, and the number of each.
fn rows(security: &str) -> Vec<(usize, &str)> {
    let lines = security.lines().enumerate().skip_while(|(_, line)| *line != HEADING).skip(2);
    let table = lines.map_while(|(index, line)| Some((index + 1, line.strip_prefix("| ")?)));
    table.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_that_says_something_else_is_found() {
        let text =
            format!("# Security\n\n{HEADING}\n|---|---|---|\n| redirects | 6 | no |\n\n| other | table |\n");
        assert_eq!(rows(&text), [(5, "redirects | 6 | no |")]);
        let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        let texts = [
            file(FILE, &text),
            file("rtvi-core/src/transport/http/redirect.rs", "const MAX_REDIRECTS: usize = 5;"),
        ];
        let found: Vec<String> =
            check(&texts).iter().map(Breach::to_string).filter(|text| text.contains("edirects")).collect();
        assert_eq!(found.len(), 2, "the line is missing, and another unknown: {found:?}");
        assert!(check(&[]).is_empty());
    }
}
