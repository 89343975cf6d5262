//! Headers in JSON: a list of objects with `name` and `value`. The list keeps the order and
//! repeated names.
//!
//! Depends on serde only.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// A header of a request.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Header {
    /// Its name, such as `Authorization`; case does not matter.
    name: String,
    /// Its value.
    #[cfg_attr(feature = "schema", schemars(extend("writeOnly" = true)))]
    value: String,
}

/// Reads a list of headers.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<(String, String)>, D::Error> {
    let list = Vec::<Header>::deserialize(deserializer)?;
    Ok(list.into_iter().map(|header| (header.name, header.value)).collect())
}

/// Reads the headers of connect parameters: such a list, or an object whose members are the
/// headers. An error may name a header, but never its value.
pub(crate) fn read(headers: &Value) -> Result<Vec<(String, String)>, String> {
    let pair = |(name, value): (&String, &Value)| match value {
        Value::String(value) => Ok((name.clone(), value.clone())),
        _ => Err(format!("the value of header '{}' must be a string", name.escape_debug())),
    };
    match headers {
        Value::Null => Ok(Vec::new()),
        Value::Object(members) => members.iter().map(pair).collect(),
        list => deserialize(list).map_err(|_| {
            "'headers' must be an object, or a list of objects of 'name' and 'value'".to_owned()
        }),
    }
}

/// Writes a list of headers.
pub(crate) fn serialize<S: Serializer>(
    headers: &[(String, String)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer
        .collect_seq(headers.iter().map(|(name, value)| Header { name: name.clone(), value: value.clone() }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::ApiRequest;

    #[test]
    fn order_and_repeats_are_kept() {
        let text = r#"{"endpoint":"http://b/start","headers":[{"name":"B","value":"1"},{"name":"A","value":"2"},{"name":"B","value":"3"}]}"#;
        let request: ApiRequest = serde_json::from_str(text).unwrap();
        let names: Vec<_> = request.headers.iter().map(|(name, value)| format!("{name}{value}")).collect();
        assert_eq!(names, ["B1", "A2", "B3"]);
        let written = serde_json::to_value(&request).unwrap();
        assert_eq!(written["headers"], serde_json::from_str::<Value>(text).unwrap()["headers"]);
        assert!(serde_json::from_str::<ApiRequest>(r#"{"endpoint":"","headers":{"A":"1"}}"#).is_err());
        let given = read(&written["headers"]).unwrap();
        assert_eq!(given, request.headers);
    }

    #[test]
    fn connect_parameters_may_have_an_object() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(read(&json!({"A": "1"})), Ok(vec![pair("A", "1")]));
        assert_eq!((read(&json!([])), read(&json!(null))), (Ok(Vec::new()), Ok(Vec::new())));
        for wrong in [json!("Bearer s3cret"), json!(["s3cret"]), json!({"A": ["s3cret"]}), json!(5)] {
            assert!(read(&wrong).is_err_and(|why| !why.contains("s3cret")), "{wrong}");
        }
    }
}
