//! Makes foreign text safe for a terminal.
//!
//! Pure. A bot, a server or a file may contain anything: none of it reaches the terminal as a
//! command.

/// The text without control characters: line ends and tabs become spaces, all others a visible
/// replacement.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(shown).collect()
}

fn shown(char: char) -> char {
    match char {
        '\n' | '\r' | '\t' => ' ',
        _ if char.is_control() => '\u{FFFD}',
        _ => char,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_commands_the_terminal() {
        assert_eq!(printable("two\nlines\tand é"), "two lines and é");
        assert_eq!(printable("\x1b]52;c;aGk=\x07\u{9b}2J"), "\u{FFFD}]52;c;aGk=\u{FFFD}\u{FFFD}2J");
    }
}
