//! Headers in JSON: a list of objects with `name` and `value`. The list keeps the order and
//! repeated names.
//!
//! Depends on serde only.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

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
    use crate::ApiRequest;

    #[test]
    fn order_and_repeats_are_kept() {
        let text = r#"{"endpoint":"http://b/start","headers":[{"name":"B","value":"1"},{"name":"A","value":"2"},{"name":"B","value":"3"}]}"#;
        let request: ApiRequest = serde_json::from_str(text).unwrap();
        let names: Vec<_> = request.headers.iter().map(|(name, value)| format!("{name}{value}")).collect();
        assert_eq!(names, ["B1", "A2", "B3"]);
        let written = serde_json::to_value(&request).unwrap();
        assert_eq!(written["headers"], serde_json::from_str::<serde_json::Value>(text).unwrap()["headers"]);
        assert!(serde_json::from_str::<ApiRequest>(r#"{"endpoint":"","headers":{"A":"1"}}"#).is_err());
    }
}
