//! A turn of a conversation: what one side said before the other took over.
//!
//! Values with a few helpers to read them; pure. Does not know the rules that create them.

use serde::Serialize;
use serde_json::Value;

use crate::client::BotAudioHeard;

use super::segment::{Segment, SegmentState};
use super::text::join;
use super::turns::Joints;

/// What one side said before the other took over.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[serde(rename_all = "camelCase")]
pub struct Turn {
    /// The number of the turn, from 0. It is never reused in this conversation, so it can serve as
    /// a key for lists.
    pub id: u64,
    /// Everything said or written in the turn, and everything still to be said. A user's turn
    /// includes what is still being transcribed.
    pub text: String,
    /// What reached the other side: what the user heard of the bot, or what the LLM received from
    /// the user.
    ///
    /// Text that is never spoken is not heard either.
    pub heard_text: String,
    /// Whether something is missing because a limit was reached.
    pub truncated: bool,
    /// Whose turn it is, and what was said.
    #[serde(flatten)]
    pub content: TurnContent,
}

/// Whose turn it is, and what was said.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(tag = "role", rename_all = "lowercase")]
pub enum TurnContent {
    /// The user's.
    User(UserTurn),
    /// The bot's.
    Bot(BotTurn),
}

/// What the user said or typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[serde(rename_all = "camelCase")]
pub struct UserTurn {
    /// The confirmed text: the final transcriptions, or what was typed.
    pub final_text: String,
    /// What the user is saying, as transcribed so far. It changes until it moves into the final
    /// text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interim: Option<String>,
    /// What the LLM received, which may differ. It is the only text if an app or a 1.x client's
    /// text started the turn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub llm_text: Option<String>,
    /// Whether it was typed rather than spoken.
    pub typed: bool,
    /// Whether the user is speaking now.
    pub speaking: bool,
    /// The speaker, if the transport knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// When the first text arrived, as ISO 8601 by the server's clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<String>,
    /// For typed text, the id of the send-text message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub msg_id: Option<String>,
    /// Short acknowledgements of the user that formed no turn and occurred when there was no bot
    /// turn to hold them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub backchannels: Vec<String>,
}

/// What the bot said, wrote and did.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct BotTurn {
    /// The parts, in order.
    pub parts: Vec<BotPart>,
    /// How much of the turn's audio was heard, summed over its utterances so far. Absent until one
    /// was heard, and without audio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audio: Option<BotAudioHeard>,
}

/// A part of a bot's turn.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(tag = "part", rename_all = "camelCase")]
pub enum BotPart {
    /// Something said or written.
    Segment(Segment),
    /// A function call.
    FunctionCall(FunctionCallEntry),
    /// A short acknowledgement of the user, such as "mhm", that neither interrupted the bot nor
    /// formed a turn.
    UserBackchannel {
        /// What the user said.
        text: String,
    },
}

/// A function call of the LLM. The server's report level decides how much of it is known.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[serde(rename_all = "camelCase")]
pub struct FunctionCallEntry {
    /// The call's id.
    pub tool_call_id: String,
    /// The function's name, if reported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub function_name: Option<String>,
    /// The arguments, if reported: a JSON object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arguments: Option<Value>,
    /// The progress of the call. Calls in the form of 1.x servers are never reported as done.
    pub state: FunctionCallState,
    /// The result, if reported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<Value>,
}

/// The progress of a function call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "lowercase")]
pub enum FunctionCallState {
    /// It has no result yet.
    Running,
    /// It has its result.
    Done,
    /// It was cancelled.
    Cancelled,
}

impl Turn {
    /// Creates a turn with empty texts.
    pub(super) const fn new(id: u64, content: TurnContent) -> Self {
        Self { id, text: String::new(), heard_text: String::new(), truncated: false, content }
    }

    /// Derives both texts from the content, which has changed from this part on. Returns how many
    /// bytes it joined.
    pub(super) fn refresh(&mut self, part: usize, joints: &mut Joints) -> usize {
        match &self.content {
            TurnContent::User(user) => (self.text, self.heard_text) = (user.full_text(), user.heard_text()),
            TurnContent::Bot(bot) => {
                joints.truncate(part);
                let (text, heard) = joints.last().copied().unwrap_or_default();
                self.text.truncate(text);
                self.heard_text.truncate(heard);
                for part in bot.parts.iter().skip(joints.len()) {
                    if let Some(segment) = part.as_segment() {
                        join(&mut self.text, &segment.text);
                        join(&mut self.heard_text, &segment.spoken_text);
                    }
                    joints.push((self.text.len(), self.heard_text.len()));
                }
                return self.text.len() + self.heard_text.len() - text - heard;
            }
        }
        self.text.len() + self.heard_text.len()
    }

