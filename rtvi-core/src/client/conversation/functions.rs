//! Function calls: one entry per call, whichever messages report it.
//!
//! Pure; part of [`Conversation`]. `llm-function-call-started` names no call, so it creates no
//! entry.

use serde::Serialize;

use serde_json::Value;

use crate::protocol::{FunctionCallData, FunctionCallInProgressData, FunctionCallStoppedData};

use super::Conversation;
use super::turn::{BotPart, FunctionCallEntry, FunctionCallState, Turn};
use super::turns::CallForms;

/// The position of an entry: the index of the turn, and of the part in it.
type Place = (usize, usize);

/// How many of the last turns are searched for a call. A call that ends later gets a second entry.
const CALL_REACH: usize = 100;

impl Conversation {
    pub(super) fn function_call(&mut self, data: &FunctionCallData) {
        let Some((index, part)) = self.announced(&data.tool_call_id, CallForms::DEPRECATED) else { return };
        let arguments = self.within_limit(index, Some(&data.arguments)).map(Value::Object);
        self.update((index, part), |call| {
            call.function_name = call.function_name.take().or_else(|| Some(data.function_name.clone()));
            call.arguments = call.arguments.take().or(arguments);
        });
    }

    pub(super) fn function_call_in_progress(&mut self, data: &FunctionCallInProgressData) {
        let Some((index, part)) = self.announced(&data.tool_call_id, CallForms::IN_PROGRESS) else { return };
        let arguments = self.within_limit(index, data.arguments.as_ref()).map(Value::Object);
        self.update((index, part), |call| {
            call.function_name = call.function_name.take().or_else(|| data.function_name.clone());
            call.arguments = call.arguments.take().or(arguments);
        });
    }

    pub(super) fn function_call_stopped(&mut self, data: &FunctionCallStoppedData) {
        let Some((index, part)) = self.stopped(&data.tool_call_id) else { return };
        let result = self.within_limit(index, data.result.as_ref());
        self.update((index, part), |call| {
            call.function_name = call.function_name.take().or_else(|| data.function_name.clone());
            if call.state == FunctionCallState::Running {
                call.state =
                    if data.cancelled { FunctionCallState::Cancelled } else { FunctionCallState::Done };
                call.result = result;
            }
        });
    }

    /// A call that is still running when the session ends never gets a result.
    pub(super) fn cancel_function_calls(&mut self) {
        for index in self.session.start..self.turns.len() {
            let Some(bot) = self.bot_mut(index) else { continue };
            let mut changed = false;
            for part in &mut bot.parts {
                if let BotPart::FunctionCall(call) = part
                    && call.state == FunctionCallState::Running
                {
                    call.state = FunctionCallState::Cancelled;
                    changed = true;
                }
            }
            if changed {
                self.touch(index);
            }
        }
    }

    /// Finds or creates the entry of a call that was announced in this form; `None` if there is no
    /// room. An id identifies a call only until the call ends, and each form announces a call once.
    /// A repeated announcement therefore belongs to another call.
    fn announced(&mut self, id: &str, form: CallForms) -> Option<Place> {
        let running = self.calls(id).rfind(|(_, call)| call.state == FunctionCallState::Running);
        let known = running.map(|(place, _)| place);
        if let Some(forms) = known.and_then(|place| self.forms_mut(place)).filter(|forms| !forms.has(form)) {
            forms.add(form);
            return known;
        }
        self.add_call(id, form)
    }

    /// Returns the forms in which the call at this position was announced.
    fn forms_mut(&mut self, (index, part): Place) -> Option<&mut CallForms> {
        let before = self.bot(index)?.parts.get(..part)?;
        let number = before.iter().filter(|part| matches!(part, BotPart::FunctionCall(_))).count();
        self.turns.notes_mut(index)?.calls.get_mut(number)
    }

    /// Finds the entry of a call that has ended: the oldest running one, else the newest. Creates
    /// an entry for a call that was never announced.
    fn stopped(&mut self, id: &str) -> Option<Place> {
        let running = self.calls(id).find(|(_, call)| call.state == FunctionCallState::Running);
        let known = running.or_else(|| self.calls(id).next_back()).map(|(place, _)| place);
        known.or_else(|| self.add_call(id, CallForms::default()))
    }

    /// Returns the entries of calls with this id, oldest first.
    fn calls<'a>(
        &'a self,
        id: &'a str,
    ) -> impl DoubleEndedIterator<Item = (Place, &'a FunctionCallEntry)> + 'a {
        let oldest = self.session.start.max(self.turns.len().saturating_sub(CALL_REACH));
        (oldest..self.turns.len()).flat_map(move |index| {
            let parts: &[BotPart] =
                self.turns.get(index).and_then(Turn::as_bot).map_or(&[], |bot| &bot.parts);
            parts.iter().enumerate().filter_map(move |(part, content)| match content {
                BotPart::FunctionCall(call) if call.tool_call_id == id => Some(((index, part), call)),
                _ => None,
            })
        })
    }

    fn add_call(&mut self, id: &str, forms: CallForms) -> Option<Place> {
        if id.len() > self.limits.max_turn_text as usize {
            return None;
        }
        let index = self.bot_turn();
        let call = FunctionCallEntry {
            tool_call_id: id.to_owned(),
            function_name: None,
            arguments: None,
            state: FunctionCallState::Running,
            result: None,
        };
        let part = self.add_part(index, BotPart::FunctionCall(call))?;
        self.turns.notes_mut(index)?.calls.push(forms);
        Some((index, part))
    }

    fn call_mut(&mut self, (index, part): Place) -> Option<&mut FunctionCallEntry> {
        match self.bot_mut(index)?.parts.get_mut(part)? {
            BotPart::FunctionCall(call) => Some(call),
            _ => None,
        }
    }

    fn update(&mut self, place: Place, change: impl FnOnce(&mut FunctionCallEntry)) {
        let Some(call) = self.call_mut(place) else { return };
        let before = call.clone();
        change(call);
        if *call != before {
            self.touch(place.0);
        }
    }

    /// Copies the value, unless its JSON exceeds the limit; then it marks the turn as truncated.
    fn within_limit<T: Serialize + Clone>(&mut self, index: usize, value: Option<&T>) -> Option<T> {
        let value = value?;
        let size = serde_json::to_vec(value).map_or(usize::MAX, |json| json.len());
        if size > self.limits.max_turn_text as usize {
            self.truncate(index);
            return None;
        }
        Some(value.clone())
    }
}
