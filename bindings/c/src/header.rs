//! Generates `include/rtvi.h` and checks that the committed one is up to date.
//!
//! Tests only. `RTVI_UPDATE_HEADER=1 cargo test -p rtvi-c header` writes it.

use std::path::Path;

/// The text at the head of the header.
const RULES: &str = include_str!("header_rules.txt");

fn header() -> String {
    let folder = env!("CARGO_MANIFEST_DIR");
    let mut config = cbindgen::Config {
        language: cbindgen::Language::C,
        header: Some(RULES.trim_end().to_owned()),
        no_includes: true,
        sys_includes: ["stdbool.h", "stddef.h", "stdint.h"].map(str::to_owned).into(),
        after_includes: Some(include_str!("header_helpers.txt").trim_end().to_owned()),
        trailer: Some(include_str!("header_trailer.txt").trim_end().to_owned()),
        cpp_compat: true,
        documentation_style: cbindgen::DocumentationStyle::Cxx,
        line_length: 110,
        tab_width: 4,
        usize_is_size_t: true,
        sort_by: cbindgen::SortKey::None,
        style: cbindgen::Style::Type,
        ..cbindgen::Config::default()
    };
    config.function.prefix = Some("RTVI_API".to_owned());
    config.enumeration.enum_class = false;
    // No signature uses these types: functions take them as numbers, so that any number is safe.
    let numbers = [
        "rtvi_close_reason",
        "rtvi_feature",
        "rtvi_info",
        "rtvi_log_level",
        "rtvi_pixel_format",
        "rtvi_video_codec",
    ];
    config.export.include = numbers.map(str::to_owned).into();
    // Transparent for Rust, opaque for C: the helpers declare it.
    config.export.exclude = vec!["rtvi_json".to_owned()];
    let made = cbindgen::Builder::new().with_config(config).with_crate(folder).generate();
    let mut text = Vec::new();
    made.expect("the crate is readable").write(&mut text);
    String::from_utf8(text).expect("UTF-8")
}

#[test]
fn the_header_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("include/rtvi.h");
    let made = header();
    if std::env::var_os("RTVI_UPDATE_HEADER").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        made == committed,
        "run `RTVI_UPDATE_HEADER=1 cargo test -p rtvi-c header` and commit include/rtvi.h"
    );
}
