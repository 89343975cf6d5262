//! `rtvi load` in rooms: each caller has a token of its own, and a bot.

use rtvi_tests::{LoadRun, write_greeting};
use serde_json::json;
use tempfile::tempdir;

use super::{new_room, shared_site};

/// How many callers there are.
const CALLS: usize = 2;

#[tokio::test]
async fn callers_in_rooms_are_answered() {
    let (site, folder) = (shared_site().await, tempdir().expect("a folder can be made"));
    let [said, tokens] = ["said.wav", "tokens.txt"].map(|name| folder.path().join(name));
    write_greeting(&said).await;
    let mut text = String::new();
    for _ in 0..CALLS {
        let params = site.send_bot(json!({"room": new_room()})).await;
        let token = params.get(&["token"]).and_then(|token| token.as_str()).expect("the answer has a token");
        text += &format!("{token}\n");
    }
    std::fs::write(&tokens, text).expect("tokens are written");
    let (url, calls) = (site.server.url(), CALLS.to_string());
    let (token, mic) = (format!("@{}", tokens.display()), format!("wav:{}", said.display()));
    let arguments = ["--livekit", &url, "--token", &token, "--calls", &calls, "--mic", &mic];
    let run = LoadRun::make(folder.path(), &arguments).await;
    run.assert_code(0);
    assert_eq!((run.number("/calls/ready"), run.number("/calls/dropped")), (2.0, 0.0), "{}", run.text);
    assert!(run.number("/turns/answered") >= 1.0, "{}", run.text);
    assert!(run.number("/heardPercent") > 50.0, "{}", run.text);
}
