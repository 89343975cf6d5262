//! `cargo xtask publication`: checks what Gradle has published to a folder, before it is published to
//! Maven Central, which takes nothing back.
//!
//! Depends on the files and on `jar`, which every JDK has. Must never send anything.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use roxmltree::Document;

use crate::{
    failure::{Failure, Outcome},
    process,
};

/// What Maven Central requires of a POM, as paths of elements.
const REQUIRED: [&[&str]; 9] = [
    &["name"],
    &["description"],
    &["url"],
    &["licenses", "license", "name"],
    &["licenses", "license", "url"],
    &["developers", "developer", "name"],
    &["scm", "url"],
    &["scm", "connection"],
    &["scm", "developerConnection"],
];

/// What an AAR must contain: the rules that keep an app working when R8 shrinks it, and the core for
/// each kind of device.
const IN_AAR: [&str; 4] = [
    "proguard.txt",
    "jni/arm64-v8a/librtvi_uniffi.so",
    "jni/armeabi-v7a/librtvi_uniffi.so",
    "jni/x86_64/librtvi_uniffi.so",
];

/// What the library for any JVM must contain: the core for desktop systems, where JNA looks for it.
const IN_JAR: [&str; 5] = [
    "linux-x86-64/librtvi_uniffi.so",
    "linux-aarch64/librtvi_uniffi.so",
    "darwin-aarch64/librtvi_uniffi.dylib",
    "darwin-x86-64/librtvi_uniffi.dylib",
    "win32-x86-64/rtvi_uniffi.dll",
];

/// Checks every publication in a folder. With `--signed`, each file needs a signature.
pub(crate) fn run(args: &[String]) -> Outcome {
    let (folder, signed) = match args {
        [folder] => (folder, false),
        [folder, option] if option == "--signed" => (folder, true),
        _ => return Err(Failure::usage("expects FOLDER [--signed]")),
    };
    let mut poms = Vec::new();
    find(Path::new(folder), &mut poms)?;
    if poms.is_empty() {
        return Err(Failure::new(format!("{folder}: nothing is published there")));
    }
    let mut lacks = Vec::new();
    for pom in &poms {
        lacks.extend(lacks_of(pom, signed)?.into_iter().map(|lack| format!("{}: {lack}", pom.display())));
    }
    match lacks.as_slice() {
        [] => {
            poms.iter().for_each(|pom| println!("publication: {}", pom.display()));
            Ok(())
        }
        _ => Err(Failure::new(lacks.join("\n"))),
    }
}

fn find(folder: &Path, poms: &mut Vec<PathBuf>) -> Outcome {
    let entries = fs::read_dir(folder).map_err(Failure::doing(folder.display()))?;
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        if path.is_dir() {
            find(&path, poms)?;
        } else if path.extension().is_some_and(|extension| extension == "pom") {
            poms.push(path);
        }
    }
    Ok(())
}

/// What the publication of a POM lacks.
fn lacks_of(pom: &Path, signed: bool) -> Outcome<Vec<String>> {
    let text = fs::read_to_string(pom).map_err(Failure::doing(pom.display()))?;
    let project = parse(&text)?;
    let kind = element(&project, &["packaging"]).unwrap_or("jar");
    let mut lacks = lacks_of_pom(&project);
    // Each has something that shows that it isn't empty.
    for (ending, content) in [
        (format!(".{kind}"), "META-INF/|classes.jar"),
        ("-sources.jar".to_owned(), ".kt"),
        ("-javadoc.jar".to_owned(), "index.html"),
    ] {
        let file = beside(pom, &ending);
        if !file.is_file() {
            lacks.push(format!("no {}", file.display()));
        } else if !content.split('|').any(|part| listing(&file).is_ok_and(|names| names.contains(part))) {
            lacks.push(format!("{} has no {content}", file.display()));
        }
        if signed && !beside(pom, &format!("{ending}.asc")).is_file() {
            lacks.push(format!("{} is not signed", file.display()));
        }
    }
    if signed && !beside(pom, ".pom.asc").is_file() {
        lacks.push("not signed".to_owned());
    }
    let main = beside(pom, &format!(".{kind}"));
    let expected: &[&str] = match element(&project, &["artifactId"]) {
        Some("rtvi") => &IN_JAR,
        Some("rtvi-android") => &IN_AAR,
        _ => &[],
    };
    let names = listing(&main)?;
    let missing = expected.iter().filter(|name| !names.lines().any(|line| line == **name));
    lacks.extend(missing.map(|name| format!("no {name}")));
    if kind == "aar" {
        lacks.extend(other_android(&main)?);
    }
    Ok(lacks)
}

fn lacks_of_pom(pom: &Document<'_>) -> Vec<String> {
    let missing = REQUIRED.iter().filter(|path| element(pom, path).is_none_or(str::is_empty));
    missing.map(|path| format!("no {}", path.join("/"))).collect()
}

/// The manifest of an AAR if it asks for another Android than the README promises: 7.
fn other_android(aar: &Path) -> Outcome<Option<String>> {
    let manifest = content(aar, "AndroidManifest.xml")?;
    let is_seven = manifest.contains("android:minSdkVersion=\"24\"");
    Ok((!is_seven).then(|| format!("another minSdkVersion than 24: {manifest}")))
}

