//! Connect parameters in all their spellings, and those that do not fit.

use serde_json::json;

use super::*;
use crate::transport::TlsOptions;

fn target_with(
    params: &Value,
    start: Option<&ApiRequest>,
    options: &SmallWebRtcTransportOptions,
) -> Result<Target, Error> {
    let params = ConnectParams::new(params.as_object().unwrap().clone());
    Target::new(
        OpenRequest {
            params: &params,
            start,
            attempt: 0,
            mic_enabled: true,
            cookies: &Cookies::default(),
            tls: &TlsOptions::default(),
            open_timeout: Duration::from_secs(15),
        },
        options,
    )
}

fn target(params: &Value) -> Result<Target, Error> {
    target_with(params, None, &SmallWebRtcTransportOptions::default())
}

fn started(params: &Value, start_url: &str, template: Option<&str>) -> Result<Target, Error> {
    let start = ApiRequest::new(start_url).with_header("Authorization", "Bearer secret");
    let options = SmallWebRtcTransportOptions {
        offer_url_template: template.map(str::to_owned),
        ..SmallWebRtcTransportOptions::default()
    };
    target_with(params, Some(&start), &options)
}

fn error(result: Result<Target, Error>) -> String {
    let error = result.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidTransportParams);
    error.message().to_owned()
}

#[test]
fn a_request_is_read_in_both_spellings() {
    for key in ["webrtcRequestParams", "webrtc_request_params"] {
        for data in ["requestData", "request_data"] {
            let params = json!({key: {
                "endpoint": "https://bot.example/api/offer", "headers": {"X-Key": "k"}, data: {"a": 1}, "timeout": 1500,
            }});
            let target = target(&params).unwrap();
            assert_eq!(target.endpoint.as_str(), "https://bot.example/api/offer");
            assert_eq!(target.headers["x-key"], "k");
            assert_eq!(target.request_data, Some(json!({"a": 1})));
            assert_eq!(target.timeout, Duration::from_millis(1_500));
        }
    }
}

#[test]
fn the_deprecated_urls_still_work() {
    for key in ["webrtcUrl", "webrtc_url", "connectionUrl", "connection_url"] {
        assert_eq!(
            target(&json!({key: "http://b/api/offer"})).unwrap().endpoint.as_str(),
            "http://b/api/offer"
        );
    }
    assert_eq!(target(&json!({"webrtcRequestParams": "http://b/o"})).unwrap().endpoint.path(), "/o");
}

#[test]
fn the_session_of_a_start_request_gives_the_endpoint_and_the_headers() {
    let params = json!({"sessionId": "a b/c", "iceConfig": null, "fileUploadUrl": "/f"});
    let target = started(&params, "https://api.example/v1/public/bot/start?x=1", None).unwrap();
    assert_eq!(target.endpoint.as_str(), "https://api.example/v1/public/bot/sessions/a%20b%2Fc/api/offer");
    assert_eq!(target.headers["authorization"], "Bearer secret");
    let own = json!({"sessionId": "1", "webrtcRequestParams": {"endpoint": "http://other/offer"}});
    let target = started(&own, "http://b/start", None).unwrap();
    assert_eq!(target.endpoint.as_str(), "http://other/offer");
    assert!(target.headers.is_empty());
}

#[test]
fn a_start_url_has_many_spellings() {
    for (start, offers) in [
        ("http://b/start/", "http://b/sessions/1/api/offer"),
        ("http://b/start///?a=b#c", "http://b/sessions/1/api/offer"),
        ("http://b/START", "http://b/sessions/1/api/offer"),
        ("http://b/Start/", "http://b/sessions/1/api/offer"),
        ("https://b/a%20b/start/start/", "https://b/a%20b/start/sessions/1/api/offer"),
        (" http://b:8080/v1/public/start ", "http://b:8080/v1/public/sessions/1/api/offer"),
    ] {
        let target = started(&json!({"sessionId": "1"}), start, None).unwrap();
        assert_eq!(target.endpoint.as_str(), offers, "{start}");
    }
    for start in ["http://b/", "http://b", "http://b/restart", "http://b/start/bot", "http://b/start.json"] {
        let text = error(started(&json!({"sessionId": "1"}), start, None));
        assert!(text.contains("does not end in '/start'"), "{text}");
    }
}

