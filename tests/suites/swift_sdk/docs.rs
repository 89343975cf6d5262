//! The documentation of the Swift package: DocC finds every symbol that a comment or an article links
//! to, and the code of the articles compiles.

use std::{fs, path::PathBuf};

use rtvi_tests::{
    files::sources,
    native::{root, run, target},
    swift,
};
use serde_json::{Value, json};

use super::{HEADERS, apple, graph_of};

/// The modules with a documentation catalogue of their own.
const MODULES: [&str; 4] = ["RTVI", "RTVIVideo", "RTVIUI", "RTVITestKit"];

/// The rest of the arguments goes to `docc`, which is beside `swift` and not on the path.
const DOCC: &str = r#"exec "$(dirname "$(readlink -f "$(command -v swift)")")/docc" convert "$@""#;

#[test]
fn the_documentation_is_without_warnings() {
    let programs = swift::build("swift");
    let (built, apple) = (programs.join("Modules"), apple::compiled(&programs));
    for module in MODULES {
        let folder = target().join("swift/docs").join(module);
        fs::create_dir_all(&folder).expect("a folder can be made");
        // What an app sees of `import RTVI` is documented with it.
        let exported = ["-experimental-allowed-reexported-modules=RTVITypes"];
        let graph = placed(graph_of(module, &programs, &[&apple, &built], &folder, &exported));
        let graph = serde_json::to_string(&graph).expect("it is JSON");
        fs::write(folder.join(format!("{module}.symbols.json")), graph).expect("it can be written");
        let mut docc = swift::program("".as_ref(), "sh");
        docc.args(["-c", DOCC, "docc"]);
        docc.arg(root().join(format!("swift/Sources/{module}/{module}.docc")));
        docc.arg("--additional-symbol-graph-dir").arg(&folder).args(["--fallback-display-name", module]);
        docc.args(["--fallback-bundle-identifier", &format!("ai.rtvi.{module}"), "--warnings-as-errors"]);
        run(docc.arg("--output-path").arg(folder.with_extension("doccarchive")));
    }
}

#[test]
fn the_code_of_the_articles_compiles() {
    let programs = swift::build("swift");
    let modules = [apple::compiled(&programs), programs.join("Modules")];
    let folder = target().join("swift/articles");
    fs::create_dir_all(&folder).expect("a folder can be made");
    let code = code_of_articles();
    assert!(code.len() > MODULES.len(), "{code:?}");
    let mut swiftc = swift::program("".as_ref(), "swiftc");
    swiftc.args(["-typecheck", "-swift-version", "5", "-parse-as-library", "-module-name", "Articles"]);
    swiftc.args(["-enable-experimental-feature", "StrictConcurrency", "-warnings-as-errors"]);
    for folder in modules.into_iter().chain(HEADERS.map(|headers| root().join(headers))) {
        swiftc.arg("-I").arg(folder);
    }
    for (number, code) in code.iter().enumerate() {
        let file = folder.join(format!("code{number}.swift"));
        fs::write(&file, code).expect("it can be written");
        swiftc.arg(file);
    }
    run(&mut swiftc);
}

/// Every piece of Swift in the catalogues.
fn code_of_articles() -> Vec<String> {
    let mut articles: Vec<PathBuf> = Vec::new();
    for module in MODULES {
        articles.extend(sources(&root().join(format!("swift/Sources/{module}/{module}.docc")), "md"));
    }
    articles.sort();
    let texts = articles.iter().map(|article| fs::read_to_string(article).expect("an article"));
    let pieces = texts.flat_map(|text| {
        let pieces = text.split("```swift\n").skip(1).filter_map(|rest| rest.split("```").next());
        pieces.map(str::to_owned).collect::<Vec<_>>()
    });
    pieces.collect()
}

/// The graph with a place for each comment: DocC reports only links in comments that are somewhere, and
/// a compiled module does not tell where.
fn placed(mut graph: Value) -> Value {
    for symbol in graph["symbols"].as_array_mut().into_iter().flatten() {
        let path = symbol["pathComponents"].as_array().map(Vec::as_slice).unwrap_or_default();
        let path: Vec<&str> = path.iter().filter_map(Value::as_str).collect();
        let place =
            path.join("/").replace(|letter: char| !letter.is_ascii_alphanumeric() && letter != '/', "-");
        let Some(comment) = symbol.get_mut("docComment") else { continue };
        comment["uri"] = format!("file:///{place}").into();
        for (number, line) in comment["lines"].as_array_mut().into_iter().flatten().enumerate() {
            let here = json!({"line": number, "character": 0});
            line["range"] = json!({"start": here, "end": here});
        }
    }
    graph
}
