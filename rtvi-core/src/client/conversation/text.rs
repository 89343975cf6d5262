//! Joins, clips and matches text.
//!
//! Pure; depends on nothing.

/// Appends a piece that arrived without spacing: after one space, except before punctuation and
/// where there is a space already.
///
/// Limitation: scripts written without spaces, such as Chinese, Japanese or Thai, get wrong spaces.
/// Nothing on the wire says whether there was one.
pub(super) fn join(text: &mut String, more: &str) {
    let starts_closed =
        more.starts_with([' ', '.', ',', ';', ':', '!', '?', ')', ']', '}', '…', '。', '，', '？', '！']);
    if !text.is_empty() && !more.is_empty() && !text.ends_with(char::is_whitespace) && !starts_closed {
        text.push(' ');
    }
    text.push_str(more);
}

/// The longest prefix of `text` with at most `room` bytes.
pub(super) fn clip(text: &str, room: usize) -> &str {
    let end = (0..=room.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    text.get(..end.unwrap_or_default()).unwrap_or_default()
}

/// The end of `word` in `text`, if the word follows the first `from` bytes with nothing but spaces,
/// quotes and other symbols in between.
pub(super) fn word_end(text: &str, from: usize, word: &str) -> Option<usize> {
    let rest = text.get(from..)?;
    let skippable = rest.find(char::is_alphanumeric).unwrap_or(rest.len());
    let mut starts = rest.char_indices().map(|(start, _)| start).take_while(|start| *start <= skippable);
    starts.find_map(|start| rest.get(start..)?.starts_with(word).then_some(from + start + word.len()))
}

/// Whether nothing speakable follows the first `from` bytes.
pub(super) fn is_spent(text: &str, from: usize) -> bool {
    !text.get(from..).unwrap_or_default().contains(char::is_alphanumeric)
}
