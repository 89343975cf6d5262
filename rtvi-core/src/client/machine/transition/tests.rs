//! The whole state chart as a table, and the drawing made from it.

use super::*;

/// Every state, every trigger, what follows and what is done.
#[rustfmt::skip]
const TABLE: &[(S, T, S, A)] = &[
    // ── Disconnected ──
    (S::Disconnected, T::InitDevices, S::Initializing, A::OpenDevices),
    (S::Disconnected, T::DevicesReady, S::Disconnected, A::Ignore),
    (S::Disconnected, T::StartBot, S::Authenticating, A::RequestStart),
    (S::Disconnected, T::StartAnswered, S::Disconnected, A::Ignore),
    (S::Disconnected, T::Connect, S::Connecting, A::OpenTransport),
    (S::Disconnected, T::Opened, S::Disconnected, A::Ignore),
    (S::Disconnected, T::BotReady, S::Disconnected, A::Ignore),
    (S::Disconnected, T::Failed, S::Disconnected, A::Ignore),
    (S::Disconnected, T::Lost, S::Disconnected, A::Ignore),
    (S::Disconnected, T::RetryDue, S::Disconnected, A::Ignore),
    (S::Disconnected, T::BotLeft, S::Disconnected, A::Ignore),
    (S::Disconnected, T::Ended, S::Disconnected, A::Ignore),
    (S::Disconnected, T::Disconnect, S::Disconnected, A::Settle),
    (S::Disconnected, T::Closed, S::Disconnected, A::Ignore),
    (S::Disconnected, T::Send, S::Disconnected, A::Refuse),
    // ── Initializing ──
    (S::Initializing, T::InitDevices, S::Initializing, A::Refuse),
    (S::Initializing, T::DevicesReady, S::Initialized, A::Continue),
    (S::Initializing, T::StartBot, S::Initializing, A::Refuse),
    (S::Initializing, T::StartAnswered, S::Initializing, A::Ignore),
    (S::Initializing, T::Connect, S::Initializing, A::Refuse),
    (S::Initializing, T::Opened, S::Initializing, A::Ignore),
    (S::Initializing, T::BotReady, S::Initializing, A::Ignore),
    (S::Initializing, T::Failed, S::Error, A::Fail),
    (S::Initializing, T::Lost, S::Initializing, A::Ignore),
    (S::Initializing, T::RetryDue, S::Initializing, A::Ignore),
    (S::Initializing, T::BotLeft, S::Initializing, A::Ignore),
    (S::Initializing, T::Ended, S::Initializing, A::Ignore),
    (S::Initializing, T::Disconnect, S::Disconnecting, A::BeginDisconnect),
    (S::Initializing, T::Closed, S::Initializing, A::Ignore),
    (S::Initializing, T::Send, S::Initializing, A::Refuse),
    // ── Initialized ──
    (S::Initialized, T::InitDevices, S::Initialized, A::Settle),
    (S::Initialized, T::DevicesReady, S::Initialized, A::Ignore),
    (S::Initialized, T::StartBot, S::Authenticating, A::RequestStart),
    (S::Initialized, T::StartAnswered, S::Initialized, A::Ignore),
    (S::Initialized, T::Connect, S::Connecting, A::OpenTransport),
    (S::Initialized, T::Opened, S::Initialized, A::Ignore),
    (S::Initialized, T::BotReady, S::Initialized, A::Ignore),
    (S::Initialized, T::Failed, S::Initialized, A::Ignore),
    (S::Initialized, T::Lost, S::Initialized, A::Ignore),
    (S::Initialized, T::RetryDue, S::Initialized, A::Ignore),
    (S::Initialized, T::BotLeft, S::Initialized, A::Ignore),
    (S::Initialized, T::Ended, S::Initialized, A::Ignore),
    (S::Initialized, T::Disconnect, S::Disconnecting, A::BeginDisconnect),
    (S::Initialized, T::Closed, S::Initialized, A::Ignore),
    (S::Initialized, T::Send, S::Initialized, A::Refuse),
    // ── Authenticating ──
    (S::Authenticating, T::InitDevices, S::Authenticating, A::Refuse),
    (S::Authenticating, T::DevicesReady, S::Authenticating, A::Ignore),
    (S::Authenticating, T::StartBot, S::Authenticating, A::Refuse),
    (S::Authenticating, T::StartAnswered, S::Authenticated, A::Continue),
    (S::Authenticating, T::Connect, S::Authenticating, A::Refuse),
    (S::Authenticating, T::Opened, S::Authenticating, A::Ignore),
    (S::Authenticating, T::BotReady, S::Authenticating, A::Ignore),
    (S::Authenticating, T::Failed, S::Error, A::Fail),
    (S::Authenticating, T::Lost, S::Authenticating, A::Ignore),
    (S::Authenticating, T::RetryDue, S::Authenticating, A::Ignore),
    (S::Authenticating, T::BotLeft, S::Authenticating, A::Ignore),
    (S::Authenticating, T::Ended, S::Authenticating, A::Ignore),
    (S::Authenticating, T::Disconnect, S::Disconnecting, A::BeginDisconnect),
    (S::Authenticating, T::Closed, S::Authenticating, A::Ignore),
    (S::Authenticating, T::Send, S::Authenticating, A::Refuse),
    // ── Authenticated ──
    (S::Authenticated, T::InitDevices, S::Authenticated, A::Settle),
    (S::Authenticated, T::DevicesReady, S::Authenticated, A::Ignore),
    (S::Authenticated, T::StartBot, S::Authenticating, A::RequestStart),
    (S::Authenticated, T::StartAnswered, S::Authenticated, A::Ignore),
    (S::Authenticated, T::Connect, S::Connecting, A::OpenTransport),
    (S::Authenticated, T::Opened, S::Authenticated, A::Ignore),
    (S::Authenticated, T::BotReady, S::Authenticated, A::Ignore),
    (S::Authenticated, T::Failed, S::Authenticated, A::Ignore),
    (S::Authenticated, T::Lost, S::Authenticated, A::Ignore),
    (S::Authenticated, T::RetryDue, S::Authenticated, A::Ignore),
    (S::Authenticated, T::BotLeft, S::Authenticated, A::Ignore),
    (S::Authenticated, T::Ended, S::Authenticated, A::Ignore),
    (S::Authenticated, T::Disconnect, S::Disconnecting, A::BeginDisconnect),
    (S::Authenticated, T::Closed, S::Authenticated, A::Ignore),
    (S::Authenticated, T::Send, S::Authenticated, A::Refuse),
    // ── Connecting ──
    (S::Connecting, T::InitDevices, S::Connecting, A::Refuse),
    (S::Connecting, T::DevicesReady, S::Connecting, A::Ignore),
    (S::Connecting, T::StartBot, S::Connecting, A::Refuse),
    (S::Connecting, T::StartAnswered, S::Connecting, A::OpenTransport),
    (S::Connecting, T::Connect, S::Connecting, A::Refuse),
    (S::Connecting, T::Opened, S::Connected, A::Handshake),
    (S::Connecting, T::BotReady, S::Connecting, A::Ignore),
    (S::Connecting, T::Failed, S::Error, A::Fail),
    (S::Connecting, T::Lost, S::Connecting, A::WaitToRetry),
    (S::Connecting, T::RetryDue, S::Connecting, A::OpenTransport),
    (S::Connecting, T::BotLeft, S::Connecting, A::Ignore),
    (S::Connecting, T::Ended, S::Disconnecting, A::BeginDisconnect),
    (S::Connecting, T::Disconnect, S::Disconnecting, A::BeginDisconnect),
    (S::Connecting, T::Closed, S::Connecting, A::Ignore),
    (S::Connecting, T::Send, S::Connecting, A::Refuse),
    // ── Connected ──
    (S::Connected, T::InitDevices, S::Connected, A::Refuse),
    (S::Connected, T::DevicesReady, S::Connected, A::Ignore),
    (S::Connected, T::StartBot, S::Connected, A::Refuse),
    (S::Connected, T::StartAnswered, S::Connected, A::Ignore),
    (S::Connected, T::Connect, S::Connected, A::Refuse),
    (S::Connected, T::Opened, S::Connected, A::Ignore),
    (S::Connected, T::BotReady, S::Ready, A::BeginSession),
    (S::Connected, T::Failed, S::Error, A::Fail),
    (S::Connected, T::Lost, S::Connecting, A::WaitToRetry),
    (S::Connected, T::RetryDue, S::Connected, A::Ignore),
    (S::Connected, T::BotLeft, S::Disconnecting, A::BeginDisconnect),
    (S::Connected, T::Ended, S::Disconnecting, A::BeginDisconnect),
    (S::Connected, T::Disconnect, S::Disconnecting, A::BeginDisconnect),
    (S::Connected, T::Closed, S::Connected, A::Ignore),
    (S::Connected, T::Send, S::Connected, A::Refuse),
    // ── Ready ──
    (S::Ready, T::InitDevices, S::Ready, A::Refuse),
    (S::Ready, T::DevicesReady, S::Ready, A::Ignore),
    (S::Ready, T::StartBot, S::Ready, A::Refuse),
    (S::Ready, T::StartAnswered, S::Ready, A::Ignore),
    (S::Ready, T::Connect, S::Ready, A::Refuse),
    (S::Ready, T::Opened, S::Ready, A::Ignore),
    (S::Ready, T::BotReady, S::Ready, A::Ignore),
    (S::Ready, T::Failed, S::Ready, A::Ignore),
    (S::Ready, T::Lost, S::Connecting, A::WaitToRetry),
    (S::Ready, T::RetryDue, S::Ready, A::Ignore),
    (S::Ready, T::BotLeft, S::Disconnecting, A::BeginDisconnect),
    (S::Ready, T::Ended, S::Disconnecting, A::BeginDisconnect),
    (S::Ready, T::Disconnect, S::Disconnecting, A::BeginDisconnect),
    (S::Ready, T::Closed, S::Ready, A::Ignore),
    (S::Ready, T::Send, S::Ready, A::Deliver),
    // ── Disconnecting ──
    (S::Disconnecting, T::InitDevices, S::Disconnecting, A::Refuse),
    (S::Disconnecting, T::DevicesReady, S::Disconnecting, A::Ignore),
    (S::Disconnecting, T::StartBot, S::Disconnecting, A::Refuse),
    (S::Disconnecting, T::StartAnswered, S::Disconnecting, A::Ignore),
    (S::Disconnecting, T::Connect, S::Disconnecting, A::Refuse),
    (S::Disconnecting, T::Opened, S::Disconnecting, A::Ignore),
    (S::Disconnecting, T::BotReady, S::Disconnecting, A::Ignore),
    (S::Disconnecting, T::Failed, S::Disconnecting, A::Ignore),
    (S::Disconnecting, T::Lost, S::Disconnecting, A::Ignore),
    (S::Disconnecting, T::RetryDue, S::Disconnecting, A::Ignore),
    (S::Disconnecting, T::BotLeft, S::Disconnecting, A::Ignore),
    (S::Disconnecting, T::Ended, S::Disconnecting, A::Ignore),
    (S::Disconnecting, T::Disconnect, S::Disconnecting, A::JoinDisconnect),
    (S::Disconnecting, T::Closed, S::Disconnected, A::FinishDisconnect),
    (S::Disconnecting, T::Send, S::Disconnecting, A::Refuse),
    // ── Error ──
    (S::Error, T::InitDevices, S::Error, A::Refuse),
    (S::Error, T::DevicesReady, S::Error, A::Ignore),
    (S::Error, T::StartBot, S::Error, A::Refuse),
    (S::Error, T::StartAnswered, S::Error, A::Ignore),
    (S::Error, T::Connect, S::Error, A::Refuse),
    (S::Error, T::Opened, S::Error, A::Ignore),
    (S::Error, T::BotReady, S::Error, A::Ignore),
    (S::Error, T::Failed, S::Error, A::Ignore),
    (S::Error, T::Lost, S::Error, A::Ignore),
    (S::Error, T::RetryDue, S::Error, A::Ignore),
    (S::Error, T::BotLeft, S::Error, A::Ignore),
    (S::Error, T::Ended, S::Error, A::Ignore),
    (S::Error, T::Disconnect, S::Disconnecting, A::BeginDisconnect),
    (S::Error, T::Closed, S::Disconnected, A::FinishDisconnect),
    (S::Error, T::Send, S::Error, A::Refuse),
];

