//! The demo bot, over WebSocket.

use rtvi_tests::{Demo, Session, exchange::session};

async fn bot() -> Demo {
    Demo::over_websocket().await
}

rtvi_tests::every_exchange!(bot);
rtvi_tests::every_spoken_exchange!(bot, understands_words: false);

#[tokio::test]
async fn start_bot_and_connect() {
    let bot = bot().await;
    session::start_bot_and_connect(&bot.target()).await;
}

#[tokio::test]
async fn a_bot_that_vanishes_is_noticed() {
    let bot = bot().await;
    let mut client = Session::connected(&bot.target()).await;
    bot.bot.stop().await;
    session::server_vanishes(&mut client).await;
}
