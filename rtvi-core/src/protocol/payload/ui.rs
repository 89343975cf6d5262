//! Payloads between the bot and the app's user interface.
//!
//! Pure; depends on serde. Commands, events and job data are the app's own; the shapes around them are fixed.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::protocol::JsonObject;
use crate::protocol::lenient::null_as_default;
use crate::protocol::open_enum::open_enum;

/// Something the user interface shall do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct UiCommandData {
    /// What to do: a built-in name such as `toast` or `scroll_to`, or one of the app's own.
    pub command: String,
    /// With what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<Value>,
}

open_enum! {
    /// What a message about a group of jobs reports.
    UiJobKind {
        /// A group of jobs began.
        GroupStarted = "group_started",
        /// One worker reports.
        JobUpdate = "job_update",
        /// One worker has finished.
        JobCompleted = "job_completed",
        /// The whole group has finished.
        GroupCompleted = "group_completed",
    }
}

/// A step in the life of a group of jobs; `kind` says which step and so which fields are set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct UiJobGroupData {
    /// Which step.
    pub kind: UiJobKind,
    /// The group.
    pub job_id: String,
    /// When, in milliseconds since 1970 by the server's clock; 0 if it does not say.
    #[serde(default, deserialize_with = "null_as_default")]
    pub at: i64,
    /// Group started: the workers.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "Vec::is_empty")]
    pub workers: Vec<String>,
    /// Group started: a name for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Group started: whether the user may cancel it; yes if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancellable: Option<bool>,
    /// Job update and job completed: the worker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worker_name: Option<String>,
    /// Job update: what it reports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Value>,
    /// Job completed: how it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Job completed: its result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<Value>,
}

/// Something that happened in the user interface.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UiEventData {
    /// What happened, in the app's words.
    pub event: String,
    /// Details.
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
    /// The topmost node.
    pub root: A11yNode,
    /// When, in milliseconds since 1970.
    pub captured_at: i64,
    /// The selected text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selection: Option<A11ySelection>,
    /// Further fields, written beside the others.
    #[serde(flatten)]
    pub extra: JsonObject,
}

/// A node of the tree. Empty lists and absent values are left out on the wire.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct A11yNode {
    /// A name for the node that stays the same between snapshots, such as `e12`.
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
    /// Nodes inside.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Self>,
    /// Further fields of the platform, written beside the others.
    #[serde(flatten)]
    pub extra: JsonObject,
}

/// Selected text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct A11ySelection {
    /// The node that holds it.
    #[serde(rename = "ref")]
    pub reference: String,
    /// The text; at most 2000 characters by convention.
    pub text: String,
    /// Where it starts in the node's text, in characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_offset: Option<u32>,
    /// Where it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_offset: Option<u32>,
    /// Further fields, written beside the others.
    #[serde(flatten)]
    pub extra: JsonObject,
}

/// The user's wish to cancel a group of jobs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UiCancelJobGroupData {
    /// The group.
    pub job_id: String,
    /// Why, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}