/// The file of the same publication with this ending.
fn beside(pom: &Path, ending: &str) -> PathBuf {
    let stem = pom.file_stem().unwrap_or_default().to_string_lossy();
    pom.with_file_name(format!("{stem}{ending}"))
}

fn listing(archive: &Path) -> Outcome<String> {
    process::output(Command::new("jar").arg("--list").arg("--file").arg(archive))
}

/// A text in an archive, unpacked beside it.
fn content(archive: &Path, name: &str) -> Outcome<String> {
    let folder = archive.with_extension("unpacked");
    fs::create_dir_all(&folder).map_err(Failure::doing(folder.display()))?;
    let archive = std::path::absolute(archive).map_err(Failure::doing(archive.display()))?;
    let mut jar = Command::new("jar");
    process::run(jar.arg("--extract").arg("--file").arg(&archive).arg(name).current_dir(&folder))?;
    let text = fs::read_to_string(folder.join(name)).map_err(Failure::doing(name))?;
    fs::remove_dir_all(&folder).map_err(Failure::doing(folder.display()))?;
    Ok(text)
}

/// The text of an element of a POM, by its path from the project.
fn element<'a>(pom: &'a Document<'_>, path: &[&str]) -> Option<&'a str> {
    let found = path.iter().try_fold(pom.root_element(), |element, name| {
        element.children().find(|child| child.tag_name().name() == *name)
    });
    found?.text().map(str::trim)
}

fn parse(pom: &str) -> Outcome<Document<'_>> {
    Document::parse(pom).map_err(Failure::doing("reading the POM"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const POM: &str = "<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>ai.rtvi</groupId>
  <artifactId>rtvi-android</artifactId>
  <packaging>aar</packaging>
  <name>RTVI</name>
  <description>Talks.</description>
  <url>https://example.com</url>
  <licenses><license><name>BSD-2-Clause</name><url>https://example.com/licence</url></license></licenses>
  <developers><developer><name>Ada</name></developer></developers>
  <scm>
    <connection>scm:git:x</connection><developerConnection>scm:git:x</developerConnection><url>https://x</url>
  </scm>
</project>";

    /// Writes a publication with these files in its AAR, and says what it lacks.
    fn lacks(pom: &str, in_aar: &[&str], signed: bool) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let manifest = "<manifest><uses-sdk android:minSdkVersion=\"24\" /></manifest>";
        let text = |name: &str| if name == "AndroidManifest.xml" { manifest } else { "x" };
        let archive = |ending: &str, names: &[&str]| {
            for name in names {
                let file = folder.join(name);
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                fs::write(file, text(name)).unwrap();
            }
            let mut jar = Command::new("jar");
            jar.args(["--create", "--file", &format!("rtvi-android-0.1.0{ending}")]).args(names);
            process::run(jar.current_dir(folder)).unwrap();
        };
        fs::write(folder.join("rtvi-android-0.1.0.pom"), pom).unwrap();
        archive(".aar", in_aar);
        archive("-sources.jar", &["ai/rtvi/Call.kt"]);
        archive("-javadoc.jar", &["index.html"]);
        lacks_of(&folder.join("rtvi-android-0.1.0.pom"), signed).unwrap()
    }

    /// The POM with another name for the first elements of this name.
    fn without(name: &str, count: usize) -> String {
        POM.replacen(&format!("<{name}>"), "<x>", count).replacen(&format!("</{name}>"), "</x>", count)
    }

    fn complete() -> Vec<&'static str> {
        [&["classes.jar", "AndroidManifest.xml"], IN_AAR.as_slice()].concat()
    }

    #[test]
    fn a_complete_publication_lacks_nothing_but_signatures() {
        assert_eq!(lacks(POM, &complete(), false), Vec::<String>::new());
        assert_eq!(lacks(POM, &complete(), true).len(), 4);
    }

    #[test]
    fn each_element_of_the_pom_is_needed() {
        for path in REQUIRED {
            let last = path.last().unwrap();
            let pom = without(last, usize::MAX);
            assert!(
                lacks_of_pom(&parse(&pom).unwrap()).contains(&format!("no {}", path.join("/"))),
                "{path:?}"
            );
        }
    }

    #[test]
    fn the_address_of_a_licence_is_not_that_of_the_project() {
        let pom = without("url", 1);
        assert_eq!(lacks_of_pom(&parse(&pom).unwrap()), ["no url"]);
    }

    #[test]
    fn the_library_for_android_has_its_rules_and_every_core() {
        let without_rules: Vec<_> = complete().into_iter().filter(|name| *name != "proguard.txt").collect();
        assert_eq!(lacks(POM, &without_rules, false), ["no proguard.txt"]);
        let other = POM.replace("rtvi-android", "rtvi-compose");
        assert_eq!(lacks(&other, &["classes.jar", "AndroidManifest.xml"], false), Vec::<String>::new());
        let other = POM.replace("rtvi-android", "rtvi");
        assert_eq!(lacks(&other, &complete(), false).len(), IN_JAR.len());
    }
}
