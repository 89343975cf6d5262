use super::super::wire::TrackInfo;
use super::*;

/// A participant `NAME` with the sid `PA_NAME`, which is active.
fn person(name: &str) -> ParticipantInfo {
    ParticipantInfo {
        sid: format!("PA_{name}"),
        identity: name.to_owned(),
        state: ParticipantState::Active.into(),
        ..ParticipantInfo::default()
    }
}

/// As Pipecat's tokens make it: of the standard kind.
fn agent(name: &str) -> ParticipantInfo {
    ParticipantInfo { permission: Some(Permission { agent: true, ..Permission::default() }), ..person(name) }
}

fn with_track(mut info: ParticipantInfo, sid: &str, kind: TrackType) -> ParticipantInfo {
    info.tracks.push(TrackInfo { sid: sid.to_owned(), kind: kind.into(), ..TrackInfo::default() });
    info
}

fn talking(info: ParticipantInfo) -> ParticipantInfo {
    let sid = format!("TR_{}", info.identity);
    with_track(info, &sid, TrackType::Audio)
}

fn in_state(info: ParticipantInfo, state: ParticipantState) -> ParticipantInfo {
    ParticipantInfo { state: state.into(), ..info }
}

fn gone(name: &str) -> ParticipantInfo {
    in_state(person(name), ParticipantState::Disconnected)
}

fn room(others: &[ParticipantInfo]) -> Room {
    let mut room = Room::new(None);
    room.joined(&person("me"), others);
    room
}

fn open(others: &[ParticipantInfo]) -> Room {
    let mut room = room(others);
    room.open().unwrap();
    drop(changes(&mut room));
    room
}

fn changes(room: &mut Room) -> Vec<Change> {
    std::iter::from_fn(|| room.poll_change()).collect()
}

fn shown(name: &str) -> Participant {
    Participant { id: name.to_owned(), name: String::new(), local: false }
}

#[test]
fn an_agent_is_the_bot_and_people_never_are() {
    let kind = ParticipantInfo { kind: ParticipantKind::Agent.into(), ..person("kind") };
    for bot in [agent("bot"), kind] {
        let mut room = room(&[talking(person("human")), bot.clone()]);
        assert_eq!(room.bot(), Some(bot.identity.as_str()));
        assert_eq!(room.open(), Some(shown(&bot.identity)));
    }
    let mut room = room(&[talking(person("human"))]);
    assert_eq!(room.bot(), None);
    assert_eq!(room.open(), None);
    room.updated(&[agent("bot")]);
    assert_eq!(room.bot(), Some("bot"));
}

#[test]
fn a_bot_counts_once_it_is_active() {
    let mut room = room(&[in_state(agent("bot"), ParticipantState::Joining)]);
    room.updated(&[in_state(agent("bot"), ParticipantState::Joined)]);
    assert_eq!(room.bot(), None);
    room.updated(&[talking(agent("bot"))]);
    assert!(room.bot() == Some("bot") && room.bot_has_audio());
}

#[test]
fn without_an_agent_the_first_that_publishes_audio_is_the_bot_after_a_while() {
    let hidden = Permission { hidden: true, ..Permission::default() };
    let hidden = ParticipantInfo { permission: Some(hidden), ..talking(person("hidden")) };
    let camera = with_track(person("camera"), "TR_c", TrackType::Video);
    let mut room = room(&[hidden, person("silent"), camera, talking(person("loud"))]);
    assert_eq!(room.bot(), None);
    room.settle();
    assert_eq!(room.bot(), Some("loud"));
}

#[test]
fn one_that_comes_after_the_wait_is_taken_at_once() {
    let mut room = room(&[person("silent")]);
    room.settle();
    assert_eq!(room.bot(), None);
    room.updated(&[talking(person("late"))]);
    assert_eq!(room.bot(), Some("late"));
}

#[test]
fn the_identity_that_the_app_named_is_the_bot_and_no_other() {
    let mut room = Room::new(Some("mine".to_owned()));
    room.joined(&person("me"), &[talking(agent("other"))]);
    room.settle();
    assert_eq!(room.bot(), None);
    room.updated(&[person("mine")]);
    assert_eq!(room.bot(), Some("mine"));
}

#[test]
fn nobody_is_reported_before_the_room_opens() {
    let mut room = room(&[agent("bot"), person("human")]);
    room.updated(&[gone("human"), person("other"), in_state(person("joining"), ParticipantState::Joined)]);
    assert_eq!(changes(&mut room), []);
    assert_eq!(room.open(), Some(shown("bot")));
    assert_eq!(changes(&mut room), [Change::Joined(shown("other"))]);
    room.updated(&[person("joining"), person("other")]);
    assert_eq!(changes(&mut room), [Change::Joined(shown("joining"))]);
    room.updated(&[gone("other"), gone("other"), gone("nobody")]);
    assert_eq!(changes(&mut room), [Change::Left(shown("other"))]);
}

#[test]
fn the_second_bot_is_a_participant_until_the_first_leaves() {
    let mut room = open(&[agent("first")]);
    room.updated(&[agent("second")]);
    assert_eq!(changes(&mut room), [Change::Joined(shown("second"))]);
    assert_eq!(room.bot(), Some("first"));
    let removed =
        ParticipantInfo { disconnect_reason: DisconnectReason::ParticipantRemoved.into(), ..gone("first") };
    room.updated(&[removed]);
    let left = Change::BotLeft(DisconnectReason::ParticipantRemoved);
    assert_eq!(changes(&mut room), [left, Change::BotJoined(shown("second"))]);
}

