//! The names that each language offers, as its recorded interface or its sources declare them.
//!
//! Reads text only: what does not compile is found by the suites that compile it.
use std::{
    collections::{BTreeSet, HashMap, HashSet},
    fs,
};

use rtvi_tests::{files::sources, native::root};

/// Where a Rust app's names are declared.
const RUST: [&str; 3] = ["rtvi-core/src", "rtvi-devices/src", "rtvi-video/src"];

/// The names of every language.
pub(crate) struct Names {
    rust: Vec<RustFile>,
    swift: Swift,
    kotlin: HashMap<String, Class>,
    cpp: Cpp,
    c: HashSet<String>,
}

/// What a source file declares.
struct RustFile {
    /// Its public items.
    items: HashSet<String>,
    /// The types that it declares or implements.
    owners: HashSet<String>,
    /// What its lines begin with: functions, fields and variants.
    members: HashSet<String>,
}

/// The types of all headers with the words in them, and the functions outside of types.
#[derive(Default)]
struct Cpp {
    types: HashMap<String, HashSet<String>>,
    functions: HashSet<String>,
}

struct Swift {
    declared: BTreeSet<String>,
    supertypes: HashMap<String, Vec<String>>,
}

#[derive(Default)]
struct Class {
    extends: Option<String>,
    members: HashSet<String>,
}

impl Names {
    pub(crate) fn read() -> Self {
        let header = without_comments(&text("bindings/c/include/rtvi.h"));
        Self {
            rust: RUST
                .iter()
                .flat_map(|folder| texts(folder, "rs"))
                .map(|file| RustFile::read(&file))
                .collect(),
            swift: Swift::read(&text("swift/API.txt")),
            kotlin: ["kotlin/rtvi/api.txt", "kotlin/rtvi-android/api.txt"]
                .iter()
                .flat_map(|file| classes(&text(file)))
                .collect(),
            cpp: Cpp::read(&texts("cpp/include/rtvi", "hpp")),
            c: words(&header).map(str::to_owned).collect(),
        }
    }

    /// Whether the language offers this name, such as `PipecatClient::connect` in Rust.
    pub(crate) fn has(&self, language: &str, name: &str) -> bool {
        match language {
            "rust" => self.rust.iter().any(|file| file.has(name)),
            "swift" => self.swift.has(name),
            "kotlin" => has_in_kotlin(&self.kotlin, name),
            "cpp" => self.cpp.has(name),
            "c" => self.c.contains(name),
            other => panic!("{other} is no language of ours"),
        }
    }
}

impl Swift {
    /// One line for each symbol: its name, `: `, its declaration.
    fn read(api: &str) -> Self {
        let symbols: Vec<(&str, &str)> = api.lines().filter_map(|line| line.split_once(": ")).collect();
        let supertypes = symbols.iter().filter_map(|(name, declaration)| {
            let (_, supertypes) = declaration.split_once(&format!("{name} : "))?;
            Some(((*name).to_owned(), supertypes.split(", ").map(str::to_owned).collect()))
        });
        Self {
            declared: symbols.iter().map(|(name, _)| (*name).to_owned()).collect(),
            supertypes: supertypes.collect(),
        }
    }

    fn has(&self, name: &str) -> bool {
        let inherits = || {
            let (owner, member) = name.split_once('.')?;
            Some(self.supertypes.get(owner)?.iter().any(|above| self.has(&format!("{above}.{member}"))))
        };
        // A case of an enum is declared with the names of its data.
        let with_data = format!("{name}(");
        self.declared.contains(name)
            || self
                .declared
                .range(with_data.clone()..)
                .next()
                .is_some_and(|next| next.starts_with(&with_data))
            || inherits().unwrap_or(false)
    }
}

/// The classes of a module's interface, as `javap` prints it, by their names without packages.
fn classes(api: &str) -> HashMap<String, Class> {
    let (mut found, mut current) = (HashMap::<String, Class>::new(), String::new());
    for line in api.lines() {
        if let Some(member) = line.strip_prefix("  ") {
            let before = member.split(['(', ';']).next().unwrap_or_default();
            let name = before.split_whitespace().last().unwrap_or_default();
            let name = name.split('-').next().unwrap_or_default();
            found.entry(current.clone()).or_default().members.insert(name.to_owned());
        } else if line.starts_with("public") {
            let after =
                |word: &str| line.split_whitespace().skip_while(|it| *it != word).nth(1).map(unpackaged);
            current = after("class").or_else(|| after("interface")).unwrap_or_default();
            found.insert(current.clone(), Class { extends: after("extends"), ..Class::default() });
        }
    }
    found
}

