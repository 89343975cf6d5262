//! The metadata of the built library, which describe the core's types.
//!
//! Depends on UniFFI's reader of its metadata.

use camino::Utf8Path;
use uniffi_bindgen::{BindgenLoader, BindgenPaths, ComponentInterface, GlobalConfig};

use crate::docs;

/// The result of a step.
pub(crate) type Outcome<T = ()> = Result<T, String>;

/// The crate whose types apps see.
pub(crate) const CRATE: &str = "rtvi_core";
/// Its flat enum of events.
pub(crate) const EVENTS: &str = "RtviEvent";

/// Reads the metadata of a library that was built without stripping.
pub(crate) fn types(library: &str) -> Outcome<ComponentInterface> {
    let loader = BindgenLoader::new(BindgenPaths::default(), GlobalConfig::default());
    let metadata = loader.load_metadata(Utf8Path::new(library));
    let interfaces = metadata.and_then(|metadata| loader.load_cis(metadata));
    let interfaces = interfaces.map_err(|error| format!("{library}: {error:#}"))?;
    let types = interfaces.into_iter().find(|interface| interface.crate_name() == CRATE);
    let types = types.ok_or_else(|| format!("{library} contains no types of {CRATE}"))?;
    check_docs(&types)?;
    Ok(types)
}

/// Checks that the doc comments of the types suit every language.
fn check_docs(types: &ComponentInterface) -> Outcome {
    for record in types.record_definitions() {
        docs::check(record.name(), record.docstring())?;
        for field in record.fields() {
            docs::check(&format!("{}.{}", record.name(), field.name()), field.docstring())?;
        }
    }
    for found in types.enum_definitions() {
        docs::check(found.name(), found.docstring())?;
        for variant in found.variants() {
            let name = format!("{}::{}", found.name(), variant.name());
            docs::check(&name, variant.docstring())?;
            for field in variant.fields() {
                docs::check(&format!("{name}.{}", field.name()), field.docstring())?;
            }
        }
    }
    Ok(())
}
