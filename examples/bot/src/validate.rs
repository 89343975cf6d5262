//! Checks of incoming messages, with complaints in the words of the server's validator (pydantic).
//!
//! Pure. A [`Form`] collects every complaint about one payload, as the server reports them together; only the lines
//! about the input's own value and the manual are left out.

use serde_json::{Map, Value};

/// An incoming RTVI message.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Envelope {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) data: Option<Map<String, Value>>,
}

impl Envelope {
    /// Reads a message. Nothing when it is not RTVI's (wrong label), which the server ignores.
    pub(crate) fn read(message: &Value) -> Option<Result<Self, String>> {
        let fields = message.as_object()?;
        if fields.get("label").and_then(Value::as_str) != Some("rtvi-ai") {
            return None;
        }
        let mut form = Form::new("Message", Some(fields));
        let kind = form.text("type");
        let id = form.text("id");
        let data = match fields.get("data") {
            None | Some(Value::Null) => None,
            Some(Value::Object(data)) => Some(data.clone()),
            Some(_) => {
                form.complain("data", "Input should be a valid dictionary", "dict_type");
                None
            }
        };
        Some(form.finish().map(|()| Self { id, kind, data }))
    }
}

/// A payload being checked.
pub(crate) struct Form<'a> {
    model: &'static str,
    path: String,
    fields: Option<&'a Map<String, Value>>,
    complaints: Vec<String>,
}

impl<'a> Form<'a> {
    /// A payload that must be an object.
    pub(crate) fn new(model: &'static str, fields: Option<&'a Map<String, Value>>) -> Self {
        let mut form = Self { model, path: String::new(), fields, complaints: Vec::new() };
        if fields.is_none() {
            let text =
                format!("  Input should be a valid dictionary or instance of {model} [type=model_type]");
            form.complaints.push(text);
        }
        form
    }

    /// A required field.
    pub(crate) fn field(&mut self, name: &str) -> Option<&'a Value> {
        let value = self.fields?.get(name);
        if value.is_none() {
            self.complain(name, "Field required", "missing");
        }
        value
    }

    /// A required string.
    pub(crate) fn text(&mut self, name: &str) -> String {
        match self.field(name) {
            Some(Value::String(text)) => text.clone(),
            Some(_) => self.wrong(name, "Input should be a valid string", "string_type"),
            None => String::new(),
        }
    }

    /// A string that may be missing or null.
    pub(crate) fn optional_text(&mut self, name: &str) -> Option<String> {
        match self.fields.and_then(|fields| fields.get(name)) {
            None | Some(Value::Null) => None,
            Some(_) => Some(self.text(name)),
        }
    }

    /// A boolean that may be missing, but not null.
    pub(crate) fn flag(&mut self, name: &str, default: bool) -> bool {
        match self.fields.and_then(|fields| fields.get(name)) {
            None => default,
            Some(Value::Bool(flag)) => *flag,
            Some(_) => self.wrong(name, "Input should be a valid boolean", "bool_type"),
        }
    }

    /// A required object.
    pub(crate) fn object(&mut self, name: &str) -> Option<&'a Map<String, Value>> {
        match self.field(name) {
            Some(Value::Object(fields)) => Some(fields),
            Some(_) => self.wrong(name, "Input should be a valid dictionary", "dict_type"),
            None => None,
        }
    }

    /// An object that may be missing or null.
    pub(crate) fn optional_object(&mut self, name: &str) -> Option<&'a Map<String, Value>> {
        match self.fields.and_then(|fields| fields.get(name)) {
            None | Some(Value::Null) => None,
            Some(_) => self.object(name),
        }
    }

    /// Goes on with an object inside this one; its complaints carry `name` in their place.
    pub(crate) fn inside<T>(
        &mut self,
        name: &str,
        fields: Option<&'a Map<String, Value>>,
        read: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let outer = (self.path.clone(), self.fields);
        self.path = format!("{}{name}.", self.path);
        self.fields = fields;
        let value = read(self);
        (self.path, self.fields) = outer;
        value
    }

    /// Adds a complaint about a field.
    pub(crate) fn complain(&mut self, name: &str, message: &str, kind: &str) {
        self.complaints.push(format!("{}{name}\n  {message} [type={kind}]", self.path));
    }

    /// The result of the check: all complaints in one text.
    pub(crate) fn finish(self) -> Result<(), String> {
        let count = self.complaints.len();
        if count == 0 {
            return Ok(());
        }
        let errors = if count == 1 { "error" } else { "errors" };
        Err(format!("{count} validation {errors} for {}\n{}", self.model, self.complaints.join("\n")))
    }

    fn wrong<T: Default>(&mut self, name: &str, message: &str, kind: &str) -> T {
        self.complain(name, message, kind);
        T::default()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn envelopes_need_id_type_and_an_object() {
        let good = Envelope::read(&json!({ "label": "rtvi-ai", "type": "x", "id": "1", "data": null }));
        assert_eq!(good, Some(Ok(Envelope { id: "1".into(), kind: "x".into(), data: None })));
        assert_eq!(Envelope::read(&json!({ "label": "other", "type": "x", "id": "1" })), None);
        assert_eq!(Envelope::read(&json!([1])), None);
        let bad = Envelope::read(&json!({ "label": "rtvi-ai", "type": 3, "data": [] }));
        let expected = "3 validation errors for Message\ntype\n  Input should be a valid string [type=string_type]\n\
                        id\n  Field required [type=missing]\ndata\n  Input should be a valid dictionary [type=dict_type]";
        assert_eq!(bad, Some(Err(expected.to_owned())));
    }

    #[test]
    fn nested_fields_tell_their_place() {
        let data = json!({ "options": { "run_immediately": null } });
        let mut form = Form::new("SendTextData", data.as_object());
        let options = form.optional_object("options");
        assert!(!form.inside("options", options, |form| form.flag("run_immediately", true)));
        let expected = "1 validation error for SendTextData\noptions.run_immediately\n  \
                        Input should be a valid boolean [type=bool_type]";
        assert_eq!(form.finish(), Err(expected.to_owned()));
    }
}
