//! Numbers in documents against the constants that they come from.
//!
//! A line of Markdown names its constants in a comment, `<!-- = http/client.rs: MAX_ANSWER;
//! cookies.rs: MAX_COOKIES, MAX_COOKIE -->`, and must contain their values. Depends on nothing.
//! Must never know a limit itself.

use super::Breach;

const BEGIN: &str = "<!-- = ";
const END: &str = " -->";
/// Replaces the constants where a limit is a library's or an option of the app.
const NOT_OURS: &str = "not ours";
/// The heads of the tables in which every row must name its constants.
const TABLES: [&str; 2] = ["| what | limit | beyond it |", "| queue | capacity | when full |"];

/// The lines that do not agree with the constants, and the rows that name none.
pub(super) fn check(texts: &[(String, String)]) -> Vec<Breach> {
    let documents = texts.iter().filter(|(file, _)| file.ends_with(".md"));
    documents.flat_map(|(file, text)| check_document(file, text, texts)).collect()
}

fn check_document(file: &str, text: &str, texts: &[(String, String)]) -> Vec<Breach> {
    let breach = |index: usize, message: String| Breach { file: file.to_owned(), line: index + 1, message };
    let mut breaches = Vec::new();
    let mut is_in_table = false;
    for (index, line) in text.lines().enumerate() {
        let is_row = is_in_table && line.starts_with("| ");
        is_in_table = TABLES.contains(&line) || (is_in_table && line.starts_with('|'));
        let Some((before, rest)) = line.split_once(BEGIN) else {
            if is_row {
                breaches
                    .push(breach(index, format!("say in `{BEGIN}FILE: CONSTANT{END}` where the limit is")));
            }
            continue;
        };
        let (mark, after) = rest.split_once(END).unwrap_or((rest, ""));
        let shown = format!("{before} {after}");
        let wrong =
            constants(mark).into_iter().filter_map(|(file, name)| disagreement(&shown, file, name, texts));
        breaches.extend(wrong.map(|message| breach(index, message)));
    }
    breaches
}

/// The file and the name of every constant in a mark.
fn constants(mark: &str) -> Vec<(&str, &str)> {
    mark.split(';')
        .filter(|part| part.trim() != NOT_OURS)
        .flat_map(|part| {
            let (file, names) = part.split_once(": ").unwrap_or((part, ""));
            names.split(',').map(move |name| (file.trim(), name.trim()))
        })
        .collect()
}

/// What is wrong with a line that should contain the value of this constant.
fn disagreement(line: &str, file: &str, name: &str, texts: &[(String, String)]) -> Option<String> {
    let is_meant = |path: &str| path == file || path.ends_with(&format!("/{file}"));
    let mut values =
        texts.iter().filter(|(path, _)| is_meant(path)).filter_map(|(_, text)| value(text, name));
    let Some(value) = values.next() else {
        return Some(format!("no `{name}` in a file that ends with `{file}`"));
    };
    if values.next().is_some() {
        return Some(format!("more than one file that ends with `{file}` has a `{name}`"));
    }
    let is_said = contains(line, &value) || spelled(&value).is_some_and(|words| contains(line, &words));
    (!is_said).then(|| format!("`{name}` in `{file}` is {value}, which the line does not say"))
}

/// The value of a constant, or the default of a field, as documents write it.
fn value(text: &str, name: &str) -> Option<String> {
    let start = format!("{name}: ");
    text.lines().find_map(|line| {
        let (before, declared) = line.split_once(&start)?;
        let is_declaration = before.chars().all(|c| c.is_alphanumeric() || " (){_:".contains(c));
        let expression = declared.split_once("= ").map_or(declared, |(_, expression)| expression);
        let expression = expression.split([';', ',']).next().unwrap_or_default().replace('_', "");
        if is_declaration { duration(&expression).or_else(|| number(&expression)) } else { None }
    })
}

fn duration(expression: &str) -> Option<String> {
    let call = expression.strip_prefix("Duration::from")?.strip_suffix(')')?;
    let millis: u64 = match call.split_once('(')? {
        ("millis", count) => count.parse().ok()?,
        ("secs", count) => count.parse::<u64>().ok()? * 1_000,
        _ => return None,
    };
    Some(match millis {
        ..1_000 => format!("{millis} ms"),
        120_000.. if millis.is_multiple_of(60_000) => format!("{} min", millis / 60_000),
        _ => format!("{} s", millis as f64 / 1e3),
    })
}

