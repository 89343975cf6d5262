//! The options as the core describes them.
//!
//! Depends on the core's types and their schema. Independent of all languages.

use rtvi_core::{
    client::ClientOptions,
    transport::{AutoTransportOptions, PhoneTransportOptions},
};
use schemars::SchemaGenerator;
use serde_json::{Map, Value};

use crate::literal;

/// A struct.
#[derive(Debug)]
pub(crate) struct Type {
    /// Its name, such as `ReconnectPolicy`.
    pub(crate) name: String,
    /// The lines of its documentation.
    pub(crate) doc: Vec<String>,
    /// Required fields first, then by name.
    pub(crate) fields: Vec<Field>,
}

/// A field.
#[derive(Debug)]
pub(crate) struct Field {
    /// Its name in JSON, such as `maxDelayMs`.
    pub(crate) name: String,
    /// The lines of its documentation.
    pub(crate) doc: Vec<String>,
    pub(crate) kind: Kind,
    /// Whether it may be null.
    pub(crate) is_optional: bool,
    /// Its value if it is absent from the options; `None` if it is required.
    pub(crate) default: Option<Value>,
    /// Whether it is a secret, which must not be shown.
    pub(crate) is_secret: bool,
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    Bool,
    Integer,
    Float,
    Text,
    Url,
    /// In milliseconds.
    Time,
    Json,
    Struct(String),
    List(Box<Self>),
}

impl Type {
    /// Whether parts of it must not be shown.
    pub(crate) fn has_secrets(&self) -> bool {
        self.fields.iter().any(|field| field.is_secret || field.kind == Kind::Url)
    }

    /// Whether it is a set of switches.
    pub(crate) fn is_switches(&self) -> bool {
        self.fields.iter().all(|field| field.kind == Kind::Bool && field.default == Some(Value::Bool(false)))
    }
}

impl Field {
    /// Its name where times have a type of their own, such as `maxDelay`.
    pub(crate) fn plain_name(&self) -> &str {
        match self.kind {
            Kind::Time => self.name.strip_suffix("Ms").unwrap_or(&self.name),
            _ => &self.name,
        }
    }

    /// Whether it is absent by default.
    pub(crate) fn is_absent_by_default(&self) -> bool {
        self.is_optional && self.default == Some(Value::Null)
    }
}

/// Reads all structs, each after those that it needs.
pub(crate) fn read() -> Result<Vec<Type>, String> {
    let mut schemas = SchemaGenerator::default();
    schemas.subschema_for::<ClientOptions>();
    schemas.subschema_for::<AutoTransportOptions>();
    schemas.subschema_for::<PhoneTransportOptions>();
    let types = schemas.definitions().iter().map(|(name, schema)| read_type(name, schema));
    sorted(types.collect::<Result<_, _>>()?)
}

fn sorted(mut rest: Vec<Type>) -> Result<Vec<Type>, String> {
    let mut done: Vec<Type> = Vec::new();
    while !rest.is_empty() {
        let needs = |of: &Type, rest: &[Type]| {
            let needed = of.fields.iter().filter_map(|field| needed(&field.kind));
            needed.into_iter().any(|name| rest.iter().any(|other| other.name == name))
        };
        let next = (0..rest.len()).find(|index| !needs(&rest[*index], &rest));
        done.push(rest.remove(next.ok_or_else(|| format!("{} needs itself", rest[0].name))?));
    }
    Ok(done)
}

fn needed(kind: &Kind) -> Option<&str> {
    match kind {
        Kind::Struct(name) => Some(name),
        Kind::List(item) => needed(item),
        _ => None,
    }
}

fn read_type(name: &str, schema: &Value) -> Result<Type, String> {
    let required: Vec<_> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let properties = schema["properties"].as_object().ok_or_else(|| format!("{name} is not a struct"))?;
    let field = |(field, schema): (&String, &Value)| {
        read_field(field, schema, required.contains(&field.as_str()))
            .map_err(|problem| format!("{name}.{field}: {problem}"))
    };
    let mut fields = properties.iter().map(field).collect::<Result<Vec<_>, _>>()?;
    fields.sort_by_key(|field| field.default.is_some());
    Ok(Type { name: name.to_owned(), doc: doc(schema), fields })
}

fn doc(schema: &Value) -> Vec<String> {
    schema["description"].as_str().unwrap_or_default().lines().map(str::to_owned).collect()
}

fn read_field(name: &str, schema: &Value, is_required: bool) -> Result<Field, String> {
    let object = schema.as_object().ok_or("it has no schema")?;
    let (kind, is_optional) = kind(name, object)?;
    let default =
        (!is_required).then(|| object.get("default").cloned().ok_or("it has no default")).transpose()?;
    let field = Field {
        name: name.to_owned(),
        doc: doc(schema),
        kind,
        is_optional,
        default,
        is_secret: schema["writeOnly"] == true,
    };
    check(&field)?;
    Ok(field)
}

