//! Rust source as the rules see it: without comments, literals and test code, line for line.
//!
//! Depends on nothing. Must never fail: on broken source it finds what it can, the compiler says the rest.

/// A file of Rust source.
pub(super) struct Source<'a> {
    /// The file as it is.
    pub text: &'a str,
    /// The same lines with comments, literals and test-only items blanked.
    pub code: String,
    /// How many lines are not test-only.
    pub lines: usize,
}

impl<'a> Source<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let mut code = blank_literals(text);
        let mut test_lines = 0;
        while let Some((start, end)) = test_item(&code) {
            let item: String = code.iter().skip(start).take(end - start).collect();
            test_lines += item.matches('\n').count() + 1;
            blank(&mut code, start, end);
        }
        let lines = text.lines().count().saturating_sub(test_lines);
        Self { text, code: code.into_iter().collect(), lines }
    }

    /// The words (identifiers, keywords, numbers) and single other characters of the code, each with its line.
    pub(super) fn tokens(&self) -> Vec<(usize, &str)> {
        self.code
            .lines()
            .enumerate()
            .flat_map(|(index, line)| tokens_of(line).map(move |t| (index + 1, t)))
            .collect()
    }
}

fn tokens_of(mut rest: &str) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        rest = rest.trim_start();
        let word = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
        let length = if word > 0 { word } else { rest.chars().next()?.len_utf8() };
        let (token, tail) = rest.split_at(length);
        rest = tail;
        Some(token)
    })
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The characters of the text, those of comments and of string and character literals replaced by spaces.
fn blank_literals(text: &str) -> Vec<char> {
    let mut code: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < code.len() {
        let end = literal_end(&code, at);
        blank(&mut code, at, end);
        at = end.max(at + 1);
    }
    code
}

fn blank(code: &mut [char], start: usize, end: usize) {
    for c in code.iter_mut().take(end).skip(start).filter(|c| **c != '\n') {
        *c = ' ';
    }
}

/// Where the comment or literal that starts at `at` ends; `at` itself if none does.
fn literal_end(code: &[char], at: usize) -> usize {
    let next = code.get(at + 1).copied();
    let in_word = at > 0 && code.get(at - 1).copied().is_some_and(is_word);
    match (code.get(at).copied(), next) {
        (Some('/'), Some('/')) => find(code, at, |c| c.first() == Some(&'\n')),
        (Some('/'), Some('*')) => comment_end(code, at),
        (Some('"'), _) => quote_end(code, at, '"'),
        (Some('\''), Some(_)) => char_end(code, at),
        (Some('r'), Some('"' | '#')) if !in_word => raw_end(code, at + 1).unwrap_or(at),
        (Some('b' | 'c'), Some('r')) if !in_word => raw_end(code, at + 2).unwrap_or(at),
        _ => at,
    }
}

fn find(code: &[char], from: usize, is_end: impl Fn(&[char]) -> bool) -> usize {
    (from..code.len()).find(|&at| code.get(at..).is_some_and(&is_end)).unwrap_or(code.len())
}

fn comment_end(code: &[char], start: usize) -> usize {
    let (mut depth, mut at) = (0_usize, start);
    while at < code.len() {
        match code.get(at..at + 2) {
            Some(['/', '*']) => (depth, at) = (depth + 1, at + 2),
            Some(['*', '/']) => (depth, at) = (depth.saturating_sub(1), at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    code.len()
}

fn quote_end(code: &[char], start: usize, quote: char) -> usize {
    let mut at = start + 1;
    while let Some(c) = code.get(at) {
        match c {
            '\\' => at += 2,
            c if *c == quote => return at + 1,
            _ => at += 1,
        }
    }
    code.len()
}

/// A character literal has a closing quote after one character or an escape; a lifetime has none.
fn char_end(code: &[char], start: usize) -> usize {
    match (code.get(start + 1), code.get(start + 2)) {
        (Some('\\'), _) => quote_end(code, start, '\''),
        (_, Some('\'')) => start + 3,
        _ => start,
    }
}

/// The end of a raw string whose hashes and quote start at `at`, if there is one.
fn raw_end(code: &[char], at: usize) -> Option<usize> {
    let hashes = code.iter().skip(at).take_while(|c| **c == '#').count();
    if code.get(at + hashes) != Some(&'"') {
        return None;
    }
    let closing: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
    Some((find(code, at + hashes + 1, |c| c.starts_with(&closing)) + closing.len()).min(code.len()))
}

/// The first item that is compiled for tests only, from its attribute to its end.
fn test_item(code: &[char]) -> Option<(usize, usize)> {
    let attributes = ["#[cfg(test)]", "#[cfg(all(test,"].map(|text| text.chars().collect::<Vec<char>>());
    let is_attribute = |c: &[char]| attributes.iter().any(|attribute| c.starts_with(attribute));
    let start = (0..code.len()).find(|&at| code.get(at..).is_some_and(is_attribute))?;
    let body = find(code, start, |c| matches!(c.first(), Some('{' | ';')));
    let mut depth = 0_usize;
    for (offset, c) in code.iter().skip(body).enumerate() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && matches!(c, '}' | ';') {
            return Some((start, body + offset + 1));
        }
    }
    Some((start, code.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> String {
        Source::new(text).tokens().iter().map(|(_, token)| *token).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn comments_and_literals_are_not_code() {
        assert_eq!(words("a // b\n/* c /* d */ e */ f"), "a f");
        assert_eq!(
            words("a(\"b\\\"c\", r#\"d\"e\"#, br\"f\", '\\'', 'g', b'h', 'i: x)"),
            "a ( , , , , , b , ' i : x )"
        );
    }

    #[test]
    fn test_items_are_not_code() {
        let text = "a\n#[cfg(test)]\nmod tests {\n  fn b() { \"}\" }\n}\n#[cfg(test)]\nmod more;\nc\n";
        let source = Source::new(text);
        assert_eq!(source.tokens(), [(1, "a"), (8, "c")]);
        assert_eq!(source.lines, 2);
    }

    #[test]
    fn broken_source_ends() {
        for text in ["\"", "/*", "r#\"", "'", "#[cfg(test)] mod {", "\"\\", "b"] {
            let _ = Source::new(text).tokens();
        }
    }
}
