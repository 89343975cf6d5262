//! The core's types: records, enums and events, each with the shape of its fields.
//!
//! Depends on UniFFI's metadata.

use std::collections::BTreeSet;

use heck::ToSnakeCase;
use uniffi_bindgen::{
    ComponentInterface,
    interface::{AsType, Enum, Field as Described, Type, Variant},
};

use crate::metadata::{CRATE, EVENTS, Outcome};

/// The record that is an opaque object with functions in C, and a class in C++.
const ERROR: &str = "RtviError";

/// The records that have a form of their own in C and C++.
const OTHER_FORMS: [&str; 6] = [
    "ConversationLimits",
    "EncodedVideoFrame",
    "FunctionCall",
    "SessionAnswer",
    "VideoFormat",
    "VideoTarget",
];

/// All types of events and conversations. Each type comes after the types that it contains.
#[derive(Debug, Default)]
pub(crate) struct Model {
    /// The events, in the order of the core's tables.
    pub(crate) events: Vec<Struct>,
    /// The records.
    pub(crate) records: Vec<Struct>,
    /// The enums without fields.
    pub(crate) enums: Vec<Plain>,
    /// The enums whose variants have fields.
    pub(crate) unions: Vec<Union>,
    /// The names of the records and unions in one order.
    pub(crate) order: Vec<String>,
    /// How many of them belong to events. The others belong to conversations and to the client.
    pub(crate) of_events: usize,
    /// Extensible enums of texts, by their paths in Rust code of another crate.
    pub(crate) texts: Vec<String>,
}

/// An event or a record.
#[derive(Debug)]
pub(crate) struct Struct {
    /// Its name in Rust.
    pub(crate) name: String,
    /// Its path in Rust code of another crate.
    pub(crate) path: String,
    pub(crate) doc: String,
    pub(crate) fields: Vec<Field>,
}

/// A field of a struct, or of a variant.
#[derive(Debug, PartialEq)]
pub(crate) struct Field {
    /// Its name. A nameless field has the name of its variant.
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) shape: Shape,
}

/// An enum without fields.
#[derive(Debug)]
pub(crate) struct Plain {
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) doc: String,
    /// Each with its doc comment.
    pub(crate) variants: Vec<(String, String)>,
    /// Whether it is open: other crates must expect more variants.
    pub(crate) is_open: bool,
}

/// An enum whose variants have fields: a kind, and the fields of all variants.
#[derive(Debug)]
pub(crate) struct Union {
    /// The variants without their fields. Its name is the name of the union.
    pub(crate) kind: Plain,
    /// The fields of each variant, in their order, and whether they have names in Rust.
    pub(crate) fields: Vec<(Vec<Field>, bool)>,
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shape {
    /// A number, by its name in Rust.
    Number(&'static str),
    Bool,
    Text,
    /// An extensible enum of texts; a text in C and C++.
    Open(String),
    Bytes,
    Duration,
    /// JSON.
    Json,
    /// An error of the SDK.
    Error,
    /// An enum without fields.
    Plain(String),
    /// A record or union.
    Struct(String),
    Optional(Box<Self>),
    List(Box<Self>),
}

impl Model {
    /// Reads the types into this model.
    pub(crate) fn of(types: &ComponentInterface) -> Outcome<Self> {
        Reader { types, model: Self::default(), seen: BTreeSet::new() }.read()
    }

    /// The record with this name.
    pub(crate) fn record(&self, name: &str) -> Option<&Struct> {
        self.records.iter().find(|record| record.name == name)
    }

    /// The names of the types of events, and of the others.
    pub(crate) fn parts(&self) -> (&[String], &[String]) {
        self.order.split_at(self.of_events.min(self.order.len()))
    }

    /// The union with this name.
    pub(crate) fn union(&self, name: &str) -> Option<&Union> {
        self.unions.iter().find(|union| union.kind.name == name)
    }
}

impl Struct {
    /// The only field's record or union, if the struct consists of just that.
    pub(crate) fn only_struct(&self) -> Option<&str> {
        match &*self.fields {
            [Field { shape: Shape::Struct(name), .. }] => Some(name),
            _ => None,
        }
    }
}

impl Union {
    /// The fields of all variants, each once.
    pub(crate) fn all_fields(&self) -> Vec<&Field> {
        let mut all: Vec<&Field> = Vec::new();
        for field in self.fields.iter().flat_map(|(fields, _)| fields) {
            if !all.iter().any(|known| known.name == field.name) {
                all.push(field);
            }
        }
        all
    }
}

struct Reader<'a> {
    types: &'a ComponentInterface,
    model: Model,
    seen: BTreeSet<String>,
}

impl Reader<'_> {
    fn read(mut self) -> Outcome<Model> {
        let events = self.types.get_enum_definition(EVENTS);
        let events = events.ok_or_else(|| format!("{CRATE} has no enum {EVENTS}"))?;
        for event in events.variants() {
            let fields = self.fields(event.fields(), event.name())?;
            let (name, doc) = (event.name().to_owned(), text_of(event.docstring()));
            let path = format!("RtviEvent::{name}");
            self.model.events.push(Struct { name, path, doc, fields });
        }
        self.shape(&Type::Record { module_path: "rtvi_core::error".to_owned(), name: ERROR.to_owned() })?;
        self.model.of_events = self.model.order.len();
        for record in self.types.record_definitions() {
            if !OTHER_FORMS.contains(&record.name()) {
                self.shape(&record.as_type())?;
            }
        }
        Ok(self.model)
    }

