//! The arrows between the layers of `rtvi-core`: each may use those below it, and the pure ones
//! neither clock nor runtime.
//!
//! Depends on [`super::source`]. Must never let a name of the crate's root hide the layer that
//! defines it.

use std::collections::BTreeMap;

use super::{Finding, source::Source};

/// The file whose public names are those of the layers.
pub(super) const CORE_ROOT: &str = "rtvi-core/src/lib.rs";

const CORE: &str = "rtvi-core/src/";

/// Every layer, and the layers that it may use.
const LAYERS: [(&str, &[&str]); 7] = [
    ("error", &[]),
    ("log", &["error"]),
    ("protocol", &["error", "log"]),
    ("media", &["error", "log"]),
    ("transport", &["error", "log", "protocol", "media"]),
    ("client", &["error", "log", "protocol", "media", "transport"]),
    ("ffi", &["error", "log", "protocol", "media", "transport", "client"]),
];

/// Parts of a layer that stand below the rest of it: the layer, the part, and what else of the
/// layer the part may use.
const FLOORS: [(&str, &str, &[&str]); 1] =
    [("transport", "rtc", &["address", "stream", "video", "TlsOptions", "TransportStats"])];

/// Where there is no runtime, no network and no clock: `now` is an argument there.
const PURE: [&str; 4] = ["protocol", "media", "client/machine", "transport/interpreter"];

/// The public names of the crate's root, each with the layer that it comes from.
#[derive(Default)]
pub(super) struct RootNames(BTreeMap<String, &'static str>);

impl RootNames {
    /// Reads the `pub use layer::…` of the crate's root.
    pub(super) fn of(root: &Source) -> Self {
        let tokens: Vec<&str> = root.tokens().into_iter().map(|(_, token)| token).collect();
        let mut names = BTreeMap::new();
        for (at, _) in tokens.iter().enumerate().filter(|(_, token)| **token == "use") {
            let tree = tokens.iter().skip(at + 1).take_while(|token| **token != ";");
            let mut words = tree.filter(|token| !matches!(**token, "crate" | "self" | ":"));
            let Some(layer) = words.next().and_then(|word| layer(word)) else { continue };
            names.extend(words.map(|word| ((*word).to_owned(), layer)));
        }
        Self(names)
    }
}

/// The arrows that point back, and what is not pure where it must be.
pub(super) fn check(file: &str, source: &Source, names: &RootNames) -> Vec<Finding> {
    let Some(module) = file.strip_prefix(CORE).map(|path| path.trim_end_matches(".rs")) else {
        return Vec::new();
    };
    let path: Vec<&str> = module.split('/').filter(|part| *part != "mod").collect();
    if path == ["lib"] || super::rules::is_test_file(file) {
        return Vec::new();
    }
    let Some((own, allowed)) = path.first().and_then(|first| LAYERS.iter().find(|(name, _)| name == first))
    else {
        return vec![(1, format!("`{module}` is in none of the layers {}", names_of_layers()))];
    };
    let tokens = source.tokens();
    let mut findings = Vec::new();
    for (line, name) in used_at_root(&tokens, path.len()) {
        let Some(used) = layer(name).or_else(|| names.0.get(name).copied()) else { continue };
        if used != *own && !allowed.contains(&used) {
            findings.push((
                line,
                format!("`{own}` may not use `{used}` (here `{name}`); it may use {allowed:?}"),
            ));
        }
    }
    findings.extend(upward(&path, &tokens));
    if PURE.iter().any(|pure| path.join("/").starts_with(pure)) {
        findings.extend(impure(&tokens));
    }
    findings
}

/// What a floor uses of its layer that stands above it.
fn upward(path: &[&str], tokens: &[(usize, &str)]) -> Vec<Finding> {
    let Some((layer, floor, allowed)) =
        FLOORS.iter().find(|(layer, floor, _)| path.starts_with(&[layer, floor]))
    else {
        return Vec::new();
    };
    let mut used = used_at_super(tokens, path.len() - 1);
    for (at, _) in tokens.iter().enumerate().filter(|(_, (_, token))| token == layer) {
        used.extend(first_names(tokens.get(at + 1..).unwrap_or_default()));
    }
    used.retain(|(_, name)| name != floor && !allowed.contains(name));
    let message =
        |name| format!("`{layer}/{floor}` may not use `{name}` of `{layer}`; it may use {allowed:?}");
    used.into_iter().map(|(line, name)| (line, message(name))).collect()
}

fn layer(name: &str) -> Option<&'static str> {
    LAYERS.iter().map(|(layer, _)| *layer).find(|layer| *layer == name)
}

fn names_of_layers() -> String {
    LAYERS.map(|(name, _)| name).join(", ")
}

/// The names taken from the crate's root by `crate::` or by enough `super::`; of a braced list,
/// each first name.
fn used_at_root<'a>(tokens: &[(usize, &'a str)], depth: usize) -> Vec<(usize, &'a str)> {
    let mut used = used_at_super(tokens, depth);
    for (at, _) in tokens.iter().enumerate().filter(|(_, (_, token))| *token == "crate") {
        used.extend(first_names(tokens.get(at + 1..).unwrap_or_default()));
    }
    used
}