#[test]
fn credentials_in_a_url_become_a_header() {
    let basic = "Basic bWU6c2VjcmV0";
    let direct = target(&json!({"webrtcUrl": "http://me:secret@b/offer"})).unwrap();
    assert_eq!(direct.endpoint.as_str(), "http://b/offer");
    assert_eq!(direct.headers["authorization"], basic);
    let start = ApiRequest::new("http://me:secret@b/start");
    let params = json!({"sessionId": "1"});
    let target = target_with(&params, Some(&start), &SmallWebRtcTransportOptions::default()).unwrap();
    assert_eq!(target.endpoint.as_str(), "http://b/sessions/1/api/offer");
    assert_eq!(target.headers["authorization"], basic);
    let own = started(&params, "http://me:secret@b/start", None).unwrap();
    assert_eq!(own.headers["authorization"], "Bearer secret");
}

#[test]
fn rooms_of_other_services_are_named() {
    let room = json!({"sessionId": "1", "dailyRoom": "https://x.daily.co/secret", "dailyToken": "secret"});
    let text = error(started(&room, "http://b/start", None));
    assert!(text.contains("in a Daily room") && !text.contains("secret"), "{text}");
    let livekit = json!({"sessionId": "1", "livekit_url": "wss://x.livekit.cloud"});
    assert!(error(target(&livekit)).contains("in a LiveKit room"));
    let own = json!({"webrtcUrl": "http://b/offer", "dailyRoom": "https://x.daily.co/secret"});
    assert_eq!(target(&own).unwrap().endpoint.as_str(), "http://b/offer");
}

#[test]
fn a_template_names_the_endpoint() {
    let params = json!({"session_id": "a/b"});
    let of = |template| started(&params, "https://b/x/begin", Some(template)).unwrap();
    assert_eq!(of("/s/:sessionId/offer").endpoint.as_str(), "https://b/s/a%2Fb/offer");
    assert_eq!(of("/s/:sessionId/offer").headers.len(), 1);
    let elsewhere = of("https://c/:sessionId");
    assert_eq!(elsewhere.endpoint.as_str(), "https://c/a%2Fb");
    assert!(elsewhere.headers.is_empty(), "another server's secrets stay at home");
}

#[test]
fn ice_servers_come_as_text_or_list_and_go_before_the_options() {
    let offer = json!({"endpoint": "http://b/o"});
    let params = json!({"webrtcRequestParams": offer, "iceConfig": {"iceServers": [
        {"urls": "stun:s"}, {"urls": ["turn:t1", "turn:t2"], "username": "u", "credential": "secret"},
    ]}});
    let options = SmallWebRtcTransportOptions {
        ice_servers: vec![IceServer::new("stun:option")],
        ..SmallWebRtcTransportOptions::default()
    };
    let servers = target_with(&params, None, &options).unwrap().ice_servers;
    assert_eq!((servers[0].urls[0].as_str(), servers[1].urls.len()), ("stun:s", 2));
    assert_eq!(servers[1].credential, "secret");
    assert!(!format!("{servers:?}").contains("secret"));
    let params = json!({"webrtcRequestParams": offer, "unknown": 1, "iceConfig": {}});
    assert_eq!(target_with(&params, None, &options).unwrap().ice_servers, options.ice_servers);
}

