//! A proxy in front of a server that changes one thing in the HTTP messages of both sides. The
//! media do not pass through it.
//!
//! Depends on [`super::forward`]. Must never change anything else.

use std::{
    fmt,
    net::Ipv4Addr,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::{Method, Response},
};
use serde_json::Value;
use tokio::{net::TcpListener, task::JoinHandle};

use super::forward::{LONGEST_BODY, bad_gateway, forward};

type Change = Box<dyn Fn(&mut Value) + Send + Sync>;

/// The changes to the bodies of requests to the server, and of its answers to POST requests. Bodies
/// that are not JSON stay unchanged.
#[derive(Default)]
pub struct Changes {
    request: Option<Change>,
    answer: Option<Change>,
}

impl Changes {
    /// Changes answers.
    pub fn answer(change: impl Fn(&mut Value) + Send + Sync + 'static) -> Self {
        Self { answer: Some(Box::new(change)), request: None }
    }

    /// Also changes requests.
    #[must_use]
    pub fn and_requests(self, change: impl Fn(&mut Value) + Send + Sync + 'static) -> Self {
        Self { request: Some(Box::new(change)), ..self }
    }

    /// Changes the session description in answers.
    pub fn sdp(change: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        Self::answer(move |answer| {
            if let Some(changed) = answer["sdp"].as_str().map(&change) {
                answer["sdp"] = changed.into();
            }
        })
    }
}

impl fmt::Debug for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Changes").finish_non_exhaustive()
    }
}

/// The proxy; it ends when dropped.
#[derive(Debug)]
pub struct Meddler {
    url: String,
    requests: Arc<Mutex<Vec<(Method, Value)>>>,
    server: JoinHandle<()>,
}

#[derive(Debug)]
struct Between {
    authority: String,
    changes: Changes,
    requests: Arc<Mutex<Vec<(Method, Value)>>>,
}

impl Meddler {
    /// Creates a proxy in front of the server at `http_url`, `http://HOST:PORT`.
    ///
    /// # Panics
    /// If this machine has no free port.
    pub async fn start(http_url: &str, changes: Changes) -> Self {
        let requests = Arc::new(Mutex::new(Vec::new()));
        let authority = http_url.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let between = Between { authority, changes, requests: Arc::clone(&requests) };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("there is a free port");
        let url = format!("http://{}", listener.local_addr().expect("it is bound"));
        let router = Router::new().fallback(handle).with_state(Arc::new(between));
        let server = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("the listener lives as long as this");
        });
        Self { url, requests, server }
    }

    /// The URL for clients: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The bodies of the client's requests with this method, as the client sent them.
    pub fn requests(&self, method: &Method) -> Vec<Value> {
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        requests.iter().filter(|(made, _)| made == method).map(|(_, body)| body.clone()).collect()
    }
}

impl Drop for Meddler {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn handle(State(between): State<Arc<Between>>, request: Request) -> Response<Body> {
    let (head, body) = request.into_parts();
    let body = match axum::body::to_bytes(body, LONGEST_BODY).await {
        Ok(body) => body,
        Err(error) => return bad_gateway(&error.to_string()),
    };
    let is_post = head.method == Method::POST;
    let made = (head.method.clone(), serde_json::from_slice(&body).unwrap_or_default());
    between.requests.lock().unwrap_or_else(PoisonError::into_inner).push(made);
    let body = changed(body, between.changes.request.as_ref());
    match forward(&between.authority, (head, body)).await {
        Ok((head, body)) => {
            let body = changed(body, between.changes.answer.as_ref().filter(|_| is_post));
            Response::from_parts(head, Body::from(body))
        }
        Err(error) => bad_gateway(&error.to_string()),
    }
}

fn changed(body: Bytes, change: Option<&Change>) -> Bytes {
    match (change, serde_json::from_slice::<Value>(&body)) {
        (Some(change), Ok(mut value)) => {
            change(&mut value);
            value.to_string().into()
        }
        _ => body,
    }
}
