//! Executes the calls of a plan on a client.
//!
//! Knows the parameters of the targets; keeps only the start endpoint's last answer.

use std::{future::Future, time::Duration};

use futures_util::{FutureExt, future::LocalBoxFuture};
use rtvi_core::{ApiRequest, ConnectParams, Error, ErrorKind, Phase, PipecatClient, TransportState};
use serde_json::{Map, Value, json};

use crate::{args::TargetArgs, plan::Call, transport};

/// How much longer than its deadlines the client may take, so that its own, more specific error
/// comes first.
const DEADLINE_GRACE: Duration = Duration::from_millis(100);

/// The result of a call: its data, or null.
pub(crate) type CallResult = Result<Value, Error>;

/// The targets of the calls.
#[derive(Clone, Debug)]
pub(crate) struct Targets {
    start: Option<ApiRequest>,
    connect: Option<ConnectParams>,
    timeout: Duration,
}

impl Targets {
    /// Takes the parameters from the command line; connecting may take `timeout` in total.
    ///
    /// # Errors
    /// When the agent's name or key is unusable.
    pub(crate) fn new(args: &TargetArgs, timeout: Duration) -> Result<Self, Error> {
        let url = args.start.as_ref().map(|url| start_request(url.as_str(), args));
        let agent = args.agent.request(args.data.as_ref(), args.transport).transpose()?;
        let start = url.or_else(|| agent.map(|agent| with_headers(agent, args)));
        let offer = args.offer.as_ref().map(|url| webrtc_params(url.as_str(), args));
        let websocket = args.ws.as_ref().map(|url| websocket_params(url.as_str(), args));
        let livekit = args.livekit.as_ref().map(|url| transport::room(url, args.token.as_deref()));
        let connect = websocket.or(offer).or(livekit);
        Ok(Self { start, connect, timeout })
    }

    /// Keeps the start endpoint's answer for `connect`, unless the command line specifies its
    /// parameters.
    pub(crate) fn started(&mut self, answer: Map<String, Value>) {
        if self.start.is_some() {
            self.connect = Some(ConnectParams::new(answer));
        }
    }

    /// Creates the call. The future starts it when first polled.
    pub(crate) fn make(&self, client: &PipecatClient, call: Call) -> LocalBoxFuture<'static, CallResult> {
        let client = client.clone();
        match call {
            Call::InitDevices => nothing(async move { client.init_devices().await }),
            Call::StartBot => self.start_bot(client),
            Call::Connect => self.connect(client),
            Call::StartBotAndConnect => self.start_bot_and_connect(client),
            Call::SendText { content, options } => {
                nothing(async move { client.send_text(content, options).await })
            }
            Call::SendClientMessage { t, data } => {
                nothing(async move { client.send_client_message(t, data).await })
            }
            Call::SendClientRequest { t, data, timeout } => request(client, t, data, timeout),
            Call::SendDtmf { keys } => nothing(async move { client.send_dtmf(keys).await }),
            Call::EnableMic { enable } => nothing(async move { client.enable_mic(enable).await }),
            Call::EnableCam { enable } => at_once(client.enable_cam(enable)),
            Call::EnableScreenShare { enable } => at_once(client.enable_screen_share(enable)),
            Call::PressToTalk => nothing(async move { client.press_to_talk().await }),
            Call::ReleaseToTalk => nothing(async move { client.release_to_talk().await }),
            Call::UpdateMic { device_id } => at_once(client.update_mic(&device_id)),
            Call::UpdateSpeaker { device_id } => at_once(client.update_speaker(&device_id)),
            Call::UpdateCam { device_id } => at_once(client.update_cam(&device_id)),
            Call::DisconnectBot => nothing(async move { client.disconnect_bot().await }),
            Call::Disconnect => nothing(async move { client.disconnect().await }),
        }
    }

    fn start_bot(&self, client: PipecatClient) -> LocalBoxFuture<'static, CallResult> {
        let Some(request) = self.start.clone() else { return missing("startBot needs --start or --agent") };
        let timeout = self.timeout;
        async move {
            let answer = within(timeout, &client, client.start_bot(request)).await?;
            Ok(Value::Object(answer.as_object().clone()))
        }
        .boxed_local()
    }

    fn connect(&self, client: PipecatClient) -> LocalBoxFuture<'static, CallResult> {
        let Some(params) = self.connect.clone() else {
            return missing("connect needs --offer, --ws or --livekit, or a startBot that has succeeded");
        };
        let timeout = self.timeout;
        async move { within(timeout, &client, client.connect(params)).await.map(|bot| json!(bot)) }
            .boxed_local()
    }

    fn start_bot_and_connect(&self, client: PipecatClient) -> LocalBoxFuture<'static, CallResult> {
        let Some(request) = self.start.clone() else {
            return missing("startBotAndConnect needs --start or --agent");
        };
        let timeout = self.timeout;
        async move { within(timeout, &client, client.start_bot_and_connect(request)).await.map(|bot| json!(bot)) }
            .boxed_local()
    }
}

fn start_request(url: &str, args: &TargetArgs) -> ApiRequest {
    let mut request = ApiRequest::new(url);
    request.headers.clone_from(&args.headers);
    let wanted = args.transport.map(|kind| json!({ "transport": kind.name() }));
    request.request_data = args.data.clone().map(Value::Object).or(wanted);
    request
}