/// A server that can't be read costs itself, never the connection or the other servers.
#[test]
fn ice_servers_that_can_not_be_read_are_passed_over() {
    let options = SmallWebRtcTransportOptions {
        ice_servers: vec![IceServer::new("stun:option")],
        ..SmallWebRtcTransportOptions::default()
    };
    let urls = |extra: Value| {
        let mut params = json!({"webrtcUrl": "http://b/o"});
        params.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        let servers = target_with(&params, None, &options).unwrap().ice_servers;
        servers.into_iter().flat_map(|server| server.urls).collect::<Vec<_>>().join(" ")
    };
    let in_config = |servers: Value| urls(json!({"iceConfig": {"iceServers": servers}}));
    for (servers, used) in [
        (json!([{"urls": "stun:a?transport=udp"}]), "stun:a?transport=udp"),
        (json!([{"url": "stun:a"}]), "stun:a"),
        (json!([{"url": "stun:a", "urls": null}]), "stun:a"),
        (json!([{"url": "stun:a", "urls": "stun:a"}]), "stun:a"),
        (json!([{"urls": [" stun:a ", 7, null, ["stun:b"], "turn:c"]}]), "stun:a turn:c"),
        (json!([{"urls": []}, {"urls": "stun:a"}]), "stun:a"),
        (json!([5, null, "stun:a", {}, [], {"urls": 5}, {"urls": "stun:b"}]), "stun:a stun:b"),
        (json!({"urls": "stun:a"}), "stun:a"),
        (json!([]), ""),
        (json!([{"urls": {}}]), ""),
        (json!(null), "stun:option"),
        (json!("nonsense"), "stun:option"),
        (json!(7), "stun:option"),
    ] {
        assert_eq!(in_config(servers.clone()), used, "{servers}");
    }
    for (extra, used) in [
        (json!({"iceServers": [{"urls": "stun:a"}]}), "stun:a"),
        (json!({"ice_servers": [{"urls": "stun:a"}]}), "stun:a"),
        (json!({"iceConfig": [{"urls": "stun:a"}]}), "stun:a"),
        (json!({"ice_config": {"ice_servers": [{"urls": "stun:a"}]}}), "stun:a"),
        (json!({"iceConfig": {"urls": "stun:a"}}), "stun:a"),
        (json!({"iceConfig": 5}), "stun:option"),
        (json!({"iceConfig": {"iceServers": 5}}), "stun:option"),
    ] {
        assert_eq!(urls(extra.clone()), used, "{extra}");
    }
}

#[test]
fn an_ice_servers_name_may_be_a_number() {
    let server = json!({"urls": "turn:t", "username": 17_000_000_001_u64, "credential": null});
    let params = json!({"webrtcUrl": "http://b/o", "iceConfig": {"iceServers": [server]}});
    let servers = target(&params).unwrap().ice_servers;
    assert_eq!((servers[0].username.as_str(), servers[0].credential.as_str()), ("17000000001", ""));
}

#[test]
fn the_options_offer_is_the_last_resort() {
    let options = SmallWebRtcTransportOptions {
        offer: Some(ApiRequest::new("http://option/offer").with_header("X", "y")),
        ..SmallWebRtcTransportOptions::default()
    };
    let target = target_with(&json!({}), None, &options).unwrap();
    assert_eq!((target.endpoint.as_str(), target.headers.len()), ("http://option/offer", 1));
}

#[test]
fn what_does_not_fit_is_named_without_secrets() {
    assert!(error(target(&json!({}))).contains("'webrtcRequestParams'"));
    assert!(error(target(&json!({"sessionId": "1"}))).contains("start request"));
    assert!(error(target(&json!({"webrtcRequestParams": 5}))).contains("must be an object"));
    assert!(error(target(&json!({"webrtcUrl": 5}))).contains("'webrtcUrl'"));
    let request = |value: Value| error(target(&json!({"webrtcRequestParams": value})));
    assert!(request(json!({"endpoint": 5})).contains("'endpoint'"));
    assert!(request(json!({"endpoint": "ws://u:secret@b/?t=secret"})).contains("'ws'"));
    assert!(request(json!({"endpoint": "/api/offer?t=secret"})).contains("not a URL"));
    assert!(request(json!({"endpoint": "http://b", "headers": [5]})).contains("'headers'"));
    assert!(request(json!({"endpoint": "http://b", "headers": {"X": 1}})).contains("'X'"));
    assert!(request(json!({"endpoint": "http://b", "timeout": -1})).contains("'timeout'"));
    for value in
        [json!({"endpoint": "x://b/?secret"}), json!({"endpoint": "http://b", "headers": {"X": "secret\n"}})]
    {
        assert!(!request(value).contains("secret"));
    }
    assert!(
        error(started(&json!({"sessionId": "1"}), "http://b/begin?t=secret", None))
            .contains("offer_url_template")
    );
}
