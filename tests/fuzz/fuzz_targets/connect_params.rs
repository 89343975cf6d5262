//! Connect parameters, which may be a start endpoint's answer, read by every transport.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rtvi_core::{
    ApiRequest, ConnectParams,
    transport::{
        AutoTransport, AutoTransportOptions, Cookies, LiveKitTransport, LiveKitTransportOptions, OpenRequest,
        SmallWebRtcTransport, SmallWebRtcTransportOptions, Transport, WebSocketTransport, WebSocketTransportOptions,
    },
};

fuzz_target!(|bytes: &[u8]| {
    let Ok(object) = serde_json::from_slice(bytes) else { return };
    let params = ConnectParams::new(object);
    let start = ApiRequest::new("https://bots.example/start");
    let request = OpenRequest { params: &params, start: Some(&start), attempt: 0, mic_enabled: true, cookies: &Cookies::default(), tls: &rtvi_core::transport::TlsOptions::default(), open_timeout: std::time::Duration::from_secs(15) };
    let websocket = WebSocketTransport::new(WebSocketTransportOptions::default());
    let webrtc = SmallWebRtcTransport::new(SmallWebRtcTransportOptions::default());
    let livekit = LiveKitTransport::new(LiveKitTransportOptions::default());
    let auto = AutoTransport::new(AutoTransportOptions::default());
    for factory in [&websocket as &dyn Transport, &webrtc, &livekit, &auto] {
        if let Err(error) = factory.create(request) {
            assert!(!error.to_string().is_empty());
        }
    }
});
