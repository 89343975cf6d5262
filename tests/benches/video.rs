//! A call with a camera of 640x480 at 24 pictures a second, which the demo bot returns: what it
//! costs, and how long a picture takes. Beside it, the same call by the official client in
//! Chromium, with its fake camera.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use rtvi_core::{ApiRequest, Event, PipecatClient};
use rtvi_tests::{
    Browser, BrowserOptions,
    video::{NumberedCamera, NumberedDisplay, Times},
};
use rtvi_video::Codecs;
use serde_json::json;

use crate::{
    bot::BotProcess,
    figure::{Figure, median, skip},
    over::Over,
    rig::runtime,
    usage::{Memory, cpu_seconds},
};

/// The length of a call.
const CALL: Duration = Duration::from_secs(20);
/// How many pictures must come back in it, even on a busy machine.
const LEAST: u64 = 240;
/// Ticks of the CPU clock in a second, as `/proc` counts them.
const TICKS: f64 = 100.0;
/// The browser.
const CHROMIUM: &str = "/usr/bin/chromium";
/// The packages of the official client.
const PAGES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/browser/node_modules");

/// What a call costs.
#[derive(Clone, Copy, Debug)]
struct Cost {
    /// CPU seconds.
    cpu: f64,
    /// The memory in megabytes.
    memory: f64,
}

/// Measures both clients, and compares them.
pub(crate) fn run() {
    let bot = BotProcess::start(Over::WebRtc, &[]);
    let ours = runtime().block_on(call(&bot.target.start_url));
    let Some(ours) = ours else {
        return skip("call-cpu-video", "the system does not report the memory of a process");
    };
    Figure::low("call-cpu-video", ours.cpu, "s").print();
    Figure::low("call-memory-video", ours.memory, "MB").print();
    if ![CHROMIUM, PAGES].iter().all(|path| std::path::Path::new(path).exists()) {
        return skip("call-cpu-video-chromium", "no Chromium, or not the official client");
    }
    let chromium = runtime().block_on(browser(bot.target.offer_url.as_deref().unwrap_or_default()));
    Figure::low("call-cpu-video-chromium", chromium.cpu, "s").print();
    Figure::low("call-memory-video-chromium", chromium.memory, "MB").print();
    Figure::high("video-cpu-below-chromium", chromium.cpu / ours.cpu, "times").goal(3.0).print();
    Figure::high("video-memory-below-chromium", chromium.memory / ours.memory, "times").goal(8.0).print();
}

async fn call(start_url: &str) -> Option<Cost> {
    let (given, shown) = (Times::default(), Times::default());
    let mut options = Over::WebRtc.options();
    options.camera = Some(Box::new(NumberedCamera::new(given.clone())));
    options.video = Some(Box::new(NumberedDisplay::new(shown.clone())));
    options.video_codecs = Some(Arc::new(Codecs));
    options.client.enable_cam = true;
    let client = PipecatClient::new(options).expect("there is a runtime");
    let mut events = client.events();
    let connected = tokio::spawn(async move {
        while let Some(event) = events.next().await {
            if matches!(event, Event::Connected) {
                return Some(Instant::now());
            }
        }
        None
    });
    client.start_bot_and_connect(ApiRequest::new(start_url)).await.expect("the bot is ready");
    let connected = connected.await.expect("waiting ends well").expect("it is connected");
    let before = cpu_seconds();
    tokio::time::sleep(CALL).await;
    let cost = Cost { cpu: cpu_seconds() - before, memory: Memory::read()?.present };
    client.disconnect().await.expect("the client disconnects");
    let first = shown.first().expect("pictures were shown").saturating_duration_since(connected);
    let took: Vec<f64> = given.until(&shown).iter().map(|time| time.as_secs_f64() * 1000.0).collect();
    assert!(took.len() as u64 >= LEAST, "only {} pictures came back", took.len());
    Figure::low("video-first-picture", first.as_secs_f64() * 1000.0, "ms").goal(150.0).print();
    Figure::low("video-echo", median(took), "ms").goal(70.0).print();
    Some(cost)
}

async fn browser(offer_url: &str) -> Cost {
    let mut browser = Browser::start(&BrowserOptions::default(), json!({"transport": "video"})).await;
    browser.call("connect", json!([{"webrtcRequestParams": {"endpoint": offer_url}}])).await;
    let node = browser.process_id().expect("the browser runs");
    let (before, pictures) = (cost_below(node), browser.call("pictures", json!([])).await);
    tokio::time::sleep(CALL).await;
    let (after, later) = (cost_below(node), browser.call("pictures", json!([])).await);
    let shown = later["shown"].as_u64().unwrap_or(0) - pictures["shown"].as_u64().unwrap_or(0);
    assert!(shown >= LEAST, "the browser showed {shown} pictures: {later}");
    browser.call("disconnect", json!([])).await;
    Cost { cpu: after.cpu - before.cpu, memory: after.memory }
}

/// What all descendants of a process have used: CPU so far, and their memory now. Memory that they
/// share counts once.
fn cost_below(process: u32) -> Cost {
    let parents: BTreeMap<u32, u32> = std::fs::read_dir("/proc")
        .expect("there is /proc")
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter_map(|id| Some((id, field(id, 1)? as u32)))
        .collect();
    let is_below = |id: &u32| {
        std::iter::successors(parents.get(id), |id| parents.get(id)).take(64).any(|above| *above == process)
    };
    let all: Vec<u32> = parents.keys().copied().filter(is_below).collect();
    let ticks = |id: &u32| field(*id, 11).unwrap_or(0) + field(*id, 12).unwrap_or(0);
    Cost {
        cpu: all.iter().map(ticks).sum::<u64>() as f64 / TICKS,
        memory: all.iter().filter_map(|id| proportional_memory(*id)).sum(),
    }
}

/// A field of `/proc/ID/stat` after the name, the state being the first one.
fn field(id: u32, number: usize) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let (_, fields) = stat.rsplit_once(')')?;
    fields.split_whitespace().nth(number)?.parse().ok()
}

fn proportional_memory(id: u32) -> Option<f64> {
    let text = std::fs::read_to_string(format!("/proc/{id}/smaps_rollup")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    Some(line.trim().strip_suffix(" kB")?.trim().parse::<f64>().ok()? * 1024.0 / 1e6)
}
