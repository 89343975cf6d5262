//! Payloads of function calls.
//!
//! Pure; depends on serde. The server's report level decides how much of a call it reports: by
//! default only the id.

use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

use crate::protocol::JsonObject;
use crate::protocol::lenient::{arguments, call_id, null_as_default};

/// A call of a client's function, in the deprecated form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[serde(from = "FunctionCallFields")]
pub struct FunctionCallData {
    /// The function's name.
    pub function_name: String,
    /// The call's id; the result must carry it. Empty if the LLM assigned no id. Not unique,
    /// because LLMs number the calls of each round.
    pub tool_call_id: String,
    /// The arguments; this message calls them `args` on the wire.
    #[serde(rename = "args")]
    pub arguments: JsonObject,
}

#[derive(Deserialize)]
struct FunctionCallFields {
    function_name: String,
    #[serde(default, deserialize_with = "call_id")]
    tool_call_id: String,
    #[serde(default, deserialize_with = "arguments")]
    args: Option<JsonObject>,
    #[serde(default, deserialize_with = "arguments")]
    arguments: Option<JsonObject>,
}

impl From<FunctionCallFields> for FunctionCallData {
    fn from(fields: FunctionCallFields) -> Self {
        Self {
            function_name: fields.function_name,
            tool_call_id: fields.tool_call_id,
            arguments: fields.args.or(fields.arguments).unwrap_or_default(),
        }
    }
}

/// A call that is about to happen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct FunctionCallStartedData {
    /// The function's name, if the server's report level includes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub function_name: Option<String>,
}

/// A call that is running.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[serde(from = "InProgressFields")]
pub struct FunctionCallInProgressData {
    /// The call's id.
    pub tool_call_id: String,
    /// The function's name, if the server's report level includes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub function_name: Option<String>,
    /// The arguments, if the server's report level includes them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arguments: Option<JsonObject>,
}

#[derive(Deserialize)]
struct InProgressFields {
    #[serde(default, deserialize_with = "call_id")]
    tool_call_id: String,
    #[serde(default)]
    function_name: Option<String>,
    #[serde(default, deserialize_with = "arguments")]
    arguments: Option<JsonObject>,
    #[serde(default, deserialize_with = "arguments")]
    args: Option<JsonObject>,
}

impl From<InProgressFields> for FunctionCallInProgressData {
    fn from(fields: InProgressFields) -> Self {
        Self {
            tool_call_id: fields.tool_call_id,
            function_name: fields.function_name,
            arguments: fields.arguments.or(fields.args),
        }
    }
}

/// A call that ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct FunctionCallStoppedData {
    /// The call's id.
    #[serde(default, deserialize_with = "call_id")]
    pub tool_call_id: String,
    /// Whether it was cancelled rather than completed.
    #[serde(default, deserialize_with = "null_as_default")]
    pub cancelled: bool,
    /// The function's name, if the server's report level includes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub function_name: Option<String>,
    /// The result, if the server's report level includes it. Servers omit empty, false and zero
    /// results.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Value>,
}

/// The client's result of a call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FunctionCallResultData {
    /// The function's name.
    pub function_name: String,
    /// The call's id.
    pub tool_call_id: String,
    /// The arguments of the call; the server requires an object.
    pub arguments: JsonObject,
    /// The result. Servers accept only an object or a string. Any other value (null, boolean,
    /// number, array) is sent as a string with its JSON text, so that the LLM reads `[1,2]` or
    /// `true`.
    #[serde(serialize_with = "object_or_text")]
    pub result: Value,
}

fn object_or_text<S: Serializer>(result: &Value, serializer: S) -> Result<S::Ok, S::Error> {
    match result {
        Value::Object(_) | Value::String(_) => result.serialize(serializer),
        other => serializer.collect_str(other),
    }
}