/// The names taken from the module that so many `super::` lead to.
fn used_at_super<'a>(tokens: &[(usize, &'a str)], depth: usize) -> Vec<(usize, &'a str)> {
    let mut used = Vec::new();
    let mut supers = 0;
    for (at, (_, token)) in tokens.iter().enumerate() {
        supers = match *token {
            "super" => supers + 1,
            ":" => supers,
            _ => 0,
        };
        if *token == "super" && supers == depth {
            used.extend(first_names(tokens.get(at + 1..).unwrap_or_default()));
        }
    }
    used
}

/// The first names of the use tree that follows: `::a::b` or `::{a::b, c::{d, e}}`.
fn first_names<'a>(tokens: &[(usize, &'a str)]) -> Vec<(usize, &'a str)> {
    let [(_, ":"), (_, ":"), tree @ ..] = tokens else { return Vec::new() };
    if tree.first().is_none_or(|(_, token)| *token != "{") {
        return tree.first().copied().into_iter().collect();
    }
    let (mut depth, mut names, mut is_first) = (0_usize, Vec::new(), true);
    for (line, token) in tree {
        match *token {
            "{" => depth += 1,
            "}" => depth = depth.saturating_sub(1),
            "," if depth == 1 => is_first = true,
            name if depth == 1 && is_first => {
                names.push((*line, name));
                is_first = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    names
}

fn impure(tokens: &[(usize, &str)]) -> Vec<Finding> {
    let reads_clock = |at: usize| {
        let rest = tokens.iter().skip(at).map(|(_, token)| *token).take(4);
        rest.eq(["Instant", ":", ":", "now"])
    };
    let why = |at: usize, token: &str| match token {
        "SystemTime" => Some("pure code is given the time"),
        "Instant" if reads_clock(at) => Some("pure code is given the time"),
        word if word.starts_with("tokio") => Some("pure code has no runtime"),
        "hyper" | "reqwest" => Some("pure code has no network"),
        _ => None,
    };
    let finding = |(at, (line, token)): (usize, &(usize, &str))| {
        why(at, token).map(|why| (*line, format!("`{token}` in a pure module: {why}")))
    };
    tokens.iter().enumerate().filter_map(finding).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(file: &str, text: &str) -> Vec<Finding> {
        let names = RootNames::of(&Source::new("pub use error::{Error, Phase};\npub use client::Client;"));
        check(&format!("rtvi-core/src/{file}"), &Source::new(text), &names)
    }

    fn lines(file: &str, text: &str) -> Vec<usize> {
        found(file, text).into_iter().map(|(line, _)| line).collect()
    }

    #[test]
    fn arrows_down_are_fine() {
        assert_eq!(
            found("client/mod.rs", "use crate::{error::Error, transport::{Transport, seam}, media};"),
            []
        );
        assert_eq!(found("transport/ws.rs", "use crate::{Error, protocol};\nuse super::params::X;"), []);
        assert_eq!(found("protocol/mod.rs", "use crate::protocol::frame; pub use frame::client;"), []);
        assert_eq!(
            found(
                "media/wav.rs",
                "//! Used by crate::client.\n#[cfg(test)]\nmod tests { use crate::client; }"
            ),
            []
        );
    }

    #[test]
    fn arrows_back_are_found() {
        assert_eq!(lines("error.rs", "use crate::protocol::Message;"), [1]);
        assert_eq!(lines("log.rs", "use crate::client::Options;"), [1]);
        assert_eq!(lines("media/wav.rs", "use crate::{\n    error::Error,\n    protocol::{A, B},\n};"), [3]);
        assert_eq!(lines("protocol/a/b.rs", "\nfn f(x: super::super::super::media::Frame) {}"), [2]);
        assert_eq!(lines("transport/mod.rs", "use super::client::Client;"), [1]);
        assert_eq!(lines("transport/mod.rs", "use crate::Client;"), [1]);
    }

    #[test]
    fn webrtc_knows_no_transport_that_stands_on_it() {
        let fine = "use crate::{media, transport::{TlsOptions, rtc::sdp, stream::{self, Wire}}};\n\
            use super::super::address;\nuse super::turn;";
        assert_eq!(found("transport/rtc/network.rs", fine), []);
        for wrong in [
            "use crate::transport::small_webrtc::signalling;",
            "use crate::{media, transport::{TlsOptions, http::send_json}};",
            "use super::super::seam::CloseReason;",
            "fn f(_: crate::transport::TransportEvent) {}",
        ] {
            assert_eq!(lines("transport/rtc/network.rs", wrong), [1], "{wrong}");
            assert_eq!(found("transport/small_webrtc/call.rs", wrong), []);
        }
        assert_eq!(lines("transport/rtc/turn/link.rs", "use super::super::super::params::Target;"), [1]);
    }

    #[test]
    fn a_new_layer_must_be_listed() {
        assert!(
            found("util/mod.rs", "")
                .first()
                .is_some_and(|(_, message)| message.contains("none of the layers"))
        );
    }

    #[test]
    fn the_pure_layers_have_no_clock_runtime_or_network() {
        let text = "use tokio_util::x;\nlet a = std::time::Instant::now();\nlet b: Instant;\nlet c = SystemTime::now();\nhyper::x();\nuse reqwest::Client;";
        assert_eq!(lines("protocol/mod.rs", text), [1, 2, 4, 5, 6]);
        assert_eq!(lines("client/machine/mod.rs", text), [1, 2, 4, 5, 6]);
        assert_eq!(lines("client/machine.rs", text), [1, 2, 4, 5, 6]);
        assert_eq!(found("client/driver.rs", text), []);
    }
}
