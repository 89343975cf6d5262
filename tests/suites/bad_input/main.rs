//! Bad input of every kind, over real sockets. Each is a typed error or event that names the cause,
//! exposes no secret, arrives in time, and leaves the client usable.
//!
//! `table` has the faults and the expected outcomes; `docs/errors.md` shows the same table to
//! people.
#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test fails by panicking and looks at the real clock"
)]

mod calls;
mod docs;
mod flood;
mod outcome;
mod phones;
mod rooms;
mod row;
mod run;
mod states;
mod table;
mod wav;
mod webrtc;

use std::future::Future;

use futures_util::{StreamExt, stream};
use rtvi_tests::misbehaving::Servers;

use row::Row;

/// The number of rows that run at once.
const AT_ONCE: usize = 8;

/// Runs every row. Fails with all rows whose outcome is unexpected.
async fn try_all<'a, F: Future<Output = Result<(), String>>>(
    rows: &'a [Row],
    attempt: impl Fn(&'a Row) -> F,
) {
    assert!(!rows.is_empty());
    let attempts = rows.iter().map(|row| {
        let attempt = attempt(row);
        async move { attempt.await.map_err(|problem| format!("{}: {problem}", row.fault)) }
    });
    let results: Vec<_> = stream::iter(attempts).buffered(AT_ONCE).collect().await;
    let problems: Vec<_> = results.into_iter().filter_map(Result::err).collect();
    assert!(problems.is_empty(), "{} of {} rows:\n{}", problems.len(), rows.len(), problems.join("\n"));
}

macro_rules! tables {
    ($($name:ident: $rows:expr,)+) => { $(
        #[tokio::test]
        async fn $name() {
            let servers = Servers::start().await;
            try_all($rows, |row| run::attempt(&servers, row)).await;
        }
    )+ };
}

tables! {
    servers_that_cannot_be_reached: table::UNREACHABLE,
    servers_that_are_no_bots: table::NO_BOTS,
    start_endpoints: table::START,
    broken_sessions: table::SESSIONS,
    webrtc_offers: webrtc::OFFERS,
    broken_webrtc_calls: webrtc::CALLS,
    livekit_rooms: rooms::ROOMS,
    phone_calls: phones::CALLS,
    wrong_calls: calls::ROWS,
    calls_in_a_wrong_state: states::ROWS,
    files: wav::ROWS,
}
