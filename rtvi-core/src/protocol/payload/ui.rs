//! Payloads between the bot and the app's user interface.
//!
//! Pure; depends on serde. The app defines commands, events and job data; the protocol defines the
//! structures around them.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::protocol::JsonObject;
use crate::protocol::lenient::null_as_default;
use crate::protocol::open_enum::open_enum;

/// A command for the user interface.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct UiCommandData {
    /// The command: a built-in name such as `toast` or `scroll_to`, or one that the app defines.
    pub command: String,
    /// Its arguments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<Value>,
}

open_enum! {
    /// The kind of report in a job group message.
    UiJobKind {
        /// A group of jobs started.
        GroupStarted = "group_started",
        /// A worker reports progress.
        JobUpdate = "job_update",
        /// A worker finished.
        JobCompleted = "job_completed",
        /// The whole group finished.
        GroupCompleted = "group_completed",
    }
}

/// A step of a group of jobs. `kind` identifies the step, and so which fields are set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct UiJobGroupData {
    /// The kind of step.
    pub kind: UiJobKind,
    /// The group's id.
    pub job_id: String,
    /// The time of the step by the server's clock, in milliseconds since 1970; 0 if the server does
    /// not report it.
    #[serde(default, deserialize_with = "null_as_default")]
    pub at: i64,
    /// Group started: the names of the workers.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "Vec::is_empty")]
    pub workers: Vec<String>,
    /// Group started: a display name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Group started: whether the user may cancel it; true if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancellable: Option<bool>,
    /// Job update and job completed: the name of the worker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worker_name: Option<String>,
    /// Job update: what the worker reports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Value>,
    /// Job completed: how the job ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Job completed: the job's result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<Value>,
}

/// An event in the user interface.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UiEventData {
    /// The event, named by the app.
    pub event: String,
    /// Its details.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<Value>,
}

/// What the user sees, as a tree.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UiSnapshotData {
    /// The tree.
    pub tree: A11ySnapshot,
}

/// A tree of accessibility nodes at one moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct A11ySnapshot {
    /// The root node.
    pub root: A11yNode,
    /// The time of the snapshot, in milliseconds since 1970.
    pub captured_at: i64,
    /// The selected text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selection: Option<A11ySelection>,
    /// Further fields, written next to the others.
    #[serde(flatten)]
    pub extra: JsonObject,
}

/// A node of the tree. Empty lists and absent values are omitted on the wire.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct A11yNode {
    /// An identifier of the node that stays the same between snapshots, such as `e12`.
    #[serde(rename = "ref")]
    pub reference: String,
    /// ARIA role.
    pub role: String,
    /// Accessible name; at most 100 characters by convention.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Current value of an input.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Tags such as `focused`, `disabled`, `offscreen`.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "Vec::is_empty")]
    pub state: Vec<String>,
    /// Heading level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<u32>,
    /// Columns of a grid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colcount: Option<u32>,
    /// Rows of a grid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rowcount: Option<u32>,
    /// The child nodes.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Self>,
    /// Further fields of the platform, written next to the others.
    #[serde(flatten)]
    pub extra: JsonObject,
}

/// Selected text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct A11ySelection {
    /// The identifier of the node that contains it.
    #[serde(rename = "ref")]
    pub reference: String,
    /// The text; at most 2000 characters by convention.
    pub text: String,
    /// The offset of its start in the node's text, in characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_offset: Option<u32>,
    /// The offset of its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_offset: Option<u32>,
    /// Further fields, written next to the others.
    #[serde(flatten)]
    pub extra: JsonObject,
}

/// The user's request to cancel a group of jobs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UiCancelJobGroupData {
    /// The group's id.
    pub job_id: String,
    /// The reason, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}