    /// The fields of the type named `of`.
    fn fields(&mut self, fields: &[Described], of: &str) -> Outcome<Vec<Field>> {
        fields.iter().map(|field| self.field(field, of)).collect()
    }

    fn field(&mut self, field: &Described, of: &str) -> Outcome<Field> {
        let shape = self.shape(&field.as_type())?;
        let name = match (field.name(), &shape) {
            ("", Shape::Error) => "error".to_owned(),
            ("", _) => of.to_snake_case(),
            (name, _) => name.to_owned(),
        };
        Ok(Field { name, doc: text_of(field.docstring()), shape })
    }

    fn shape(&mut self, of: &Type) -> Outcome<Shape> {
        Ok(match of {
            Type::Boolean => Shape::Bool,
            Type::String => Shape::Text,
            Type::Bytes => Shape::Bytes,
            Type::Duration => Shape::Duration,
            Type::Custom { name, .. } if name == "Value" || name == "JsonObject" => Shape::Json,
            Type::Box { inner_type } => self.shape(inner_type)?,
            Type::Optional { inner_type } => Shape::Optional(Box::new(self.shape(inner_type)?)),
            Type::Sequence { inner_type } => Shape::List(Box::new(self.shape(inner_type)?)),
            Type::Record { name, module_path } => self.record(name, module_path)?,
            Type::Enum { name, module_path } => self.enumeration(name, module_path)?,
            number => Shape::Number(number_of(number)?),
        })
    }

    fn record(&mut self, name: &str, module: &str) -> Outcome<Shape> {
        let record = self.types.get_record_definition(name).ok_or_else(|| format!("no record {name}"))?;
        let is_new = self.seen.insert(name.to_owned());
        let fields = if is_new { self.fields(record.fields(), name)? } else { Vec::new() };
        if name == ERROR {
            return Ok(Shape::Error);
        }
        if is_new {
            let (path, doc) = (path(module, name), text_of(record.docstring()));
            self.model.order.push(name.to_owned());
            self.model.records.push(Struct { name: name.to_owned(), path, doc, fields });
        }
        Ok(Shape::Struct(name.to_owned()))
    }

    fn enumeration(&mut self, name: &str, module: &str) -> Outcome<Shape> {
        let found = self.types.get_enum_definition(name).ok_or_else(|| format!("no enum {name}"))?;
        if is_of_texts(found) {
            if self.seen.insert(name.to_owned()) {
                self.model.texts.push(path(module, name));
            }
            return Ok(Shape::Open(name.to_owned()));
        }
        let is_plain = !found.contains_variant_fields();
        let shape = if is_plain { Shape::Plain(name.to_owned()) } else { Shape::Struct(name.to_owned()) };
        if !self.seen.insert(name.to_owned()) {
            return Ok(shape);
        }
        let kind = plain(found, path(module, name));
        if is_plain {
            self.model.enums.push(kind);
        } else {
            let of_variant = |variant: &Variant| {
                let fields = self.fields(variant.fields(), variant.name())?;
                Ok((fields, !variant.has_nameless_fields()))
            };
            let fields = found.variants().iter().map(of_variant).collect::<Outcome<_>>()?;
            self.model.order.push(name.to_owned());
            self.model.unions.push(Union { kind, fields });
        }
        Ok(shape)
    }
}

fn plain(found: &Enum, path: String) -> Plain {
    let variant = |variant: &Variant| (variant.name().to_owned(), text_of(variant.docstring()));
    Plain {
        name: found.name().to_owned(),
        path,
        doc: text_of(found.docstring()),
        variants: found.variants().iter().map(variant).collect(),
        is_open: found.is_non_exhaustive(),
    }
}

/// Whether it is an enum of texts, with `Other` for unknown ones.
fn is_of_texts(found: &Enum) -> bool {
    found.variants().iter().any(|variant| variant.name() == "Other" && variant.has_nameless_fields())
}

/// The public path of a type: modules below the first are private.
fn path(module: &str, name: &str) -> String {
    match module.split("::").nth(1) {
        None | Some("error") => format!("{CRATE}::{name}"),
        Some(module) => format!("{CRATE}::{module}::{name}"),
    }
}

fn text_of(doc: Option<&str>) -> String {
    doc.unwrap_or_default().lines().map(str::trim).collect::<Vec<_>>().join("\n").trim().to_owned()
}

fn number_of(number: &Type) -> Outcome<&'static str> {
    Ok(match number {
        Type::UInt8 => "u8",
        Type::UInt16 => "u16",
        Type::UInt32 => "u32",
        Type::UInt64 => "u64",
        Type::Int8 => "i8",
        Type::Int16 => "i16",
        Type::Int32 => "i32",
        Type::Int64 => "i64",
        Type::Float32 => "f32",
        Type::Float64 => "f64",
        other => return Err(format!("no shape in C for {other:?}")),
    })
}