#[test]
fn every_pair_of_state_and_trigger_does_what_the_table_says() {
    for &(state, trigger, next, action) in TABLE {
        assert_eq!(transition(state, trigger), (next, action), "{state} on {trigger:?}");
    }
}

#[test]
fn the_table_lists_every_pair_exactly_once() {
    for state in S::ALL {
        for trigger in T::ALL {
            let rows = TABLE.iter().filter(|row| (row.0, row.1) == (state, trigger)).count();
            assert_eq!(rows, 1, "{state} on {trigger:?}");
        }
    }
    assert_eq!(TABLE.len(), S::ALL.len() * T::ALL.len());
}

#[test]
fn disconnect_leads_to_disconnected_from_everywhere() {
    for state in S::ALL {
        let (next, _) = transition(state, T::Disconnect);
        let end = if next == S::Disconnecting { transition(next, T::Closed).0 } else { next };
        assert_eq!(end, S::Disconnected, "from {state}");
    }
}

/// The chart in ARCHITECTURE.md, between its marks, is what [`chart`] draws. `RTVI_WRITE_CHART=1`
/// writes it.
#[test]
fn the_chart_in_the_architecture_page_is_up_to_date() {
    const BEGIN: &str =
        "<!-- state chart: generated from rtvi-core/src/client/machine/transition/tests.rs -->\n";
    const END: &str = "<!-- end of state chart -->";
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../ARCHITECTURE.md");
    let page = std::fs::read_to_string(&path).expect("ARCHITECTURE.md is there");
    let (before, rest) = page.split_once(BEGIN).expect("the page has the mark of the chart's beginning");
    let (drawn, after) = rest.split_once(END).expect("the page has the mark of the chart's end");
    if std::env::var_os("RTVI_WRITE_CHART").is_some() {
        std::fs::write(&path, format!("{before}{BEGIN}{}{END}{after}", chart()))
            .expect("the page can be written");
        return;
    }
    assert_eq!(drawn, chart(), "run RTVI_WRITE_CHART=1 cargo test -p rtvi-core chart");
}

/// Every change of state as a mermaid state diagram; triggers of the same change share an arrow.
fn chart() -> String {
    let mut chart = String::from("```mermaid\nstateDiagram-v2\n    [*] --> disconnected\n");
    for from in S::ALL {
        for to in S::ALL {
            let triggers: Vec<_> = TABLE
                .iter()
                .filter(|row| row.0 == from && row.2 == to && from != to)
                .map(|row| format!("{:?}", row.1))
                .collect();
            if !triggers.is_empty() {
                chart.push_str(&format!("    {from} --> {to}: {}\n", triggers.join(", ")));
            }
        }
    }
    chart.push_str("```\n");
    chart
}
