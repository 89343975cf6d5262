//! The tests of the Swift package under the thread sanitizer.

use rtvi_tests::{
    native::{Bot, run},
    swift,
};

#[test]
fn every_test_without_a_data_race() {
    let bot = Bot::start(0.1);
    let mut tests = swift::swift("test", "swift", &["--sanitize=thread"]);
    // Whatever it finds makes the program fail.
    let said = run(bot.tell(tests.env("TSAN_OPTIONS", "halt_on_error=1")));
    assert!(said.contains("with 0 failures"), "{said}");
}
