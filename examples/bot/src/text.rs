//! Small text helpers: sentences, words, syllables, and two encodings.
//!
//! Pure functions over strings of any content.

use serde_json::Value;

/// Cuts `text` to at most `limit` characters.
pub(crate) fn truncated(text: &str, limit: usize) -> String {
    text.chars().take(limit).collect()
}

/// The sentences of `text`, trimmed; a sentence ends with `.`, `!` or `?` before white space or the
/// end.
pub(crate) fn sentences(text: &str) -> Vec<String> {
    let mut sentences = Vec::new();
    let mut sentence = String::new();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        sentence.push(character);
        let ends =
            matches!(character, '.' | '!' | '?') && characters.peek().is_none_or(|next| next.is_whitespace());
        if ends || characters.peek().is_none() {
            let finished = sentence.trim();
            if !finished.is_empty() {
                sentences.push(finished.to_owned());
            }
            sentence.clear();
        }
    }
    sentences
}

/// The pieces that a language model would stream: words with the space before them, except before
/// the first.
pub(crate) fn tokens(sentence: &str, is_first: bool) -> Vec<String> {
    let space = |index: usize| if is_first && index == 0 { "" } else { " " };
    let token = |(index, word): (usize, &str)| format!("{}{word}", space(index));
    sentence.split_whitespace().enumerate().map(token).collect()
}

/// The words of `sentence`, each with the text spoken up to its end and the rest.
pub(crate) fn spoken_words(sentence: &str) -> Vec<(&str, &str, &str)> {
    let mut words = Vec::new();
    let mut from = 0;
    for word in sentence.split_whitespace() {
        let rest = sentence.get(from..).unwrap_or_default();
        from += rest.find(word).unwrap_or(0) + word.len();
        let (said, left) = sentence.split_at_checked(from).unwrap_or((sentence, ""));
        words.push((word, said, left));
    }
    words
}

/// How many syllables a voice speaks for `word`: its groups of vowels and its digits, but at least
/// one.
pub(crate) fn syllables(word: &str) -> usize {
    let mut count = 0;
    let mut in_vowel = false;
    for character in word.chars() {
        let vowel = matches!(character.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
        count += usize::from((vowel && !in_vowel) || character.is_ascii_digit());
        in_vowel = vowel;
    }
    count.max(1)
}

/// A JSON value in words: the fields of an object as `KEY VALUE, KEY VALUE`, a string unchanged.
pub(crate) fn spoken_json(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(fields) => fields
            .iter()
            .map(|(key, value)| format!("{key} {}", spoken_json(value)))
            .collect::<Vec<_>>()
            .join(", "),
        other => other.to_string(),
    }
}

/// Encodes `text` for the query of a URL.
pub(crate) fn percent_encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_at_marks_before_space() {
        assert_eq!(sentences("You said: 3.5? Yes.  That is all"), ["You said: 3.5?", "Yes.", "That is all"]);
        assert_eq!(sentences("  "), Vec::<String>::new());
        assert_eq!(sentences("ünïcode ✓!"), ["ünïcode ✓!"]);
    }

    #[test]
    fn tokens_join_to_the_sentence() {
        assert_eq!(tokens("That is all.", true).concat(), "That is all.");
        assert_eq!(tokens("You said: x.", false).concat(), " You said: x.");
    }

    #[test]
    fn spoken_words_keep_the_space_on_the_right() {
        let expected = [("Hi,", "Hi,", " hi é."), ("hi", "Hi, hi", " é."), ("é.", "Hi, hi é.", "")];
        assert_eq!(spoken_words("Hi, hi é."), expected);
    }

    #[test]
    fn syllables_are_vowel_groups() {
        for (word, count) in [("ready.", 2), ("you", 1), ("Lisbon", 2), ("21", 2), ("—", 1), ("xyz", 1)] {
            assert_eq!(syllables(word), count, "{word}");
        }
    }

    #[test]
    fn json_is_put_into_words() {
        let value = serde_json::json!({ "condition": "sunny", "celsius": 21 });
        assert_eq!(spoken_json(&value), "celsius 21, condition sunny");
        assert_eq!(spoken_json(&"just text".into()), "just text");
    }

    #[test]
    fn queries_are_encoded() {
        assert_eq!(percent_encode(r#"{"a":é}"#), "%7B%22a%22%3A%C3%A9%7D");
    }
}
