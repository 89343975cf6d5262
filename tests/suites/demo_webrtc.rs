//! The demo bot, over WebRTC.

use futures_util::future::join_all;
use rtvi_tests::{
    Demo, Session, Target,
    exchange::{conversation, session},
    network::{Conditions, HostileNetwork},
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

/// The WebRTC crate on both sides may switch its role because of a check for another peer. The
/// client and the bot filter such checks. If one of them does not, a call of these hangs in most
/// runs (the client) or in some (the bot), because both wait for the other side to decide.
#[tokio::test]
async fn connects_while_a_stranger_sends_checks() {
    let bot = bot().await;
    let conditions = Conditions { has_stranger: true, ..Conditions::default() };
    let network = HostileNetwork::start(&bot.bot.http_url(), 1, conditions).await;
    let target = Target { offer_url: Some(format!("{}/api/offer", network.url())), ..bot.target() };
    for _ in 0..16 {
        for session in join_all((0..8).map(|_| Session::connected(&target))).await {
            session.client.disconnect().await.expect("the client disconnects");
        }
    }
}