/// Checks that every language can write the default as a literal.
fn check_literal(field: &Field) -> Result<(), String> {
    let Some(default) = &field.default else { return Ok(()) };
    let fits = match (&field.kind, default) {
        (_, Value::Null) => field.is_optional,
        (Kind::Bool, Value::Bool(_)) => true,
        (Kind::Integer | Kind::Time | Kind::Float, Value::Number(_)) => true,
        (Kind::Text, Value::String(text)) => {
            !text.contains(['"', '\\', '$']) && !text.contains(char::is_control)
        }
        (Kind::List(_), Value::Array(items)) => items.is_empty(),
        (Kind::Json, Value::Object(members)) => members.is_empty(),
        (Kind::Struct(_), Value::Object(_)) => true,
        _ => false,
    };
    if fits {
        Ok(())
    } else {
        Err(format!("not every language can write its default as a literal: {default}"))
    }
}

/// Checks that the documentation states the default.
fn check(field: &Field) -> Result<(), String> {
    check_literal(field)?;
    if field.doc.is_empty() {
        return Err("it has no documentation".to_owned());
    }
    let (Some(default), false) =
        (&field.default, matches!(field.kind, Kind::Struct(_)) && !field.is_optional)
    else {
        return Ok(());
    };
    let wanted = format!("Default: {}", literal::in_words(&field.kind, default));
    let text = field.doc.join(" ");
    match text.split_once(&wanted) {
        Some((_, rest)) if rest == "." || rest.starts_with(", ") => Ok(()),
        _ => Err(format!("its documentation must say `{wanted}.`, or `{wanted}, …`: {text}")),
    }
}

fn kind(name: &str, schema: &Map<String, Value>) -> Result<(Kind, bool), String> {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        return Ok((Kind::Struct(reference.rsplit('/').next().unwrap_or_default().to_owned()), false));
    }
    if let Some(choice) = schema.get("anyOf").and_then(Value::as_array) {
        let of = choice.iter().filter_map(Value::as_object).find(|of| of.contains_key("$ref"));
        return Ok((kind(name, of.ok_or("a choice of what is no struct")?)?.0, true));
    }
    let types: Vec<_> = match schema.get("type") {
        None => return Ok((Kind::Json, true)),
        Some(Value::Array(types)) => types.iter().filter_map(Value::as_str).collect(),
        Some(one) => one.as_str().into_iter().collect(),
    };
    let is_optional = types.contains(&"null");
    let kind = match types.first().copied() {
        Some("boolean") => Kind::Bool,
        Some("integer") if name.ends_with("Ms") => Kind::Time,
        Some("integer") => Kind::Integer,
        Some("number") => Kind::Float,
        Some("string") if schema.get("format").is_some_and(|format| format == "uri") => Kind::Url,
        Some("string") => Kind::Text,
        Some("array") => {
            let items = schema.get("items").and_then(Value::as_object).ok_or("a list of what?")?;
            Kind::List(Box::new(kind("", items)?.0))
        }
        Some("object") if schema.get("additionalProperties").is_some() => return Ok((Kind::Json, true)),
        other => return Err(format!("no language has {other:?}")),
    };
    Ok((kind, is_optional))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn field(kind: Kind, default: Value) -> Field {
        let doc = vec![format!("Default: {}.", literal::in_words(&kind, &default))];
        let name = "a".to_owned();
        Field { name, doc, kind, is_optional: false, default: Some(default), is_secret: false }
    }

    #[test]
    fn a_default_that_is_no_literal_is_refused() {
        assert_eq!(check(&field(Kind::Text, json!("plain"))), Ok(()));
        for text in ["a \"b\"", "${a}", "a\\b", "\u{1}"] {
            assert!(check(&field(Kind::Text, json!(text))).is_err(), "{text:?}");
        }
        assert!(check(&field(Kind::Url, json!("http://h"))).is_err());
        assert!(check(&field(Kind::List(Box::new(Kind::Integer)), json!([1]))).is_err());
        assert!(check(&field(Kind::Bool, Value::Null)).is_err());
    }

    #[test]
    fn types_that_need_each_other_are_refused() {
        let of = |name: &str, needs: &str| Type {
            name: name.to_owned(),
            doc: Vec::new(),
            fields: vec![field(Kind::Struct(needs.to_owned()), json!({}))],
        };
        assert!(sorted(vec![of("A", "B"), of("B", "A")]).is_err());
        let names: Vec<_> =
            sorted(vec![of("A", "B"), of("B", "C")]).unwrap().into_iter().map(|of| of.name).collect();
        assert_eq!(names, ["B", "A"]);
    }
}
