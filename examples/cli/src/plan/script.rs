//! Scripts: one JSON object per line, each a step.
//!
//! Pure. Strict: an unknown step or key, or a value of the wrong type, is an error that names its
//! line.

use std::time::Duration;

use rtvi_core::protocol::SendTextOptions;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::{Call, Origin, Plan, Step, WaitFor};

/// The default time limit of `waitFor`.
const WAIT_TIMEOUT_MS: u64 = 10_000;

/// An invalid line of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ScriptError {
    /// Counted from 1.
    pub(crate) line: usize,
    pub(crate) message: String,
}

/// The targets that a script may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Targets {
    /// There is a start endpoint.
    pub(crate) start: bool,
    /// There is a bot to connect to without a start request.
    pub(crate) bot: bool,
}

/// Reads a whole script and checks that the targets it needs exist.
pub(crate) fn parse(text: &str, targets: Targets) -> Result<Plan, ScriptError> {
    let mut steps = Vec::new();
    let mut started = false;
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let at_line = |message| ScriptError { line: index + 1, message };
        let step = step(line).map_err(at_line)?;
        if let Step::Call { call, .. } = &step {
            check_target(call, targets, started).map_err(at_line)?;
            started |= matches!(call, Call::StartBot | Call::StartBotAndConnect);
        }
        steps.push(step);
    }
    Ok(Plan { steps, origin: Origin::Script, duration: None })
}

fn check_target(call: &Call, targets: Targets, started: bool) -> Result<(), String> {
    match call {
        Call::StartBot | Call::StartBotAndConnect if !targets.start => {
            Err(format!("{} needs --start or --agent", call.name()))
        }
        Call::Connect if !targets.bot && !started => {
            Err("connect needs --offer or --ws, or startBot before it".to_owned())
        }
        _ => Ok(()),
    }
}

/// A step as written in the file.
#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
enum Line {
    InitDevices {},
    StartBot {},
    Connect {},
    StartBotAndConnect {},
    SendText {
        content: String,
        #[serde(default)]
        options: TextOptions,
    },
    SendClientMessage {
        r#type: String,
        #[serde(default, deserialize_with = "given")]
        data: Option<Value>,
    },
    SendClientRequest {
        r#type: String,
        #[serde(default, deserialize_with = "given")]
        data: Option<Value>,
        timeout_ms: Option<u64>,
    },
    SendDtmf {
        keys: String,
    },
    EnableMic {
        enable: bool,
    },
    EnableCam {
        enable: bool,
    },
    EnableScreenShare {
        enable: bool,
    },
    PressToTalk,
    ReleaseToTalk,
    UpdateMic {
        device_id: String,
    },
    UpdateSpeaker {
        device_id: String,
    },
    UpdateCam {
        device_id: String,
    },
    WaitFor {
        event: String,
        #[serde(default, deserialize_with = "given")]
        r#match: Option<Value>,
        timeout_ms: Option<u64>,
    },
    Sleep {
        ms: u64,
    },
    DisconnectBot {},
    Disconnect {},
}

/// The options of `sendText`, in wire form.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct TextOptions {
    run_immediately: Option<bool>,
    audio_response: Option<bool>,
}

/// Distinguishes an explicit null from an absent value.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

fn step(line: &str) -> Result<Step, String> {
    let mut fields: Map<String, Value> =
        serde_json::from_str(line).map_err(|error| format!("not a JSON object: {error}"))?;
    let background = match fields.remove("background") {
        None => false,
        Some(Value::Bool(background)) => background,
        Some(other) => return Err(format!("\"background\" must be true or false, not {other}")),
    };
    if !fields.contains_key("do") {
        return Err("\"do\" is missing".to_owned());
    }
    let line: Line = serde_json::from_value(Value::Object(fields)).map_err(|error| error.to_string())?;
    match line.step() {
        Step::Call { call, .. } => Ok(Step::Call { call, background }),
        _ if background => Err("only calls can run in the background".to_owned()),
        step => Ok(step),
    }
}

