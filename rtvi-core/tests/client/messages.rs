//! Messages and requests: limits, answers, many at once.

use std::time::Duration;

use rtvi_core::{ErrorKind, Event, Phase, client::REQUEST_TIMEOUT};
use serde_json::json;
use tokio::{task::JoinSet, time::Instant};

use crate::stage::{Stage, answer, messages, next_message, say, settle};

/// More messages than the queue between client and transport holds.
const TOO_MANY: usize = 400;

#[tokio::test(start_paused = true)]
async fn a_full_queue_is_an_error_and_frees_itself() {
    let mut stage = Stage::new();
    let mut connection = stage.ready().await;
    let mut sent = 0;
    let error = loop {
        match stage.client.send_client_message("fill", None).await {
            Ok(()) => sent += 1,
            Err(error) => break error,
        }
        assert!(sent < TOO_MANY, "the queue has no end");
    };
    assert_eq!(error.kind(), ErrorKind::Busy);
    let refused = stage.client.send_client_request("ask", None, None).await.expect_err("nothing fits");
    assert_eq!(refused.kind(), ErrorKind::Busy);
    assert_eq!(messages(&mut connection).await.len(), sent, "what was accepted is sent, and nothing else");
    let (reply, ()) = tokio::join!(stage.client.send_client_request("ask", None, None), async {
        let request = next_message(&mut connection).await;
        answer(&connection, &request, &json!(1)).await;
    });
    assert_eq!(reply, Ok(Some(json!(1))));
}

#[tokio::test(start_paused = true)]
async fn a_full_queue_does_not_keep_the_session_from_ending() {
    let mut stage = Stage::new();
    let connection = stage.ready().await;
    while stage.client.send_client_message("fill", None).await.is_ok() {}
    let begun = Instant::now();
    stage.client.disconnect().await.unwrap();
    assert!(begun.elapsed() <= Duration::from_secs(2));
    stage.end().await;
    drop(connection);
    stage.is_usable().await;
}

#[tokio::test(start_paused = true)]
async fn calls_from_many_tasks_all_settle() {
    let mut stage = Stage::new();
    let mut connection = stage.ready().await;
    let mut calls = JoinSet::new();
    for number in 0..200 {
        let client = stage.client.clone();
        calls.spawn(async move {
            let data = Some(json!(number));
            (number, client.send_client_request("echo", data, None).await)
        });
    }
    for _ in 0..200 {
        let request = next_message(&mut connection).await;
        let data = request["data"]["d"].clone();
        answer(&connection, &request, &data).await;
    }
    let mut settled = 0;
    while let Some(call) = calls.join_next().await {
        let (number, reply) = call.unwrap();
        assert_eq!(reply, Ok(Some(json!(number))));
        settled += 1;
    }
    assert_eq!(settled, 200);
}

#[tokio::test(start_paused = true)]
async fn more_requests_than_may_wait_are_refused() {
    let mut stage = Stage::new();
    let mut connection = stage.ready().await;
    let mut calls = JoinSet::new();
    for _ in 0..1_100 {
        let client = stage.client.clone();
        calls.spawn(async move { client.send_client_request("never", None, None).await });
    }
    let mut kinds = std::collections::HashMap::new();
    let begun = Instant::now();
    while connection.port.commands.len() < connection.port.commands.max_capacity()
        && begun.elapsed() < REQUEST_TIMEOUT
    {
        messages(&mut connection).await;
    }
    while let Some(call) = calls.join_next().await {
        *kinds.entry(call.unwrap().expect_err("nobody answers").kind()).or_insert(0) += 1;
    }
    assert_eq!(begun.elapsed().as_secs(), REQUEST_TIMEOUT.as_secs());
    assert!(kinds[&ErrorKind::Busy] >= 76, "{kinds:?}");
    assert_eq!(kinds[&ErrorKind::Busy] + kinds[&ErrorKind::Timeout], 1_100, "{kinds:?}");
}

#[tokio::test(start_paused = true)]
async fn requests_are_settled_by_the_end_of_the_session() {
    let mut stage = Stage::new();
    let mut connection = stage.ready().await;
    let client = stage.client.clone();
    let (reply, ()) = tokio::join!(client.send_client_request("never", None, None), async {
        next_message(&mut connection).await;
        stage.client.disconnect().await.unwrap();
    });
    assert_eq!(reply.map_err(|error| error.kind()), Err(ErrorKind::Cancelled));
}

#[tokio::test(start_paused = true)]
async fn answers_that_are_wrong_late_or_unasked_for() {
    let mut stage = Stage::new();
    let mut connection = stage.ready().await;
    stage.drain().await;
    let (reply, request) = tokio::join!(stage.client.send_client_request("ask", None, None), async {
        let request = next_message(&mut connection).await;
        say(&connection, json!({"type": "server-response", "id": request["id"], "data": 7})).await;
        request
    });
    let error = reply.expect_err("it can't be read");
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Protocol, Some(Phase::Request)));
    answer(&connection, &request, &json!("late")).await;
    let refusal = json!({"error": "who are you?"});
    say(&connection, json!({"type": "error-response", "id": "of nobody", "data": refusal})).await;
    assert_eq!(stage.names().await, ["protocolError", "serverResponse", "messageError"]);
}

#[tokio::test(start_paused = true)]
async fn a_rejected_request_fails_with_the_servers_words() {
    let mut stage = Stage::new();
    let mut connection = stage.ready().await;
    let (reply, ()) = tokio::join!(stage.client.send_client_request("ask", None, None), async {
        let request = next_message(&mut connection).await;
        let refusal = json!({"error": "no such request"});
        say(&connection, json!({"type": "error-response", "id": request["id"], "data": refusal})).await;
    });
    let error = reply.expect_err("it is refused");
    assert_eq!((error.kind(), error.message()), (ErrorKind::RequestFailed, "no such request"));
    let Event::MessageError { error, .. } = stage.wait_for("messageError").await else { panic!() };
    assert_eq!(error, "no such request");
}

#[tokio::test(start_paused = true)]
async fn messages_of_another_label_are_reported_and_dropped() {
    let mut stage = Stage::new();
    let connection = stage.ready().await;
    stage.drain().await;
    connection.message(r#"{"label":"not-rtvi","type":"bot-started-speaking"}"#).await;
    connection.message(r#"{"type":"bot-started-speaking"}"#).await;
    settle().await;
    let reasons: Vec<_> = stage
        .drain()
        .await
        .into_iter()
        .map(|event| match event {
            Event::ProtocolError { wire_type: None, reason } => reason,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        reasons,
        [r#"label: expected "rtvi-ai", found "not-rtvi""#, r#"label: expected "rtvi-ai", found none"#]
    );
}
