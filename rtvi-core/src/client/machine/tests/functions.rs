//! Functions that the bot calls.

use serde_json::json;

use super::bench::Bench;
use crate::client::{
    FUNCTION_TIMEOUT,
    machine::{Input, Output},
};

#[test]
fn a_function_call_announced_twice_runs_once_and_gets_one_result() {
    let mut bench = Bench::ready();
    let in_progress = json!({"type": "llm-function-call-in-progress", "data": {
        "tool_call_id": "c1", "function_name": "weather", "arguments": {"city": "Lisbon"}}});
    let legacy = json!({"type": "llm-function-call", "data": {
        "tool_call_id": "c1", "function_name": "weather", "args": {"city": "Lisbon"}}});
    bench.message(in_progress);
    bench.message(legacy);
    let runs = bench.take().into_iter().filter(|output| matches!(output, Output::RunFunction(_))).count();
    assert_eq!(runs, 1);
    for _ in 0..2 {
        bench.feed(Input::FunctionFinished {
            tool_call_id: "c1".to_owned(),
            result: Ok(json!({"sunny": true})),
        });
    }
    let sent = bench.sent();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0]["data"]["result"], json!({"sunny": true}));
    assert_eq!(sent[0]["data"]["arguments"], json!({"city": "Lisbon"}));
}

#[test]
fn a_handler_that_hangs_or_fails_is_answered_with_an_error() {
    let call = json!({"type": "llm-function-call-in-progress", "data": {"tool_call_id": "c1", "function_name": "f"}});
    let mut bench = Bench::ready();
    bench.message(call.clone());
    bench.take();
    bench.pass(FUNCTION_TIMEOUT);
    let outputs = bench.take();
    assert!(outputs.iter().any(|output| matches!(output, Output::CancelFunction { .. })));
    assert!(
        outputs
            .iter()
            .any(|output| matches!(output, Output::Send { text, .. } if text.contains("did not finish")))
    );

    let mut bench = Bench::ready();
    bench.message(call);
    bench.take();
    bench.feed(Input::FunctionFinished {
        tool_call_id: "c1".to_owned(),
        result: Err("no network".to_owned()),
    });
    assert_eq!(bench.sent()[0]["data"]["result"], json!({"error": "no network"}));
}

#[test]
fn a_cancelled_function_call_is_given_up_without_a_result() {
    let mut bench = Bench::ready();
    bench.message(json!({"type": "llm-function-call-in-progress", "data": {"tool_call_id": "c1", "function_name": "f"}}));
    bench.take();
    bench.message(
        json!({"type": "llm-function-call-stopped", "data": {"tool_call_id": "c1", "cancelled": true}}),
    );
    assert!(bench.take().iter().any(|output| matches!(output, Output::CancelFunction { .. })));
    bench.feed(Input::FunctionFinished { tool_call_id: "c1".to_owned(), result: Ok(json!(1)) });
    assert_eq!(bench.sent(), [json!(null); 0]);
}

#[test]
fn a_function_without_a_handler_gets_no_result() {
    let mut bench = Bench::ready();
    bench.message(json!({"type": "llm-function-call-in-progress", "data": {"tool_call_id": "c1", "function_name": "f"}}));
    bench.take();
    bench.feed(Input::FunctionUnhandled { tool_call_id: "c1".to_owned() });
    bench.pass(FUNCTION_TIMEOUT);
    assert_eq!(bench.sent(), [json!(null); 0]);
}

#[test]
fn a_call_whose_id_or_name_is_too_long_is_none() {
    for (id, name) in [("c".repeat(1025), "f".to_owned()), ("c1".to_owned(), "f".repeat(1025))] {
        let mut bench = Bench::ready();
        let data = json!({"tool_call_id": id, "function_name": name});
        bench.message(json!({"type": "llm-function-call-in-progress", "data": data}));
        let legacy = json!({"tool_call_id": id, "function_name": name, "args": {}});
        bench.message(json!({"type": "llm-function-call", "data": legacy}));
        assert_eq!(bench.events(), ["protocolError", "protocolError"]);
        assert!(!bench.take().iter().any(|output| matches!(output, Output::RunFunction(_))));
    }
}