/// A number, or a product with 1024 in it, which is one of bytes.
fn number(expression: &str) -> Option<String> {
    let factors: Option<Vec<u64>> = expression.split('*').map(|factor| factor.trim().parse().ok()).collect();
    let factors = factors?;
    let product: u64 = factors.iter().product();
    Some(match factors.iter().filter(|factor| **factor == 1_024).count() {
        1 if factors.len() > 1 => format!("{} KiB", product >> 10),
        2 => format!("{} MiB", product >> 20),
        _ => product.to_string(),
    })
}

/// A small number, or one of seconds, in words.
fn spelled(value: &str) -> Option<String> {
    const WORDS: [&str; 11] =
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    let (number, unit) = value.split_once(' ').unwrap_or((value, ""));
    let word = WORDS.get(number.parse::<usize>().ok()?)?;
    match unit {
        "" => Some((*word).to_owned()),
        "s" => Some(format!("{word} seconds")),
        _ => None,
    }
}

/// Whether the line has this number, and not only as a part of another.
fn contains(line: &str, value: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(value).any(|(at, _)| {
        let before = line.get(..at).and_then(|start| start.chars().next_back());
        let after = line.get(at + value.len()..).and_then(|end| end.chars().next());
        !before.is_some_and(|c| is_part(c) || c == '.') && !after.is_some_and(is_part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "\
        const MOST: usize = 50;\n\
        pub(super) const MAX_ANSWER: usize = 4 * 1024 * 1024;\n\
        const LIMIT: Duration = Duration::from_millis(5_500);\n\
        const LONG: Duration = Duration::from_secs(600);\n\
        const TEXT: &str = \"a\";\n\
        max_attempts: u32,\n\
        Self { max_attempts: 3, first: 20 }\n";

    fn breaches(page: &str) -> Vec<usize> {
        let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        let texts = [
            file("a/src/http/client.rs", SOURCE),
            file("a/src/ws/client.rs", "const MOST: u8 = 1;"),
            file("A.md", page),
        ];
        check(&texts).iter().map(|breach| breach.line).collect()
    }

    #[test]
    fn constants_are_read_as_documents_write_them() {
        let values = ["MOST", "MAX_ANSWER", "LIMIT", "LONG", "max_attempts", "TEXT", "NONE"];
        let expected = [Some("50"), Some("4 MiB"), Some("5.5 s"), Some("10 min"), Some("3"), None, None];
        assert_eq!(values.map(|name| value(SOURCE, name)), expected.map(|value| value.map(str::to_owned)));
    }

    #[test]
    fn small_numbers_may_be_words() {
        let spelled = |value| spelled(value).unwrap_or_default();
        assert_eq!(["3", "10 s", "11", "5.5 s", "1 KiB"].map(spelled), ["three", "ten seconds", "", "", ""]);
    }

    #[test]
    fn a_line_says_what_its_constants_are() {
        assert_eq!(breaches("50, 4 MiB <!-- = http/client.rs: MOST, MAX_ANSWER -->"), [0; 0]);
        assert_eq!(breaches("1 or 5.5 s <!-- = ws/client.rs: MOST; client.rs: LIMIT -->"), [0; 0]);
        assert_eq!(breaches("three <!-- = http/client.rs: max_attempts -->"), [0; 0]);
        for wrong in ["150", "5", "50a"] {
            assert_eq!(breaches(&format!("\n{wrong} <!-- = http/client.rs: MOST -->")), [2], "{wrong}");
        }
    }

    #[test]
    fn a_constant_that_is_not_there_or_there_twice_is_found() {
        assert_eq!(breaches("50 <!-- = http/client.rs: LEAST -->"), [1]);
        assert_eq!(breaches("50 <!-- = client.rs: MOST -->"), [1]);
    }

    #[test]
    fn every_row_of_a_table_of_limits_names_its_constants() {
        let table = format!("{}\n|---|---|---|\n", TABLES[0]);
        assert_eq!(
            breaches(&format!(
                "{table}| a | 50 <!-- = http/client.rs: MOST --> | b |\n| c | 1 | d |\n\n| e |"
            )),
            [4]
        );
        assert_eq!(breaches(&format!("{table}| nesting | 128 <!-- = not ours --> | b |")), [0; 0]);
    }
}
