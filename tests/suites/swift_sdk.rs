//! The tests of the Swift package, with the demo bot: plain and under the thread sanitizer; its load, and its public API.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use rtvi_tests::{
    native::{Bot, run},
    swift,
};

/// As fast as the bot can speak.
const PACE: f32 = 0.1;

#[test]
fn every_test_of_the_package() {
    let bot = Bot::start(PACE);
    swift::build("swift");
    let said = run(bot.tell(swift::swift("test", "swift", &[]).arg("--skip-build")));
    assert!(said.contains("with 0 failures"), "{said}");
}