fn with_headers(mut request: ApiRequest, args: &TargetArgs) -> ApiRequest {
    request.headers.extend(args.headers.iter().cloned());
    request
}

fn webrtc_params(url: &str, args: &TargetArgs) -> ConnectParams {
    ConnectParams::default().with("webrtcRequestParams", json!({ "endpoint": url, "headers": headers(args) }))
}

fn websocket_params(url: &str, args: &TargetArgs) -> ConnectParams {
    let mut params = ConnectParams::websocket(url);
    if let Some(token) = &args.token {
        params = params.with("token", token.clone());
    }
    if !args.headers.is_empty() {
        params = params.with("headers", headers(args));
    }
    params
}

fn headers(args: &TargetArgs) -> Map<String, Value> {
    args.headers.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect()
}

fn nothing(call: impl Future<Output = Result<(), Error>> + 'static) -> LocalBoxFuture<'static, CallResult> {
    call.map(|result| result.map(|()| Value::Null)).boxed_local()
}

fn at_once(result: Result<(), Error>) -> LocalBoxFuture<'static, CallResult> {
    nothing(std::future::ready(result))
}

fn request(
    client: PipecatClient,
    t: String,
    data: Option<Value>,
    timeout: Option<Duration>,
) -> LocalBoxFuture<'static, CallResult> {
    async move { client.send_client_request(t, data, timeout).await.map(Option::unwrap_or_default) }
        .boxed_local()
}

fn missing(message: &str) -> LocalBoxFuture<'static, CallResult> {
    std::future::ready(Err(Error::new(ErrorKind::InvalidArgument, message))).boxed_local()
}

/// Applies a call's deadline over all phases of connecting.
async fn within<T>(
    limit: Duration,
    client: &PipecatClient,
    call: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    match tokio::time::timeout(limit + DEADLINE_GRACE, call).await {
        Ok(result) => result,
        Err(_) => {
            let error = Error::new(ErrorKind::Timeout, format!("not done within {} s", limit.as_secs_f64()));
            Err(match phase(client.state()) {
                Some(phase) => error.in_phase(phase),
                None => error,
            })
        }
    }
}

const fn phase(state: TransportState) -> Option<Phase> {
    match state {
        TransportState::Initializing | TransportState::Initialized => Some(Phase::Devices),
        TransportState::Authenticating => Some(Phase::StartRequest),
        TransportState::Authenticated | TransportState::Connecting => Some(Phase::TransportOpen),
        TransportState::Connected => Some(Phase::BotReady),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: TargetArgs,
    }

    fn targets(line: &[&str]) -> Targets {
        let args = Line::parse_from([&["rtvi"], line].concat()).args;
        Targets::new(&args, Duration::from_secs(1)).expect("they can be used")
    }

    #[test]
    fn headers_and_data_go_where_they_belong() {
        let start = targets(&["--start", "http://h/start", "--header", "A: b", "--data", "{\"x\":1}"]);
        let request = start.start.expect("a start request");
        assert_eq!(request.headers, [("A".to_owned(), "b".to_owned())]);
        assert_eq!(request.request_data, Some(json!({"x": 1})));
        let room = targets(&["--livekit", "wss://h", "--token", "t"]).connect.expect("connect parameters");
        assert_eq!(Value::Object(room.as_object().clone()), json!({"livekitUrl": "wss://h/", "token": "t"}));
        let ws = targets(&["--ws", "ws://h/ws", "--header", "A: b", "--token", "t"]);
        let params = ws.connect.expect("connect parameters");
        assert_eq!(
            Value::Object(params.as_object().clone()),
            json!({"wsUrl": "ws://h/ws", "token": "t", "headers": {"A": "b"}})
        );
        let offer = targets(&["--offer", "http://h/api/offer", "--header", "A: b"]);
        let params = offer.connect.expect("connect parameters");
        assert_eq!(
            Value::Object(params.as_object().clone()),
            json!({"webrtcRequestParams": {"endpoint": "http://h/api/offer", "headers": {"A": "b"}}})
        );
    }

    #[test]
    fn the_start_endpoint_is_asked_for_the_transport_unless_told_what_to_ask() {
        let data = |line: &[&str]| {
            targets(&[&["--start", "http://h/start"], line].concat())
                .start
                .and_then(|start| start.request_data)
        };
        assert_eq!(data(&[]), None);
        assert_eq!(data(&["--transport", "webrtc"]), Some(json!({"transport": "webrtc"})));
        assert_eq!(data(&["--transport", "websocket"]), Some(json!({"transport": "websocket"})));
        assert_eq!(data(&["--transport", "webrtc", "--data", "{}"]), Some(json!({})));
    }

    #[test]
    fn an_agent_is_started() {
        let agent = targets(&["--agent", "a", "--key", "k", "--header", "A: b", "--transport", "websocket"]);
        let request = agent.start.expect("a start request");
        assert_eq!(request.endpoint, "https://api.pipecat.daily.co/v1/public/a/start");
        assert_eq!(
            (request.headers.len(), request.request_data),
            (2, Some(json!({"transport": "websocket"})))
        );
    }

    #[test]
    fn the_start_answer_is_for_connect() {
        let mut start = targets(&["--start", "http://h/start"]);
        assert!(start.connect.is_none());
        start.started(Map::from_iter([("wsUrl".to_owned(), json!("ws://b"))]));
        assert_eq!(start.connect, Some(ConnectParams::websocket("ws://b")));
    }
}
