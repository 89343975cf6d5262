//! The demo bot, over WebSocket.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use rtvi_bot::{BotOptions, DemoBot};
use rtvi_tests::{
    Session, Target,
    exchange::{calls, conversation, messages, session},
};

async fn bot() -> DemoBot {
    DemoBot::start(BotOptions::default()).await.expect("the bot starts")
}

fn target(bot: &DemoBot) -> Target {
    Target { ws_url: bot.ws_url(), start_url: bot.start_url(), offer_url: None }
}

macro_rules! exchanges {
    ($($name:ident: $exchange:path,)+) => { $(
        #[tokio::test]
        async fn $name() {
            let bot = bot().await;
            $exchange(&target(&bot)).await;
        }
    )+ };
}

exchanges! {
    connect_and_disconnect: session::connect_and_disconnect,
    start_bot_and_connect: session::start_bot_and_connect,
    connect_again: session::connect_again,
    calls_in_a_wrong_state: session::calls_in_a_wrong_state,
    bot_leaves: session::bot_leaves,
    bot_fails: session::bot_fails,
    requests: messages::requests,
    request_then_disconnect: messages::request_then_disconnect,
    server_messages: messages::server_messages,
    dtmf: messages::dtmf,
    files: messages::files,
    texts: messages::texts,
    append_to_context: messages::append_to_context,
    function_call: calls::function_call,
    failing_function: calls::failing_function,
    written_interruption: conversation::written_interruption,
}

#[tokio::test]
async fn spoken_turn() {
    let bot = bot().await;
    let heard = conversation::spoken_turn(&target(&bot), "Hello, can you hear me?").await;
    assert!(!heard.is_empty());
}

#[tokio::test]
async fn spoken_interruption() {
    let bot = bot().await;
    conversation::spoken_interruption(&target(&bot), "Stop, that is enough.").await;
}

#[tokio::test]
async fn muting() {
    let bot = bot().await;
    conversation::muting(&target(&bot), "Hello, can you hear me?").await;
}

#[tokio::test]
async fn a_bot_that_vanishes_is_noticed() {
    let bot = bot().await;
    let mut client = Session::connected(&target(&bot)).await;
    bot.stop().await;
    session::server_vanishes(&mut client).await;
}
