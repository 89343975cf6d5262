//! The current Pipecat in the rooms of a real LiveKit server.
#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test fails by panicking and looks at the real clock"
)]

mod load;
mod outages;
mod people;
mod rooms;

use std::sync::Arc;

use rtvi_core::{ApiRequest, ConnectParams, ErrorKind};
use rtvi_tests::{
    PipecatServer, Session, Shared, Target,
    front::Front,
    livekit::{self, LiveKitServer, Shape, Site},
};
use serde_json::{Value, json};

const RUNNER_PORT: u16 = 17_872;

/// A module with these exchanges, for one way to reach the server.
macro_rules! way {
    ($($way:ident: $start:expr, $exchanges:path;)+) => { $(
        mod $way {
            use super::*;

            static SITE: Shared<Site> = Shared::new();

            async fn site() -> Arc<Site> {
                SITE.get(async || $start.await).await
            }

            $exchanges!(site);
        }
    )+ };
}

/// Every exchange with a bot in a room.
macro_rules! every_exchange {
    ($bot:path) => {
        rtvi_tests::every_short_exchange!($bot);
        rtvi_tests::every_spoken_exchange!($bot, understands_words: true);
    };
}

way! {
    full_ice: Site::start(Shape::Full), every_exchange;
    ice_lite: Site::start(Shape::Lite), rtvi_tests::exchanges_over_another_way;
    tcp_only: Site::start(Shape::Tcp), rtvi_tests::exchanges_over_another_way;
    old_server: Site::start(Shape::Old), rtvi_tests::exchanges_over_another_way;
}

/// A server that knows only signalling with two connections, and its bots.
mod two_connections {
    use super::*;

    struct Behind {
        site: Arc<Site>,
        front: Front,
    }

    impl Behind {
        fn target(&self) -> Target {
            Target { room_url: Some(self.front.url("ws", "")), ..self.site.target() }
        }
    }

    async fn behind() -> Behind {
        let site = shared_site().await;
        let front = livekit::two_connections(&site.server).await;
        Behind { site, front }
    }

    rtvi_tests::exchanges_over_another_way!(behind);
}

/// The site of the tests that neither kill nor freeze it.
async fn shared_site() -> Arc<Site> {
    static SITE: Shared<Site> = Shared::new();
    SITE.get(async || Site::start(Shape::Full).await).await
}

/// A room's name that no other test has.
fn new_room() -> String {
    format!("room-{:016x}", fastrand::u64(..))
}

/// A client with a bot in a new room.
struct Call {
    room: String,
    session: Session,
}

impl Call {
    async fn start(site: &Site) -> Self {
        let room = new_room();
        let params = site.send_bot(json!({"room": room})).await;
        Self { room, session: joined(params).await }
    }
}

/// A client in a room.
async fn joined(params: ConnectParams) -> Session {
    let session = Session::new();
    session.client.connect(params).await.expect("the client connects");
    session
}

async fn asks_its_language(session: &Session) {
    let answer = session.client.send_client_request("get-language", None, None).await;
    assert_eq!(answer, Ok(Some(json!({"language": "en-US"}))));
}

fn assert_no_loss(session: &Session) {
    assert_eq!(session.all("reconnecting"), [json!(null); 0]);
    assert_eq!(session.all("disconnected"), [json!(null); 0]);
}

/// Pipecat's own development runner: the answer to a start request is all that is needed.
#[tokio::test]
async fn the_runners_start_answer_is_all_that_is_needed() {
    let server = LiveKitServer::start(Shape::Full).await;
    let environment = server.environment();
    let runner = PipecatServer::start_runner_with(RUNNER_PORT, &["-t", "livekit"], &environment).await;
    let session = Session::new();
    let request = ApiRequest::new(runner.target().start_url).with_data(json!({"transport": "livekit"}));
    session.client.start_bot_and_connect(request).await.expect("the bot starts");
    asks_its_language(&session).await;
    session.client.disconnect().await.expect("the client disconnects");
}

/// The largest message passes both ways, and a byte more is refused before it is sent.
#[tokio::test]
async fn the_largest_message() {
    let site = shared_site().await;
    let call = Call::start(&site).await;
    let client = &call.session.client;
    let (mut fits, mut too_large) = (0, 100_000);
    while too_large - fits > 1 {
        let size = usize::midpoint(fits, too_large);
        match client.send_client_message("no-such-thing", Some(json!("x".repeat(size)))).await {
            Ok(()) => fits = size,
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::MessageTooLarge, "{error}");
                assert!(error.message().contains("63744"), "{error}");
                too_large = size;
            }
        }
    }
    let letters = "x".repeat(fits - 200);
    let echo = client.send_client_request("echo", Some(json!(letters)), None).await;
    assert_eq!(echo, Ok(Some(Value::String(letters))));
    client.disconnect().await.expect("the client disconnects");
}
