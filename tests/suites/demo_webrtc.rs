//! The demo bot, over WebRTC.

use futures_util::future::join_all;
use rtvi_tests::{
    Demo, Session, Target,
    exchange::session,
    network::{Conditions, HostileNetwork},
};

async fn bot() -> Demo {
    Demo::over_webrtc().await
}

rtvi_tests::every_exchange!(bot);
rtvi_tests::every_spoken_exchange!(bot, understands_words: false);

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