/// A class's name without its package, nested as Kotlin writes it.
fn unpackaged(class: &str) -> String {
    let class = class.split('<').next().unwrap_or_default();
    class.rsplit('.').next().unwrap_or_default().replace('$', ".")
}

fn has_in_kotlin(classes: &HashMap<String, Class>, name: &str) -> bool {
    let Some((owner, member)) = name.rsplit_once('.') else {
        let is_function = |(class, its): (&String, &Class)| class.ends_with("Kt") && its.has(name);
        return classes.contains_key(name) || classes.iter().any(is_function);
    };
    let inherits = |class: &Class| {
        class.extends.as_ref().is_some_and(|above| has_in_kotlin(classes, &format!("{above}.{member}")))
    };
    let companion = format!("{owner}.Companion");
    classes.contains_key(name)
        || [owner, companion.as_str()]
            .into_iter()
            .filter_map(|class| classes.get(class))
            .any(|class| class.has(member) || inherits(class))
}

impl Class {
    /// Whether it has this function, field or property.
    fn has(&self, member: &str) -> bool {
        let mut letters = member.chars();
        let capital: String =
            letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
        let accessor = |prefix: &str| self.members.contains(&format!("{prefix}{capital}"));
        self.members.contains(member) || accessor("get") || accessor("is")
    }
}

impl RustFile {
    fn read(text: &str) -> Self {
        let (mut items, mut owners, mut members) = (HashSet::new(), HashSet::new(), HashSet::new());
        for line in text.lines().map(str::trim_start) {
            if words(line).any(|word| matches!(word, "struct" | "enum" | "trait" | "impl")) {
                owners.extend(words(line).map(str::to_owned));
            }
            let mut begin = line;
            for word in ["pub ", "async ", "const ", "fn ", "struct ", "enum ", "trait "] {
                begin = begin.strip_prefix(word).unwrap_or(begin);
            }
            let Some(name) = words(begin).next().filter(|name| begin.starts_with(name)) else { continue };
            members.insert(name.to_owned());
            if line.starts_with("pub ") {
                items.insert(name.to_owned());
            }
        }
        Self { items, owners, members }
    }

    fn has(&self, name: &str) -> bool {
        match name.rsplit_once("::") {
            None => self.items.contains(name),
            Some((owner, member)) => self.owners.contains(owner) && self.members.contains(member),
        }
    }
}

impl Cpp {
    fn read(headers: &[String]) -> Self {
        let mut found = Self::default();
        for header in headers {
            let lines: Vec<&str> = header.lines().collect();
            for (number, line) in lines.iter().enumerate() {
                let before = line.split('(').next().unwrap_or_default();
                found.functions.extend(words(before).last().map(str::to_owned));
                let Some(name) = type_in_cpp(line) else { continue };
                let end = format!("{}}};", " ".repeat(line.len() - line.trim_start().len()));
                let inside = lines.iter().skip(number + 1).take_while(|line| **line != end);
                let inside = inside.flat_map(|line| words(line)).map(str::to_owned);
                found.types.entry(name.to_owned()).or_default().extend(inside);
            }
        }
        found
    }

    fn has(&self, name: &str) -> bool {
        match name.rsplit_once("::") {
            None => self.types.contains_key(name) || self.functions.contains(name),
            Some((owner, member)) => self.types.get(owner).is_some_and(|words| words.contains(member)),
        }
    }
}

/// The type whose declaration begins in this line.
fn type_in_cpp(line: &str) -> Option<&str> {
    let mut words = words(line).filter(|word| *word != "nodiscard");
    let is_kind = matches!(words.next(), Some("class" | "struct" | "enum"));
    words.find(|word| *word != "class").filter(|_| is_kind && line.ends_with('{'))
}

/// The texts of all files of a folder with this extension, without comments.
fn texts(folder: &str, extension: &str) -> Vec<String> {
    let files = sources(&root().join(folder), extension);
    files.iter().map(|file| without_comments(&fs::read_to_string(file).expect("a source"))).collect()
}

/// A file of this repository.
pub(crate) fn text(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn without_comments(text: &str) -> String {
    let is_code =
        |line: &&str| !["//", "/*", " *"].iter().any(|mark| line.trim_start().starts_with(mark.trim_start()));
    text.lines().filter(is_code).map(|line| format!("{line}\n")).collect()
}

/// The identifiers of a text.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').filter(|word| !word.is_empty())
}
