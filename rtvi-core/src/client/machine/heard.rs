//! What the machine looks at in a message of the server: enough to make a message that it treats in the same way.
//!
//! Pure. Holds no text of the message but its type. A rule that looks at more of a message needs more here, and the test with
//! every message that servers send says so.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::protocol::{
    BotErrorData, BotReadyData, Decoded, ErrorResponseData, FunctionCallData, FunctionCallInProgressData,
    FunctionCallStoppedData, Incoming, ServerMessage, ServerResponseData, Version, Violation,
};

use super::{Alias, Aliases, Ids, Size};

/// The name of a message's type. One that this version does not know is kept only if it looks like one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Name(Cow<'static, str>);

/// The longest name of an unknown type that is kept.
const MAX_NAME: usize = 40;

/// How many bytes JSON puts around a text.
const QUOTES: usize = 2;

/// What a message is to the machine. Ids are numbers of the client's own messages; those of others are left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub(crate) enum Heard {
    /// Passed on to the app, whatever is in it.
    PassedOn {
        wire_type: Name,
    },
    /// JSON of someone else.
    Foreign,
    /// It breaks the protocol.
    Violation {
        answers: Option<u32>,
    },
    BotReady {
        version: Option<Version>,
    },
    BotError {
        fatal: bool,
    },
    ErrorResponse {
        answers: Option<u32>,
    },
    ServerResponse {
        answers: Option<u32>,
    },
    BotInterrupted,
    UserStartedSpeaking,
    FunctionCall {
        deprecated: bool,
        tool_call: Alias,
        function: Option<Called>,
    },
    FunctionCallStopped {
        tool_call: Alias,
    },
}

/// A function that was named, by the sizes of what its result repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Called {
    name: Size,
    arguments: Size,
}

impl Heard {
    /// What the machine looks at in a message.
    pub(super) fn of(message: &Decoded, ids: &Ids, aliases: &Aliases) -> Self {
        let number = |id: &Option<String>| id.as_deref().and_then(|id| ids.number_of(id));
        match message {
            Decoded::Message(Incoming { id, message }) => Self::of_message(message, number(id), aliases),
            Decoded::Foreign { .. } => Self::Foreign,
            Decoded::Invalid(violation) => Self::Violation { answers: number(&violation.id) },
        }
    }

    fn of_message(message: &ServerMessage, answers: Option<u32>, aliases: &Aliases) -> Self {
        use ServerMessage as M;
        match message {
            M::BotReady(data) => Self::BotReady { version: data.version.as_deref().and_then(Version::parse) },
            M::Error(data) => Self::BotError { fatal: data.fatal },
            M::ErrorResponse(_) => Self::ErrorResponse { answers },
            M::ServerResponse(_) => Self::ServerResponse { answers },
            M::BotInterrupted => Self::BotInterrupted,
            M::UserStartedSpeaking => Self::UserStartedSpeaking,
            M::LlmFunctionCall(data) => Self::FunctionCall {
                deprecated: true,
                tool_call: aliases.of(&data.tool_call_id),
                function: Some(Called::of(&data.function_name, &data.tool_call_id, Some(&data.arguments))),
            },
            M::LlmFunctionCallInProgress(data) => Self::FunctionCall {
                deprecated: false,
                tool_call: aliases.of(&data.tool_call_id),
                function: data
                    .function_name
                    .as_ref()
                    .map(|name| Called::of(name, &data.tool_call_id, data.arguments.as_ref())),
            },
            M::LlmFunctionCallStopped(data) => {
                Self::FunctionCallStopped { tool_call: aliases.of(&data.tool_call_id) }
            }
            other => Self::PassedOn { wire_type: Name::of(other) },
        }
    }

    /// Whether the message leaves the machine as it is, whatever the app is told.
    pub(crate) const fn changes_nothing(&self) -> bool {
        match self {
            Self::PassedOn { .. } | Self::Foreign | Self::BotInterrupted | Self::UserStartedSpeaking => true,
            Self::Violation { answers }
            | Self::ErrorResponse { answers }
            | Self::ServerResponse { answers } => answers.is_none(),
            Self::BotError { fatal } => !*fatal,
            Self::BotReady { .. } | Self::FunctionCall { .. } | Self::FunctionCallStopped { .. } => false,
        }
    }

    /// How large the stand-ins are that a replay makes for it.
    pub(crate) fn size(&self) -> Size {
        match self {
            Self::FunctionCall { function: Some(function), .. } => function.name.and(function.arguments),
            _ => Size::default(),
        }
    }

