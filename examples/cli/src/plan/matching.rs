//! Whether a JSON value contains what a script waits for. Pure.

use serde_json::{Number, Value};

/// Whether `value` contains `wanted`. An object must have the wanted members, each containing the
/// wanted value. An array must have the same length and contain the wanted elements one by one.
/// Anything else must be equal. Numbers are compared by value, so 1 equals 1.0.
pub(crate) fn contains(value: &Value, wanted: &Value) -> bool {
    match (value, wanted) {
        (Value::Object(value), Value::Object(wanted)) => {
            wanted.iter().all(|(key, wanted)| value.get(key).is_some_and(|value| contains(value, wanted)))
        }
        (Value::Array(value), Value::Array(wanted)) => {
            value.len() == wanted.len()
                && value.iter().zip(wanted).all(|(value, wanted)| contains(value, wanted))
        }
        (Value::Number(value), Value::Number(wanted)) => same_number(value, wanted),
        _ => value == wanted,
    }
}

fn same_number(one: &Number, other: &Number) -> bool {
    one == other || (one.is_f64() != other.is_f64() && one.as_f64() == other.as_f64())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_contained() {
        for (value, wanted) in [
            (json!({"a": 1, "b": {"c": [1, {"d": 2, "e": 3}]}}), json!({"b": {"c": [1, {"d": 2}]}})),
            (json!({"a": 1}), json!({})),
            (json!("ready"), json!("ready")),
            (json!(1), json!(1.0)),
            (json!({"a": null}), json!({"a": null})),
            (json!([]), json!([])),
            (json!(null), json!(null)),
        ] {
            assert!(contains(&value, &wanted), "{value} contains {wanted}");
        }
    }

    #[test]
    fn what_is_not_contained() {
        for (value, wanted) in [
            (json!({"a": 1}), json!({"a": 2})),
            (json!({"a": 1}), json!({"b": null})),
            (json!([1, 2]), json!([1])),
            (json!([1, 2]), json!([2, 1])),
            (json!("ready"), json!("read")),
            (json!(1), json!("1")),
            (json!(1.5), json!(1)),
            (json!(null), json!({})),
            (json!(u64::MAX), json!(u64::MAX - 1)),
        ] {
            assert!(!contains(&value, &wanted), "{value} does not contain {wanted}");
        }
    }
}
