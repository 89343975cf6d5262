//! Conversations from the first byte to the last.

use rtvi_bot::{BotOptions, FunctionDetail};
use serde_json::json;

use crate::common::{Client, Got, bot, session, types};

#[tokio::test]
async fn a_spoken_conversation() {
    let bot = bot(BotOptions { greeting: Some("Hello, I am ready.".into()), ..BotOptions::default() }).await;
    let mut client = Client::ready(&bot, "").await;
    let greeting = client.until("bot-stopped-speaking").await;
    assert!(greeting.iter().any(|got| matches!(got, Got::Audio(audio) if audio.sample_rate == 24_000)));

    client.speak(1000, 8000.0).await;
    client.speak(700, 0.0).await;
    let turn = client.until("bot-stopped-speaking").await;
    let told = types(&turn);
    for pair in [
        ["user-started-speaking", "user-transcription"],
        ["user-transcription", "user-stopped-speaking"],
        ["user-stopped-speaking", "bot-llm-started"],
        ["bot-llm-started", "bot-tts-started"],
        ["bot-tts-started", "bot-started-speaking"],
        ["bot-started-speaking", "bot-output"],
        ["bot-output", "bot-stopped-speaking"],
    ] {
        let place = |name| told.iter().position(|kind| *kind == name);
        assert!(place(pair[0]).is_some() && place(pair[0]) < place(pair[1]), "{pair:?} in {told:?}");
    }
    client.socket.close(None).await.expect("open until now");
    while client.next().await != Got::Broken {}
    let record = session(&bot, |record| record.ended).await;
    assert_eq!((record.turns, record.close_code), (1, Some(1005)));
    assert_eq!(record.client_version.as_deref(), Some("2.2.0"));
    assert!((record.audio_seconds - 1.7).abs() < 1e-6);
}

#[tokio::test]
async fn a_function_call_is_answered_by_the_client() {
    let bot = bot(BotOptions { function_detail: FunctionDetail::Full, ..BotOptions::default() }).await;
    let mut client = Client::ready(&bot, "").await;
    client.tell("send-text", json!({ "content": "How is the weather" })).await;
    let call = client.message("llm-function-call-in-progress").await["data"].clone();
    let result = json!({ "function_name": call["function_name"], "tool_call_id": call["tool_call_id"],
        "arguments": call["arguments"], "result": { "conditions": "sunny" } });
    client.tell("llm-function-call-result", result).await;
    let stopped = client.message("llm-function-call-stopped").await;
    assert_eq!(stopped["data"]["cancelled"], false);
    let output = client.message("bot-output").await;
    assert_eq!(output["data"]["text"], "Here is the answer.");
}

#[tokio::test]
async fn speech_interrupts_the_bot() {
    let bot = bot(BotOptions::default()).await;
    let mut client = Client::ready(&bot, "").await;
    client.tell("send-text", json!({ "content": "Please count" })).await;
    client.message("bot-started-speaking").await;
    client.speak(400, 8000.0).await;
    let all = client.until("bot-interrupted").await;
    assert_eq!(
        types(&all)[types(&all).len() - 3..],
        ["user-started-speaking", "INTERRUPTION", "bot-interrupted"]
    );
    assert_eq!(types(&[client.next().await]), ["bot-stopped-speaking"]);
}

#[tokio::test]
async fn requests_keys_and_the_bots_leaving() {
    let bot = bot(BotOptions::default()).await;
    let mut client = Client::ready(&bot, "").await;
    client.request("get-language", json!({})).await;
    let response = client.message("server-response").await;
    assert_eq!(response["id"], "id-1");
    assert_eq!(response["data"], json!({ "t": "get-language", "d": { "language": "en-US" } }));
    client.request("no-such-thing", json!({})).await;
    assert_eq!(client.message("error-response").await["data"]["error"], "unknown request 'no-such-thing'");
    client.request("session", json!(null)).await;
    let id = client.message("server-response").await["data"]["d"]["id"].clone();
    client.tell("dtmf", json!({ "buttons": ["1", "2", "#"] })).await;
    assert_eq!(client.message("bot-output").await["data"]["text"], "You typed 1 2.");
    client.tell("disconnect-bot", json!({})).await;
    loop {
        match client.next().await {
            Got::Closed(close) => break assert_eq!(close, Some((1000, String::new()))),
            Got::Broken => panic!("no close"),
            _ => {}
        }
    }
    assert_eq!(client.next().await, Got::Broken, "the close is answered");
    let record = session(&bot, |record| record.ended).await;
    assert_eq!((json!(record.id), record.dtmf.as_str()), (id, "12#"));
}

#[tokio::test]
async fn echo_returns_the_same_samples() {
    let bot = bot(BotOptions { echo: true, ..BotOptions::default() }).await;
    let mut client = Client::ready(&bot, "").await;
    client.speak(40, 8000.0).await;
    for _ in 0..2 {
        let Got::Audio(audio) = client.next().await else { panic!("no audio") };
        assert_eq!((audio.sample_rate, audio.num_channels, audio.audio.len()), (16_000, 1, 640));
    }
}

#[tokio::test]
async fn a_stopped_bot_leaves_its_port_and_its_clients() {
    let bot = bot(BotOptions::default()).await;
    let mut client = Client::ready(&bot, "").await;
    let address = bot.address();
    bot.stop().await;
    assert_eq!(client.next().await, Got::Broken);
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}