    /// A message that is the same to a machine whose client has these ids, without anything that was said.
    pub(crate) fn message(&self, ids: &Ids) -> Decoded {
        let id = |answers: &Option<u32>| answers.map(|number| ids.of_number(number));
        let said = |id, message| Decoded::Message(Incoming { id, message });
        match self {
            Self::Foreign => Decoded::Foreign { label: None },
            Self::Violation { answers } => {
                Decoded::Invalid(Violation { wire_type: None, id: id(answers), reason: String::new() })
            }
            Self::ErrorResponse { answers } => {
                said(id(answers), ServerMessage::ErrorResponse(ErrorResponseData { error: String::new() }))
            }
            Self::ServerResponse { answers } => {
                let data = ServerResponseData { t: String::new(), d: None };
                said(id(answers), ServerMessage::ServerResponse(data))
            }
            other => said(None, other.plain_message()),
        }
    }

    /// The message, where it answers none of ours.
    fn plain_message(&self) -> ServerMessage {
        use ServerMessage as M;
        match self {
            Self::BotReady { version } => M::BotReady(BotReadyData {
                version: version.map(|version| version.to_string()),
                ..BotReadyData::default()
            }),
            Self::BotError { fatal } => M::Error(BotErrorData { error: String::new(), fatal: *fatal }),
            Self::BotInterrupted => M::BotInterrupted,
            Self::UserStartedSpeaking => M::UserStartedSpeaking,
            Self::FunctionCall { deprecated: true, tool_call, function } => {
                M::LlmFunctionCall(FunctionCallData {
                    tool_call_id: tool_call.to_string(),
                    function_name: function.map(|function| function.name.text()).unwrap_or_default(),
                    arguments: function.map(|function| function.arguments.object()).unwrap_or_default(),
                })
            }
            Self::FunctionCall { deprecated: false, tool_call, function } => {
                M::LlmFunctionCallInProgress(FunctionCallInProgressData {
                    tool_call_id: tool_call.to_string(),
                    function_name: function.map(|function| function.name.text()),
                    arguments: function.map(|function| function.arguments.object()),
                })
            }
            Self::FunctionCallStopped { tool_call } => M::LlmFunctionCallStopped(FunctionCallStoppedData {
                tool_call_id: tool_call.to_string(),
                cancelled: false,
                function_name: None,
                result: None,
            }),
            // The machine passes on what it does not know in the same way.
            other => M::Unknown { wire_type: other.wire_type().to_owned(), data: None },
        }
    }

    /// The message's type in the trace.
    pub(crate) fn wire_type(&self) -> &str {
        match self {
            Self::PassedOn { wire_type } => wire_type.as_str(),
            Self::Foreign => "not RTVI",
            Self::Violation { .. } => "unreadable",
            Self::BotReady { .. } => "bot-ready",
            Self::BotError { .. } => "error",
            Self::ErrorResponse { .. } => "error-response",
            Self::ServerResponse { .. } => "server-response",
            Self::BotInterrupted => "bot-interrupted",
            Self::UserStartedSpeaking => "user-started-speaking",
            Self::FunctionCall { deprecated: true, .. } => "llm-function-call",
            Self::FunctionCall { .. } => "llm-function-call-in-progress",
            Self::FunctionCallStopped { .. } => "llm-function-call-stopped",
        }
    }
}

impl Called {
    /// What the id is larger than its stand-in counts for the arguments.
    fn of(name: &str, id: &str, arguments: Option<&Map<String, Value>>) -> Self {
        let arguments = arguments.map_or(Size::of_json(&Map::new()), Size::of_json);
        let beside = Size::of_json(&id).and(arguments).bytes();
        Self {
            name: Size::new(Size::of_json(&name).bytes() - QUOTES),
            arguments: Size::new(beside.saturating_sub(Alias::DIGITS + QUOTES)),
        }
    }
}

impl Name {
    /// The type of a message.
    pub(crate) fn of(message: &ServerMessage) -> Self {
        match message.known_type() {
            Some(known) => Self(Cow::Borrowed(known)),
            None => Self::of_unknown(message.wire_type()),
        }
    }

    /// Servers could put anything there: only small letters and hyphens are taken for a name.
    fn of_unknown(text: &str) -> Self {
        let is_name =
            text.len() <= MAX_NAME && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        Self(if is_name { Cow::Owned(text.to_owned()) } else { Cow::Borrowed("unknown") })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}
