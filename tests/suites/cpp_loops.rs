//! The programs of `docs/event-loops.md`: the C++ SDK in asio, in Qt and in coroutines.

use std::fs;

use rtvi_tests::native::{Bot, GCC, root, run, talk};

#[test]
fn asio() {
    talk(&mut GCC.program("asio_loop"));
}

#[test]
fn qt() {
    talk(&mut GCC.program("qt_loop"));
}

#[test]
fn coroutines() {
    let bot = Bot::start(0.2);
    let said = run(GCC.program("coroutine_loop").arg(bot.ws()));
    assert_eq!(said, "bot: Hello\nbot: Goodbye\n");
}

#[test]
fn the_page_has_these_programs() {
    let read = |file: &str| fs::read_to_string(root().join(file)).expect("it is readable");
    let page = read("docs/event-loops.md");
    for name in ["asio", "qt", "coroutine"] {
        let code = format!("```cpp\n{}```\n", read(&format!("cpp/tests/loops/{name}.cpp")));
        assert!(page.contains(&code), "the page lacks {name}.cpp as it is");
    }
}
