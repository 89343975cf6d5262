//! The events as the metadata of the library describe them.
//!
//! Depends on UniFFI's reader of its metadata.

use camino::Utf8Path;
use uniffi_bindgen::{BindgenLoader, BindgenPaths, ComponentInterface, GlobalConfig, interface::Type};

/// What the work comes to.
pub(crate) type Outcome<T = ()> = Result<T, String>;

/// The crate whose types apps see.
pub(crate) const CRATE: &str = "rtvi_core";
/// Its flat enum of events.
pub(crate) const EVENTS: &str = "RtviEvent";

/// Everything that is printed from.
pub(crate) struct Schema {
    /// The events, in the order of the core's tables.
    pub(crate) events: Vec<Event>,
}

/// An event: its variant's name as in Rust, its doc comment and its fields.
pub(crate) struct Event {
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) fields: Vec<Field>,
}

/// A field of an event.
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) ty: Type,
}

/// Reads the metadata of a library that was built without stripping.
pub(crate) fn types(library: &str) -> Outcome<ComponentInterface> {
    let loader = BindgenLoader::new(BindgenPaths::default(), GlobalConfig::default());
    let metadata = loader.load_metadata(Utf8Path::new(library));
    let interfaces = metadata.and_then(|metadata| loader.load_cis(metadata));
    let interfaces = interfaces.map_err(|error| format!("{library}: {error:#}"))?;
    let types = interfaces.into_iter().find(|interface| interface.crate_name() == CRATE);
    types.ok_or_else(|| format!("{library} holds no types of {CRATE}"))
}

impl Schema {
    /// The events among the types.
    pub(crate) fn of(types: &ComponentInterface) -> Outcome<Self> {
        Ok(Self { events: events(types)? })
    }
}

fn events(types: &ComponentInterface) -> Outcome<Vec<Event>> {
    let all = types.get_enum_definition(EVENTS).ok_or_else(|| format!("{CRATE} has no enum {EVENTS}"))?;
    let events = all.variants().iter().map(|variant| Event {
        name: variant.name().to_owned(),
        doc: variant.docstring().unwrap_or_default().to_owned(),
        fields: variant.fields().iter().map(field).collect(),
    });
    Ok(events.collect())
}

fn field(field: &uniffi_bindgen::interface::Field) -> Field {
    use uniffi_bindgen::interface::AsType;
    Field { name: field.name().to_owned(), ty: field.as_type() }
}