    /// The user's turn, if it is one.
    pub const fn as_user(&self) -> Option<&UserTurn> {
        if let TurnContent::User(user) = &self.content { Some(user) } else { None }
    }

    /// The bot's turn, if it is one.
    pub const fn as_bot(&self) -> Option<&BotTurn> {
        if let TurnContent::Bot(bot) = &self.content { Some(bot) } else { None }
    }

    pub(super) const fn as_user_mut(&mut self) -> Option<&mut UserTurn> {
        if let TurnContent::User(user) = &mut self.content { Some(user) } else { None }
    }

    pub(super) const fn as_bot_mut(&mut self) -> Option<&mut BotTurn> {
        if let TurnContent::Bot(bot) = &mut self.content { Some(bot) } else { None }
    }

    /// Whether the turn is empty.
    pub(super) fn is_void(&self) -> bool {
        match &self.content {
            TurnContent::User(user) => user.is_void(),
            TurnContent::Bot(bot) => bot.parts.is_empty(),
        }
    }

    /// The number of bytes of text in the turn, without function calls.
    pub(super) fn text_len(&self) -> usize {
        match &self.content {
            TurnContent::User(user) => {
                let rest: usize = user.backchannels.iter().map(String::len).sum();
                rest + [&user.interim, &user.llm_text].into_iter().flatten().map(String::len).sum::<usize>()
                    + user.final_text.len()
            }
            TurnContent::Bot(bot) => bot.parts.iter().map(BotPart::text_len).sum(),
        }
    }
}

impl UserTurn {
    fn full_text(&self) -> String {
        let mut spoken = self.final_text.clone();
        join(&mut spoken, self.interim.as_deref().unwrap_or_default());
        if spoken.is_empty() { self.llm_text.clone().unwrap_or_default() } else { spoken }
    }

    fn heard_text(&self) -> String {
        self.llm_text.clone().unwrap_or_else(|| self.final_text.clone())
    }

    pub(super) const fn is_void(&self) -> bool {
        self.final_text.is_empty()
            && self.interim.is_none()
            && self.llm_text.is_none()
            && self.backchannels.is_empty()
    }
}

impl BotTurn {
    /// What the bot said and wrote, in order.
    pub fn segments(&self) -> impl Iterator<Item = &Segment> {
        self.parts.iter().filter_map(BotPart::as_segment)
    }

    /// The functions that the bot called, in order.
    pub fn function_calls(&self) -> impl Iterator<Item = &FunctionCallEntry> {
        self.parts
            .iter()
            .filter_map(|part| if let BotPart::FunctionCall(call) = part { Some(call) } else { None })
    }

    pub(super) fn segments_mut(&mut self) -> impl Iterator<Item = &mut Segment> {
        self.parts
            .iter_mut()
            .filter_map(|part| if let BotPart::Segment(segment) = part { Some(segment) } else { None })
    }

    /// Adds the audio of one utterance.
    pub(super) fn hear(&mut self, utterance: BotAudioHeard) {
        let audio = self.audio.get_or_insert_default();
        // An app may make events of its own, with any times.
        audio.heard = audio.heard.saturating_add(utterance.heard);
        audio.received = audio.received.saturating_add(utterance.received);
        audio.interrupted |= utterance.interrupted;
    }

    /// Ends all open segments because the bot was cut off: those being spoken are interrupted,
    /// those that never began are removed.
    ///
    /// `talking`: the user was hearing the bot. Then the first of the segments without a reported
    /// word had begun, provided that the server sends segments when they begin (from protocol 2 on)
    /// or reported no word in this turn. `text_only`: the answer is complete and was not spoken.
    pub(super) fn cut(&mut self, talking: bool, text_only: bool) {
        let silent = self.segments().all(|segment| segment.spoken_text.is_empty());
        let mut begun = !talking || self.segments().any(|segment| segment.state == SegmentState::Speaking);
        self.parts.retain_mut(|part| {
            let BotPart::Segment(segment) = part else { return true };
            match segment.state {
                SegmentState::Speaking => segment.stop(),
                SegmentState::Pending if segment.id.is_none() && text_only => segment.leave_unspoken(),
                SegmentState::Pending if !begun && (segment.id.is_some() || silent) => segment.stop(),
                SegmentState::Pending => return false,
                _ => return true,
            }
            begun = true;
            true
        });
    }
}

impl BotPart {
    /// The segment, if it is one.
    pub const fn as_segment(&self) -> Option<&Segment> {
        if let Self::Segment(segment) = self { Some(segment) } else { None }
    }

    fn text_len(&self) -> usize {
        match self {
            Self::Segment(segment) => segment.text.len().max(segment.spoken_text.len()),
            Self::FunctionCall(_) => 0,
            Self::UserBackchannel { text } => text.len(),
        }
    }
}
