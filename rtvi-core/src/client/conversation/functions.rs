//! Function calls: one entry for each, whatever messages tell of it.
//!
//! Pure; part of [`Conversation`]. `llm-function-call-started` names no call, so that it makes no entry.

use serde::Serialize;

use crate::protocol::{FunctionCallData, FunctionCallInProgressData, FunctionCallStoppedData};

use super::Conversation;
use super::turn::{BotPart, FunctionCallEntry, FunctionCallState, Turn};

/// How many of the last turns are searched for a call: one that ends later than that gets a second entry.
const CALL_REACH: usize = 100;

impl Conversation {
    pub(super) fn function_call(&mut self, data: &FunctionCallData) {
        let Some(index) = self.entry(&data.tool_call_id) else { return };
        let arguments = self.within_limit(index, Some(&data.arguments));
        self.update(index, &data.tool_call_id, |call| {
            call.function_name = call.function_name.take().or_else(|| Some(data.function_name.clone()));
            call.arguments = call.arguments.take().or(arguments);
        });
    }

    pub(super) fn function_call_in_progress(&mut self, data: &FunctionCallInProgressData) {
        let Some(index) = self.entry(&data.tool_call_id) else { return };
        let arguments = self.within_limit(index, data.arguments.as_ref());
        self.update(index, &data.tool_call_id, |call| {
            call.function_name = call.function_name.take().or_else(|| data.function_name.clone());
            call.arguments = call.arguments.take().or(arguments);
        });
    }

    pub(super) fn function_call_stopped(&mut self, data: &FunctionCallStoppedData) {
        let Some(index) = self.entry(&data.tool_call_id) else { return };
        let result = self.within_limit(index, data.result.as_ref());
        self.update(index, &data.tool_call_id, |call| {
            call.function_name = call.function_name.take().or_else(|| data.function_name.clone());
            if call.state == FunctionCallState::Running {
                call.state =
                    if data.cancelled { FunctionCallState::Cancelled } else { FunctionCallState::Done };
                call.result = result;
            }
        });
    }

    /// What still runs when a session ends never gets a result.
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

    /// The turn with the call's entry, which is made if there is none; `None` if there is no room for it.
    fn entry(&mut self, id: &str) -> Option<usize> {
        let oldest = self.session.start.max(self.turns.len().saturating_sub(CALL_REACH));
        let known = (oldest..self.turns.len()).rev().find(|index| {
            let bot = self.turns.get(*index).and_then(Turn::as_bot);
            bot.is_some_and(|bot| bot.function_calls().any(|call| call.tool_call_id == id))
        });
        known.or_else(|| {
            let index = self.bot_turn();
            let call = FunctionCallEntry {
                tool_call_id: id.to_owned(),
                function_name: None,
                arguments: None,
                state: FunctionCallState::Running,
                result: None,
            };
            self.add_part(index, BotPart::FunctionCall(call)).map(|_| index)
        })
    }

    fn update(&mut self, index: usize, id: &str, change: impl FnOnce(&mut FunctionCallEntry)) {
        let parts = self.bot_mut(index).map(|bot| bot.parts.iter_mut()).into_iter().flatten();
        let mut calls =
            parts.filter_map(|part| if let BotPart::FunctionCall(call) = part { Some(call) } else { None });
        if let Some(call) = calls.find(|call| call.tool_call_id == id) {
            let before = call.clone();
            change(call);
            if *call != before {
                self.touch(index);
            }
        }
    }

    /// A copy of the value, unless its JSON is over the limit; then the turn is marked.
    fn within_limit<T: Serialize + Clone>(&mut self, index: usize, value: Option<&T>) -> Option<T> {
        let value = value?;
        let size = serde_json::to_vec(value).map_or(usize::MAX, |json| json.len());
        if size > self.limits.max_turn_text {
            self.truncate(index);
            return None;
        }
        Some(value.clone())
    }
}
