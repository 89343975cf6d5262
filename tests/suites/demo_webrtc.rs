//! The demo bot, over WebRTC.

use rtvi_tests::{
    Demo, Session,
    exchange::{conversation, session},
};

async fn bot() -> Demo {
    Demo::over_webrtc().await
}

rtvi_tests::every_exchange!(bot);

#[tokio::test]
async fn spoken_turn() {
    let bot = bot().await;
    let heard = conversation::spoken_turn(&bot.target(), "Hello, can you hear me?").await;
    assert!(!heard.is_empty());
}

#[tokio::test]
async fn spoken_interruption() {
    let bot = bot().await;
    conversation::spoken_interruption(&bot.target(), "Stop, that is enough.").await;
}

#[tokio::test]
async fn muting() {
    let bot = bot().await;
    conversation::muting(&bot.target(), "Hello, can you hear me?").await;
}

#[tokio::test]
async fn a_bot_that_vanishes_is_noticed() {
    let bot = bot().await;
    let mut client = Session::connected(&bot.target()).await;
    bot.bot.stop().await;
    session::server_vanishes(&mut client).await;
}