impl Line {
    fn step(self) -> Step {
        match self {
            Self::InitDevices {} => Step::call(Call::InitDevices),
            Self::StartBot {} => Step::call(Call::StartBot),
            Self::Connect {} => Step::call(Call::Connect),
            Self::StartBotAndConnect {} => Step::call(Call::StartBotAndConnect),
            Self::SendText { content, options } => {
                Step::call(Call::SendText { content, options: options.into() })
            }
            Self::SendClientMessage { r#type: t, data } => Step::call(Call::SendClientMessage { t, data }),
            Self::SendClientRequest { r#type: t, data, timeout_ms } => {
                let timeout = timeout_ms.map(Duration::from_millis);
                Step::call(Call::SendClientRequest { t, data, timeout })
            }
            Self::SendDtmf { keys } => Step::call(Call::SendDtmf { keys }),
            Self::EnableMic { enable } => Step::call(Call::EnableMic { enable }),
            Self::EnableCam { enable } => Step::call(Call::EnableCam { enable }),
            Self::EnableScreenShare { enable } => Step::call(Call::EnableScreenShare { enable }),
            Self::PressToTalk => Step::call(Call::PressToTalk),
            Self::ReleaseToTalk => Step::call(Call::ReleaseToTalk),
            Self::UpdateMic { device_id } => Step::call(Call::UpdateMic { device_id }),
            Self::UpdateSpeaker { device_id } => Step::call(Call::UpdateSpeaker { device_id }),
            Self::UpdateCam { device_id } => Step::call(Call::UpdateCam { device_id }),
            Self::WaitFor { event, r#match: matching, timeout_ms } => {
                let timeout = Duration::from_millis(timeout_ms.unwrap_or(WAIT_TIMEOUT_MS));
                Step::WaitFor(WaitFor { event, matching, timeout })
            }
            Self::Sleep { ms } => Step::Sleep(Duration::from_millis(ms)),
            Self::DisconnectBot {} => Step::call(Call::DisconnectBot),
            Self::Disconnect {} => Step::call(Call::Disconnect),
        }
    }
}

impl From<TextOptions> for SendTextOptions {
    fn from(options: TextOptions) -> Self {
        Self { run_immediately: options.run_immediately, audio_response: options.audio_response }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const BOTH: Targets = Targets { start: true, bot: true };

    fn steps(text: &str) -> Vec<Step> {
        parse(text, BOTH).expect("a valid script").steps
    }

    fn complaint(text: &str) -> String {
        parse(text, BOTH).expect_err(text).message
    }

    #[test]
    fn every_step_is_read() {
        let text = r##"
# the way up
{"do":"initDevices"}
{"do":"startBot"}
{"do":"connect","background":true}
{"do":"startBotAndConnect"}

{"do":"sendText","content":"hi","options":{"audio_response":false}}
{"do":"sendClientMessage","type":"m","data":null}
{"do":"sendClientRequest","type":"r","timeoutMs":500}
{"do":"sendDtmf","keys":"1#"}
{"do":"enableMic","enable":false}
{"do":"waitFor","event":"botOutput","match":{"text":"Hi."},"timeoutMs":100}
{"do":"sleep","ms":20}
{"do":"disconnectBot"}
{"do":"disconnect"}
{"do":"updateMic","deviceId":"default"}
{"do":"updateSpeaker","deviceId":"a:b"}
{"do":"pressToTalk"}
{"do":"releaseToTalk"}
{"do":"enableCam","enable":true}
{"do":"updateCam","deviceId":"v4l:0"}
{"do":"enableScreenShare","enable":false}
"##;
        let names: Vec<&str> = steps(text)
            .iter()
            .map(|step| match step {
                Step::Call { call, .. } => call.name(),
                Step::WaitFor(_) => "waitFor",
                Step::Sleep(_) => "sleep",
                other => panic!("not of a script: {other:?}"),
            })
            .collect();
        assert_eq!(
            names.join(" "),
            "initDevices startBot connect startBotAndConnect sendText sendClientMessage \
             sendClientRequest sendDtmf enableMic waitFor sleep disconnectBot disconnect updateMic \
             updateSpeaker pressToTalk releaseToTalk enableCam updateCam enableScreenShare"
        );
        let steps = steps(text);
        assert_eq!(steps[2], Step::Call { call: Call::Connect, background: true });
        let options = SendTextOptions { run_immediately: None, audio_response: Some(false) };
        assert_eq!(steps[4], Step::call(Call::SendText { content: "hi".into(), options }));
        assert_eq!(steps[5], Step::call(Call::SendClientMessage { t: "m".into(), data: Some(Value::Null) }));
        let timeout = Some(Duration::from_millis(500));
        assert_eq!(steps[6], Step::call(Call::SendClientRequest { t: "r".into(), data: None, timeout }));
        let wait = WaitFor {
            event: "botOutput".into(),
            matching: Some(json!({"text": "Hi."})),
            timeout: Duration::from_millis(100),
        };
        assert_eq!(steps[9], Step::WaitFor(wait));
    }

    #[test]
    fn waiting_has_a_default_and_accepts_what_it_names() {
        let Some(Step::WaitFor(wait)) = steps(r#"{"do":"waitFor","event":"connected"}"#).pop() else {
            panic!("no wait")
        };
        assert_eq!(wait.timeout, Duration::from_secs(10));
        assert!(wait.accepts("connected", None) && wait.accepts("connected", Some(&json!(1))));
        assert!(!wait.accepts("disconnected", None));
        let ready = WaitFor { matching: Some(json!("ready")), ..wait };
        assert!(ready.accepts("connected", Some(&json!("ready"))) && !ready.accepts("connected", None));
    }

    #[test]
    fn mistakes_are_named() {
        assert!(complaint("{\"do\":\"dance\"}").contains("dance"));
        assert!(complaint("{\"do\":\"connect\",\"url\":\"x\"}").contains("url"));
        assert!(complaint("{\"do\":\"sendText\"}").contains("content"));
        assert!(complaint("{\"do\":\"sendText\",\"content\":1}").contains("string"));
        assert!(
            complaint("{\"do\":\"sendText\",\"content\":\"\",\"options\":{\"loud\":1}}").contains("loud")
        );
        assert!(complaint("{\"do\":\"sleep\",\"ms\":-1}").contains("-1"));
        assert!(complaint("{\"do\":\"sleep\",\"ms\":1,\"background\":true}").contains("background"));
        assert!(complaint("{\"do\":\"connect\",\"background\":1}").contains("background"));
        assert!(complaint("{\"type\":\"x\"}").contains("\"do\""));
        assert!(complaint("connect").contains("JSON object"));
        assert!(complaint("[1]").contains("JSON object"));
    }

    #[test]
    fn the_line_is_counted_with_empty_ones() {
        let error = parse("{\"do\":\"connect\"}\n\n# a comment\n{\"do\":\"x\"}\n", BOTH)
            .expect_err("an unknown step");
        assert_eq!(error.line, 4);
    }

    #[test]
    fn targets_must_be_there() {
        let ws = Targets { start: false, bot: true };
        let start = Targets { start: true, bot: false };
        assert!(parse("{\"do\":\"startBot\"}", ws).is_err_and(|error| error.message.contains("--start")));
        assert!(parse("{\"do\":\"startBotAndConnect\"}", ws).is_err());
        assert!(parse("{\"do\":\"connect\"}", start).is_err_and(|error| error.message.contains("--ws")));
        assert!(parse("{\"do\":\"startBot\"}\n{\"do\":\"connect\"}", start).is_ok());
        assert!(parse("{\"do\":\"connect\"}", ws).is_ok());
    }
}
