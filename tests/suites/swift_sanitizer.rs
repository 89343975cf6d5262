//! The tests of the Swift package under the thread sanitizer.

use rtvi_tests::{
    counted,
    native::{Bot, root, run},
    swift,
};

#[test]
fn every_test_without_a_data_race() {
    let bot = Bot::start(0.1);
    let mut tests = swift::swift("test", "swift", &["--sanitize=thread"]);
    // Any finding makes the program fail, except those that the file explains.
    let known = root().join("swift/Tests/thread-sanitizer.txt");
    tests.env("TSAN_OPTIONS", format!("halt_on_error=1:suppressions={}", known.display()));
    let said = run(bot.tell(&mut tests));
    let passed = counted::xctest(&said).unwrap_or_else(|why| panic!("{why}\n{said}"));
    println!("{passed} tests in Swift");
}
