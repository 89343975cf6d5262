//! The command line's options about transports; the core chooses the transport of a connection.

use clap::ValueEnum;
use rtvi_core::{
    ConnectParams, PipecatClientOptions,
    transport::{
        AutoTransport, AutoTransportOptions, IceServer, LiveKitTransport, LiveKitTransportOptions,
        PhoneTransport, PhoneTransportOptions, SharedCalls, SmallWebRtcTransport,
        SmallWebRtcTransportOptions, TlsOptions, WebSocketTransport, WebSocketTransportOptions,
    },
};
use url::Url;

/// A transport by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// SmallWebRTC.
    Webrtc,
    /// WebSocket.
    Websocket,
    /// LiveKit.
    Livekit,
}

impl Kind {
    /// Its name in start requests.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Webrtc => "webrtc",
            Self::Websocket => "websocket",
            Self::Livekit => "livekit",
        }
    }

    /// Its name for people.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Webrtc => "WebRTC",
            Self::Websocket => "WebSocket",
            Self::Livekit => "LiveKit",
        }
    }
}

/// The connect parameters of a room on a LiveKit server.
pub(crate) fn room(url: &Url, token: Option<&str>) -> ConnectParams {
    let params = ConnectParams::default().with("livekitUrl", url.as_str());
    token.into_iter().fold(params, |params, token| params.with("token", token))
}

/// The user's choices about transports.
#[derive(Clone, Debug, Default)]
pub(crate) struct Choice {
    /// The transport to use, whatever the parameters describe.
    pub(crate) only: Option<Kind>,
    /// STUN and TURN servers for WebRTC.
    pub(crate) ice_servers: Vec<IceServer>,
    /// WebRTC through TURN servers only.
    pub(crate) relay_only: bool,
    /// A phone call, whatever else.
    pub(crate) phone: Option<PhoneTransportOptions>,
    /// Which servers to trust, and where encryption is optional.
    pub(crate) tls: TlsOptions,
    /// What many calls share.
    pub(crate) shared: Option<SharedCalls>,
}

impl Choice {
    /// The options of a client with the chosen transport, or with the one that the connect
    /// parameters describe.
    pub(crate) fn client_options(mut self) -> PipecatClientOptions {
        let tls = self.tls.clone();
        let mut options = match self.phone.take() {
            Some(phone) => PipecatClientOptions::new(PhoneTransport::new(phone)),
            None => self.without_phone(),
        };
        options.client.tls = tls;
        options
    }

    fn without_phone(self) -> PipecatClientOptions {
        let websocket =
            WebSocketTransportOptions { tls: Some(self.tls.clone()), ..WebSocketTransportOptions::default() };
        let small_webrtc = SmallWebRtcTransportOptions {
            ice_servers: self.ice_servers.clone(),
            relay_only: self.relay_only,
            tls: Some(self.tls.clone()),
            shared: self.shared.clone(),
            ..SmallWebRtcTransportOptions::default()
        };
        let livekit = LiveKitTransportOptions {
            ice_servers: self.ice_servers,
            relay_only: self.relay_only,
            tls: Some(self.tls.clone()),
            shared: self.shared,
            ..LiveKitTransportOptions::default()
        };
        match self.only {
            Some(Kind::Webrtc) => PipecatClientOptions::new(SmallWebRtcTransport::new(small_webrtc)),
            Some(Kind::Websocket) => PipecatClientOptions::new(WebSocketTransport::new(websocket)),
            Some(Kind::Livekit) => PipecatClientOptions::new(LiveKitTransport::new(livekit)),
            None => PipecatClientOptions::new(AutoTransport::new(AutoTransportOptions {
                websocket,
                small_webrtc,
                livekit,
            })),
        }
    }
}

#[cfg(test)]
mod tests {
    use rtvi_core::{
        ApiRequest, Error,
        transport::{Cookies, OpenRequest},
    };
    use serde_json::{Value, json};

    use super::*;

    fn create(only: Option<Kind>, value: &Value) -> Result<usize, Error> {
        let params = ConnectParams::new(value.as_object().expect("an object").clone());
        let start = ApiRequest::new("http://h/start");
        let request = OpenRequest {
            params: &params,
            start: Some(&start),
            attempt: 0,
            mic_enabled: true,
            cookies: &Cookies::default(),
            tls: &TlsOptions::default(),
            open_timeout: std::time::Duration::from_secs(15),
        };
        let options = Choice { only, ..Choice::default() }.client_options();
        let capture = options.transport.create(request)?.capabilities().capture.expect("audio");
        Ok(capture.format.samples_in(std::time::Duration::from_secs(1)))
    }

    #[test]
    fn a_choice_goes_before_the_keys() {
        let both = json!({"wsUrl": "ws://h", "sessionId": "1"});
        assert_eq!(create(None, &both), Ok(16_000));
        assert_eq!(create(Some(Kind::Webrtc), &both), Ok(48_000));
        let refused = create(Some(Kind::Websocket), &json!({"sessionId": "1"})).expect_err("no URL");
        assert!(refused.message().contains("wsUrl"), "{refused}");
        let room = json!({"url": "ws://h", "token": "t", "sessionId": "1"});
        assert_eq!((create(None, &room), create(Some(Kind::Livekit), &room)), (Ok(48_000), Ok(48_000)));
        let refused = create(Some(Kind::Livekit), &both).expect_err("no room");
        assert!(refused.message().contains("LiveKit"), "{refused}");
    }
}
