//! Rust source as the rules see it: tokens without comments, literals and test code.
//!
//! Depends on `proc-macro2`. Must never fail: what is no Rust has no tokens, and the compiler says
//! why.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};

/// A file of Rust source.
pub(super) struct Source<'a> {
    /// The file as it is.
    pub text: &'a str,
    /// How many lines are not test-only.
    pub lines: usize,
    tokens: Vec<(usize, String)>,
}

impl<'a> Source<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let mut source = Self { text, lines: text.lines().count(), tokens: Vec::new() };
        source.read(text.parse().unwrap_or_default());
        source
    }

    /// The words (identifiers and keywords) and single other characters of the code, each with its
    /// line.
    pub(super) fn tokens(&self) -> Vec<(usize, &str)> {
        self.tokens.iter().map(|(line, token)| (*line, token.as_str())).collect()
    }

    fn read(&mut self, stream: TokenStream) {
        let mut trees = stream.into_iter().peekable();
        while let Some(tree) = trees.next() {
            match (&tree, trees.peek()) {
                (TokenTree::Punct(hash), Some(TokenTree::Group(attribute)))
                    if hash.as_char() == '#' && is_for_tests(attribute) =>
                {
                    let end = trees.find(ends_item).map_or_else(Span::call_site, |last| last.span());
                    self.lines = self.lines.saturating_sub(end.end().line + 1 - hash.span().start().line);
                }
                (TokenTree::Group(group), _) => self.read_group(group),
                (TokenTree::Literal(_), _) => {}
                (tree, _) => self.tokens.push((tree.span().start().line, tree.to_string())),
            }
        }
    }

    fn read_group(&mut self, group: &Group) {
        let (open, close) = match group.delimiter() {
            Delimiter::Parenthesis => ("(", ")"),
            Delimiter::Brace => ("{", "}"),
            Delimiter::Bracket => ("[", "]"),
            Delimiter::None => ("", ""),
        };
        self.tokens.push((group.span_open().start().line, open.to_owned()));
        self.read(group.stream());
        self.tokens.push((group.span_close().end().line, close.to_owned()));
    }
}

fn is_for_tests(attribute: &Group) -> bool {
    let text: String = attribute.stream().to_string().split_whitespace().collect();
    text.starts_with("cfg(test)") || text.starts_with("cfg(all(test,")
}

fn ends_item(tree: &TokenTree) -> bool {
    match tree {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(punct) => punct.as_char() == ';',
        _ => false,
    }
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
            words("a(\"b\\\"c\", r#\"d\"e\"#, br\"f\", '\\'', 'g', b'h', i: x)"),
            "a ( , , , , , , i : x )"
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
