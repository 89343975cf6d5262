use super::*;

/// The messages of a join to livekit-server 1.13.5 as their tags and values, written out by hand.
#[test]
fn the_numbers_are_those_of_the_definition() {
    // SignalResponse.join = 1 { participant = 2 { sid = 1, identity = 2 } }
    let join = Bytes::from_static(b"\x0a\x0d\x12\x0b\x0a\x04PA_1\x12\x03bot");
    let Ok(Some(ResponseKind::Join(join))) = decode_response(join) else { panic!("no join") };
    let me = join.participant.unwrap_or_default();
    assert_eq!((me.sid.as_str(), me.identity.as_str()), ("PA_1", "bot"));
    // SignalRequest.ping_req = 16 { timestamp = 1, rtt = 2 }
    let ping = encode_request(RequestKind::Ping(Ping { timestamp: 1, rtt: 2 }));
    assert_eq!(&ping[..], b"\x82\x01\x04\x08\x01\x10\x02");
    // SignalRequest.subscription = 6 { track_sids = 1 }
    let tracks = UpdateSubscription { track_sids: vec!["TR_1".to_owned()], subscribe: false };
    assert_eq!(&encode_request(RequestKind::Subscription(tracks))[..], b"\x32\x06\x0a\x04TR_1");
    // DataPacket { user = 2 { payload = 2 }, destination_identities = 5, sequence = 16 }
    let user = UserPacket { payload: Bytes::from_static(b"{}"), topic: None };
    let packet = DataPacket {
        value: Some(PacketValue::User(user)),
        destination_identities: vec!["bot".to_owned()],
        sequence: 7,
        ..DataPacket::default()
    };
    let bytes = packet.encode_to_vec();
    assert_eq!(bytes, b"\x12\x04\x12\x02{}\x2a\x03bot\x80\x01\x07");
    assert_eq!(decode_packet(bytes.into()), Ok(packet));
}

#[test]
fn every_response_is_known_by_its_number() {
    let numbers: [(u8, &str); 14] = [
        (1, "join"),
        (2, "answer"),
        (3, "offer"),
        (4, "trickle"),
        (5, "update"),
        (6, "track_published"),
        (8, "leave"),
        (9, "mute"),
        (16, "refresh_token"),
        (17, "track_unpublished"),
        (19, "reconnect"),
        (20, "pong_resp"),
        (24, "room_moved"),
        (25, "media_sections_requirement"),
    ];
    for (number, name) in numbers {
        let mut bytes = Vec::new();
        prost::encoding::encode_key(number.into(), prost::encoding::WireType::LengthDelimited, &mut bytes);
        bytes.push(0);
        let kind = decode_response(bytes.into()).unwrap().unwrap();
        assert_eq!((kind.name(), format!("{kind:?}")), (name, name.to_owned()), "{number}");
    }
}

#[test]
fn unknown_messages_and_values_are_no_errors() {
    // speakers_changed = 10, and a number that nobody has given yet.
    for bytes in [&b"\x52\x00"[..], b"\x9a\x3f\x01x", b""] {
        assert_eq!(decode_response(Bytes::copy_from_slice(bytes)), Ok(None));
    }
    // update = 5 { participants = 1 { state = 3: 99, kind = 14: 77 } }
    let update = Bytes::from_static(b"\x2a\x06\x0a\x04\x18\x63\x70\x4d");
    let Ok(Some(ResponseKind::Update(update))) = decode_response(update) else { panic!("no update") };
    let one = update.participants.first().unwrap();
    assert_eq!((one.state(), one.kind()), (ParticipantState::Joining, ParticipantKind::Standard));
    // rpc_request = 10
    assert_eq!(decode_packet(Bytes::from_static(b"\x52\x00")), Ok(DataPacket::default()));
}

#[test]
fn garbage_and_giants_are_named() {
    for bytes in [&b"\x0a\xff"[..], b"\xff\xff\xff\xff\xff", b"\x0a\x02\x12\x7f", b"\x82\x01\x01\xff"] {
        let error = decode_response(Bytes::copy_from_slice(bytes)).unwrap_err();
        assert!(error.contains("no LiveKit message"), "{error}");
    }
    let error = decode_response(vec![0; MAX_SIGNAL + 1].into()).unwrap_err();
    assert!(error.contains("524289") && error.contains("524288"), "{error}");
    assert!(decode_packet(vec![0; MAX_PACKET + 1].into()).is_err());
}

#[test]
fn nothing_secret_is_shown() {
    let secret = || "secret".to_owned();
    let sdp = SessionDescription { sdp: secret(), ..SessionDescription::default() };
    let ice = IceServer { urls: Vec::new(), username: secret(), credential: secret() };
    let join = JoinResponse { ice_servers: vec![ice], ..JoinResponse::default() };
    let moved = RoomMoved { token: secret(), ..RoomMoved::default() };
    let shown = format!(
        "{sdp:?} {join:?} {moved:?} {:?} {:?}",
        RequestKind::Offer(sdp.clone()),
        Response { kind: Some(ResponseKind::RefreshToken(secret())) }
    );
    assert!(!shown.contains("secret"), "{shown}");
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
        let _ = decode_response(bytes.clone().into());
        let _ = decode_packet(bytes.into());
    }
}