#[test]
fn a_person_never_takes_the_place_of_a_bot_that_left() {
    let mut room = open(&[agent("bot"), talking(person("human"))]);
    room.settle();
    room.updated(&[gone("bot"), talking(person("late"))]);
    assert_eq!(
        changes(&mut room),
        [Change::BotLeft(DisconnectReason::Unknown), Change::Joined(shown("late"))]
    );
    assert_eq!(room.bot(), None);
    room.updated(&[agent("bot")]);
    assert_eq!(changes(&mut room)[..1], [Change::BotJoined(shown("bot"))]);
}

#[test]
fn a_bot_without_an_agents_token_is_known_again_by_its_identity() {
    let mut room = room(&[talking(person("bot"))]);
    room.settle();
    room.open().unwrap();
    room.updated(&[gone("bot")]);
    room.updated(&[person("bot")]);
    assert_eq!(room.bot(), Some("bot"));
}

#[test]
fn a_new_sid_is_a_new_stay() {
    let mut room = open(&[agent("bot"), person("human")]);
    let again = |info: ParticipantInfo| ParticipantInfo { sid: "PA_again".to_owned(), ..info };
    room.updated(&[again(person("human"))]);
    assert_eq!(changes(&mut room), [Change::Left(shown("human")), Change::Joined(shown("human"))]);
    // The server's word on the old stay comes late.
    room.updated(&[gone("human")]);
    assert_eq!(changes(&mut room), []);
    room.updated(&[again(agent("bot"))]);
    let left = Change::BotLeft(DisconnectReason::Unknown);
    assert_eq!(changes(&mut room), [left, Change::BotJoined(shown("bot"))]);
}

#[test]
fn after_a_resume_those_who_are_not_listed_have_left() {
    let mut room = open(&[agent("bot"), person("human"), person("stays")]);
    room.resumed();
    room.updated(&[person("new")]);
    assert_eq!(changes(&mut room), [Change::Joined(shown("new"))]);
    room.updated(&[person("me"), person("stays"), person("new")]);
    let left = Change::BotLeft(DisconnectReason::Unknown);
    assert_eq!(changes(&mut room), [left, Change::Left(shown("human"))]);
    room.updated(&[person("me")]);
    assert_eq!(changes(&mut room), []);
}

#[test]
fn another_room_has_other_people() {
    let mut room = open(&[agent("bot"), person("human")]);
    room.joined(&person("me2"), &[agent("bot"), person("new")]);
    assert_eq!(changes(&mut room), [Change::Left(shown("human")), Change::Joined(shown("new"))]);
    assert_eq!(room.bot(), Some("bot"));
}

#[test]
fn only_the_bot_and_the_server_speak_rtvi() {
    let room = room(&[agent("bot"), person("human")]);
    assert!(room.accepts("bot") && room.accepts(""));
    assert!(!room.accepts("human") && !room.accepts("nobody"));
}

#[test]
fn only_the_bots_first_audio_track_is_played_and_subscribed_to() {
    let mut room = room(&[talking(person("human"))]);
    assert!(room.bot_sid().is_none() && changes(&mut room).is_empty());
    room.updated(&[with_track(talking(agent("bot")), "TR_video", TrackType::Video)]);
    assert_eq!(room.bot_sid(), Some("PA_bot"));
    let of = |sid: &str, wanted| Change::Subscribe { track_sids: vec![sid.to_owned()], wanted };
    assert_eq!(changes(&mut room), [of("TR_bot", true)]);
    room.updated(&[talking(agent("other"))]);
    assert_eq!(changes(&mut room), []);
    room.updated(&[gone("bot")]);
    assert_eq!(changes(&mut room), [of("TR_bot", false), of("TR_other", true)]);
    assert_eq!(room.bot_sid(), Some("PA_other"));
}

#[test]
fn the_client_itself_is_no_participant() {
    let mut room = open(&[agent("bot")]);
    let twin = ParticipantInfo { sid: "PA_twin".to_owned(), ..person("me") };
    room.updated(&[person("me"), twin, ParticipantInfo::default()]);
    assert_eq!(changes(&mut room), []);
}

#[test]
fn the_lack_of_a_bot_is_told_with_the_number_of_others() {
    assert_eq!(room(&[]).lack_of_bot(), "no bot is in the room, and nobody else");
    assert_eq!(room(&[person("a")]).lack_of_bot(), "no bot is in the room; 1 other participant is there");
    let mut named = Room::new(Some("mine".to_owned()));
    named.joined(&person("me"), &[person("a"), agent("b")]);
    assert_eq!(named.lack_of_bot(), "the bot 'mine' is not in the room; 2 other participants are there");
}

#[test]
fn a_crowd_is_bounded_and_hides_no_bot() {
    let crowd: Vec<_> = (0..2 * MAX_PARTICIPANTS).map(|n| person(&format!("human{n}"))).collect();
    let mut room = room(&crowd);
    assert_eq!(room.members.len(), MAX_PARTICIPANTS);
    room.updated(&[agent("bot")]);
    assert_eq!(room.bot(), Some("bot"));
    let agents: Vec<_> = (0..2 * MORE_AGENTS).map(|n| agent(&format!("bot{n}"))).collect();
    room.updated(&agents);
    assert_eq!(room.members.len(), MAX_PARTICIPANTS + MORE_AGENTS);
}
