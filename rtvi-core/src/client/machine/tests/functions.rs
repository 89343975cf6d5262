//! Functions that the bot calls.

use serde_json::{Value, json};

use super::bench::{Bench, SECOND};
use crate::{
    client::{
        Event, FUNCTION_TIMEOUT,
        machine::{Input, Output},
    },
    transport::TransportEvent,
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

fn in_progress(id: &str, arguments: Value) -> Value {
    json!({"type": "llm-function-call-in-progress", "data": {
        "tool_call_id": id, "function_name": "f", "arguments": arguments}})
}

fn deprecated(id: &str, arguments: Value) -> Value {
    json!({"type": "llm-function-call", "data": {"tool_call_id": id, "function_name": "f", "args": arguments}})
}

fn stopped(id: &str, cancelled: bool) -> Value {
    json!({"type": "llm-function-call-stopped", "data": {"tool_call_id": id, "cancelled": cancelled}})
}

impl Bench {
    /// The arguments of the handlers that were run since last asked; all else is dropped.
    fn runs(&mut self) -> Vec<Value> {
        let runs = self.take().into_iter().filter_map(|output| match output {
            Output::RunFunction(call) => Some(Value::Object(call.arguments)),
            _ => None,
        });
        runs.collect()
    }

    fn finish(&mut self, id: &str, result: Value) {
        self.feed(Input::FunctionFinished { tool_call_id: id.to_owned(), result: Ok(result) });
    }

    /// The results sent since last asked, with the arguments of the calls they answer.
    fn results(&mut self) -> Vec<Value> {
        let data = self.sent().into_iter().map(|sent| sent["data"].clone());
        data.map(|data| json!([data["tool_call_id"], data["arguments"], data["result"]])).collect()
    }
}

#[test]
fn an_id_that_comes_again_is_another_call() {
    for id in ["search_web:0", "", "call_1"] {
        let mut bench = Bench::ready();
        for round in 0..3 {
            for message in [in_progress(id, json!({"r": round})), deprecated(id, json!({"r": round}))] {
                bench.message(message);
            }
            assert_eq!(bench.runs(), [json!({"r": round})], "{id:?}");
            bench.finish(id, json!({"said": round}));
            assert_eq!(bench.results(), [json!([id, {"r": round}, {"said": round}])], "{id:?}");
            bench.message(stopped(id, false));
        }
    }
}

#[test]
fn without_an_end_of_the_server_an_id_may_come_again_too() {
    let mut bench = Bench::ready();
    for round in 0..3 {
        bench.message(deprecated("c", json!({"r": round})));
        bench.finish("c", json!({"said": round}));
        assert_eq!(bench.results(), [json!(["c", {"r": round}, {"said": round}])]);
    }
}

#[test]
fn the_other_form_of_a_call_that_was_answered_already_runs_nothing() {
    let mut bench = Bench::ready();
    bench.message(in_progress("c", json!({})));
    bench.finish("c", json!({"said": 1}));
    bench.take();
    bench.message(deprecated("c", json!({})));
    assert_eq!(bench.runs(), [json!(null); 0]);
    bench.message(stopped("c", false));
    bench.message(deprecated("c", json!({})));
    assert_eq!(bench.runs(), [json!({})], "but after its end it is another call");
}

#[test]
fn open_calls_of_one_id_run_one_after_the_other() {
    let mut bench = Bench::ready();
    for call in 1..=3 {
        bench.message(in_progress("c", json!({"call": call})));
    }
    assert_eq!(bench.runs(), [json!({"call": 1})]);
    bench.finish("c", json!({"said": 1}));
    let wanted = bench.take();
    assert!(
        matches!(wanted.last(), Some(Output::RunFunction(call)) if call.arguments["call"] == 2),
        "{wanted:?}"
    );
    bench.message(stopped("c", false));
    assert!(
        !bench.take().iter().any(|output| matches!(output, Output::CancelFunction { .. })),
        "the first ended"
    );
    bench.finish("c", json!({"said": 2}));
    assert_eq!(bench.results(), [json!(["c", {"call": 2}, {"said": 2}])]);
    bench.message(stopped("c", false));
    bench.message(stopped("c", true));
    assert!(
        bench.take().iter().any(|output| matches!(output, Output::CancelFunction { .. })),
        "the third is cancelled"
    );
    bench.finish("c", json!({"said": 3}));
    assert_eq!(bench.results(), [json!(null); 0], "and its late result is nobody's");
}

#[test]
fn calls_that_wait_for_one_that_hangs_get_an_error_in_time() {
    let mut bench = Bench::ready();
    for call in 1..=2 {
        bench.message(in_progress("c", json!({"call": call})));
    }
    bench.take();
    bench.pass(FUNCTION_TIMEOUT);
    let results = bench.results();
    assert_eq!(results.len(), 2, "{results:?}");
    assert!(results.iter().all(|result| result[2]["error"].is_string()), "{results:?}");
    bench.message(in_progress("d", json!({})));
    assert_eq!(bench.runs(), [json!({})]);
}

#[test]
fn too_many_open_calls_get_an_error_whatever_their_ids() {
    for same in [false, true] {
        let mut bench = Bench::ready();
        for call in 0..70 {
            let id = if same { "c".to_owned() } else { format!("c{call}") };
            bench.message(in_progress(&id, json!({"call": call})));
        }
        let results = bench.results();
        assert_eq!(results.len(), 6, "{results:?}");
        assert!(results.iter().all(|result| result[2]["error"].is_string()), "{results:?}");
    }
}

#[test]
fn after_a_lost_connection_ids_begin_anew() {
    let mut bench = Bench::ready();
    bench.message(in_progress("c", json!({"call": 1})));
    bench.lose();
    bench.pass(SECOND);
    bench.open();
    bench.bot_ready("2.2.0");
    bench.finish("c", json!({"said": 1}));
    bench.take();
    bench.message(in_progress("c", json!({"call": 2})));
    assert_eq!(bench.runs(), [json!({"call": 2})]);
    bench.finish("c", json!({"said": 2}));
    assert_eq!(bench.results(), [json!(["c", {"call": 2}, {"said": 2}])]);
}

#[test]
fn ids_and_names_may_be_long() {
    let mut bench = Bench::ready();
    bench.event(TransportEvent::MaxMessageSize(1000));
    let id = "call__thought__".repeat(20);
    bench.message(in_progress(&id, json!({})));
    bench.finish(&id, json!({"said": 1}));
    assert_eq!(bench.results(), [json!([id, {}, {"said": 1}])]);
}

#[test]
fn a_result_that_is_too_large_becomes_an_error() {
    for arguments in [json!({}), json!({"text": "x".repeat(1000)})] {
        let mut bench = Bench::ready();
        bench.message(in_progress("c", arguments));
        bench.take();
        bench.finish("c", json!({"text": "y".repeat(1000)}));
        let (events, results): (Vec<_>, Vec<_>) =
            bench.take().into_iter().partition(|output| matches!(output, Output::Emit(_)));
        assert!(matches!(&events[..], [Output::Emit(Event::Error { fatal: false, .. })]), "{events:?}");
        assert!(
            matches!(&results[..], [Output::Send { text, .. }] if text.contains("too large")),
            "{results:?}"
        );
    }
}
