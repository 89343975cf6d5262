//! The bot's function calls: handlers run, results are sent.

use std::time::Instant;

use serde_json::{Value, json};

use crate::{
    client::{Event, FunctionCall},
    error::Error,
    log,
    protocol::{ClientMessage, FunctionCallResultData, ServerMessage},
};

use super::{
    Machine, Output, after,
    functions::{Announced, Form, Open},
};

impl Machine {
    /// Runs the app's handler unless this call was announced before, in the other form.
    pub(super) fn on_function_call(&mut self, now: Instant, message: ServerMessage) {
        let announced = announced_call(&message);
        self.emit(Event::Server(message));
        if let Some((call, form)) = announced {
            self.run_function(now, call, form);
        }
    }

    fn run_function(&mut self, now: Instant, call: FunctionCall, form: Form) {
        let deadline = after(now, self.config.deadlines.function_call);
        match self.functions.announce(call, form, deadline) {
            Announced::Runs(call) => self.outputs.push_back(Output::RunFunction(call)),
            Announced::TooMany(call) => {
                self.send_function_result(call, error_result("too many functions are running"));
            }
            Announced::Waits | Announced::Known => {}
        }
    }

    pub(super) fn on_function_finished(&mut self, tool_call_id: &str, result: Result<Value, String>) {
        if let Some(open) = self.functions.take_running(tool_call_id) {
            let next = self.functions.start_next(&open);
            let result = result.unwrap_or_else(|text| error_result(&text));
            self.send_function_result(open.call, result);
            self.run_next(next);
        }
    }

    /// Functions can also run on the server, so a call without a handler needs no answer.
    pub(super) fn on_function_unhandled(&mut self, tool_call_id: &str) {
        if let Some(open) = self.functions.take_running(tool_call_id) {
            log::debug!(function = open.call.function_name, "no handler is registered for the function");
            let next = self.functions.start_next(&open);
            self.run_next(next);
        }
    }

    /// The server stopped a call; no one waits for its handler any more.
    pub(super) fn cancel_function(&mut self, tool_call_id: &str) {
        if let Some(open) = self.functions.take_stopped(tool_call_id) {
            self.give_up_function(&open);
        }
    }

    pub(super) fn expire_functions(&mut self, now: Instant) {
        while let Some(open) = self.functions.take_expired(now) {
            self.give_up_function(&open);
            let limit = self.config.deadlines.function_call;
            let text = format!("{} did not finish within {limit:?}", open.call.function_name);
            self.send_function_result(open.call, error_result(&text));
        }
    }

    /// Aborts the handler of a call that has ended, if it runs, and runs the next call with the
    /// same id.
    fn give_up_function(&mut self, open: &Open) {
        if open.is_running() {
            let tool_call_id = open.call.tool_call_id.clone();
            self.outputs.push_back(Output::CancelFunction { tool_call_id });
        }
        let next = self.functions.start_next(open);
        self.run_next(next);
    }

    fn run_next(&mut self, next: Option<FunctionCall>) {
        self.outputs.extend(next.map(Output::RunFunction));
    }

    /// Sends a result. If it is too large, sends an error in its place, so that the bot does not
    /// wait.
    fn send_function_result(&mut self, call: FunctionCall, result: Value) {
        let FunctionCall { function_name, tool_call_id, arguments } = call;
        let mut data = FunctionCallResultData { function_name, tool_call_id, arguments, result };
        let Some(too_large) = self.transmit_result(&data) else { return };
        self.emit(Event::Error { error: too_large, fatal: false });
        data.result = error_result("the result is too large to be sent");
        if self.transmit_result(&data).is_some() {
            // Then the arguments are too large; the bot knows them anyway.
            data.arguments.clear();
            self.transmit(&ClientMessage::FunctionCallResult(data), None);
        }
    }

    fn transmit_result(&mut self, data: &FunctionCallResultData) -> Option<Error> {
        self.try_transmit(&ClientMessage::FunctionCallResult(data.clone()), None).err()
    }
}

/// The call that a message announces, if it names the function, and in which form.
fn announced_call(message: &ServerMessage) -> Option<(FunctionCall, Form)> {
    match message {
        ServerMessage::LlmFunctionCall(data) => {
            let call = FunctionCall {
                tool_call_id: data.tool_call_id.clone(),
                function_name: data.function_name.clone(),
                arguments: data.arguments.clone(),
            };
            Some((call, Form::Deprecated))
        }
        ServerMessage::LlmFunctionCallInProgress(data) => {
            let call = FunctionCall {
                tool_call_id: data.tool_call_id.clone(),
                function_name: data.function_name.clone()?,
                arguments: data.arguments.clone().unwrap_or_default(),
            };
            Some((call, Form::InProgress))
        }
        _ => None,
    }
}

/// The error that the bot gets in place of a result.
fn error_result(text: &str) -> Value {
    json!({ "error": text })
}
